"""HTML as a tagged PDF (PDF/UA-1) by WeasyPrint, which is an extra: where it or its Pango is lacking, NoPdf says so;
where only others are before us, PdfBusy.

Nothing is fetched from anywhere: a document may use our own static files and no other address.
"""

import logging
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from .qr import OnPaper
from .summary import Summary

log = logging.getLogger(__name__)

OWN = "own:"
"""How a document names our static files: ``own:css/pdf.css``."""
WAIT_SECONDS = 10  # for a turn; a page is made in about half a second
turn = BoundedSemaphore(1)
"""One document at a time in a process: a PDF is much work, and other requests need their share."""


class NoPdf(Exception):
    """This installation makes no PDF: the ``pdf`` extra or Pango is lacking."""


class PdfBusy(Exception):
    """No PDF can be made right now, as others are being made; in a minute one can."""


@contextmanager
def my_turn() -> Iterator[None]:
    """Waits for a turn. Raises PdfBusy where none comes."""
    if not turn.acquire(timeout=WAIT_SECONDS):
        raise PdfBusy
    try:
        yield
    finally:
        turn.release()


@cache
def engine() -> Any:
    """The WeasyPrint module. Raises NoPdf where it is not installed or does not find Pango."""
    for name in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # its warnings quote the document
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        log.warning("No PDF can be made here: %s. Install pumpguide[pdf] and Pango.", type(error).__name__)
        raise NoPdf from error
    return weasyprint


@cache
def fetcher() -> Any:
    """WeasyPrint's way to other files, narrowed to our own static ones."""
    urls = engine().urls

    class OwnFilesOnly(urls.URLFetcher):
        def fetch(self, url, headers=None):
            path = finders.find(url.removeprefix(OWN)) if url.startswith(OWN) else None
            if path is None:
                raise ValueError("a document may use our own static files only")
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": kind})

    return OwnFilesOnly(fail_on_errors=True)


def summary_pdf(language: str, *, summary: Summary, today: date, paper: OnPaper | None = None) -> bytes:
    """The summary, and the code on paper where there is one, as a PDF of US Letter pages. Raises NoPdf, PdfBusy."""
    context = {"summary": summary, "today": today, "paper": paper, "language": language, "site": settings.PUBLIC_URL}
    return as_pdf(render_to_string("screening/take/pdf.html", context))


def as_pdf(html: str) -> bytes:
    """A finished page, whose language and title are set, as a tagged PDF. Raises NoPdf, PdfBusy."""
    weasyprint = engine()
    with my_turn():
        page = weasyprint.HTML(string=html, url_fetcher=fetcher())
        return page.write_pdf(pdf_variant="pdf/ua-1")
