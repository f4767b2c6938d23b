"""Numbers, money and dates as people in Vietnam write them: read strictly, and asked back when unclear."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from models.text import fold, nfc

MAX_DIGITS: Final = 15
MAX_TYPED: Final = 60
QUALIFIERS: Final = {"exact": "", "over": "trên", "nearly": "gần", "about": "khoảng"}

_MONEY: Final = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "nghin": 10**3, "ngan": 10**3}
_WORDS_OF_QUALIFIERS: Final = {"trên": "over", "hơn": "over", "gần": "nearly", "khoảng": "about"}
_WEEKDAYS: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_NUMBER = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:,[0-9]+)?")
_ONE_POINT = re.compile(r"([0-9]+)\.([0-9]+)")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
_UNIT_TAIL = re.compile(r"([0-9.,\s-]*[0-9])\s*([^\W\d_].*|%)")
_MONEY_PART = re.compile(r"([0-9.,\s-]*[0-9])\s*([^\W\d_]+)\s*")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})([/.\- ])(?P<month>[0-9]{1,2})\2([0-9]{2})")
_NO_YEAR = re.compile(r"([0-9]{1,2})[/.\- ](?P<month>[0-9]{1,2})")
_EIGHT_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_IN_WORDS = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})", re.IGNORECASE)


@dataclass(eq=False)
class BadNotation(ValueError):
    """What was typed cannot be read; `code` names why, `readings` what it may have meant (typed so, it is clear)."""

    code: str
    typed: str
    readings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.code}: {self.typed!r}"

    @property
    def question(self) -> str:
        """Ask for one of the readings: "198,6 hay 1.986?"."""
        return f"{' hay '.join(self.readings)}?" if self.readings else ""


class Ambiguous(BadNotation):
    """What was typed can be read in more than one way, or wants one more word: ask, never guess."""


def parse_number(
    text: str,
    *,
    money: bool = False,
    negative: bool = False,
    decimals: int | None = None,
    unit: str = "",
) -> Decimal:
    """Read a number written the Vietnamese way (12.283 and 285,5).

    `money` allows "109 triệu" and gives whole đồng; `decimals` is the greatest number of decimals (0: a count);
    the `unit` may be typed after the number. Raises Ambiguous or BadNotation.
    """
    typed = _tidy(text)
    bare, below_zero = _without_sign(typed, negative=negative)
    value = _money(bare, typed) if money else _number(_without_unit(bare, unit), typed, decimals=decimals)
    _check_size(value, typed, decimals=0 if money else decimals)
    return -value if below_zero and value else value


def parse_figure(
    text: str, *, money: bool = False, negative: bool = False, decimals: int | None = None, unit: str = ""
) -> tuple[str | None, Decimal]:
    """Read a number that may begin with trên, hơn, gần or khoảng: the qualifier's code (None if unsaid), the value."""
    typed = _tidy(text)
    word, _, rest = typed.partition(" ")
    qualifier = _WORDS_OF_QUALIFIERS.get(word.lower())
    number = rest if qualifier else typed
    return qualifier, parse_number(number, money=money, negative=negative, decimals=decimals, unit=unit)


def format_number(value: Decimal | int | float, *, decimals: int | None = None) -> str:
    """Write a number the Vietnamese way; `decimals` keeps exactly that many, otherwise no trailing zeros."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    whole, _, fraction = f"{abs(number):f}".partition(".") if decimals is None else _fixed(abs(number), decimals)
    if decimals is None:
        fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "-" if number < 0 and (int(whole) or fraction.strip("0")) else ""
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def format_money(value: Decimal | int) -> str:
    """Write whole đồng in the largest unit that loses nothing: "109 triệu đồng"."""
    amount = int(value)
    for word, size, step in (("tỷ ", 10**9, 10**6), ("triệu ", 10**6, 10**3)):
        if abs(amount) >= size and amount % step == 0:
            return f"{format_number(Decimal(amount) / size)} {word}đồng"
    return f"{format_number(amount)} đồng"


def format_figure(value: Decimal | int, *, qualifier: str = "exact", unit: str = "", money: bool = False) -> str:
    """Write a figure with its word and its unit: "gần 19.000 lượt người"."""
    number = format_money(value) if money else format_number(value)
    return " ".join(part for part in (QUALIFIERS[qualifier], number, "" if money else unit) if part)


def parse_date(text: str, *, today: date | None = None) -> date:
    """Read a day written dd/MM/yyyy or d-M-yyyy, as eight digits, in words or in ISO.

    A missing year is asked for, with the year of `today` as the reading offered.
    """
    typed = _tidy(text)
    if match := _ISO.fullmatch(typed):
        year, month, day = match.groups()
        return _day(day, month, year, typed)
    if match := _DAY_FIRST.fullmatch(typed):
        return _day(match[1], match[3], match[4], typed)
    if match := _EIGHT_DIGITS.fullmatch(typed) or _IN_WORDS.fullmatch(typed):
        return _day(match[1], match[2], match[3], typed)
    _ask_for_the_year(typed, today)
    raise BadNotation("not_a_date", typed)


def format_date(day: date, *, long: bool = False) -> str:
    """Write 12/10/2018, or Thứ Sáu, 12/10/2018."""
    short = f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    return f"{_WEEKDAYS[day.weekday()]}, {short}" if long else short


def format_document_date(day: date, *, place: str = "") -> str:
    """Write the date of a document, days 1–9 and months 1–2 with a leading 0 (NĐ 30/2020/NĐ-CP)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    written = f"ngày {day.day:02d} tháng {month} năm {day.year:04d}"
    return f"{place}, {written}" if place else written


