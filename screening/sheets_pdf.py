"""The nurses' sheets as one PDF in which every screening begins a sheet and counts its own pages."""

from collections.abc import Iterable

from .pdf import WAIT_SECONDS, NoPdf, engine, fetcher, turn


def sheets_pdf(pages: Iterable[str]) -> bytes:
    """Finished HTML, one document for each screening, as one tagged PDF. Raises NoPdf."""
    weasyprint = engine()
    if not turn.acquire(timeout=WAIT_SECONDS):
        raise NoPdf
    try:
        laid = [weasyprint.HTML(string=html, url_fetcher=fetcher()).render(pdf_variant="pdf/ua-1") for html in pages]
        return laid[0].copy([page for one in laid for page in one.pages]).write_pdf(pdf_variant="pdf/ua-1")
    finally:
        turn.release()
