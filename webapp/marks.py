"""The mark on what is printed: the newest checkpoint of the log as a short code and, for machines, whole."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

import segno
from markupsafe import Markup
from sqlalchemy.orm import Session

from engine.audit import checkpoints
from engine.audit.notes import Note, code_of


@dataclass(frozen=True, slots=True)
class Mark:
    """So many entries of the log have this root: its short code, when it was signed, and the drawing that says all."""

    size: int
    code: str
    at: datetime
    drawn: Markup


def mark_of(session: Session) -> Mark | None:
    """Return the mark for what is printed now; None before the first checkpoint."""
    newest = session.scalars(checkpoints.newest().limit(1)).first()
    if newest is None:
        return None
    said = Note.read(newest.note).checkpoint
    # As the signed note begins: whoever reads it with a telephone can compare it line by line.
    whole = f"{said.origin}\n{said.size}\n{b64encode(said.root).decode()}\n"
    drawn = segno.make(whole, error="m", micro=False).svg_inline(light="#fff", omitsize=True)
    return Mark(newest.size, code_of(newest.root), newest.at, Markup(drawn))  # noqa: S704
