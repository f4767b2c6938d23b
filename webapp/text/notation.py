"""How days, times, numbers and sizes are written in the reader's language."""

from datetime import date, datetime
from decimal import Decimal

from flask import g
from jinja2 import Environment

from engine import notation
from engine.clock import ZONE
from webapp.text.language import language, say

NO_BREAK = "\u00a0"
_KIB = 1024


def local(at: datetime) -> datetime:
    """Return an instant as the clock on the wall in Vietnam shows it."""
    return at.astimezone(ZONE)


def today() -> date | None:
    """Return today in this world, where the request has read something."""
    session = g.get("reading")
    return local(session.info["now"]).date() if session is not None else None


def day(value: date | datetime | None) -> str:
    """Write 12/10/2018."""
    if value is None:
        return ""
    return notation.format_date(local(value).date() if isinstance(value, datetime) else value)


def time(at: datetime | None) -> str:
    """Write 08:07."""
    return f"{local(at):%H:%M}" if at is not None else ""


def moment(at: datetime | None) -> str:
    """Write 12/10/2018, 08:07."""
    return f"{day(at)}, {time(at)}" if at is not None else ""


def when(at: datetime | None) -> str:
    """Write an instant inside a sentence: 10:42, or with the day when it was not today."""
    if at is None:
        return ""
    if local(at).date() == today():
        return time(at)
    return say("{time} ngày {day}", time=time(at), day=day(at))


def short_day(at: datetime) -> str:
    """Write 15/10, with the year when it is another one."""
    written = local(at)
    now = today()
    return f"{written:%d/%m}" if now is None or now.year == written.year else day(at)


def number(value: Decimal | int | float | None, decimals: int | None = None) -> str:
    """Write 12.283 or 285,5; in English 12,283 and 285.5."""
    if value is None:
        return ""
    written = notation.format_number(value, decimals=decimals)
    return written if language() == "vi" else written.translate(str.maketrans(".,", ",."))


def count(value: int) -> str:
    """Write a count that is exact to 999."""
    return number(value) if value <= 999 else "999+"


def duration(seconds: float | None) -> str:
    """Write how long something took in the largest unit that says it: minutes, hours or days of 24 hours."""
    if seconds is None:
        return "–"
    if seconds < 3600:
        return say("{n} phút", n=number(round(seconds / 60)))
    if seconds < 48 * 3600:
        return say("{n} giờ", n=number(round(seconds / 3600, 1)))
    return say("{n} ngày", n=number(round(seconds / 86400, 1)))


def size(value: int) -> str:
    """Write a file's size: 340 kB, 2,4 MB."""
    if value < _KIB * _KIB:
        return f"{number(max(1, round(value / _KIB)))}{NO_BREAK}kB"
    return f"{number(Decimal(value) / (_KIB * _KIB), 1)}{NO_BREAK}MB"


def install(environment: Environment) -> None:
    environment.filters.update(
        day=day, time=time, moment=moment, when=when, short_day=short_day, number=number, count=count, size=size
    )
