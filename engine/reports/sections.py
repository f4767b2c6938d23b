"""What a filled-in form says, event by event: one section for each row that took place, one for plain figures.

Names a form of a report may use in its rows (or, without rows, beside its figures): `held_on` (the day), `title`,
`not_held_reason` (it did not take place, and why), `organizations` (who took part besides the reporting one).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.forms import Cleaned, FigureValue


@dataclass(frozen=True, slots=True)
class Section:
    """An event with its figures, or (`is_event` false) figures of no event in particular."""

    is_event: bool
    held_on: date
    figures: Sequence[FigureValue]
    title: str | None = None
    not_held_reason: str | None = None
    organizations: tuple[str, ...] = ()


def sections_of(cleaned: Cleaned, *, today: date) -> list[Section]:
    """Read the sections of a report; without a day an event was held today. A report of nothing has none."""
    if cleaned.nothing:
        return []
    lists = [rows for rows in cleaned.rows.values() if any("held_on" in row for row in rows)]
    rows = lists[0] if lists else []
    sections = [
        _event(row, [figure for figure in cleaned.figures if figure.row == number], today)
        for number, row in enumerate(rows)
    ]
    plain = [figure for figure in cleaned.figures if figure.row is None or not rows]
    if not rows and cleaned.values.get("held_on"):
        return [_event(cleaned.values, plain, today)]
    return [*sections, Section(False, today, plain)] if plain else sections


def _event(row: dict[str, Any], figures: Sequence[FigureValue], today: date) -> Section:
    reason = row.get("not_held_reason") or None
    day = row.get("held_on") or today
    organizations = row.get("organizations") or ()
    return Section(
        is_event=True,
        held_on=date.fromisoformat(day) if isinstance(day, str) else day,
        figures=() if reason else figures,
        title=str(row["title"])[:300] if row.get("title") else None,
        not_held_reason=str(reason)[:300] if reason else None,
        organizations=(organizations,) if isinstance(organizations, str) else tuple(organizations),
    )
