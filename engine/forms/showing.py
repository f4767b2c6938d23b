"""Shows a form: every id, label, typed text, hint and error of the plain objects is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from engine.forms.cleaning import Cleaning, indicators_of
from engine.forms.components import IMAGES, Component, Text
from engine.forms.context import FormContext, IndicatorField
from engine.forms.raw import Raw
from engine.forms.reading import decimals_of, readings
from engine.forms.views import Fields, FieldView, OptionView, RowView
from engine.forms.when import shown_when
from engine.forms.words import page_text
from engine.notation import QUALIFIERS, BadNotation, format_date, format_number, parse_date

_KINDS: Final = {"textfield": "text", "datetime": "date", "text": "note", "filepicker": "file", "dynamiclist": "rows"}
_MIME: Final = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


def view_fields(
    components: Sequence[Component],
    raw: Raw,
    *,
    errors: Mapping[str, str],
    context: FormContext,
    exact: bool,
) -> Fields:
    """Show the form with what was typed or stored; `exact`: not a character of it is changed."""
    raw = _with_first_rows(components, raw)
    cleaning = Cleaning(context, (), nothing=False, blank_rows=True)
    cleaning.components(components, raw)
    known = {each.key: each for top in components for each in top.walk() if each.key}
    view = _Page(errors, context, cleaning.hidden, known, exact=exact)
    return Fields(view.fields(components, raw, ""), locale=context.locale, errors=errors)


class _Page:
    def __init__(
        self,
        errors: Mapping[str, str],
        context: FormContext,
        hidden: set[tuple[str, int]],
        known: Mapping[str, Component],
        *,
        exact: bool,
    ) -> None:
        self.errors, self.context, self.hidden, self.known = errors, context, hidden, known
        self.exact = exact

    def fields(self, components: Sequence[Component], raw: Raw, prefix: str) -> list[FieldView]:
        return [self.field(component, raw, prefix) for component in components]

    def field(self, component: Component, raw: Raw, prefix: str) -> FieldView:
        name = prefix + component.key
        view = FieldView(
            id=f"f-{name}" if component.key else "",
            name=name,
            kind=_KINDS.get(component.type, component.type),
            label=self.say(component.label) or (self.say(component.text) if component.type == "text" else ""),
            required=component.required,
            error=self.errors.get(name, "") if component.key else "",
            hint=self.say(component.description),
        )
        typed = raw.get(component.key)
        own = {
            "textfield": self.line, "textarea": self.line, "number": self.number, "datetime": self.date,
            "select": self.choice, "radio": self.choice, "checklist": self.choice, "organization": self.choice,
            "checkbox": self.tick, "text": self.note, "filepicker": self.file, "figures": self.figures,
        }  # fmt: skip
        if component.type in own:
            view = own[component.type](view, component, typed)
        elif component.type == "group":
            view = replace(view, children=tuple(self.fields(component.children, raw, prefix)))
        elif component.type == "dynamiclist":
            view = self.rows(view, component, typed)
        return self.fold(view, component, prefix)

    def say(self, text: Text) -> str:
        return text.in_(self.context.locale)

    def fold(self, view: FieldView, component: Component, prefix: str) -> FieldView:
        if component.hide is None or (prefix, id(component)) not in self.hidden:
            return view
        return replace(view, visible=False, when=shown_when(component.hide, self.known, self.context.locale))

    def line(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        return replace(view, value=_text(typed), lines=component.lines)

    def number(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        value = _text(typed)
        return replace(
            view,
            value=value,
            unit=self.say(component.unit),
            inputmode=_inputmode(words=component.money or component.below_zero, decimals=component.decimals),
            readings=tuple(readings(component, value, self.context)) if view.error else (),
        )

    def date(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        value = _text(typed) if self.exact else _day(_text(typed))
        return replace(
            view,
            value=value,
            inputmode="numeric",
            hint=view.hint or page_text("date_hint", self.context.locale, day=format_date(self.context.today)),
            readings=tuple(readings(component, value, self.context)) if view.error else (),
        )

    def choice(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        chosen = typed if isinstance(typed, list) else [typed]
        options = tuple(
            OptionView(id=f"{view.id}-{number}", value=value, label=label, checked=value in chosen)
            for number, (value, label) in enumerate(self.choices(component))
        )
        kind = view.kind
        if component.type == "organization":
            kind = "checklist" if component.multiple else "select"
        return replace(view, kind=kind, options=options)

    def choices(self, component: Component) -> list[tuple[str, str]]:
        if component.type == "organization":
            return list(self.context.organizations.get(component.among, ()))
        return [(option.value, self.say(option.label)) for option in component.options]

    def tick(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        return replace(view, checked=typed is True)

    def note(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        return replace(view, value=self.say(component.text))

    def file(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        endings = component.endings
        kinds = [_MIME.get(ending, ending) for ending in endings]
        # image/* would let a phone send formats that are not stored; with these two it converts by itself.
        return replace(
            view,
            accept=",".join(dict.fromkeys(kinds)),
            multiple=component.multiple,
            images=set(endings) <= set(IMAGES),
            files=tuple(file.name for file in self.context.files if file.field == view.name),
        )

    def rows(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        rows = typed if isinstance(typed, list) else []
        removable = len(rows) > component.least_rows
        views = (self.row(view, component, row, number, removable=removable) for number, row in enumerate(rows))
        return replace(view, required=component.least_rows > 0, add=f"add-{component.key}", rows=tuple(views))

    def row(self, view: FieldView, component: Component, row: Any, number: int, *, removable: bool) -> RowView:
        name = f"{view.name}-{number}"
        fields = self.fields(component.children, row if isinstance(row, dict) else {}, f"{name}-")
        return RowView(
            number=number + 1,
            label=page_text("row", self.context.locale, label=view.label, number=number + 1),
            name=name,
            remove=f"remove-{component.key}-{number}" if removable else "",
            fields=Fields(fields, locale=self.context.locale),
        )

    def figures(self, view: FieldView, component: Component, typed: Any) -> FieldView:
        given = typed if isinstance(typed, dict) else {}
        children = [
            self.figure(view, component, indicator, given.get(indicator.code) or {})
            for indicator in indicators_of(component, self.context)
        ]
        return replace(view, children=tuple(children))

    def figure(
        self, view: FieldView, component: Component, indicator: IndicatorField, given: Mapping[str, Any]
    ) -> FieldView:
        name = f"{view.name}-{indicator.code}"
        error, value = self.errors.get(name, ""), _text(given.get("value"))
        decimals = decimals_of(indicator)
        hint = indicator.hint or (page_text("decimal_hint", self.context.locale) if decimals else "")
        if indicator.is_money:
            hint = indicator.hint or page_text("money_hint", self.context.locale)
        return FieldView(
            id=f"f-{name}",
            name=name,
            kind="figure",
            label=indicator.name,
            required=component.required or indicator.required,
            value=value,
            error=error,
            hint=hint,
            unit=indicator.unit,
            before_label=indicator.last_label or "",
            before_value=indicator.last_value or "",
            inputmode=_inputmode(words=indicator.is_money, decimals=decimals),
            readings=tuple(readings(component, value, self.context, indicator)) if error else (),
            qualifiers=self.qualifiers(f"f-{name}-q", indicator, given.get("qualifier") or "exact"),
        )

    def qualifiers(self, id_: str, indicator: IndicatorField, chosen: str) -> tuple[OptionView, ...]:
        allowed = [code for code in QUALIFIERS if code == "exact" or code in indicator.allowed_qualifiers]
        if len(allowed) == 1:
            return ()
        return tuple(
            OptionView(
                id=f"{id_}-{code}",
                value=code,
                label=page_text(f"qualifier_{code}", self.context.locale),
                checked=code == chosen,
            )
            for code in allowed
        )


def defaults_of(components: Sequence[Component]) -> Raw:
    """Give what an untouched form holds; figures never have a default."""
    raw: Raw = {}
    for component in components:
        if component.type == "group":
            raw.update(defaults_of(component.children))
        elif component.default is not None:
            raw[component.key] = component.default
    return raw


def _with_first_rows(components: Sequence[Component], raw: Raw) -> Raw:
    rows: Raw = {}
    for component in components:
        if component.type == "group":
            rows.update(_with_first_rows(component.children, raw))
        elif component.type == "dynamiclist":
            at_first = max(component.default_rows, component.least_rows)
            typed = raw.get(component.key, [{}] * at_first)
            rows[component.key] = [row or defaults_of(component.children) for row in typed]
    return {**raw, **rows}


def _inputmode(*, words: bool, decimals: int | None) -> str:
    if words:
        return "text"  # "109 triệu" and "-3" need more than the keys of a number pad
    return "numeric" if decimals == 0 else "decimal"


def _text(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value)
    return value if isinstance(value, str) else ""


def _day(text: str) -> str:
    try:
        return format_date(parse_date(text)) if len(text) == 10 and text[4] == "-" else text
    except BadNotation:
        return text
