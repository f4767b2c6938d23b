"""Turns typed answers into typed values: hidden and unknown fields dropped, everything wrong found at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.forms.components import IMAGES, Component
from engine.forms.context import FigureValue, FileRef, FormContext, IndicatorField
from engine.forms.raw import Raw
from engine.forms.reading import Reading, Wrong, is_blank, plain
from models.text import nfc

Values = dict[str, Any]

# "Không phát sinh" in one tap: what describes an event need not be filled in; choices still steer the process.
_DESCRIBES: Final = ("textfield", "textarea", "number", "datetime")
_REQUIRED: Final = {
    "select": "required_choice", "radio": "required_choice", "organization": "required_choice",
    "checklist": "required_choices", "checkbox": "required_tick",
}  # fmt: skip


class Cleaning:
    """One pass over one form's answers."""

    def __init__(
        self, context: FormContext, uploads: Sequence[FileRef], *, nothing: bool, blank_rows: bool = False
    ) -> None:
        self.context, self.nothing, self.blank_rows = context, nothing, blank_rows
        self.reading = Reading(context)
        self.given = [*context.files, *uploads]
        self.errors: dict[str, str] = {}
        self.hidden: set[tuple[str, int]] = set()
        self.figures: list[FigureValue] = []
        self.files: list[FileRef] = []
        self.rows: dict[str, list[Values]] = {}

    def components(self, components: Sequence[Component], raw: Raw) -> Values:
        """Clean the whole form."""
        values: Values = {}
        self._all(components, raw, values, {}, "", None)
        return values

    def _all(
        self, components: Sequence[Component], raw: Raw, values: Values, scope: Values, prefix: str, row: int | None
    ) -> None:
        for component in components:
            name = prefix + component.key
            if component.hide and component.hide.holds({**scope, **values}):
                self.hidden.add((prefix, id(component)))
            elif component.type == "group":
                self._all(component.children, raw, values, scope, prefix, row)
            elif component.type == "dynamiclist":
                values[component.key] = self.rows[component.key] = self._list(component, raw, {**scope, **values}, name)
            elif component.type == "figures":
                values[component.key] = self._figures(component, raw.get(component.key), name, row)
            elif component.type == "filepicker":
                values[component.key] = self._files(component, name)
            elif component.type not in ("text", "separator"):
                values[component.key] = self._field(component, raw.get(component.key), name)

    def _field(self, component: Component, typed: Any, name: str) -> Any:
        try:
            value = getattr(self.reading, component.type)(component, typed)
            if component.required and is_blank(value) and not (self.nothing and component.type in _DESCRIBES):
                raise Wrong(self.reading.say(_REQUIRED.get(component.type, "required")))
        except Wrong as wrong:
            self.errors[name] = str(wrong)
            return None
        return value

    def _list(self, component: Component, raw: Raw, scope: Values, name: str) -> list[Values]:
        typed = [row if isinstance(row, dict) else {} for row in raw.get(component.key) or []]
        if self.nothing:
            self._no_figures_in(component, typed, name)
            return []
        most = min(int(component.max or self.context.limits.rows), self.context.limits.rows)
        if len(typed) > most:
            self.errors[name] = self.reading.say("max_rows", count=most)
        rows: list[Values] = []
        for number, row in enumerate(typed[:most]):
            prefix = f"{name}-{number}-"
            if (
                not self.blank_rows
                and _is_blank_row(row)
                and not any(file.field.startswith(prefix) for file in self.given)
            ):
                continue
            rows.append({})
            first = len(self.files)
            self._all(component.children, row, rows[-1], scope, prefix, len(rows) - 1)
            self.files[first:] = [_moved(file, prefix, f"{name}-{len(rows) - 1}-") for file in self.files[first:]]
        if len(rows) < component.least_rows:
            self.errors.setdefault(name, self.reading.say("required_rows", count=component.least_rows))
        return rows

    def _no_figures_in(self, component: Component, typed: Sequence[Raw], name: str) -> None:
        figures = [each for child in component.children for each in child.walk() if each.type == "figures"]
        for number, row in enumerate(typed):
            for each in figures:
                self._figures(each, row.get(each.key), f"{name}-{number}-{each.key}", None)

    def _figures(self, component: Component, raw: Any, name: str, row: int | None) -> Values:
        typed = raw if isinstance(raw, Mapping) else {}
        figures: Values = {}
        for indicator in indicators_of(component, self.context):
            given = typed.get(indicator.code) or {}
            try:
                if self.nothing:
                    self.reading.no_figure(given.get("value"))
                    continue
                figure = self.reading.figure(component, indicator, given, row)
            except Wrong as wrong:
                self.errors[f"{name}-{indicator.code}"] = str(wrong)
                continue
            if figure is not None:
                self.figures.append(figure)
                figures[indicator.code] = {"value": plain(figure.value), "qualifier": figure.qualifier}
        return figures

    def _files(self, component: Component, name: str) -> list[str]:
        given = [file for file in self.given if file.field == name and file.name]
        endings = component.endings
        try:
            for file in given:
                if not file.name.lower().endswith(endings) or len(file.name) > self.context.limits.name:
                    raise Wrong(self.reading.say("file_type", name=nfc(file.name)[:60]))
            most = min(int(component.max or self.context.limits.files), self.context.limits.files)
            most = most if component.multiple else 1
            if len(given) > most:
                raise Wrong(self.reading.say("max_files", count=most, got=len(given)))
            if component.required and not given and not self.nothing:
                raise Wrong(self.reading.say("required_photo" if set(endings) <= set(IMAGES) else "required_file"))
        except Wrong as wrong:
            self.errors[name] = str(wrong)
        self.files += [file._replace(name=nfc(file.name)) for file in given]
        return [nfc(file.name) for file in given]


def indicators_of(component: Component, context: FormContext) -> list[IndicatorField]:
    """Expand a figures component: the order's indicators, or those it names; a name the context lacks is a bug."""
    if component.indicators == ("order",):
        return list(context.indicators)
    known = {indicator.code: indicator for indicator in context.indicators}
    return [known[code] for code in component.indicators]


def _is_blank_row(row: Raw) -> bool:
    values = [value for key, value in row.items() if key != "qualifier"]
    return all(_is_blank_row(value) if isinstance(value, dict) else is_blank(value) for value in values)


def _moved(file: FileRef, old: str, new: str) -> FileRef:
    return file._replace(field=new + file.field.removeprefix(old))
