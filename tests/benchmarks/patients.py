"""The sixteen test patients of the clinical specification, each with the disposition it must have."""

import json
from pathlib import Path

BASE = json.loads((Path(__file__).parents[1] / "screening" / "base_patient.json").read_text())
PAIN = ("pain-duration", "pain-severity", "pain-causes", "surgery-outlook", "opioid-history", "around-the-clock")
NO_PAIN = dict.fromkeys((*PAIN, "pain-treatments-failed", "pain-control"))
NO_OUTLOOK = {"surgery-outlook": None}
SPASTICITY = {
    "spasticity-causes": ["stroke"],
    "spasticity-severity": "severe",
    "spasticity-treatments-failed": ["spasm-medicines"],
    "spasticity-control": "not-controlled",
}
CANCER = {"pain-causes": ["cancer"], "pain-duration": "under-3-months", "serious-illness": "yes", **NO_OUTLOOK}
NEW_JOINT_PAIN = {
    "pain-duration": "under-3-months",
    "pain-severity": "moderate",
    "pain-causes": ["joint-or-tissue-pain"],
}
OPIOIDS = {"opioid-history": "helped", "opioid-now": "wearing-off", "opioid-switched": "yes"}

CHANGES = (
    ({}, "talk"),
    ({"pain-causes": ["crps", "peripheral-nerve-injury"], **NO_OUTLOOK}, "talk"),
    ({**NEW_JOINT_PAIN, **NO_OUTLOOK}, "not-described"),
    ({"pain-treatments-failed": ["medicines"]}, "earlier-steps"),
    ({"pain-control": "controlled"}, "earlier-steps"),
    ({"blood-thinners": "yes"}, "talk-first"),
    ({"blood-thinners": "not-sure"}, "need-more-information"),
    (
        {"substance-use": "active-untreated", "pain-treatments-failed": ["medicines"]},
        "talk-first-and-earlier-steps",
    ),
    ({**CANCER, "life-expectancy": "under-6-months"}, "talk-first"),
    ({**CANCER, "life-expectancy": "not-discussed"}, "need-more-information"),
    ({"main-problem": "spasticity", **NO_PAIN, **SPASTICITY}, "talk"),
    ({"main-problem": "both", "pain-treatments-failed": ["none"], **SPASTICITY}, "talk"),
    ({"urgent-signs": ["bladder-bowel"]}, "urgent"),
    ({"age": "under-18"}, "under-18"),
    ({"pain-severity": "not-sure", "pain-causes": ["not-sure"], **NO_OUTLOOK}, "need-more-information"),
    ({**OPIOIDS, "pain-severity": "not-sure", "pain-causes": ["none-named"], **NO_OUTLOOK}, "talk"),
)


def patients(ruleset):
    """The checked answers of all sixteen. Raises ValueError where one does not come out as signed."""
    from screening.engine.assess import assess
    from screening.engine.reading import read_answers

    everyone = []
    for number, (change, signed) in enumerate(CHANGES, start=1):
        given = {link_id: answer for link_id, answer in {**BASE, **change}.items() if answer is not None}
        answers = read_answers(ruleset, given)
        found = assess(ruleset, answers).disposition
        if found != signed:
            raise ValueError(f"Test patient {number} comes out as {found}, signed as {signed}. Mend the rules first.")
        everyone.append(answers)
    return everyone


def way(ruleset, answers):
    """Each step of one person's way: (answers so far, the question that is next), until none is asked."""
    from screening.engine.assess import next_question

    so_far = {}
    while (link_id := next_question(ruleset, so_far)) in answers:
        yield so_far, link_id
        so_far = {**so_far, link_id: answers[link_id]}
