"""A report enters the ledger: events, claims and figures; a report sent again amends what was sent before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine import audit, routing
from engine.audit import Fact
from engine.clock import ZONE, now
from engine.forms import Cleaned, FigureValue
from engine.reports.correcting import said_of
from engine.reports.sections import Section, sections_of
from models.assignments import Assignment, Part
from models.base import new_id
from models.errors import ProcessStuck
from models.instances import Instance
from models.orders import OrderIndicator
from models.permissions import Actor
from models.reports import WITHDRAWN, Claim, EventRecord, Figure, Indicator
from models.tasks import Task

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)


def report(session: Session, instance: Instance, *, actor: Actor, task: Task | None, cleaned: Cleaned | None) -> None:
    """Write the events and figures of a completed report task.

    The same step of the same instance done again (after a return) is the same report in a new version: changed values
    amend the old figures, equal ones stay, what is no longer there is taken back. A decision to return reports nothing.
    After the level above has consolidated, or its due, it is a supplement (báo cáo bổ sung).
    """
    if cleaned is None or str(cleaned.routing.get("decision", "")).startswith("return"):
        return
    book = Book(session, _reporter(session, instance), actor=actor, instance=instance, task=task)
    sections = sections_of(cleaned, today=now(session).astimezone(ZONE).date())
    book.learn(figure.indicator for section in sections for figure in section.figures)
    for section in sections:
        book.write(section)
    book.write_areas(sections)
    book.take_back_the_rest()
    if book.reporter.assignment is not None:
        book.reporter.assignment.nothing_to_report = cleaned.nothing
    book.close(nothing=cleaned.nothing)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports for which place: an assignment, or an instance that stands alone."""

    order_id: str | None
    area_id: str
    organization_id: str
    assignment: Assignment | None

    @property
    def part(self) -> str:
        return self.assignment.part if self.assignment else Part.LEAD


def _reporter(session: Session, instance: Instance) -> Reporter:
    assignment = session.get_one(Assignment, instance.assignment_id) if instance.assignment_id else None
    if assignment is not None:
        return Reporter(assignment.order_id, assignment.area_id, assignment.organization_id, assignment)
    if instance.area_id is None or instance.organization_id is None:
        raise ProcessStuck("a report needs a place and an organization")
    return Reporter(instance.order_id, instance.area_id, instance.organization_id, None)


def is_supplement(session: Session, assignment: Assignment | None) -> bool:
    """Tell whether the level above has handed in its own report already, or its due has passed."""
    above = assignment.parent if assignment else None
    if above is None:
        return False
    handed_in = above.submitted_at is not None and (above.returned_at is None or above.returned_at < above.submitted_at)
    return handed_in or (above.due_at is not None and above.due_at < now(session))


