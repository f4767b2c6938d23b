"""The answers that carry a regulation: the page for print, and the files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Response, make_response, render_template, url_for

from webapp.headers import FILE_POLICY
from webapp.pdf import NoPdf
from webapp.regulations import portable, word
from webapp.regulations.regulation import Regulation

_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_WRITERS: Final[Mapping[str, Callable[[Regulation], bytes]]] = {"docx": word.document, "pdf": portable.document}


@dataclass(frozen=True, slots=True)
class Offer:
    """A regulation, what its files are called, and the noun (that of the addresses) and key of what it is about."""

    regulation: Regulation
    name: str
    noun: str
    id: str

    @property
    def back(self) -> str:
        return url_for(f"{self.noun}.show", id=self.id)

    @property
    def files(self) -> dict[str, str]:
        """Return the addresses of its files by kind."""
        return {kind: url_for(f"{self.noun}.regulation_file", id=self.id, kind=kind) for kind in _WRITERS}


def page(offer: Offer, *, no_pdf: bool = False) -> str:
    """Show a regulation as a page for print."""
    return render_template("regulations/show.html", it=offer.regulation, offer=offer, no_pdf=no_pdf)


def download(offer: Offer, kind: str) -> Response:
    """Give a regulation as a file; where no PDF can be made here, the page says so and how to get one."""
    try:
        content = _WRITERS[kind](offer.regulation)
    except NoPdf:
        return make_response(page(offer, no_pdf=True), 501)
    answer = Response(content, content_type=_TYPES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{offer.name}.{kind}")
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer
