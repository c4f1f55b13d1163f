"""Each of the 40 criteria of version 1: when it is met, not met and unknown, as the clinical specification says."""

from itertools import combinations

import pytest

from screening.engine.assess import assess
from screening.engine.reading import read_answers
from tests.screening.patients import RULES, changed

SIGNED = """
urgent-emergency            urgent       both        safety S1
urgent-crisis               urgent       both        safety
urgent-pump                 urgent       both        S1 label-baclofen
under-18                    setting      both        safety
severe-lasting-pain         inclusion    pain        S0 S3 S4
cancer-pain                 inclusion    pain        S0 S1 S2 S4
failed-back-surgery         inclusion    pain        S0 S2
surgery-unlikely-to-help    inclusion    pain        S2
severe-spine-pain           inclusion    pain        S2 S4
crps                        inclusion    pain        S0 S2 S4
peripheral-nerve-injury     inclusion    pain        S2
chronic-pancreatitis        inclusion    pain        S0
arachnoiditis               inclusion    pain        S0
cp-or-ms-pain               inclusion    pain        S2
opioid-relief-then-trouble  inclusion    pain        S4
around-the-clock-need       inclusion    pain        S4
spasticity-from-named-cause inclusion    spasticity  S0 S1 S3
pain-care-tried             prerequisite pain        S2 S3 S4
pain-not-controlled         prerequisite pain        S3 S4
spasticity-care-tried       prerequisite spasticity  S3
spasticity-not-controlled   prerequisite spasticity  S3
infection                   exclusion    both        S4
intracranial-hypertension   exclusion    both        S4
active-addiction            exclusion    both        S4
short-life-expectancy       exclusion    both        S4
refills-not-possible        exclusion    both        S4 S0 S3
blood-thinners              exclusion    both        S4
bleeding-problem            exclusion    both        S4
blood-clots                 exclusion    both        S4
depression                  exclusion    both        S4
other-mental-health         exclusion    both        S4
addiction-in-treatment      caution      both        S4
past-addiction              note         both        editorial
past-mental-health          note         both        editorial
nerve-pain-type             note         pain        S1
tissue-pain-type            note         pain        S1
opioids-never-helped        note         pain        S4
trial-not-wanted            note         both        S0 S2 S3 S4
evaluation-not-wanted       note         both        S4
other-conditions            note         both        S4
"""

# Each line: a change to base B (over a year of severe pain after back surgery), "question: option, option; ...".
# "-" takes the answer away.

LASTING_AND_STRONG = {
    "met": [
        "pain-severity: moderate; pain-duration: 6-to-12-months",
        "pain-severity: moderate; pain-duration: over-1-year",
        "pain-severity: severe; pain-duration: 6-to-12-months",
        "pain-severity: severe; pain-duration: over-1-year",
    ],
    "not-met": [
        "pain-severity: mild",
        "pain-duration: 3-to-6-months",
        "pain-duration: under-3-months",
        "pain-severity: mild; pain-duration: not-sure",
        "pain-severity: not-sure; pain-duration: 3-to-6-months",
    ],
    "unknown": [
        "pain-severity: not-sure",
        "pain-severity: -",
        "pain-duration: not-sure",
        "pain-duration: -",
        "pain-severity: not-sure; pain-duration: not-sure",
    ],
}


def lasting_pain_from(cause):
    """Pain from a named cause: at least moderate, for six months or more."""
    return {
        status: [f"pain-causes: {cause}; {change}" for change in changes]
        for status, changes in LASTING_AND_STRONG.items()
    } | {
        "met": [f"pain-causes: {cause}; {change}" for change in LASTING_AND_STRONG["met"]]
        + [f"pain-causes: {cause}, joint-or-tissue-pain"],
        "not-met": [f"pain-causes: {cause}; {change}" for change in LASTING_AND_STRONG["not-met"]]
        + ["pain-causes: other", "pain-causes: none-named", "main-problem: spasticity", "main-problem: neither"],
        "unknown": [f"pain-causes: {cause}; {change}" for change in LASTING_AND_STRONG["unknown"]]
        + ["pain-causes: not-sure", "pain-causes: -", "main-problem: -"],
    }


def yes_no(question):
    return {
        "met": [f"{question}: yes"],
        "not-met": [f"{question}: no", f"{question}: yes; age: under-18"],
        "unknown": [f"{question}: not-sure", f"{question}: -", f"{question}: yes; age: -"],
    }


def mental_health(question):
    return {
        "met": [f"{question}: now-untreated", f"{question}: now-in-treatment"],
        "not-met": [f"{question}: past", f"{question}: no"],
        "unknown": [f"{question}: not-sure", f"{question}: prefer-not-to-say", f"{question}: -"],
    }


