"""One page of an inbox as plain objects: its lines, the counts of every list, and what to say when it is empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.calendar import Calendar
from engine.clock import now
from models.permissions import Actor
from models.tasks import SavedView
from webapp.tasks import queries
from webapp.tasks.filters import DUES, VIEWS, Filters, Moments
from webapp.text.deadlines import Chip, deadline


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the list, with its deadline in words."""

    task: Any
    chip: Chip


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one deadline state; `count` is of the whole list, not of the page."""

    code: str
    count: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved list with the number of its tasks."""

    view: SavedView
    filters: Filters
    count: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """What the page of a list shows."""

    filters: Filters
    groups: list[Group]
    counts: dict[str, int]
    dues: dict[str, int]
    saved: list[Saved]
    next: str

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def total(self) -> int:
        """Return how many tasks the narrowed list has."""
        if self.filters.due:
            return self.dues[self.filters.due]
        return sum(self.dues.values())

    @property
    def shared_name(self) -> str:
        """Return the name of the saved list that is shown, if it is one."""
        return next((one.view.name for one in self.saved if one.filters.is_list_of(self.filters)), "")


def read(session: Session, actor: Actor, filters: Filters) -> Inbox:
    """Read one page of a list: the saved lists, all counts in one statement, the lines."""
    moments = Moments.at(now(session), Calendar.of(session))
    views = session.scalars(queries.saved_views(actor)).all()
    saved = [(view, Filters.parse(view.query)) for view in views]
    counts, dues, saved_counts = _count(session, actor, filters, [one for _, one in saved], moments)
    rows = _rows(session, actor, filters, moments)
    lines = [Line(row, deadline(row.due_at, row.closed_at)) for row in rows[: queries.PAGE]]
    return Inbox(
        filters=filters,
        groups=_grouped(lines, filters, dues),
        counts=counts,
        dues=dues,
        saved=[Saved(view, one, count) for (view, one), count in zip(saved, saved_counts, strict=True)],
        next=rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else "",
    )


def _count(
    session: Session, actor: Actor, filters: Filters, saved: Sequence[Filters], moments: Moments
) -> tuple[dict[str, int], dict[str, int], list[int]]:
    lists = [Filters(view=view) for view in VIEWS]
    buckets = [Filters(**(filters.with_() | {"due": due, "after": ""})) for due in DUES]
    if filters.view == "done":
        buckets = []
    asked: list[ColumnElement[int]] = [queries.counted(actor, one, moments) for one in (*lists, *buckets, *saved)]
    found = session.execute(select(*(one.label(f"n{place}") for place, one in enumerate(asked)))).one()
    views, dues = found[: len(lists)], found[len(lists) : len(lists) + len(buckets)]
    shown = dict(zip(DUES, dues, strict=True)) if buckets else {"none": views[-1]}
    return dict(zip(VIEWS, views, strict=True)), shown, list(found[len(lists) + len(buckets) :])


def _rows(session: Session, actor: Actor, filters: Filters, moments: Moments) -> Sequence[Any]:
    after: Sequence[Any] = ()
    if filters.after:
        after = session.execute(queries.keys_of(filters.after, filters)).one_or_none() or ()
    return session.execute(queries.lines(actor, filters, moments, after=after)).all()


def _grouped(lines: list[Line], filters: Filters, dues: dict[str, int]) -> list[Group]:
    if filters.sort != "due" or filters.view == "done":
        return [Group("", sum(dues.values()), lines)] if lines else []
    groups: list[Group] = []
    for line in lines:
        if not groups or groups[-1].code != line.chip.code:
            groups.append(Group(line.chip.code, dues.get(line.chip.code, 0), []))
        groups[-1].lines.append(line)
    return groups


def next_after(session: Session, actor: Actor, filters: Filters, *, but: str) -> str | None:
    """Return the most urgent task of a list besides one: where work goes on."""
    moments = Moments.at(now(session), Calendar.of(session))
    rows = session.execute(queries.lines(actor, filters, moments, limit=2)).all()
    return next((row.id for row in rows if row.id != but), None)
