"""A summary as plain text, for the command line and for taking along."""

from django.utils.translation import gettext as _

from .summary import Line, Summary


def as_text(summary: Summary) -> str:
    """The whole summary as lines of plain text."""
    parts = [summary.heading.upper(), summary.lead, summary.next, summary.disclaimer]
    for title, lines in (
        (_("What fits what the sources describe"), summary.fits),
        (_("To talk about first"), summary.talk_first),
        (_("Still open"), summary.open),
        (_("Earlier steps to ask about"), summary.earlier_steps),
        (_("Good to mention"), summary.mention),
    ):
        if lines:
            parts += ["", title, *(line_text(line) for line in lines)]
    parts += [f"  - {question}" for question in summary.earlier_questions]
    parts += ["", _("What everyone meets on the way"), *(f"  - {g['title']}. {g['text']}" for g in summary.gates)]
    parts += ["", _("Questions to ask"), *(f"  - {question}" for question in summary.questions)]
    if summary.differ:
        parts += ["", _("Where the sources differ"), *(f"  - {note}" for note in summary.differ)]
    parts += ["", _("All answers")]
    for section in summary.answers:
        parts += [f"  {section.title}", *(f"    {said.short}: {'; '.join(said.chosen)}" for said in section.answers)]
    parts += ["", f"{summary.canonical}  {summary.hash}"]
    return "\n".join(parts) + "\n"


def line_text(line: Line) -> str:
    because = "; ".join(f"{said.short}: {', '.join(said.chosen)}" for said in line.because)
    return f"  - {line.text} ({because}; {', '.join(line.sources)})"
