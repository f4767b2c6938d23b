"""What a form is made of: compiled components, and the findings about a form that cannot be compiled."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from engine.forms.conditions import Condition
from engine.forms.patterns import Pattern

# Never more than the product stores; what is inside a file is examined where it is received.
FILES: Final = (".pdf", ".docx", ".xlsx", ".odt", ".ods", ".jpg", ".jpeg", ".png")
IMAGES: Final = (".jpg", ".jpeg", ".png")
_KINDS: Final = {
    "image/*": IMAGES, "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "application/pdf": (".pdf",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Vietnamese, and in English where the form has it."""

    vi: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.vi)

    def in_(self, locale: str) -> str:
        """Choose the language; Vietnamese stands in for a missing translation."""
        return self.en if locale == "en" and self.en else self.vi


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a select, radio or checklist."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component, checked: every later step may trust it."""

    type: str
    key: str = ""
    label: Text = Text()
    description: Text = Text()
    text: Text = Text()
    hide: Condition | None = None
    required: bool = False
    min: Decimal | None = None
    max: Decimal | None = None
    min_length: int = 0
    max_length: int = 0
    pattern: Pattern | None = None
    decimals: int | None = None
    money: bool = False
    unit: Text = Text()
    options: tuple[Option, ...] = ()
    default: Any = None
    not_past: bool = False
    not_future: bool = False
    children: tuple["Component", ...] = ()
    default_rows: int = 1
    accept: tuple[str, ...] = ()
    multiple: bool = False
    indicators: tuple[str, ...] = ()
    among: str = ""
    allows_nothing: bool = True
    lines: int = 3

    def walk(self) -> Iterator["Component"]:
        """Go through the component and everything inside."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def below_zero(self) -> bool:
        """Tell whether a number may be negative."""
        return self.min is not None and self.min < 0

    @property
    def least_rows(self) -> int:
        """Give the number of rows a dynamic list must have."""
        return max(int(self.min or 0), int(self.required))

    @property
    def endings(self) -> tuple[str, ...]:
        """List the file name endings that a file field takes."""
        wanted = {ending for kind in self.accept for ending in _KINDS.get(kind, (kind,))}
        return tuple(ending for ending in FILES if not self.accept or ending in wanted)

    @property
    def routes(self) -> bool:
        """Tell whether the answer may steer the process."""
        return self.type in (
            "textfield",
            "number",
            "datetime",
            "select",
            "radio",
            "checkbox",
            "checklist",
            "organization",
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one component, said to its designer."""

    component: str
    message_vi: str
    message_en: str
    rule: str = field(default="", compare=False)


class FormError(Exception):
    """The form cannot be deployed; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{problem.component}: {problem.message_en}" for problem in problems))
        self.problems = problems
