"""The one-page summary: an assessment in words, each line with the answers, the criterion and the sources behind it.

Order and content follow the clinical specification ("The summary"). Pure data in and out; templates only lay it out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .definition import Definition
from .engine.assess import assess, on
from .engine.terms import PATHS, Answers, Assessment, Finding, Kind, Path, Rule
from .wording import Wording

MOST_QUESTIONS = 12  # as many as fit on the sheet


@dataclass(frozen=True)
class Said:
    """One answer as given: what was asked, in short, and what was chosen."""

    link_id: str
    short: str
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of the summary and everything behind it."""

    text: str
    title: str
    criteria: tuple[str, ...]
    because: tuple[Said, ...]
    sources: tuple[str, ...]
    kind: Kind
    note: str = ""
    path: str = "both"
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswersSection:
    id: str
    title: str
    answers: tuple[Said, ...]


@dataclass(frozen=True)
class Summary:
    """All the parts, in the order they are read."""

    disposition: str
    heading: str
    lead: str
    next: str
    disclaimer: str
    fits: tuple[Line, ...]
    talk_first: tuple[Line, ...]
    open: tuple[Line, ...]
    earlier_steps: tuple[Line, ...]
    earlier_questions: tuple[str, ...]
    mention: tuple[Line, ...]
    gates: tuple[dict, ...]
    questions: tuple[str, ...]
    differ: tuple[str, ...]
    answers: tuple[AnswersSection, ...]
    sources: tuple[dict, ...]
    for_someone_else: bool
    canonical: str
    version: int
    hash: str
    signed: bool
    """Whether a clinician has checked and published these rules."""


def summarize(definition: Definition, answers: Answers, language: str, assessment: Assessment | None = None) -> Summary:
    """The summary of one person's (finished) answers, in a language.

    ``assessment``: the one that was frozen when the answers were sent; without it they are assessed now.
    """
    return Writer(definition, answers, definition.wording(language), assessment).summary()


