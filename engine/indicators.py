"""What is counted: the indicators the product comes with, and how a figure of one is written."""

import json
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit, notation
from engine.audit import Fact
from models.permissions import SYSTEM, Actor
from models.reports import Indicator

NO_FIGURE: Final = {"vi": "chưa có số liệu", "en": "no figure yet"}
QUALIFIERS_EN: Final = {"exact": "", "over": "over", "nearly": "nearly", "about": "about"}
_OPTIONAL: Final = ("name_en", "unit_en", "base_note", "series", "reported_at")
_SWAP: Final = str.maketrans(".,", ",.")


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(files("processes").joinpath("indicators.json").read_text(encoding="utf-8"))
    return data


def catalogue() -> Sequence[Mapping[str, Any]]:
    """Return the indicators the product comes with, as its data writes them."""
    rows: Sequence[Mapping[str, Any]] = _data()["indicators"]
    return rows


def code_of(figure: str) -> str:
    """Return the indicator behind a figure of the articles (FIG-17 → env_waste_t)."""
    return str(_data()["figures"][figure])


def codes_of(work: str) -> list[str]:
    """Return the indicators of an order or work of the articles (ORD-2 → env_people, …), in order."""
    return list(_data()["works"][work])


def seed(session: Session, *, actor: Actor = SYSTEM) -> list[Indicator]:
    """Add the indicators of processes/indicators.json that are not there yet; return those added."""
    known = set(session.scalars(select(Indicator.code)))
    rows = enumerate(_data()["indicators"], start=1)
    added = [_indicator(row, position) for position, row in rows if row["code"] not in known]
    session.add_all(added)
    for indicator in added:
        audit.record(session, actor, Fact.INDICATOR_ADDED, indicator, code=indicator.code)
    session.flush()
    return added


def _indicator(row: Mapping[str, Any], position: int) -> Indicator:
    indicator = Indicator(
        code=row["code"], unit=row["unit"], kind=row["kind"], aggregation=row["aggregation"],
        decimals=row["decimals"], base=Decimal(row["base"]) if "base" in row else None,
        is_money=row.get("is_money", False), position=position,
        **{name: row[name] for name in _OPTIONAL if name in row},
    )  # fmt: skip
    indicator.rename(row["name"])
    return indicator


def percent(value: Decimal, whole: Decimal) -> Decimal:
    """Return value per hundred of a whole, two decimals, half up; never an average of percentages."""
    return (value * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def display(
    indicator: Indicator, value: Decimal | None, qualifier: str = "exact", *, locale: str = "vi", base: bool = True
) -> str:
    """Write a figure with its word, unit and share: "373/1.086 vườn mẫu (34,35%)"; None is "chưa có số liệu".

    `base` is for the whole of a place the base speaks of: a part of it is not compared with the whole base.
    """
    if value is None:
        return NO_FIGURE[locale]
    if not base or not indicator.base:
        return _number(indicator, value, qualifier, locale)
    share = _with_word(qualifier, f"{_grouped(percent(value, indicator.base), locale)}%", locale)
    number = f"{_grouped(value, locale)}/{_grouped(indicator.base, locale)} {unit_of(indicator, locale)}"
    return f"{_with_word(qualifier, number, locale)} ({share})"


def unit_of(indicator: Indicator, locale: str = "vi") -> str:
    """Return the unit in the reader's language."""
    return (indicator.unit_en if locale == "en" else "") or indicator.unit


def _number(indicator: Indicator, value: Decimal, qualifier: str, locale: str) -> str:
    if locale == "vi":
        return notation.format_figure(value, qualifier=qualifier, unit=indicator.unit, money=indicator.is_money)
    return _with_word(qualifier, f"{_grouped(value, locale)} {unit_of(indicator, locale)}", locale)


def _with_word(qualifier: str, number: str, locale: str) -> str:
    word = (QUALIFIERS_EN if locale == "en" else notation.QUALIFIERS)[qualifier]
    return f"{word} {number}" if word else number


def _grouped(value: Decimal, locale: str) -> str:
    written = notation.format_number(value)
    return written.translate(_SWAP) if locale == "en" else written
