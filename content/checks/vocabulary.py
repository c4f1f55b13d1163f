"""The words the checks look for, one set for each language. Editors' wording rules live here and nowhere else."""

import re
from dataclasses import dataclass


def words(pattern: str) -> re.Pattern:
    """Whole words, in any case."""
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Vocabulary:
    """What to look for in one language."""

    never: re.Pattern
    """Words that judge the reader, promise or sell."""
    stop_medicine: re.Pattern
    """A sentence that tells the reader to stop or change a medicine."""
    approved_people: re.Pattern
    """A person called approved; only a product's label is."""
    weighing: re.Pattern
    """Words that are worth nothing without a source."""
    not_weighing: re.Pattern
    """The same words where they weigh nothing."""
    figures: re.Pattern
    """A number that says something about medicine, people or time."""
    not_figures: re.Pattern
    """Numbers that are names: phone numbers, steps."""
    good: re.Pattern
    harm: re.Pattern
    next_step: re.Pattern
    """What a heading says that tells the reader what to do."""
    to_you: re.Pattern
    empty_links: frozenset[str]
    """Link words that say nothing about where the link leads, in small letters."""
    empty_headings: frozenset[str]
    plainer: dict[str, str]
    """A hard word -> a plain one."""


NUMBER = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|half"
UNIT = (
    "percent|hours?|days?|weeks?|months?|years?|minutes?|pounds?|lbs?|inch(?:es)?|times|people|patients|of every|of ten"
)
ENGLISH = Vocabulary(
    never=words(
        r"(?:in)?eligib\w*|(?:dis)?qualif\w*|reject(?:s|ed|ion)?|scor(?:e|es|ed|ing)|risk levels?|ruled? out|results?"
        r"|nullif\w*|much safer|life[- ]changing|powerful relief|origins? of (?:the |your )?pain|miracle\w*"
        r"|guarantee\w*|breakthrough(?! pain)|state[- ]of[- ]the[- ]art|pain[- ]free|risk[- ]free"
        r"|without (?:any )?risks?|(?:has|have|is|are|carries) no risks?"
        r"|(?:completely|perfectly|totally|100 ?%) safe|revolutionary|world[- ]class|best choice"
    ),
    stop_medicine=re.compile(
        r"^(?:please )?(?:stop|quit|reduce|skip|double|halve) (?:taking |using )?(?:your |the |any |this |all )?"
        r"(?:\w+ )?(?:medicines?|medications?|tablets?|drugs?|pills?|opioids?|thinners?|blood thinners?|dose)\b",
        re.IGNORECASE,
    ),
    approved_people=words(r"(?:you|they|people|patients?|person)(?: \w+){0,3} approved|approved (?:you|people)"),
    weighing=words(
        r"safe(?:r|st|ly)?|effective(?:ly|ness)?|rare(?:r|ly)?|most(?:ly)?|majority|(?:un)?common(?:ly)?|cures?|proven|superior"
        r"|(?:stud(?:y|ies)|research|experts?) (?:shows?|agrees?|says?|finds?)"
    ),
    not_weighing=words(r"(?:what |that )?matters? (?:the )?most|most of all|at (?:the )?most|common sense|^ask\b.*"),
    figures=re.compile(
        rf"(?<!\w)\d+(?:[.,]\d+)*(?:\s?%)?|\b(?:{NUMBER})(?:[\s-](?:to|or|and|and a half)[\s-]\w+)?[\s-](?:{UNIT})\b",
        re.IGNORECASE,
    ),
    not_figures=re.compile(r"^\d{1,2}\.|\b(?:911|988|(?:steps?|notes?|pages?|options?) \d|24/7)\b", re.IGNORECASE),
    good=words(r"help(?:s|ed)?|eas(?:e|es|ed|ier)|reliev\w*|relief|benefits?|improve[sd]?|better|less pain|good side"),
    harm=words(
        r"harm\w*|dangers?|dangerous|risks?|riskier|side effects?|warnings?|deaths?|die[sd]?|infections?|bleed\w*"
        r"|damage[sd]?|withdrawal|overdose|leaks?|hard side|go(?:es)? wrong|worse|fail(?:s|ed|ures?)?"
    ),
    next_step=words(r"next|what you can do|to do|ask(?:ing)?|do now|get ready"),
    to_you=words(r"you|your|yours|yourself"),
    empty_links=frozenset(
        {"here", "click here", "click", "link", "this link", "this", "this page", "page", "go", "see", "continue"}
        | {"more", "read more", "learn more", "see more", "more info", "find out more", "details", "more details"}
    ),
    empty_headings=frozenset(
        {"introduction", "overview", "general", "more", "information", "other", "miscellaneous", "details", "text"}
    ),
    plainer={
        "utilize": "use",
        "utilise": "use",
        "administer": "give",
        "administered": "given",
        "physician": "doctor",
        "physicians": "doctors",
        "medication": "medicine",
        "medications": "medicines",
        "prior to": "before",
        "subsequently": "later",
        "commence": "start",
        "terminate": "end",
        "discontinue": "stop (and never on one’s own)",
        "approximately": "about",
        "sufficient": "enough",
        "demonstrate": "show",
        "facilitate": "help",
        "additional": "more",
        "numerous": "many",
        "obtain": "get",
        "require": "need",
        "requires": "needs",
        "adverse": "harmful",
        "contraindicated": "not to be used",
        "contraindication": "reason not to use it",
        "efficacy": "how well it works",
        "analgesia": "pain relief",
        "analgesic": "pain medicine",
        "ambulate": "walk",
        "edema": "swelling",
        "erythema": "redness",
        "pruritus": "itching",
        "emesis": "vomiting",
        "hypotension": "low blood pressure",
        "respiratory depression": "slowed breathing",
        "subcutaneous": "under the skin",
        "percutaneous": "through the skin",
        "postoperative": "after the operation",
        "preoperative": "before the operation",
        "titrate": "change the dose step by step",
        "titration": "changing the dose step by step",
        "bilateral": "on both sides",
        "etiology": "cause",
        "prognosis": "outlook",
        "morbidity": "illness",
        "mortality": "deaths",
        "comorbidity": "other illness",
        "comorbidities": "other illnesses",
        "monitor": "watch",
        "modality": "way",
        "regimen": "plan",
        "initiate": "start",
    },
)
LANGUAGES = {"en": ENGLISH}