class Book:
    """One report being written, beside what the same step wrote before."""

    def __init__(
        self, session: Session, reporter: Reporter, *, actor: Actor, instance: Instance, task: Task | None
    ) -> None:
        self.session, self.reporter, self.actor, self.instance, self.task = session, reporter, actor, instance, task
        self.kind = "late" if is_supplement(session, reporter.assignment) else "report"
        self.indicators: dict[str, Indicator] = {}
        self.reported_at: dict[str, str | None] = {}
        self.events: list[EventRecord] = []
        self.figures: defaultdict[tuple[str | None, str], list[Figure]] = defaultdict(list)
        self.entered: list[Figure] = []
        self._open_earlier()

    def _open_earlier(self) -> None:
        if self.task is None:
            return
        query = select(Task.id).where(Task.instance_id == self.instance.id, Task.element == self.task.element)
        earlier = list(self.session.scalars(query.where(Task.id != self.task.id)))
        if not earlier:
            return
        events = select(EventRecord).where(EventRecord.task_id.in_(earlier), EventRecord.withdrawn_at.is_(None))
        self.events = list(self.session.scalars(events.order_by(EventRecord.id)))
        own = {None, *(event.id for event in self.events)}
        for figure in self.session.scalars(Figure.current().where(Figure.task_id.in_(earlier)).order_by(Figure.id)):
            # What a merge moved to another organization's event is no longer this report's to change.
            if figure.event_id in own:
                self.figures[figure.event_id, figure.indicator_code].append(figure)

    def learn(self, codes: Iterable[str]) -> None:
        """Read the indicators of the order, and any other the report speaks of."""
        of_order = and_(
            OrderIndicator.indicator_code == Indicator.code, OrderIndicator.order_id == self.reporter.order_id
        )
        query = (
            select(Indicator, OrderIndicator.reported_at)
            .outerjoin(OrderIndicator, of_order)
            .where(or_(OrderIndicator.id.is_not(None), Indicator.code.in_(set(codes))))
        )
        for indicator, reported_at in self.session.execute(query):
            self.indicators[indicator.code] = indicator
            self.reported_at[indicator.code] = reported_at

    def write(self, section: Section) -> None:
        """Write an event with its figures, or plain figures."""
        if not section.is_event:
            for figure in section.figures:
                self._put(figure, section, None)
            return
        series = self._series(section)
        event = self._event(section, series[0] if series else None)
        if event.merged_into_id is not None:
            return
        for figure in section.figures:
            self._put(figure, section, event)
        if section.not_held_reason is None:
            for code in self._weeks(series):
                self._put(FigureValue(None, code, ONE), section, event)

    def _series(self, section: Section) -> list[str]:
        """Return the series an event belongs to: those of its figures, else the one the order counts weeks of."""
        of_figures = [self.indicators[figure.indicator].series for figure in section.figures]
        weekly = [one.series for one in self.indicators.values() if one.aggregation == "weeks"]
        return [name for name in dict.fromkeys(of_figures or weekly) if name]

    def _weeks(self, series: Sequence[str]) -> list[str]:
        # Nobody is asked how many weeks: an event held is a week held.
        found = self.indicators.values()
        return [one.code for one in found if one.aggregation == "weeks" and one.series in series]

    def write_areas(self, sections: Sequence[Section]) -> None:
        """Count the place itself for indicators of different places, where its level is the one that is counted."""
        series = {name for section in sections for name in self._series(section) if section.figures}
        wanted = [one for one in self.indicators.values() if one.aggregation == "areas" and one.series in series]
        if not wanted:
            return
        level = self._level()
        today = Section(False, now(self.session).astimezone(ZONE).date(), ())
        for indicator in wanted:
            if self.reported_at[indicator.code] == level:
                self._put(FigureValue(None, indicator.code, ONE), today, None)

    def _level(self) -> str:
        if self.reporter.part != Part.LOCAL:
            return "organization"
        return "leaf" if routing.is_leaf(self.session, self.reporter.area_id) else "locality"

    def _event(self, section: Section, series: str | None) -> EventRecord:
        same = [event for event in self.events if (event.held_on, event.series) == (section.held_on, series)]
        if same:
            event = same[0]
            self.events.remove(event)
        else:
            event = EventRecord(
                id=new_id(), order_id=self.reporter.order_id, area_id=self.reporter.area_id, held_on=section.held_on,
                assignment_id=self.reporter.assignment and self.reporter.assignment.id, series=series, claims=[],
                task_id=self.task and self.task.id, recorded_at=now(self.session),
            )  # fmt: skip
            self.session.add(event)
        if event.not_held_reason and not section.not_held_reason:
            event.compared_at = None  # what was not held was like nothing else
        event.title, event.not_held_reason = section.title, section.not_held_reason
        self._claim(event, section)
        return event

    def _claim(self, event: EventRecord, section: Section) -> None:
        named = {claim.organization_id for claim in event.claims}
        parts = {self.reporter.organization_id: self.reporter.part}
        parts |= {one: Part.COORDINATING for one in section.organizations if one not in parts}
        for organization_id, part in parts.items():
            if organization_id not in named:
                event.claims.append(Claim(event_id=event.id, organization_id=organization_id, part=part))

    def _put(self, said: FigureValue, section: Section, event: EventRecord | None) -> None:
        earlier = self.figures[event.id if event else None, said.indicator]
        old = earlier.pop(0) if earlier else None
        if old is not None and (old.value, old.qualifier) == (said.value, said.qualifier):
            return
        # The day of a plain figure is the day it was first reported: a new version does not make it newer.
        held_on = old.held_on if old else section.held_on
        self._enter(said, held_on=held_on, event_id=event.id if event else None, old=old, kind=self.kind)

    def _enter(self, said: FigureValue, *, held_on: date, event_id: str | None, old: Figure | None, kind: str) -> None:
        self.entered.append(
            Figure(
                id=new_id(), indicator_code=said.indicator, value=said.value, qualifier=said.qualifier,
                held_on=held_on, order_id=self.reporter.order_id, area_id=self.reporter.area_id, kind=kind,
                assignment_id=self.reporter.assignment and self.reporter.assignment.id, event_id=event_id,
                organization_id=self.reporter.organization_id, task_id=self.task and self.task.id,
                entered_at=now(self.session), entered_by=self.actor.person_id, entered_as=self.actor.title,
                amends_id=old and old.id,
            )
        )  # fmt: skip

    def take_back_the_rest(self) -> None:
        """Withdraw what the earlier version had and this one has not."""
        for event in self.events:
            if event.merged_into_id is None:
                event.withdrawn_at = now(self.session)
        for (event_id, code), left in self.figures.items():
            for old in left:
                none = FigureValue(None, code, ZERO)
                self._enter(none, held_on=old.held_on, event_id=event_id, old=old, kind=WITHDRAWN)

    def close(self, *, nothing: bool) -> None:
        """Store the figures and say so in the log; a step that says nothing new leaves no entry."""
        self.session.flush()
        if not self.entered and not nothing:
            return
        self.session.add_all(self.entered)
        self.session.flush()
        fact = Fact.FIGURE_ADDED_LATE if self.kind == "late" else Fact.FIGURE_ENTERED
        audit.record(
            self.session, self.actor, fact, self.reporter.assignment or self.instance, nothing=nothing or None,
            order_id=self.reporter.order_id, instance_id=self.instance.id,
            figures=[said_of(one) for one in self.entered],
        )  # fmt: skip
