"""A summary as plain text, for the command line and for taking along."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .summary import Line, Summary


def as_text(summary: Summary) -> str:
    """The whole summary as lines of plain text, in the order of the page."""
    parts = [summary.heading.upper(), summary.lead, summary.next, summary.disclaimer]
    parts += section(_("What fits what the sources describe"), map(line_text, summary.fits))
    parts += section(_("What to talk about first"), map(line_text, summary.talk_first))
    parts += section(_("What is still open"), map(line_text, summary.open))
    parts += section(
        _("Earlier steps to ask about"), [*map(line_text, summary.earlier_steps), *summary.earlier_questions]
    )
    gates = [reasoned(f"{gate['title']}. {gate['text']}", "", gate["sources"]) for gate in summary.gates]
    parts += section(_("Good to mention, and good to know"), [*map(line_text, summary.mention), *gates])
    parts += section(_("Questions to ask"), summary.questions)
    parts += section(_("Where the sources differ, or the line is ours"), summary.differ)
    parts += ["", _("All answers, as given")]
    for answers in summary.answers:
        parts += [f"  {answers.title}", *(f"    {said.short}: {'; '.join(said.chosen)}" for said in answers.answers)]
    parts += section(_("Sources"), (f"{source['label']}: {source['title']}" for source in summary.sources))
    if not summary.signed:
        parts += ["", _("These rules have not yet been reviewed by a clinician.")]
    parts += ["", f"{summary.canonical}  {summary.hash}"]
    return "\n".join(parts) + "\n"


def section(title: str, items: Iterable[str]) -> list[str]:
    """A title and its items, each a line with a dash; nothing at all where there are none."""
    lines = [f"  - {item}" for item in items]
    return ["", title, *lines] if lines else []


def line_text(line: Line) -> str:
    because = "; ".join(f"{said.short}: {', '.join(said.chosen)}" for said in line.because)
    also = " " + _("The same answer leaves open: %s.") % "; ".join(line.also) if line.also else ""
    return reasoned(line.text + also, because, line.sources)


def reasoned(text: str, because: str, sources: Iterable[str]) -> str:
    """The text, and in brackets what it rests on."""
    reasons = "; ".join(filter(None, [because, ", ".join(sources)]))
    return f"{text} ({reasons})" if reasons else text