class Writer:
    """Puts one assessment into words."""

    def __init__(
        self, definition: Definition, answers: Answers, wording: Wording, assessment: Assessment | None = None
    ) -> None:
        self.ruleset, self.words, self.signed = definition.ruleset, wording, definition.signed
        self.assessment: Assessment = assessment or assess(self.ruleset, answers)
        self.answers = {link_id: codes for link_id, codes in answers.items() if link_id not in self.assessment.ignored}
        self.other = self.answers.get("answering-for") == ("someone-else",)

    def summary(self) -> Summary:
        disposition = self.assessment.disposition
        fits = self.lines(self.found("met", "inclusion", "prerequisite"), "met")
        talk_first = self.lines(self.found("met", "exclusion", "caution"), "met")
        still_open, earlier = self.open_lines(), self.earlier_lines()
        mention = self.lines(self.found("met", "note"), "met")
        gates = self.gates()
        lines = (*fits, *talk_first, *still_open, *earlier, *mention)
        differ = differing(lines)
        return Summary(
            disposition=disposition,
            heading=self.words.of("disposition", disposition, "heading"),
            lead=self.words.of("disposition", disposition, "lead"),
            next=self.words.of("disposition", disposition, "next"),
            disclaimer=self.words.tables["disclaimer"]["text"],
            fits=fits,
            talk_first=talk_first,
            open=still_open,
            earlier_steps=earlier,
            earlier_questions=self.earlier_questions(),
            mention=mention,
            gates=gates,
            questions=self.questions(still_open),
            differ=differ,
            answers=self.answer_sections(),
            sources=self.sources(lines, gates, differ),
            for_someone_else=self.other,
            canonical=self.ruleset.canonical,
            version=self.ruleset.version,
            hash=self.ruleset.hash,
            signed=self.signed,
        )

    # --- findings

    def found(self, status: str, *kinds: Kind) -> list[Finding]:
        return [f for f in self.assessment.findings if f.status == status and f.criterion.kind in kinds]

    def lines(self, findings: Iterable[Finding], wording_of: str) -> tuple[Line, ...]:
        return tuple(self.line(finding, wording_of) for finding in findings)

    def labels(self, sources: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.words.of("source", source, "label") for source in dict.fromkeys(sources))

    def line(self, finding: Finding, wording_of: str) -> Line:
        criterion = finding.criterion
        return Line(
            text=self.words.of("criterion", criterion.id, wording_of, other=self.other),
            title=self.words.of("criterion", criterion.id, "title"),
            criteria=(criterion.id,),
            because=tuple(self.said(link_id, named(criterion.rule, link_id)) for link_id in finding.answers),
            sources=self.labels(criterion.sources),
            kind=criterion.kind,
            note=self.words.of("criterion", criterion.id, "source_note"),
            path=criterion.path,
        )

    def said(self, link_id: str, named_codes: frozenset[str]) -> Said:
        """The answer as given; of several options, those the criterion names, where any was chosen."""
        given = self.answers[link_id]
        codes = [code for code in given if code in named_codes] or given
        return Said(
            link_id,
            self.words.of("question", link_id, "short", other=self.other),
            tuple(self.words.option(link_id, code, other=self.other) for code in codes),
        )

    # --- what is still open

    def open_lines(self) -> tuple[Line, ...]:
        """Unknown findings, one line for all that rest on the same open answers; weightiest kinds first."""
        groups: dict[tuple[str, ...], list[Finding]] = {}
        for kind in ("exclusion", "caution", "prerequisite", "inclusion", "note"):
            for finding in self.found("unknown", kind):
                if kind != "inclusion" or self.matters(finding):
                    groups.setdefault(self.open_answers(finding) + self.unanswered(finding), []).append(finding)
        return tuple(self.open_line(findings) for findings in groups.values())

    def open_line(self, findings: list[Finding]) -> Line:
        first, rest = findings[0], findings[1:]
        titles = tuple(dict.fromkeys(self.words.of("criterion", f.criterion.id, "title") for f in rest))
        line = self.line(first, "unknown")
        return replace(
            line,
            also=titles,
            criteria=tuple(finding.criterion.id for finding in findings),
            sources=self.labels(source for finding in findings for source in finding.criterion.sources),
        )

    def matters(self, finding: Finding) -> bool:
        """An open inclusion criterion matters while nothing else on its path is met."""
        return any(
            on(path, finding.criterion) and standing.inclusion != "met"
            for path, standing in self.assessment.paths.items()
        )

    def open_answers(self, finding: Finding) -> tuple[str, ...]:
        return tuple(
            link_id
            for link_id in finding.answers
            if not self.ruleset.by_link_id[link_id].unknown_codes.isdisjoint(self.answers[link_id])
        )

    def unanswered(self, finding: Finding) -> tuple[str, ...]:
        """Questions of an unfinished screening that were asked and have no answer."""
        return tuple(link_id for link_id in finding.criterion.rule.questions if link_id in self.assessment.unanswered)

    # --- earlier steps

    def earlier_paths(self) -> list[Path]:
        """The paths something speaks for, but where other care usually comes first."""
        paths = self.assessment.paths
        return [p for p in PATHS if paths[p].inclusion != "not-met" and paths[p].prerequisites == "not-met"]

    def earlier_lines(self) -> tuple[Line, ...]:
        wanted = self.earlier_paths()
        findings = self.found("not-met", "prerequisite")
        return self.lines([f for f in findings if any(on(path, f.criterion) for path in wanted)], "not_met")

    def earlier_questions(self) -> tuple[str, ...]:
        """What to ask about each kind of care that was not ticked."""
        asks = []
        for path in self.earlier_paths():
            steps = self.words.tables["earlier_step"].get(path, {})
            questions = self.questions_lacking(path)
            ticked = {code for link_id in questions for code in self.answers.get(link_id, ())}
            codes = [code for link_id in questions for code in self.ruleset.by_link_id[link_id].codes]
            asks += [steps[code] for code in codes if code in steps and code not in ticked]
        return tuple(dict.fromkeys(asks))

    def questions_lacking(self, path: Path) -> list[str]:
        """The questions of a path's prerequisites that are not met: who tried enough care is not asked to try more."""
        criteria = [f.criterion for f in self.found("not-met", "prerequisite") if on(path, f.criterion)]
        return list(dict.fromkeys(question for criterion in criteria for question in criterion.rule.questions))

    # --- the rest of the page

    def gates(self) -> tuple[dict, ...]:
        """The two gates every path has: a trial, and perhaps a psychological evaluation."""
        return tuple({**gate, "sources": self.labels(gate["sources"])} for gate in self.words.tables["gate"].values())

    def questions(self, still_open: tuple[Line, ...]) -> tuple[str, ...]:
        """Questions to ask, from the answers first, then those that fit everyone."""
        ids = [f.criterion.id for f in self.found("met", "exclusion", "caution")]
        ids += [line.criteria[0] for line in still_open if line.kind in ("prerequisite", "inclusion")]
        ids += [f.criterion.id for f in self.found("met", "inclusion")][:2]
        ids += [f.criterion.id for f in self.found("met", "note")]
        asks = [self.words.of("criterion", criterion, "ask", other=self.other) for criterion in ids]
        asks += [question["text"] for question in self.words.tables["general_question"]]
        return tuple(dict.fromkeys(ask for ask in asks if ask))[:MOST_QUESTIONS]

    def answer_sections(self) -> tuple[AnswersSection, ...]:
        return answer_sections(self.ruleset, self.words, self.answers, self.other)

    def sources(self, lines: Iterable[Line], gates: Iterable[dict], differ: Iterable[str]) -> tuple[dict, ...]:
        """What lines and gates rest on, and what a note on the sources names by its label."""
        used = {label for line in lines for label in line.sources} | {
            label for gate in gates for label in gate["sources"]
        }
        return tuple(
            source
            for source in self.words.tables["source"].values()
            if source["label"] in used or any(source["label"] in note for note in differ)
        )


def differing(lines: Iterable[Line]) -> tuple[str, ...]:
    """One neutral sentence for each disagreement the lines rest on, led by what it is about."""
    titles: dict[str, list[str]] = {}
    for line in lines:
        if line.note:
            titles.setdefault(line.note, []).append(line.title)
    return tuple(f"{'; '.join(dict.fromkeys(about))}: {note}" for note, about in titles.items())


def named(rule: Rule, link_id: str) -> frozenset[str]:
    """The option codes of a question that a rule's conditions name."""
    return frozenset().union(*(condition.any_of for condition in rule.conditions if condition.question == link_id))


def answer_sections(ruleset, words: Wording, answers: Answers, other: bool) -> tuple[AnswersSection, ...]:
    """The answers as given, by section; sections without answers are left out."""
    sections = []
    for section in ruleset.sections:
        said = tuple(
            Said(
                question.link_id,
                words.of("question", question.link_id, "short", other=other),
                tuple(words.option(question.link_id, code, other=other) for code in answers[question.link_id]),
            )
            for question in ruleset.questions
            if question.section == section and question.link_id in answers
        )
        if said:
            sections.append(AnswersSection(section, words.of("section", section, "title", other=other), said))
    return tuple(sections)
