"""What each kind of component has of its own, read from a form file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from engine.forms.allowed import AMONG, MAX_OPTIONS, MAX_ROWS
from engine.forms.components import Option
from engine.forms.properties import Place, Properties
from models.text import nfc

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]{0,59}")
_ACCEPT = re.compile(r"\.[a-z0-9]{1,5}|image/\*|image/(?:jpeg|png)|application/pdf")


def number(one: Properties) -> None:
    """Read decimals, money and unit."""
    digits = one.raw.get("decimalDigits")
    one.facts["decimals"] = None if digits is None else one.whole(digits, "decimalDigits", high=6)
    one.facts["money"] = one.flag(one.property("money"), "properties.money")
    unit = one.property("unit") or one.part("appearance").get("suffixAdorner")
    one.facts["unit"] = one.text(unit, one.property("unit_en"), "properties.unit", limit=60)


def day(one: Properties) -> None:
    """Read which days may be given."""
    if one.raw.get("subtype", "date") != "date":
        one.find("property_value", detail="subtype")
    one.facts["not_past"] = one.flag(one.raw.get("disallowPassedDates"), "disallowPassedDates")
    one.facts["not_future"] = one.flag(one.property("not_future"), "properties.not_future")


def lines(one: Properties) -> None:
    """Read how high a field for several lines is."""
    one.facts["lines"] = one.whole(one.property("lines"), "properties.lines", default=3, low=1, high=20)


def options(one: Properties) -> None:
    """Read what there is to choose from."""
    raw = one.raw.get("values")
    found = [option for each in raw if (option := _option(one, each))] if isinstance(raw, list) else []
    if not isinstance(raw, list) or not raw or len(found) != len(raw) or len(raw) > MAX_OPTIONS:
        one.find("values")
    for value in sorted({option.value for option in found}):
        if sum(option.value == value for option in found) > 1:
            one.find("values_twice", detail=value)
    one.facts["options"] = tuple(found)


def _option(one: Properties, raw: Any) -> Option | None:
    if not isinstance(raw, dict) or set(raw) - {"label", "value", "label_en"}:
        return None
    value = raw.get("value")
    label = one.text(raw.get("label"), raw.get("label_en"), "values", limit=300)
    return Option(nfc(value), label) if isinstance(value, str) and 0 < len(value) <= 200 and label else None


def group(one: Properties) -> None:
    """Read the components of a group."""
    _children(one, replace(one.place, depth=one.place.depth + 1))


def rows(one: Properties) -> None:
    """Read the components of a list, and how many rows it begins with."""
    if one.place.in_list:
        one.find("nested_list")
    _children(one, Place(depth=one.place.depth + 1, scope=dict(one.place.scope), in_list=True))
    one.bounds(one.facts["max"], Decimal(MAX_ROWS))
    repetitions = one.raw.get("defaultRepetitions")
    one.facts["default_rows"] = one.whole(repetitions, "defaultRepetitions", default=1, high=MAX_ROWS)


def _children(one: Properties, place: Place) -> None:
    raw = one.raw.get("components")
    if not isinstance(raw, list) or not raw:
        one.find("empty")
        return
    where = f"{one.where.partition(' ')[0]}.components"
    one.facts["children"] = one.form.components(raw, where, place)


def files(one: Properties) -> None:
    """Read which files may be handed in."""
    one.facts["multiple"] = one.flag(one.raw.get("multiple"), "multiple")
    accept = one.raw.get("accept") or ""
    kinds = [kind.strip().lower() for kind in accept.split(",") if kind.strip()] if isinstance(accept, str) else [""]
    if not all(_ACCEPT.fullmatch(kind) for kind in kinds):
        one.find("property_value", detail="accept")
    one.facts["accept"] = tuple(kinds)


def figures(one: Properties) -> None:
    """Read which indicators are asked for, each once a form."""
    raw = one.raw.get("indicators", "order")
    codes = ["order"] if raw == "order" else raw
    good = isinstance(codes, list) and codes and all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes)
    if not good:
        one.find("indicators")
        return
    for code in codes:
        if (one.place.in_list, code) in one.form.asked:
            one.find("indicator_twice", detail=code)
        one.form.asked.add((one.place.in_list, code))
    one.facts["indicators"] = tuple(codes)
    one.facts["allows_nothing"] = one.property("nothing") not in (False, "false")


def organization(one: Properties) -> None:
    """Read among which organizations one chooses, and how many."""
    one.facts["multiple"] = one.flag(one.raw.get("multiple"), "multiple")
    one.facts["among"] = one.raw.get("among", "all")
    if one.facts["among"] not in AMONG:
        one.find("among", allowed=", ".join(AMONG))


OWN: Final[Mapping[str, Callable[[Properties], None]]] = {
    "number": number,
    "datetime": day,
    "select": options,
    "radio": options,
    "checklist": options,
    "group": group,
    "dynamiclist": rows,
    "filepicker": files,
    "figures": figures,
    "organization": organization,
    "textarea": lines,
}
