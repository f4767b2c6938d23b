"""Pages as PDF. Only this module knows WeasyPrint, which not every installation has."""

from pathlib import Path
from typing import Any


class NoPdf(Exception):
    """This installation cannot make PDF: the library is missing, or Pango, which it draws letters with."""


def pdf_of(html: str, style: Path) -> bytes:
    """Write a page as PDF; NoPdf where that cannot be done here. Nothing is fetched while it is drawn."""
    weasyprint = _library()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    page = weasyprint.HTML(string=html, url_fetcher=nothing)
    dressed = [weasyprint.CSS(filename=style)]
    written: bytes = page.write_pdf(stylesheets=dressed, pdf_tags=True, presentational_hints=True)
    return written


def _library() -> Any:
    """Load the library when it is first wanted: it takes a second, and most never print."""
    try:
        import weasyprint
    except (ImportError, OSError) as missing:
        raise NoPdf from missing
    return weasyprint