def sign(*codes):
    others = {"breathing", "self-harm", "pump-problem"} - set(codes)
    return {
        "met": [f"urgent-signs: {code}" for code in codes]
        + [f"urgent-signs: {', '.join([codes[0], *sorted(others)])}"],
        "not-met": ["urgent-signs: none", *(f"urgent-signs: {code}" for code in sorted(others))],
        "unknown": ["urgent-signs: -"],
    }


CASES = {
    "urgent-emergency": sign(
        "breathing", "new-leg-weakness", "bladder-bowel", "fever-stiff-neck", "seizure-or-confusion"
    ),
    "urgent-crisis": sign("self-harm"),
    "urgent-pump": sign("pump-problem"),
    "under-18": {"met": ["age: under-18"], "not-met": ["age: 18-or-over"], "unknown": ["age: -"]},
    "severe-lasting-pain": {
        "met": [
            "pain-severity: severe; pain-duration: 6-to-12-months",
            "pain-severity: severe; pain-duration: over-1-year",
            "pain-causes: none-named",
            "main-problem: both",
            "main-problem: not-sure",
        ],
        "not-met": [
            "pain-severity: moderate",
            "pain-duration: 3-to-6-months",
            "pain-severity: moderate; pain-duration: not-sure",
            "main-problem: spasticity",
        ],
        "unknown": ["pain-severity: not-sure", "pain-duration: not-sure", "pain-severity: -", "main-problem: -"],
    },
    "cancer-pain": {
        "met": [
            "pain-causes: cancer; pain-severity: moderate; pain-duration: under-3-months",
            "pain-causes: cancer; pain-severity: severe; pain-duration: not-sure",
            "pain-causes: crps, cancer",
        ],
        "not-met": ["pain-causes: cancer; pain-severity: mild", "pain-causes: other", "main-problem: spasticity"],
        "unknown": ["pain-causes: cancer; pain-severity: not-sure", "pain-causes: not-sure", "pain-causes: -"],
    },
    "failed-back-surgery": lasting_pain_from("failed-back-surgery"),
    "surgery-unlikely-to-help": {
        "met": [
            *(f"surgery-outlook: told-wont-help; {change}" for change in LASTING_AND_STRONG["met"]),
            "pain-causes: spine-condition; surgery-outlook: told-wont-help",
        ],
        "not-met": [
            *(f"surgery-outlook: told-wont-help; {change}" for change in LASTING_AND_STRONG["not-met"]),
            "surgery-outlook: had-still-hurts",
            "surgery-outlook: told-might-help",
            "surgery-outlook: not-discussed",
            "pain-causes: crps; surgery-outlook: told-wont-help",
            "pain-causes: none-named; surgery-outlook: told-wont-help",
        ],
        "unknown": [
            *(f"surgery-outlook: told-wont-help; {change}" for change in LASTING_AND_STRONG["unknown"]),
            "surgery-outlook: not-sure",
            "surgery-outlook: -",
            "pain-causes: not-sure; surgery-outlook: -",
            "pain-causes: not-sure; surgery-outlook: told-wont-help",
            "pain-causes: -; surgery-outlook: -",
        ],
    },
    "severe-spine-pain": {
        "met": [
            "pain-causes: spine-condition; pain-duration: 6-to-12-months",
            "pain-causes: spine-condition; pain-duration: over-1-year",
        ],
        "not-met": [
            "pain-causes: spine-condition; pain-severity: moderate",
            "pain-causes: spine-condition; pain-duration: 3-to-6-months",
            "pain-causes: failed-back-surgery",
        ],
        "unknown": [
            "pain-causes: spine-condition; pain-severity: not-sure",
            "pain-causes: spine-condition; pain-duration: not-sure",
            "pain-causes: not-sure",
        ],
    },
    "crps": lasting_pain_from("crps"),
    "peripheral-nerve-injury": lasting_pain_from("peripheral-nerve-injury"),
    "chronic-pancreatitis": lasting_pain_from("chronic-pancreatitis"),
    "arachnoiditis": lasting_pain_from("arachnoiditis"),
    "cp-or-ms-pain": lasting_pain_from("cp-or-ms"),
    "opioid-relief-then-trouble": {
        "met": [
            "opioid-history: helped; opioid-now: wearing-off; opioid-switched: yes",
            "opioid-history: helped; opioid-now: side-effects; opioid-switched: yes",
            "opioid-history: helped; opioid-now: side-effects; opioid-switched: yes; pain-severity: mild",
        ],
        "not-met": [
            "opioid-history: never-taken",
            "opioid-history: did-not-help",
            "opioid-history: never-taken; opioid-now: wearing-off; opioid-switched: yes",
            "opioid-history: helped; opioid-now: still-enough",
            "opioid-history: helped; opioid-now: no-longer-taking; opioid-switched: yes",
            "opioid-history: helped; opioid-now: wearing-off; opioid-switched: no",
        ],
        "unknown": [
            "opioid-history: not-sure",
            "opioid-history: not-sure; opioid-now: still-enough",
            "opioid-history: helped; opioid-now: not-sure",
            "opioid-history: helped; opioid-now: wearing-off",
            "opioid-history: helped; opioid-now: wearing-off; opioid-switched: not-sure",
        ],
    },
    "around-the-clock-need": {
        "met": [f"around-the-clock: yes; {change}" for change in LASTING_AND_STRONG["met"]],
        "not-met": [
            *(f"around-the-clock: yes; {change}" for change in LASTING_AND_STRONG["not-met"]),
            "around-the-clock: no",
        ],
        "unknown": [
            *(f"around-the-clock: yes; {change}" for change in LASTING_AND_STRONG["unknown"]),
            "around-the-clock: not-sure",
            "around-the-clock: -",
        ],
    },
    "spasticity-from-named-cause": {
        "met": [
            *(
                f"main-problem: both; spasticity-severity: moderate; spasticity-causes: {cause}"
                for cause in ("cerebral-palsy", "multiple-sclerosis", "stroke", "brain-injury", "spinal-cord-injury")
            ),
            "main-problem: spasticity; spasticity-severity: severe; spasticity-causes: stroke, other",
            "main-problem: not-sure; spasticity-severity: severe; spasticity-causes: stroke",
        ],
        "not-met": [
            "main-problem: spasticity; spasticity-severity: mild; spasticity-causes: stroke",
            "main-problem: spasticity; spasticity-severity: severe; spasticity-causes: other",
            "main-problem: spasticity; spasticity-severity: severe; spasticity-causes: none-named",
            "main-problem: spasticity; spasticity-severity: mild; spasticity-causes: not-sure",
            "main-problem: pain; spasticity-severity: severe; spasticity-causes: stroke",
        ],
        "unknown": [
            "main-problem: spasticity; spasticity-severity: not-sure; spasticity-causes: stroke",
            "main-problem: spasticity; spasticity-severity: severe; spasticity-causes: not-sure",
            "main-problem: spasticity",
        ],
    },
    "pain-care-tried": {
        "met": ["pain-treatments-failed: injections, chiropractic"],
        "not-met": [
            "pain-treatments-failed: medicines",
            "pain-treatments-failed: none",
            "main-problem: spasticity",
        ],
        "unknown": ["pain-treatments-failed: not-sure", "pain-treatments-failed: -", "main-problem: -"],
    },
    "pain-not-controlled": {
        "met": ["pain-control: not-controlled"],
        "not-met": ["pain-control: controlled", "main-problem: spasticity"],
        "unknown": ["pain-control: not-sure", "pain-control: -"],
    },
    "spasticity-care-tried": {
        "met": [
            f"main-problem: both; spasticity-treatments-failed: {care}"
            for care in ("spasm-medicines", "physical-therapy", "injections", "braces-or-casts", "surgery")
        ],
        "not-met": [
            "main-problem: both; spasticity-treatments-failed: none",
            "main-problem: pain; spasticity-treatments-failed: injections",
        ],
        "unknown": ["main-problem: both; spasticity-treatments-failed: not-sure", "main-problem: both"],
    },
    "spasticity-not-controlled": {
        "met": ["main-problem: both; spasticity-control: not-controlled"],
        "not-met": ["main-problem: both; spasticity-control: controlled", "spasticity-control: not-controlled"],
        "unknown": ["main-problem: both; spasticity-control: not-sure", "main-problem: both"],
    },
    "infection": yes_no("infection"),
    "intracranial-hypertension": yes_no("intracranial-hypertension"),
    "active-addiction": {
        "met": ["substance-use: active-untreated"],
        "not-met": ["substance-use: in-treatment", "substance-use: past", "substance-use: no"],
        "unknown": ["substance-use: not-sure", "substance-use: prefer-not-to-say", "substance-use: -"],
    },
    "short-life-expectancy": {
        "met": ["serious-illness: yes; life-expectancy: under-6-months"],
        "not-met": [
            "serious-illness: no",
            "serious-illness: no; life-expectancy: under-6-months",
            "serious-illness: yes; life-expectancy: 6-months-or-more",
        ],
        "unknown": [
            "serious-illness: prefer-not-to-say",
            "serious-illness: prefer-not-to-say; life-expectancy: 6-months-or-more",
            "serious-illness: not-sure",
            "serious-illness: -",
            "serious-illness: yes",
            "serious-illness: yes; life-expectancy: not-discussed",
            "serious-illness: yes; life-expectancy: not-sure",
            "serious-illness: yes; life-expectancy: prefer-not-to-say",
        ],
    },
    "refills-not-possible": {
        "met": ["refills: no", "refills: not-willing"],
        "not-met": ["refills: yes", "refills: with-help"],
        "unknown": ["refills: not-sure", "refills: -"],
    },
    "blood-thinners": yes_no("blood-thinners"),
    "bleeding-problem": yes_no("bleeding-problem"),
    "blood-clots": yes_no("blood-clots"),
    "depression": mental_health("depression"),
    "other-mental-health": mental_health("other-mental-health"),
    "addiction-in-treatment": {
        "met": ["substance-use: in-treatment"],
        "not-met": ["substance-use: active-untreated", "substance-use: past", "substance-use: no"],
        "unknown": ["substance-use: not-sure", "substance-use: prefer-not-to-say", "substance-use: -"],
    },
    "past-addiction": {
        "met": ["substance-use: past"],
        "not-met": ["substance-use: active-untreated", "substance-use: in-treatment", "substance-use: no"],
        "unknown": ["substance-use: not-sure", "substance-use: prefer-not-to-say", "substance-use: -"],
    },
    "past-mental-health": {
        "met": [
            "depression: past",
            "other-mental-health: past",
            "depression: past; other-mental-health: prefer-not-to-say",
            "depression: now-in-treatment; other-mental-health: past",
        ],
        "not-met": ["depression: no; other-mental-health: no", "depression: now-untreated"],
        "unknown": [
            "depression: not-sure",
            "other-mental-health: prefer-not-to-say",
            "depression: now-untreated; other-mental-health: -",
        ],
    },
    "nerve-pain-type": {
        "met": ["pain-causes: other-nerve-pain", "pain-causes: other-nerve-pain, cancer; pain-severity: mild"],
        "not-met": ["pain-causes: peripheral-nerve-injury", "pain-causes: none-named", "main-problem: spasticity"],
        "unknown": ["pain-causes: not-sure", "pain-causes: -"],
    },
    "tissue-pain-type": {
        "met": ["pain-causes: joint-or-tissue-pain", "pain-causes: joint-or-tissue-pain, other"],
        "not-met": ["pain-causes: other", "pain-causes: none-named", "main-problem: spasticity"],
        "unknown": ["pain-causes: not-sure", "pain-causes: -"],
    },
    "opioids-never-helped": {
        "met": ["opioid-history: did-not-help"],
        "not-met": ["opioid-history: helped", "opioid-history: never-taken", "main-problem: spasticity"],
        "unknown": ["opioid-history: not-sure", "opioid-history: -"],
    },
    "trial-not-wanted": {
        "met": ["trial-willing: no"],
        "not-met": ["trial-willing: yes"],
        "unknown": ["trial-willing: not-sure", "trial-willing: -"],
    },
    "evaluation-not-wanted": {
        "met": ["psychological-evaluation-willing: no"],
        "not-met": ["psychological-evaluation-willing: yes"],
        "unknown": ["psychological-evaluation-willing: not-sure", "psychological-evaluation-willing: -"],
    },
    "other-conditions": yes_no("other-conditions"),
}


