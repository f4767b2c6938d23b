"""One table of operations: each says once what it takes, gives and may answer; all else follows from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

Item = TypeVar("Item")
View = Callable[..., BaseModel]

KEY = r"^[0-9a-f]{32}$"
Key = Annotated[str, Field(pattern=KEY, description="A key of 32 hex digits.")]
# No control characters but tab and line breaks; PostgreSQL text cannot hold NUL.
Text = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")]
Reason = Annotated[
    str,
    Field(min_length=1, max_length=4000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*\S[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"),
]


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "beyond the calendar") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Line = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$", max_length=200)]
# Any JSON a database can keep: no NUL, no NaN, at any depth.
Value = TypeAliasType("Value", "Text | bool | int | FiniteFloat | list[Value] | Values | None")
Values = TypeAliasType(
    "Values", Annotated[dict[Line, "Value"], Field(json_schema_extra={"additionalProperties": False})]
)


class In(BaseModel):
    """What comes in: nothing that is not named is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Out(BaseModel):
    """What goes out: built from plain values, never from a request."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Nothing(In):
    """A body that may be absent or an empty object."""


class Upload(BaseModel):
    """One file of a multipart body."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^(?:scenarios/)?[^/\\\x00-\x1f]+$")]
    content: bytes


class Slice(In):
    """Which part of a list: the cursor is the `next` of the part before."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[Key | None, Field(description="`next` of the part before.")] = None


class Part(Out, Generic[Item]):
    """A part of a list, and the cursor of the next part if there is one."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True)
class Operation:
    """One method on one path: its view, its models and the refusals it documents."""

    method: str
    rule: str
    view: View
    answer: type[BaseModel]
    status: int
    query: type[In] | None
    body: type[In] | None
    uploads: bool
    errors: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def tag(self) -> str:
        return self.rule.split("/")[1]

    @property
    def summary(self) -> str:
        return (self.view.__doc__ or "").strip().splitlines()[0]

    @property
    def writes(self) -> bool:
        return self.method == "POST"


@dataclass
class Table:
    """The operations of the API in the order they were written down."""

    operations: list[Operation] = field(default_factory=list)

    def get(
        self, rule: str, *, answer: type[BaseModel], query: type[In] | None = None, errors: tuple[int, ...] = ()
    ) -> Callable[[View], View]:
        """Register a view that only reads."""
        found = (404,) if "<" in rule else ()
        return self._add("GET", rule, answer, 200, query=query, errors=(401, *found, *errors))

    def post(
        self,
        rule: str,
        *,
        answer: type[BaseModel],
        status: int = 200,
        body: type[In] | None = Nothing,
        uploads: bool = False,
        errors: tuple[int, ...] = (),
    ) -> Callable[[View], View]:
        """Register a view that runs one command."""
        found = (404,) if "<" in rule else ()
        every = (400, 401, 403, *found, 409, 413, 415, *errors)
        return self._add("POST", rule, answer, status, body=body, uploads=uploads, errors=every)

    def _add(
        self,
        method: str,
        rule: str,
        answer: type[BaseModel],
        status: int,
        *,
        query: type[In] | None = None,
        body: type[In] | None = None,
        uploads: bool = False,
        errors: tuple[int, ...],
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            # Every parameter can be wrong, and an unknown one is.
            refusals = tuple(sorted({*errors, 422}))
            self.operations.append(Operation(method, rule, view, answer, status, query, body, uploads, refusals))
            return view

        return register


table = Table()
