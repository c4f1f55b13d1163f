"""QR codes as SVG that stands in a page (no file, no style, no script), and the code on paper as a page shows it."""

from dataclasses import dataclass
from datetime import date

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .engine.terms import Answers, Ruleset
from .paper import expires_on, paper_code

QUIET_ZONE = 4  # modules of white around it, which scanners need (ISO/IEC 18004)
PAPER_PREFIX = "PG1:"


@dataclass(frozen=True)
class OnPaper:
    """What ``screening/patient/paper_code.html`` shows: the groups in order, their QR code, the last day it is good."""

    groups: tuple[str, ...]
    qr: SafeString
    expires: date


def on_paper(ruleset: Ruleset, answers: Answers, today: date) -> OnPaper:
    """The code of these answers, made today. Leave out answers that are no longer asked for."""
    code = paper_code(ruleset, answers, today)
    return OnPaper(tuple(code.split("-")), paper_qr(code, _("Your answers as a QR code")), expires_on(today))


def paper_qr(code: str, title: str) -> SafeString:
    """The QR code of a paper code: its symbols alone, with a prefix by which the code is known again."""
    return qr_svg(PAPER_PREFIX + code.replace("-", ""), title)


def qr_svg(content: str, title: str) -> SafeString:
    """An ``<svg class="qr">`` with a title, without a size (the style sheet says how large), black on its own white.

    Up to a quarter of it may be creased or stained (error level Q). Capitals, digits and ``:`` take the least room.
    """
    drawn = segno.make_qr(content, error="q").svg_inline(
        border=QUIET_ZONE, light="#fff", dark="#000", title=title, svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308 – segno escapes the title
