"""A form as plain objects: what a template needs to know of each field, with its error summary."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """One choice."""

    id: str
    value: str
    label: str
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of a dynamic list, its number as people count."""

    number: int
    label: str
    name: str
    remove: str
    fields: "Fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field as a template shows it; `kind` chooses the macro."""

    id: str
    name: str
    kind: str
    label: str
    required: bool = False
    value: str = ""
    checked: bool = False
    error: str = ""
    hint: str = ""
    options: tuple[OptionView, ...] = ()
    unit: str = ""
    before_label: str = ""
    before_value: str = ""
    inputmode: str = ""
    lines: int = 0
    accept: str = ""
    multiple: bool = False
    images: bool = False
    files: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    qualifiers: tuple[OptionView, ...] = ()
    rows: tuple[RowView, ...] = ()
    add: str = ""
    children: tuple["FieldView", ...] = ()
    visible: bool = True
    when: str = ""

    @property
    def described_by(self) -> str:
        """List the ids of what stands beside the field: last period's value, the hint, the error."""
        parts = ((self.before_value, "b"), (self.hint, "h"), (self.error, "e"))
        return " ".join(f"{self.id}-{ending}" for said, ending in parts if said)

    @property
    def estimated(self) -> bool:
        """Tell whether a figure inside is said with another word than "exactly"."""
        return any(word.checked and word.value != "exact" for each in self.children for word in each.qualifiers)

    @property
    def focus(self) -> str:
        """Give the id of what a link in the error summary leads to."""
        return self.options[0].id if self.kind in ("radio", "checklist") and self.options else self.id

    def walk(self) -> Iterator["FieldView"]:
        """Go through the field and everything inside."""
        yield self
        for child in self.children:
            yield from child.walk()
        for row in self.rows:
            for each in row.fields:
                yield from each.walk()

    def problems(self, *, before: str = "") -> Iterator["Problem"]:
        """List what is wrong here and inside; in a row the row is named too."""
        if self.error:
            yield Problem(self.focus, f"{before}{self.label}", self.error)
        for child in self.children:
            yield from child.problems(before=before)
        for row in self.rows:
            for each in row.fields:
                yield from each.problems(before=f"{row.label}, ")


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary; `target` is the id of the field, empty if it is nowhere on the page."""

    target: str
    label: str
    message: str


class Fields(list[FieldView]):
    """The fields of a form (or of a row), with the error summary of the whole."""

    def __init__(
        self, fields: Sequence[FieldView], *, locale: str = "vi", errors: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(fields)
        self.locale = locale
        self.errors = dict(errors or {})

    @property
    def problems(self) -> list[Problem]:
        """List what is wrong in the order of the page, then what belongs to no field."""
        shown = {view.name for field in self for view in field.walk()}
        lost = [Problem("", "", said) for name, said in self.errors.items() if name not in shown]
        return [problem for field in self for problem in field.problems()] + lost

    @property
    def has_files(self) -> bool:
        """Tell whether files can be chosen, which no browser keeps when the page comes back."""
        return any(view.kind == "file" for field in self for view in field.walk())

    @property
    def has_buttons(self) -> bool:
        """Tell whether buttons stand among the fields, so that Enter needs a default button before them."""
        return any(view.readings or view.kind == "rows" for field in self for view in field.walk())
