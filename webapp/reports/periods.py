"""The periods one can choose: the whole time, a month, a quarter, or two days typed in."""

from dataclasses import dataclass
from datetime import date, timedelta

from engine import notation
from engine.rollups import WHOLE, Period
from webapp.text import say


@dataclass(frozen=True, slots=True)
class Chosen:
    """A period with its words, and what stands in the address for it."""

    period: Period
    words: str
    code: str
    wrong: str = ""


def choices(today: date) -> list[tuple[str, str]]:
    """List (code, words): this year up to now, its quarters and months so far, the newest first."""
    months = [
        (f"{today.year}-{month:02d}", say("Tháng {m}/{y}", m=month, y=today.year))
        for month in range(today.month, 0, -1)
    ]
    quarters = [
        (f"{today.year}-q{quarter}", say("Quý {q}/{y}", q=quarter, y=today.year))
        for quarter in range((today.month + 2) // 3, 0, -1)
    ]
    return [("", say("Từ đầu đến nay")), *quarters, *months]


def chosen(code: str, since: str, until: str, *, today: date) -> Chosen:
    """Read what was chosen: a code of `choices`, or two days; what cannot be read is the whole time, and said."""
    if since or until:
        return _typed(since, until, today=today)
    for known, words in choices(today):
        if code == known and code:
            return Chosen(_part(code), words, code)
    return Chosen(WHOLE, say("Từ đầu đến nay ({day})", day=notation.format_date(today)), "")


def _part(code: str) -> Period:
    year, _, part = code.partition("-")
    first, length = (int(part[1]) * 3 - 2, 3) if part.startswith("q") else (int(part), 1)
    beyond = first + length
    end = date(int(year) + (beyond - 1) // 12, (beyond - 1) % 12 + 1, 1) - timedelta(days=1)
    return Period(date(int(year), first, 1), end)


def _typed(since: str, until: str, *, today: date) -> Chosen:
    try:
        first = notation.parse_date(since, today=today) if since else None
        last = notation.parse_date(until, today=today) if until else None
    except notation.BadNotation:
        whole = chosen("", "", "", today=today)
        return Chosen(
            WHOLE, whole.words, "", say("Ngày không đọc được; ghi như 12/10/2018. Đang xem toàn bộ thời gian.")
        )
    words = f"{notation.format_date(first) if first else '…'} – {notation.format_date(last) if last else '…'}"
    return Chosen(Period(first, last), words, "")
