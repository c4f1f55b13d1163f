"""The nurses' sheets as one PDF in which every screening begins a sheet and counts its own pages."""

from collections.abc import Iterable

from .pdf import engine, fetcher, my_turn


def sheets_pdf(pages: Iterable[str]) -> bytes:
    """Finished HTML, one document for each screening, as one tagged PDF. Raises NoPdf, PdfBusy."""
    weasyprint = engine()
    with my_turn():
        laid = [weasyprint.HTML(string=html, url_fetcher=fetcher()).render(pdf_variant="pdf/ua-1") for html in pages]
        return laid[0].copy([page for one in laid for page in one.pages]).write_pdf(pdf_variant="pdf/ua-1")
