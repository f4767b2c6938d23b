"""Reads one component of a form file: every finding about it is made before it is built."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.forms.allowed import PROPERTIES, REMOTE, RESERVED, UNLABELLED, VALIDATE
from engine.forms.components import Component
from engine.forms.conditions import BadCondition, Condition, compile_condition
from engine.forms.kinds import OWN
from engine.forms.patterns import BadPattern, Pattern, compile_pattern
from engine.forms.properties import Properties

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


class OneComponent(Properties):
    """One component while it is read."""

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
        if own := OWN.get(self.type):
            own(self)
        self._default()
        component = Component(**self.facts)
        if component.key and component.type not in ("dynamiclist", "filepicker", "figures"):
            self.place.scope[component.key] = component
        return component

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
        for name, value in self.part("properties").items():
            if not isinstance(value, str | int | float | bool) or len(str(value)) > 1_000:
                self.find("property_value", detail=f"properties.{str(name)[:60]}")

    def _texts(self) -> None:
        label = self.raw.get("label") or self.raw.get("dateLabel")
        self.facts["label"] = self.text(label, self.property("label_en"), "label")
        self.facts["description"] = self.text(
            self.raw.get("description"), self.property("description_en"), "description"
        )
        if self.type == "text":
            self.facts["text"] = self.text(self.raw.get("text"), self.property("text_en"), "text")
        if not self.facts["label"] and self.type not in UNLABELLED:
            self.find("label")

    def _condition(self) -> None:
        raw = self.part("conditional")
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
        raw = self.part("validate")
        for name in sorted(set(map(str, raw)) - VALIDATE.get(self.type, {"required"})):
            self.find("property", detail=f"validate.{name[:60]}")
        self.facts["required"] = self.flag(raw.get("required"), "validate.required")
        self.facts["min"] = self.decimal(raw.get("min"), "validate.min")
        self.facts["max"] = self.decimal(raw.get("max"), "validate.max")
        self.facts["min_length"] = self.whole(raw.get("minLength"), "validate.minLength", high=20_000)
        self.facts["max_length"] = self.whole(raw.get("maxLength"), "validate.maxLength", high=20_000)
        self.bounds(self.facts["min"], self.facts["max"])
        self.bounds(self.facts["min_length"], self.facts["max_length"] or None)
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
