"""The form of a task as a program needs it: what each answer is called and what it must be."""

from collections.abc import Iterable

from pydantic import Field

from engine.forms import Form, FormContext
from engine.forms.components import Component
from webapp.api.operations import Out

SILENT = ("text", "separator", "group")


class Choice(Out):
    """A value that may be answered, and how people read it."""

    value: str
    label: str


class TaskField(Out):
    """One field: its key in `answers`, what it is, and the values to choose from."""

    key: str
    label: str
    type: str
    required: bool
    multiple: bool
    options: list[Choice] = Field(description="Codes to choose from; of figures the indicators, of pickers bodies.")
    fields: list["TaskField"] = Field(description="Of a repeated row: the fields of one row.")


def fields_of(form: Form | None, context: FormContext) -> list[TaskField]:
    """List the fields of a form in its order."""
    return [] if form is None else _listed(form.components, context)


def _listed(components: Iterable[Component], context: FormContext) -> list[TaskField]:
    found: list[TaskField] = []
    for component in components:
        if component.type == "group":
            found += _listed(component.children, context)
        elif component.type not in SILENT:
            found.append(_field(component, context))
    return found


def _field(component: Component, context: FormContext) -> TaskField:
    inner = _listed(component.children, context) if component.type == "dynamiclist" else []
    return TaskField(
        key=component.key, label=component.label.in_(context.locale), type=component.type,
        required=component.required, multiple=component.multiple, options=_choices(component, context), fields=inner,
    )  # fmt: skip


def _choices(component: Component, context: FormContext) -> list[Choice]:
    if component.type == "figures":
        return [Choice(value=indicator.code, label=indicator.name) for indicator in context.indicators]
    if component.type == "organization":
        return [Choice(value=key, label=name) for key, name in context.organizations.get(component.among, ())]
    return [Choice(value=option.value, label=option.label.in_(context.locale)) for option in component.options]
