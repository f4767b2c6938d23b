"""An order's story for reviewing: who held the ball how long, drawn on one timeline, with a table below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from textwrap import shorten

from flask import flash, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import notation
from engine.calendar import Calendar, local_day
from engine.clock import ZONE, now
from engine.replay import entries_until
from engine.replay.course import Course, HandOver, Held, course_of
from models.audit import AuditEntry
from models.errors import existing
from models.organizations import Organization
from webapp.audit.blueprint import blueprint, require_reader
from webapp.audit.moments import element_name
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.orders.page import pick
from webapp.text import say
from webapp.text.notation import day
from webapp.transaction import reading

# Of the drawing, in its own units.
WIDTH, LEFT, LANE, TOP = 960, 240, 34, 28
MOST_LANES = 40
MOST_TICKS = 6
LONGEST_NAME = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One period in which an organization had work, as it is drawn and as it is written."""

    x: float
    y: float
    width: float
    late_from: float | None
    held: Held
    name: str
    steps: str
    days: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """A hand-over between two lanes."""

    x: float
    y1: float
    y2: float
    given: HandOver
    giver: str
    taker: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The timeline: lanes by organization, bars, arrows, and marks of days."""

    height: int
    lanes: Sequence[tuple[str, float]]
    bars: Sequence[Bar]
    arrows: Sequence[Arrow]
    ticks: Sequence[tuple[float, str]]
    more: int  # lanes left out of the drawing; the table has them


@blueprint.get("/audit/orders/<id>/story")
def story(id: str) -> str:
    """Show who held the ball of an order, from its first entry to now."""
    with reading() as session:
        order = pick(session, current_actor(), id)
        require_reader()
        course = course_of(entries_until(session, order_id=id))
        return render_template("audit/story.html", order=order, **drawn(session, course, at=now(session)))


@blueprint.get("/audit/orders/<id>/moment")
def moment_at(id: str) -> Response:
    """Lead to the state of an order at an instant: that after its last entry by then; before all, after the first."""
    with reading() as session:
        pick(session, current_actor(), id)
        require_reader()
        at = _asked(session)
        if at is None:
            flash(say("Ngày giờ không đọc được; ghi như 12/10/2018 và 08:30."))
            return see(url_for("audit.story", id=id))
        entries = select(AuditEntry.seq).where(AuditEntry.order_id == id, AuditEntry.refused.is_(False)).limit(1)
        last = session.scalar(entries.where(AuditEntry.at <= at).order_by(AuditEntry.seq.desc()))
        seq = existing(last or session.scalar(entries.order_by(AuditEntry.seq)))
    return see(url_for("audit.moment", seq=seq))


def _asked(session: Session) -> datetime | None:
    """Read the instant in the address: `at` as programs write it, or `day` and `time` (by default its end)."""
    said = {name: request.args.get(name, "").strip() for name in ("at", "day", "time")}
    try:
        if said["at"]:
            return datetime.fromisoformat(said["at"]).astimezone(ZONE)
        asked = notation.parse_date(said["day"], today=local_day(now(session)))
        return datetime.combine(asked, time.fromisoformat(said["time"]) if said["time"] else time.max, ZONE)
    except (notation.BadNotation, ValueError, OverflowError):
        return None


def drawn(session: Session, course: Course, *, at: datetime) -> dict[str, object]:
    """Put a course on paper: the drawing, all periods with their working days, all hand-overs."""
    bodies = sorted({span.organization_id for span in course.held} | _givers(course))
    found = select(Organization.id, Organization.name).where(Organization.id.in_(bodies))
    names = dict(session.execute(found).all())
    lanes = list(dict.fromkeys(span.organization_id for span in course.held))
    scale = _Scale(course, at)
    bars = [_bar(session, course, scale, lanes, span, names, at) for span in course.held]
    arrows = [_arrow(scale, lanes, one, names) for one in course.hand_overs]
    shown = lanes[:MOST_LANES]
    drawing = Drawing(
        height=TOP + LANE * len(shown) + 10,
        lanes=[(_short(names.get(id, id)), _lane(n)) for n, id in enumerate(shown)],
        bars=[one for one in bars if one.held.organization_id in shown],
        arrows=[one for one in arrows if {one.given.giver_id, one.given.taker_id} <= set(shown)],
        ticks=scale.ticks(),
        more=len(lanes) - len(shown),
    )
    return {"drawing": drawing, "bars": bars, "arrows": arrows}


def _givers(course: Course) -> set[str]:
    return {id for one in course.hand_overs for id in (one.giver_id, one.taker_id)}


def _short(name: str) -> str:
    return shorten(name, LONGEST_NAME, placeholder="…")


def _lane(number: int) -> float:
    return TOP + LANE * number


class _Scale:
    """Where an instant stands from left to right."""

    def __init__(self, course: Course, at: datetime) -> None:
        self.begin = min((span.begin for span in course.held), default=at)
        self.end = max((span.end or at for span in course.held), default=at)
        self.length = max((self.end - self.begin).total_seconds(), 1.0)

    def x(self, at: datetime) -> float:
        share = (at - self.begin).total_seconds() / self.length
        return round(LEFT + (WIDTH - LEFT - 10) * min(max(share, 0.0), 1.0), 1)

    def ticks(self) -> list[tuple[float, str]]:
        instants = [self.begin + (self.end - self.begin) * n / (MOST_TICKS - 1) for n in range(MOST_TICKS)]
        marks = {day(instant): self.x(instant) for instant in reversed(instants)}
        return [(x, words) for words, x in marks.items()]


def _bar(
    session: Session,
    course: Course,
    scale: _Scale,
    lanes: Sequence[str],
    span: Held,
    names: Mapping[str, str],
    at: datetime,
) -> Bar:
    end = span.end or at
    x, right = scale.x(span.begin), scale.x(end)
    is_late = span.is_late(at)
    return Bar(
        x=x,
        y=_lane(lanes.index(span.organization_id)),
        width=max(right - x, 3.0),
        late_from=max(scale.x(span.due), x) if is_late and span.due is not None else None,
        held=span,
        name=names.get(span.organization_id, span.organization_id),
        steps=_steps(session, course, span),
        days=Calendar.of(session).working_days_between(span.begin, end),
        is_late=is_late,
    )


def _steps(session: Session, course: Course, span: Held) -> str:
    tasks = [course.stand.tasks[id] for id in span.tasks]
    named = [element_name(session, course.stand.instances[one.instance_id], one.element) for one in tasks]
    return ", ".join(dict.fromkeys(named))


def _arrow(scale: _Scale, lanes: Sequence[str], one: HandOver, names: Mapping[str, str]) -> Arrow:
    def middle(id: str) -> float:
        return _lane(lanes.index(id) if id in lanes else 0) + LANE / 2 - 4

    giver, taker = names.get(one.giver_id, one.giver_id), names.get(one.taker_id, one.taker_id)
    return Arrow(scale.x(one.at), middle(one.giver_id), middle(one.taker_id), one, giver, taker)
