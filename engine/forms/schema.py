"""Reads a form-js schema against our allow-list and compiles it, listing everything that is wrong at once."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.forms.allowed import FORM, MAX_BYTES, MAX_COMPONENTS, MAX_DEPTH
from engine.forms.components import Component, Finding, FormError
from engine.forms.one_component import OneComponent
from engine.forms.properties import Place
from engine.forms.words import finding_messages


def read_form(source: Mapping[str, Any] | bytes | str) -> tuple[Component, ...]:
    """Compile the components of a form-js schema, or raise FormError with every finding."""
    reader = SchemaReader()
    components = reader.form(source)
    if reader.findings:
        raise FormError(tuple(reader.findings))
    return components


class SchemaReader:
    """One form while it is read: its findings, and how much has been read."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.count = 0
        self.asked: set[tuple[bool, str]] = set()

    def form(self, source: Mapping[str, Any] | bytes | str) -> tuple[Component, ...]:
        raw = self._parsed(source)
        if raw is None:
            return ()
        if raw.get("type", "default") != "default":
            self.find("form", "not_a_form")
        for name in sorted(set(map(str, raw)) - FORM):
            self.find("form", "property", detail=name)
        if not isinstance(raw.get("components"), list):
            self.find("form", "no_components")
            return ()
        return self.components(raw["components"], "components", Place())

    def _parsed(self, source: Mapping[str, Any] | bytes | str) -> Mapping[str, Any] | None:
        if isinstance(source, Mapping):
            return source
        if len(source) > MAX_BYTES:
            self.find("form", "too_big", limit=MAX_BYTES)
            return None
        try:
            raw = json.loads(source)
        except (ValueError, RecursionError) as broken:
            self.find("form", "not_json", detail=str(broken)[:200])
            return None
        if not isinstance(raw, dict):
            self.find("form", "not_a_form")
            return None
        return raw

    def components(self, raw: list[Any], where: str, place: Place) -> tuple[Component, ...]:
        """Read a list of components that stand at one place."""
        if place.depth > MAX_DEPTH:
            self.find(where, "too_deep", limit=MAX_DEPTH)
            return ()
        found = []
        for number, each in enumerate(raw):
            self.count += 1
            if self.count == MAX_COMPONENTS + 1:
                self.find(where, "too_many", limit=MAX_COMPONENTS)
            if self.count > MAX_COMPONENTS:
                break
            if component := OneComponent(self, each, f"{where}[{number}]", place).component():
                found.append(component)
        return tuple(found)

    def find(self, where: str, code: str, **facts: Any) -> None:
        """Add a finding."""
        vietnamese, english = finding_messages(code, **facts)
        self.findings.append(Finding(where, vietnamese, english, code))


def fields_of(components: tuple[Component, ...]) -> Iterator[Component]:
    """Go through every component, however deep."""
    for component in components:
        yield from component.walk()
