"""One page of an inbox as plain objects: its lines, the counts of every list, and what to say when it is empty."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from engine.calendar import Calendar
from engine.clock import now
from models.permissions import Actor
from models.tasks import SavedView
from webapp.tasks import queries
from webapp.tasks.filters import DUES, VIEWS, Filters, Moments
from webapp.text.deadlines import Chip, deadline

WHOLE = tuple(Filters(view=view) for view in VIEWS)


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the list, with its deadline in words."""

    task: Any
    chip: Chip
    number: int


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

    def states(self, draw: Callable[[str], Markup]) -> dict[str, Markup]:
        """Draw each progress state of the page once; what is done is done, however far it was."""
        done = self.filters.view == "done"
        return {code: draw("hoan_thanh" if done else code) for code in {line.task.progress for line in self.lines}}

    def icons(self, draw: Callable[[str], Markup]) -> dict[str, Markup]:
        """Draw each deadline icon of the page once."""
        return {name: draw(name) for name in {line.chip.icon for line in self.lines}}

    def parts(self, name: Callable[[str | None], str]) -> dict[str | None, str]:
        """Name each part of the page once."""
        return {code: name(code) for code in {line.task.part for line in self.lines}}

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
    shown = enumerate(rows[: queries.PAGE], start=1)
    lines = [Line(row, deadline(row.due_at, row.closed_at), number) for number, row in shown]
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
    lists = [*WHOLE, *(_buckets(filters)), *saved]
    asked = queries.parameters(actor, moments, lists)
    found = list(session.execute(queries.counts(actor, lists), asked).one())
    views = dict(zip(VIEWS, found, strict=False))
    if filters.view == "done":
        return views, {"none": views["done"]}, found[len(VIEWS) :]
    last = len(VIEWS) + len(DUES)
    return views, dict(zip(DUES, found[len(VIEWS) : last], strict=True)), found[last:]


def _buckets(filters: Filters) -> list[Filters]:
    """Return the list once for each deadline state; what is done has none any more."""
    return [] if filters.view == "done" else [replace(filters, due=due, after="") for due in DUES]


def _rows(session: Session, actor: Actor, filters: Filters, moments: Moments) -> Sequence[Any]:
    asked = queries.parameters(actor, moments, [filters])
    if filters.after:
        keys = session.execute(queries.keys_of(actor, filters.after, filters)).one_or_none()
        if keys is None:
            return _rows(session, actor, replace(filters, after=""), moments)
        asked |= {f"after_{place}": key for place, key in enumerate(keys)}
    return session.execute(queries.lines(actor, filters), asked).all()


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
    whole = replace(filters, after="")
    found = session.scalars(queries.first_two(actor, whole), queries.parameters(actor, moments, [whole]))
    return next((task for task in found if task != but), None)


def opened_since(session: Session, actor: Actor, filters: Filters, *, since: datetime) -> int:
    """Count the tasks of a list that were opened after an instant."""
    moments = Moments.at(now(session), Calendar.of(session))
    asked = queries.parameters(actor, moments, [filters]) | {"since": since}
    return session.scalar(queries.news(actor, filters), asked) or 0
