"""Reads one component of a form file: every finding about it is made before it is built."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from engine.forms.allowed import AMONG, MAX_OPTIONS, MAX_ROWS, PROPERTIES, REMOTE, RESERVED, UNLABELLED, VALIDATE
from engine.forms.components import Component, Option, Text
from engine.forms.conditions import BadCondition, Condition, compile_condition
from engine.forms.patterns import BadPattern, Pattern, compile_pattern
from models.text import nfc

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]{0,59}")
_ACCEPT = re.compile(r"\.[a-z0-9]{1,5}|image/\*|image/(?:jpeg|png)|application/pdf")

Scope = dict[str, Component]


@dataclass(frozen=True)
class Place:
    """Where components stand: how deep, which fields a condition may read, which keys are taken, in a list or not."""

    depth: int = 1
    scope: Scope = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    in_list: bool = False


class Whole(Protocol):
    """What one component needs of the reader of the whole form."""

    asked: set[tuple[bool, str]]

    def components(self, raw: list[Any], where: str, place: Place) -> tuple[Component, ...]: ...

    def find(self, where: str, code: str, **facts: Any) -> None: ...


class OneComponent:
    """One component while it is read."""

    def __init__(self, form: Whole, raw: Any, where: str, place: Place) -> None:
        self.form, self.place = form, place
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self.type = str(self.raw.get("type", ""))
        name = self.raw.get("key") or self.raw.get("path") or self.raw.get("id") or ""
        self.where = f"{where} ({str(name)[:60]})" if name else where
        self.facts: dict[str, Any] = {"type": self.type}

    def component(self) -> Component | None:
        """Check everything about it, so that all findings are made, then build it."""
        if self.type not in PROPERTIES:
            self.find("type", detail=self.type[:60], allowed=", ".join(PROPERTIES))
            return None
        self._properties()
        self._texts()
        self._condition()
        self._key()
        self._validate()
        own = {
            "number": self._number, "datetime": self._datetime, "select": self._options, "radio": self._options,
            "checklist": self._options, "group": self._group, "dynamiclist": self._list, "filepicker": self._files,
            "figures": self._figures, "organization": self._organization, "textarea": self._lines,
        }.get(self.type)  # fmt: skip
        if own:
            own()
        self._default()
        component = Component(**self.facts)
        if component.key and component.type not in ("dynamiclist", "filepicker", "figures"):
            self.place.scope[component.key] = component
        return component

    def find(self, code: str, **facts: Any) -> None:
        """Add a finding about this component."""
        self.form.find(self.where, code, **facts)

    def _properties(self) -> None:
        for name in sorted(set(map(str, self.raw)) - PROPERTIES[self.type]):
            if name in REMOTE:
                self.find("values_remote")
            else:
                self.find("property", detail=name[:60])
        for name in ("disabled", "readonly"):
            if self.raw.get(name, False) is not False:
                self.find("property_value", detail=name)
        for name in ("layout", "properties", "conditional", "validate", "appearance"):
            if not isinstance(self.raw.get(name, {}), dict):
                self.find("property_value", detail=name)
        for name, value in self._part("properties").items():
            if not isinstance(value, str | int | float | bool) or len(str(value)) > 1_000:
                self.find("property_value", detail=f"properties.{str(name)[:60]}")

    def _part(self, name: str) -> dict[str, Any]:
        part = self.raw.get(name)
        return part if isinstance(part, dict) else {}

    def _property(self, name: str) -> Any:
        return self._part("properties").get(name)

    def _flag(self, value: Any, name: str) -> bool:
        if value in (None, "", False, "false"):
            return False
        if value not in (True, "true"):
            self.find("property_value", detail=name)
        return True

    def _texts(self) -> None:
        label = self.raw.get("label") or self.raw.get("dateLabel")
        self.facts["label"] = self._text(label, self._property("label_en"), "label")
        self.facts["description"] = self._text(
            self.raw.get("description"), self._property("description_en"), "description"
        )
        if self.type == "text":
            self.facts["text"] = self._text(self.raw.get("text"), self._property("text_en"), "text")
        if not self.facts["label"] and self.type not in UNLABELLED:
            self.find("label")

    def _text(self, vietnamese: Any, english: Any, name: str, *, limit: int = 4_000) -> Text:
        for value in (vietnamese, english):
            if value is None or value == "":
                continue
            if not isinstance(value, str) or len(value) > limit:
                self.find("property_value", detail=name)
                return Text()
            if value.startswith("=") or "{{" in value:
                self.find("template", detail=value[:40])
        return Text(nfc(vietnamese or "").strip(), nfc(english or "").strip())

    def _condition(self) -> None:
        raw = self._part("conditional")
        for name in sorted(set(map(str, raw)) - {"hide"}):
            self.find("property", detail=f"conditional.{name[:60]}")
        source = raw.get("hide")
        if source in (None, ""):
            return
        try:
            condition = compile_condition(str(source))
        except BadCondition as bad:
            self.find("condition", detail=str(bad))
            return
        self.facts["hide"] = condition
        self._names_of(condition)

    def _names_of(self, condition: Condition) -> None:
        for name in condition.names:
            known = self.place.scope.get(name)
            if known is None or known.type in ("checklist", "textarea") or known.multiple:
                self.find("condition_name", detail=name)
        for name, value in condition.compared:
            known = self.place.scope.get(name)
            if known is not None and not _may_be(known, value):
                self.find("condition_value", key=name, detail=value)

    def _key(self) -> None:
        if self.type in ("text", "separator"):
            return
        key = self.raw.get("key")
        if self.type == "group":
            if key or self.raw.get("path"):  # form-js would nest the answers under it
                self.find("property", detail="key" if key else "path")
            return
        if self.type == "dynamiclist" and not key:
            key = self.raw.get("path")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self.find("key", detail=str(key or "")[:60])
        elif key in RESERVED:
            self.find("key_reserved", detail=key)
        elif key in self.place.keys:
            self.find("key_twice", detail=key)
        else:
            self.place.keys.add(key)
        self.facts["key"] = key if isinstance(key, str) else ""

    def _validate(self) -> None:
        raw = self._part("validate")
        for name in sorted(set(map(str, raw)) - VALIDATE.get(self.type, {"required"})):
            self.find("property", detail=f"validate.{name[:60]}")
        self.facts["required"] = self._flag(raw.get("required"), "validate.required")
        self.facts["min"] = self._decimal(raw.get("min"), "validate.min")
        self.facts["max"] = self._decimal(raw.get("max"), "validate.max")
        self.facts["min_length"] = self._whole(raw.get("minLength"), "validate.minLength", high=20_000)
        self.facts["max_length"] = self._whole(raw.get("maxLength"), "validate.maxLength", high=20_000)
        self._bounds(self.facts["min"], self.facts["max"])
        self._bounds(self.facts["min_length"], self.facts["max_length"] or None)
        if raw.get("validationType", "custom") not in ("", "custom"):
            self.find("property_value", detail="validate.validationType")
        self.facts["pattern"] = self._pattern(raw.get("pattern"))

    def _pattern(self, source: Any) -> Pattern | None:
        if source in (None, "") or self.type != "textfield":
            return None
        try:
            return compile_pattern(str(source))
        except BadPattern as bad:
            self.find("pattern", detail=str(bad))
            return None

    def _bounds(self, low: Any, high: Any) -> None:
        if low is not None and high is not None and low > high:
            self.find("bounds")

    def _decimal(self, value: Any, name: str) -> Decimal | None:
        if value is None or value == "":
            return None
        number = Decimal(str(value)) if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", str(value)) else None
        if number is None or isinstance(value, bool):
            self.find("property_value", detail=name)
            return None
        return number

    def _whole(self, value: Any, name: str, *, default: int = 0, low: int = 0, high: int) -> int:
        if value is None or value == "":
            return default
        if not isinstance(value, int | str) or isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,6}", str(value)):
            self.find("property_value", detail=name)
            return default
        if not low <= int(value) <= high:
            self.find("property_value", detail=name)
        return int(value)

    def _number(self) -> None:
        digits = self.raw.get("decimalDigits")
        self.facts["decimals"] = None if digits is None else self._whole(digits, "decimalDigits", high=6)
        self.facts["money"] = self._flag(self._property("money"), "properties.money")
        unit = self._property("unit") or self._part("appearance").get("suffixAdorner")
        self.facts["unit"] = self._text(unit, self._property("unit_en"), "properties.unit", limit=60)

    def _datetime(self) -> None:
        if self.raw.get("subtype", "date") != "date":
            self.find("property_value", detail="subtype")
        self.facts["not_past"] = self._flag(self.raw.get("disallowPassedDates"), "disallowPassedDates")
        self.facts["not_future"] = self._flag(self._property("not_future"), "properties.not_future")

    def _lines(self) -> None:
        self.facts["lines"] = self._whole(self._property("lines"), "properties.lines", default=3, low=1, high=20)

    def _options(self) -> None:
        raw = self.raw.get("values")
        options = [option for each in raw if (option := self._option(each))] if isinstance(raw, list) else []
        if not isinstance(raw, list) or not raw or len(options) != len(raw) or len(raw) > MAX_OPTIONS:
            self.find("values")
        for value in sorted({option.value for option in options}):
            if sum(option.value == value for option in options) > 1:
                self.find("values_twice", detail=value)
        self.facts["options"] = tuple(options)

    def _option(self, raw: Any) -> Option | None:
        if not isinstance(raw, dict) or set(raw) - {"label", "value", "label_en"}:
            return None
        value = raw.get("value")
        label = self._text(raw.get("label"), raw.get("label_en"), "values", limit=300)
        return Option(nfc(value), label) if isinstance(value, str) and 0 < len(value) <= 200 and label else None

    def _group(self) -> None:
        self._children(replace(self.place, depth=self.place.depth + 1))

    def _list(self) -> None:
        if self.place.in_list:
            self.find("nested_list")
        self._children(Place(depth=self.place.depth + 1, scope=dict(self.place.scope), in_list=True))
        self._bounds(self.facts["max"], Decimal(MAX_ROWS))
        repetitions = self.raw.get("defaultRepetitions")
        self.facts["default_rows"] = self._whole(repetitions, "defaultRepetitions", default=1, high=MAX_ROWS)

    def _children(self, place: Place) -> None:
        raw = self.raw.get("components")
        if not isinstance(raw, list) or not raw:
            self.find("empty")
            return
        where = f"{self.where.partition(' ')[0]}.components"
        self.facts["children"] = self.form.components(raw, where, place)

    def _files(self) -> None:
        self.facts["multiple"] = self._flag(self.raw.get("multiple"), "multiple")
        accept = self.raw.get("accept") or ""
        kinds = (
            [kind.strip().lower() for kind in accept.split(",") if kind.strip()] if isinstance(accept, str) else [""]
        )
        if not all(_ACCEPT.fullmatch(kind) for kind in kinds):
            self.find("property_value", detail="accept")
        self.facts["accept"] = tuple(kinds)

    def _figures(self) -> None:
        raw = self.raw.get("indicators", "order")
        codes = ["order"] if raw == "order" else raw
        good = (
            isinstance(codes, list) and codes and all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes)
        )
        if not good:
            self.find("indicators")
            return
        for code in codes:
            if (self.place.in_list, code) in self.form.asked:
                self.find("indicator_twice", detail=code)
            self.form.asked.add((self.place.in_list, code))
        self.facts["indicators"] = tuple(codes)
        self.facts["allows_nothing"] = self._property("nothing") not in (False, "false")

    def _organization(self) -> None:
        self.facts["multiple"] = self._flag(self.raw.get("multiple"), "multiple")
        self.facts["among"] = self.raw.get("among", "all")
        if self.facts["among"] not in AMONG:
            self.find("among", allowed=", ".join(AMONG))

    def _default(self) -> None:
        value = self.raw.get("defaultValue")
        if value is None or value == "":
            return
        checks: dict[str, Callable[[Any], bool]] = {
            "checkbox": lambda given: isinstance(given, bool),
            "number": lambda given: isinstance(given, int | float) and not isinstance(given, bool),
            "checklist": lambda given: isinstance(given, list) and all(each in self._codes() for each in given),
            "select": lambda given: given in self._codes(),
            "radio": lambda given: given in self._codes(),
        }
        check = checks.get(self.type, lambda given: isinstance(given, str) and len(given) <= 4_000)
        if check(value):
            self.facts["default"] = value
        else:
            self.find("property_value", detail="defaultValue")
        if isinstance(value, str) and (value.startswith("=") or "{{" in value):
            self.find("template", detail=value[:40])

    def _codes(self) -> list[str]:
        return [option.value for option in self.facts.get("options", ())]


def _may_be(component: Component, value: Any) -> bool:
    if component.type in ("select", "radio"):
        return value in [option.value for option in component.options]
    if component.type == "checkbox":
        return isinstance(value, bool)
    if component.type == "number":
        return isinstance(value, Decimal)
    return isinstance(value, str)
