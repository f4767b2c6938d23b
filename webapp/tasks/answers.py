"""What was sent with a task, as people read it: by the labels of the form, with what changed between two versions."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from engine.forms import Fields, FieldView, Form, FormContext


class Answer(NamedTuple):
    """One answer: its label and what was said."""

    label: str
    said: str


class Change(NamedTuple):
    """One answer that differs between two versions."""

    label: str
    before: str
    after: str


def answers_of(form: Form | None, context: FormContext, values: Any) -> list[Answer]:
    """Return everything a form says that is not empty; without a form, the values by their names."""
    if form is None:
        return [Answer(str(name), str(said)) for name, said in dict(values).items() if said not in (None, "", [])]
    return [answer for answer in _read(form.fields(values, context=context)) if answer.said]


def changes(before: Iterable[Answer], after: Iterable[Answer]) -> list[Change]:
    """Compare two versions answer by answer."""
    old, new = dict(before), dict(after)
    labels = [*old, *(label for label in new if label not in old)]
    return [
        Change(label, old.get(label, ""), new.get(label, "")) for label in labels if old.get(label) != new.get(label)
    ]


def _read(fields: Fields, before: str = "") -> Iterable[Answer]:
    for field in fields:
        yield from _one(field, before)


def _one(field: FieldView, before: str) -> Iterable[Answer]:
    for child in field.children:
        yield from _one(child, before)
    for row in field.rows:
        yield from _read(row.fields, f"{before}{row.label}, ")
    if field.kind not in ("group", "rows", "separator", "note", "figures", "file"):
        yield Answer(f"{before}{field.label}", _said(field))


def _said(field: FieldView) -> str:
    if field.options:
        return ", ".join(option.label for option in field.options if option.checked)
    if field.kind == "checkbox":
        return "✓" if field.checked else ""
    word = next((one.label for one in field.qualifiers if one.checked and one.value != "exact"), "")
    return " ".join(part for part in (word, field.value, field.unit if field.value else "") if part)


def labelled(fields: Fields) -> dict[str, str]:
    """Return what was typed by label, for a page that cannot show the form any more."""
    return {answer.label: answer.said for answer in _read(fields) if answer.said}