def status(criterion, change):
    """The status of a criterion for base B with a change."""
    pairs = [part.split(": ") for part in change.split("; ")]
    removed = {link_id for link_id, said in pairs if said == "-"}
    answers = {
        link_id: said.split(", ") if RULES.by_link_id[link_id].type == "multi" else said
        for link_id, said in pairs
        if link_id not in removed
    }
    findings = assess(RULES, read_answers(RULES, changed(answers, removed))).findings
    return next(finding.status for finding in findings if finding.criterion.id == criterion)


@pytest.mark.parametrize(
    ("criterion", "expected", "change"),
    [
        (criterion, expected, change)
        for criterion, statuses in CASES.items()
        for expected, changes in statuses.items()
        for change in changes
    ],
)
def test_criterion_is_read_as_specified(criterion, expected, change):
    assert status(criterion, change) == expected


def test_every_criterion_has_a_case_of_each_status():
    assert list(CASES) == [criterion.id for criterion in RULES.criteria]
    assert all(statuses[status] for statuses in CASES.values() for status in ("met", "not-met", "unknown"))


def test_the_40_criteria_are_the_signed_ones():
    rows = [line.split() for line in SIGNED.strip().splitlines()]
    assert len(rows) == 40
    assert [[c.id, c.kind, c.path, *c.sources] for c in RULES.criteria] == rows


TREATMENTS = [code for code in RULES.by_link_id["pain-treatments-failed"].codes if code not in ("none", "not-sure")]


def test_any_two_of_the_eight_treatments_are_enough():
    pairs = [f"pain-treatments-failed: {', '.join(pair)}" for pair in combinations(TREATMENTS, 2)]
    assert len(pairs) == 28
    assert {status("pain-care-tried", pair) for pair in pairs} == {"met"}


def test_one_treatment_alone_is_not_enough_whichever_it_is():
    assert {status("pain-care-tried", f"pain-treatments-failed: {code}") for code in TREATMENTS} == {"not-met"}
