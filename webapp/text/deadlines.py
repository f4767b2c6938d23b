"""The deadline in words: computed for the moment of reading, always colour, icon and word together."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from jinja2 import Environment

from engine.calendar import DeadlineState, deadline_state
from webapp.text.language import say
from webapp.text.notation import short_day, time


@dataclass(frozen=True, slots=True)
class Chip:
    """What a deadline chip shows; `prefix` is for those who do not see the colour."""

    code: str
    style: str
    icon: str
    text: str
    prefix: str = ""


_LOOKS = {
    "late": ("late", "exclamation-octagon-fill"),
    "today": ("today", "alarm-fill"),
    "soon": ("soon", "hourglass-split"),
    "intime": ("intime", "calendar-check"),
    "none": ("none", "dash-circle"),
    "done_in_time": ("done", "check-circle-fill"),
    "done_late": ("late", "exclamation-octagon-fill"),
}


def deadline(due_at: datetime | None, done_at: datetime | None = None) -> Chip:
    """Compare a due instant with the moment of reading, or with when the work was handed in."""
    session = g.reading
    state = deadline_state(session, due_at, now=session.info["now"], done_at=done_at)
    return chip_of(state, due_at)


def chip_of(state: DeadlineState, due_at: datetime | None) -> Chip:
    """Put a deadline state into words."""
    style, icon = _LOOKS[state.code]
    prefix = {"soon": say("Sắp đến hạn: "), "intime": say("Trong hạn: ")}.get(state.code, "")
    return Chip(state.code, style, icon, _words(state, due_at), prefix)


def _words(state: DeadlineState, due_at: datetime | None) -> str:
    if state.code in ("soon", "intime") and due_at is not None:
        return say("{day}, còn {n} ngày", day=short_day(due_at), n=state.days_left)
    if state.code == "today" and due_at is not None:
        return say("Hôm nay, {time}", time=time(due_at))
    if state.code in ("late", "done_late") and state.days_late:
        return say(_LATE[state.code], n=state.days_late)
    return say(DEADLINES[state.code])


_LATE = {"late": "Quá hạn, chậm {n} ngày", "done_late": "Xong chậm {n} ngày"}
# The word alone: for headings, filters and where there is nothing to count.
DEADLINES = {
    "late": "Quá hạn",
    "today": "Đến hạn hôm nay",
    "soon": "Sắp đến hạn",
    "intime": "Trong hạn",
    "none": "Không hạn",
    "done_in_time": "Đúng hạn",
    "done_late": "Xong quá hạn",
}


def install(environment: Environment) -> None:
    environment.globals.update(deadline=deadline, DEADLINES=DEADLINES)
