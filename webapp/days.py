"""Days as people type them: read in one place, with what is unclear asked back in words."""

from datetime import date

from sqlalchemy.orm import Session

from engine import notation
from engine.calendar import local_day
from engine.clock import now
from models.errors import Invalid
from webapp.text import say


def day_of(session: Session, typed: str, *, field: str) -> date:
    """Read a day that was typed into a field; Invalid where it cannot be read or can be read in two ways."""
    try:
        return notation.parse_date(typed, today=local_day(now(session)))
    except notation.BadNotation as bad:
        message = (
            say("Quý vị muốn ghi {question}", question=bad.question)
            if bad.question
            else say("Ngày không đọc được; ghi như 12/10/2018")
        )
        raise Invalid({field: message}) from None
