"""The regulation of coordination as PDF: what is handed on and filed, the same on every screen and paper."""

from pathlib import Path

from flask import render_template

from webapp.pdf import pdf_of
from webapp.regulations.regulation import Regulation

_STYLE = Path(__file__).with_name("portable.css")


def document(regulation: Regulation) -> bytes:
    """Write a regulation as PDF; NoPdf where that cannot be done here."""
    return pdf_of(render_template("regulations/portable.html", it=regulation), _STYLE)
