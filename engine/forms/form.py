"""A compiled form: what it asks for, how answers are cleaned and how it is shown; it calls no command."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms.cleaning import Cleaning
from engine.forms.components import Component
from engine.forms.context import Cleaned, FileRef, FormContext
from engine.forms.raw import Answers, Raw, edit_rows, is_html, read_raw
from engine.forms.schema import read_form
from engine.forms.showing import defaults_of, view_fields
from engine.forms.views import Fields
from engine.forms.words import page_text
from models.errors import Invalid


@dataclass(frozen=True)
class Form:
    """A form of a definition; immutable, so that it may be cached by the definition's hash."""

    components: tuple[Component, ...]

    @property
    def indicator_codes(self) -> tuple[str, ...]:
        """Name the indicators asked for; "order" stands for those of the order."""
        return tuple(dict.fromkeys(code for each in self._all() for code in each.indicators))

    @property
    def organization_sets(self) -> tuple[str, ...]:
        """Name the sets of organizations that pickers choose from."""
        return tuple(dict.fromkeys(each.among for each in self._all() if each.type == "organization"))

    @property
    def has_files(self) -> bool:
        """Tell whether files may come with the form."""
        return any(each.type == "filepicker" for each in self._all())

    @property
    def allows_nothing(self) -> bool:
        """Tell whether "Không phát sinh" may be answered: only where figures are asked for."""
        figures = [each for each in self._all() if each.type == "figures"]
        return bool(figures) and all(each.allows_nothing for each in figures)

    def clean(
        self, answers: Answers, *, context: FormContext, files: Iterable[tuple[str, str] | FileRef] = ()
    ) -> Cleaned:
        """Check and type the answers of an HTML form or of plain JSON; everything wrong at once raises Invalid.

        `files` are the names of uploads as (path of the field, file name).
        """
        raw = read_raw(self.components, answers)
        nothing = self.allows_nothing and bool(raw.get("nothing"))
        cleaning = Cleaning(context, [FileRef(*file) for file in files], nothing=nothing)
        values = cleaning.components(self.components, raw)
        if cleaning.errors:
            raise Invalid(cleaning.errors)
        return Cleaned(
            values=values,
            routing={key: value for key, value in values.items() if self._routes(key, value)},
            figures=tuple(cleaning.figures),
            rows=cleaning.rows,
            files=tuple(cleaning.files),
            nothing=nothing,
        )

    def raw(self, answers: Answers) -> Raw:
        """Pick the answers as typed, for a draft: JSON, NFC, unknown names dropped, nothing checked."""
        return read_raw(self.components, answers)

    def edit_rows(self, answers: Answers) -> Raw | None:
        """Add or remove the row whose button was pressed and give the answers as typed; None if none was pressed."""
        return edit_rows(self.components, answers)

    def fields(
        self, values: Answers | None = None, errors: Mapping[str, str] | None = None, *, context: FormContext
    ) -> Fields:
        """Show the form: empty, with a draft or stored values, or with what was just typed and its errors."""
        return view_fields(
            self.components,
            read_raw(self.components, values) if values is not None else defaults_of(self.components),
            errors=errors or {},
            context=context,
            exact=values is not None and is_html(values),
        )

    def _routes(self, key: str, value: Any) -> bool:
        component = next(each for each in self._top() if each.key == key)
        return component.routes and not (isinstance(value, str) and len(value) > 200)

    def _all(self) -> Iterable[Component]:
        return (each for top in self.components for each in top.walk())

    def _top(self) -> Iterable[Component]:
        waiting = list(self.components)
        while waiting:
            component = waiting.pop(0)
            yield component
            if component.type == "group":
                waiting.extend(component.children)


def compile(form: Mapping[str, Any] | bytes | str) -> Form:
    """Compile a form-js schema, or raise FormError with everything that is wrong with it."""
    return Form(read_form(form))


def choice(key: str, question: str | None, options: Sequence[tuple[str, str]]) -> bytes:
    """Write a form that asks one question: options are (value, label)."""
    asked = {
        "type": "radio",
        "key": key,
        "label": question or page_text("which_way", "vi"),
        "values": [{"value": value, "label": label} for value, label in options],
        "validate": {"required": True},
    }
    return json.dumps({"type": "default", "components": [asked]}, ensure_ascii=False).encode()
