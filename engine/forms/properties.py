"""The properties of one component of a form file, read as plain values; what is wrong with them is found."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from engine.forms.components import Component, Text
from models.text import nfc

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


class Properties:
    """What stands in the file about one component, and what was read of it so far."""

    def __init__(self, form: Whole, raw: Any, where: str, place: Place) -> None:
        self.form, self.place = form, place
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self.type = str(self.raw.get("type", ""))
        name = self.raw.get("key") or self.raw.get("path") or self.raw.get("id") or ""
        self.where = f"{where} ({str(name)[:60]})" if name else where
        self.facts: dict[str, Any] = {"type": self.type}

    def find(self, code: str, **facts: Any) -> None:
        """Add a finding about this component."""
        self.form.find(self.where, code, **facts)

    def part(self, name: str) -> dict[str, Any]:
        """Return a property that is a group of others; empty where it is none."""
        part = self.raw.get(name)
        return part if isinstance(part, dict) else {}

    def property(self, name: str) -> Any:
        """Return one of the properties that are ours, as it stands in the file."""
        return self.part("properties").get(name)

    def flag(self, value: Any, name: str) -> bool:
        """Read yes or no."""
        if value in (None, "", False, "false"):
            return False
        if value not in (True, "true"):
            self.find("property_value", detail=name)
        return True

    def text(self, vietnamese: Any, english: Any, name: str, *, limit: int = 4_000) -> Text:
        """Read a text in both languages; no expression may stand in it."""
        for value in (vietnamese, english):
            if value is None or value == "":
                continue
            if not isinstance(value, str) or len(value) > limit:
                self.find("property_value", detail=name)
                return Text()
            if value.startswith("=") or "{{" in value:
                self.find("template", detail=value[:40])
        return Text(nfc(vietnamese or "").strip(), nfc(english or "").strip())

    def decimal(self, value: Any, name: str) -> Decimal | None:
        """Read a number with at most six decimals."""
        if value is None or value == "":
            return None
        number = Decimal(str(value)) if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", str(value)) else None
        if number is None or isinstance(value, bool):
            self.find("property_value", detail=name)
            return None
        return number

    def whole(self, value: Any, name: str, *, default: int = 0, low: int = 0, high: int) -> int:
        """Read a whole number between two bounds."""
        if value is None or value == "":
            return default
        if not isinstance(value, int | str) or isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,6}", str(value)):
            self.find("property_value", detail=name)
            return default
        if not low <= int(value) <= high:
            self.find("property_value", detail=name)
        return int(value)

    def bounds(self, low: Any, high: Any) -> None:
        """Find a lower bound above the upper one."""
        if low is not None and high is not None and low > high:
            self.find("bounds")
