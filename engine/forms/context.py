"""What a form needs to know to be shown and filled in, and what comes out of it: plain values, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorField:
    """An indicator that the form asks for; name, unit and last label are in the reader's language."""

    code: str
    name: str
    unit: str = ""
    decimals: int = 0
    is_count: bool = False
    is_money: bool = False
    allowed_qualifiers: tuple[str, ...] = ("exact",)
    last_value: str | None = None
    last_label: str | None = None
    required: bool = False
    hint: str = ""


class FileRef(NamedTuple):
    """A file given for a file field: the field's path, the name for display, the id once it is stored."""

    field: str
    name: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one answer may hold."""

    line: int = 1_000
    text: int = 20_000
    rows: int = 50
    files: int = 10
    name: int = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContext:
    """The world around one form: the day, the language, and what its figures and pickers stand for."""

    today: date
    locale: str = "vi"
    indicators: Sequence[IndicatorField] = ()
    organizations: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    files: Sequence[FileRef] = ()
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure somebody entered; `row` counts the rows of the dynamic list it stands in."""

    row: int | None
    indicator: str
    value: Decimal
    qualifier: str = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What a valid form says: all values for the record, the few that route the process, figures, rows and files."""

    values: dict[str, Any]
    routing: dict[str, Any]
    figures: tuple[FigureValue, ...] = ()
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    nothing: bool = False
