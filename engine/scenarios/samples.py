"""The world around a form where there is no database: a few organizations, the indicators the product comes with."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from engine import indicators
from engine.forms import FileRef, Form, FormContext, IndicatorField
from engine.forms.components import Component
from engine.forms.words import page_text
from engine.notation import QUALIFIERS

ORGANIZATIONS: Final = tuple(f"organization_{number}" for number in range(1, 10))
_OF_AN_ORDER: Final = 3


def context_of(form: Form, *, today: date, locale: str = "vi") -> FormContext:
    """Return a context in which every field of a form can be shown and filled in."""
    named = [(id, page_text("sample_organization", locale, n=n)) for n, id in enumerate(ORGANIZATIONS, start=1)]
    return FormContext(
        today=today,
        locale=locale,
        indicators=list(_indicators(form, locale)),
        organizations=dict.fromkeys(form.organization_sets, named),
        files=[FileRef(name, f"1{endings[0]}", "sample") for name, endings in _required_files(form.components)],
    )


def _indicators(form: Form, locale: str) -> Iterator[IndicatorField]:
    known = {one["code"]: one for one in indicators.catalogue() if one["aggregation"] in ("sum", "last")}
    wanted = [code for code in form.indicator_codes if code != "order"]
    if "order" in form.indicator_codes:
        wanted = list(dict.fromkeys([*wanted, *list(known)[:_OF_AN_ORDER]]))
    for code in wanted:
        one = known.get(code, {"name": code, "decimals": 3})
        english = locale == "en"
        money = one.get("is_money", False)
        yield IndicatorField(
            code=code,
            name=(english and one.get("name_en")) or one["name"],
            unit=(english and one.get("unit_en")) or one.get("unit", ""),
            decimals=one["decimals"],
            is_count=one["decimals"] == 0 and not money,
            is_money=money,
            allowed_qualifiers=tuple(QUALIFIERS),
        )


def _required_files(components: tuple[Component, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (path, endings) of the files that a form cannot be sent without: nothing is uploaded when it is tried."""
    for component in components:
        if component.type == "group":
            yield from _required_files(component.children)
        elif component.type == "filepicker" and component.required:
            yield component.key, component.endings