def _tidy(text: str) -> str:
    typed = " ".join(nfc(text).split())
    if not typed:
        raise BadNotation("blank", text)
    if len(typed) > MAX_TYPED:
        raise BadNotation("too_long", typed[:MAX_TYPED])
    return typed


def _without_sign(typed: str, *, negative: bool) -> tuple[str, bool]:
    if typed[0] not in "-−":
        return typed, False
    if not negative:
        raise BadNotation("negative", typed)
    return typed[1:].lstrip(), True


def _without_unit(bare: str, unit: str) -> str:
    match = _UNIT_TAIL.fullmatch(bare) if unit else None
    if match is None:
        return bare
    tail, whole = match[2], nfc(unit)
    words, wanted = fold(whole).split(), fold(tail).split()
    said = tail == whole or (bool(wanted) and words[: len(wanted)] == wanted)
    return match[1] if said else bare


def _number(bare: str, typed: str, *, decimals: int | None = None) -> Decimal:
    if _NUMBER.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(" ", "").replace(",", "."))
    if match := _ONE_POINT.fullmatch(bare):
        raise Ambiguous("two_readings", typed, _point_readings(match[1], match[2], decimals=decimals))
    if _ENGLISH.fullmatch(bare):
        raise Ambiguous("english", typed, (bare.translate(str.maketrans(",.", ".,")),))
    has_words = re.match(r"[0-9]", bare) and re.search(r"[^\W\d_]", bare)
    raise BadNotation("words" if has_words else "not_a_number", typed)


def _point_readings(whole: str, fraction: str, *, decimals: int | None) -> tuple[str, ...]:
    joined = format_number(int(whole + fraction))
    if decimals == 0 and fraction.strip("0"):
        return (joined,)
    return f"{format_number(int(whole))},{fraction}", joined


def _money(bare: str, typed: str) -> Decimal:
    amount = re.sub(r"\s?(?:đồng|vnđ|vnd|đ|₫)$", "", bare, flags=re.IGNORECASE)
    if not re.search(r"[^\W\d_]", amount):
        return _number(amount, typed, decimals=0)
    total, position, ceiling = Decimal(0), 0, 10**12
    while match := _MONEY_PART.match(amount, position):
        size = _MONEY.get(fold(match[2]))
        if size is None or size >= ceiling:
            break
        total += _times(match[1].strip(), match[2], size, typed, alone=match[0] == amount)
        position, ceiling = match.end(), size
    if position < len(amount):
        raise BadNotation("money_words", typed)
    return Decimal(int(total)) if total == int(total) else total


def _times(number: str, word: str, size: int, typed: str, *, alone: bool) -> Decimal:
    try:
        if match := re.fullmatch(r"([0-9]+),000", number):
            raise Ambiguous("two_readings", typed, (match[1], format_number(int(match[1] + "000"))))
        return _number(number, typed) * size
    except Ambiguous as asked:
        readings = tuple(f"{reading} {word}" for reading in asked.readings) if alone else ()
        raise Ambiguous(asked.code, typed, readings) from None


def _check_size(value: Decimal, typed: str, *, decimals: int | None) -> None:
    whole, _, fraction = f"{value:f}".partition(".")
    if len((whole + fraction).lstrip("0")) > MAX_DIGITS:
        raise BadNotation("too_long", typed)
    if decimals == 0 and len(fraction) == 3 and whole != "0":  # 1,086 and 1,000: most likely thousands
        exact = () if int(fraction) else (format_number(int(whole)),)
        raise Ambiguous("count", typed, (format_number(int(whole + fraction)), *exact))
    if decimals is not None and len(fraction.rstrip("0")) > decimals:
        raise BadNotation("count" if decimals == 0 else "decimals", typed)


def _fixed(value: Decimal, decimals: int) -> tuple[str, str, str]:
    return f"{value:.{decimals}f}".partition(".")


def _day(day: str, month: str, year: str, typed: str) -> date:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise BadNotation("year", typed)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadNotation("no_such_day", typed) from None


def _ask_for_the_year(typed: str, today: date | None) -> None:
    if match := _SHORT_YEAR.fullmatch(typed):
        year = f"20{match[4]}"
    elif match := _NO_YEAR.fullmatch(typed):
        _day(match[1], match["month"], "2000", typed)  # 29/2 may be right, 31/2 never is
        year = f"{today.year}" if today else ""
    else:
        return
    whole = f"{int(match[1])}/{int(match['month'])}/{year}"
    try:
        _day(match[1], match["month"], year or "0", typed)
    except BadNotation:
        raise Ambiguous("which_year", typed) from None
    raise Ambiguous("which_year", typed, (whole,))
