"""The analysis of the log: how work flows by step, organization and level, one period or place beside another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import analysis, definitions
from engine.analysis import Flow, Measured, Work
from engine.clock import now
from models.definitions import Definition
from models.organizations import Area, Level, Organization
from webapp.audit.blueprint import blueprint, require_reader
from webapp.audit.filters import Filters
from webapp.audit.resolving import resolve
from webapp.audit.tracing import flow_in
from webapp.narrowing import Narrowing
from webapp.text import say
from webapp.text.notation import number
from webapp.transaction import reading

FIRST = 10
# What takes most time and is said in words; what is marked in the diagram.
NAMED = 3
ROWS = 100
# Of the drawings, in their own units.
CHART, BAR = 300, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Narrowing):
    """What is analysed, and beside what: the fields that end with 2 replace their namesakes in the comparison."""

    PAGING: ClassVar[str] = "until2"
    process: str = ""
    since: str = ""
    until: str = ""
    organization: str = ""
    place: str = ""
    since2: str = ""
    until2: str = ""
    organization2: str = ""
    place2: str = ""

    @property
    def sides(self) -> list[Filters]:
        """Return the filters of the one side or of both."""
        names = ("since", "until", "organization", "place")
        first = {name: getattr(self, name) for name in names}
        second = {name: getattr(self, f"{name}2") for name in names}
        both = [first, {name: second[name] or first[name] for name in names}]
        return [Filters(**side) for side in (both if any(second.values()) else both[:1])]


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its flow as tables, ready to be shown."""

    filters: Filters
    number: int
    is_cut: bool
    unopened: int
    wrong: Sequence[str]
    weeks: Sequence[analysis.Week]
    most: int
    steps: Sequence[tuple[str, Measured]]
    bodies: Sequence[tuple[str, Measured]]
    levels: Sequence[tuple[str, Measured]]
    pairs: Sequence[tuple[str, str, analysis.PingPong]]
    dues: analysis.Timeliness
    returns: int
    reassignments: int
    variants: Sequence[tuple[str, analysis.Variant]]
    others: tuple[int, int, float]
    slowest: Sequence[str]
    passed: Sequence[str]

    @property
    def bottlenecks(self) -> Sequence[tuple[str, Measured]]:
        """Return the steps that took most time altogether."""
        return [one for one in self.steps[:NAMED] if one[1].total > 0]

    @property
    def longest(self) -> float:
        """Return the longest median of a step, in seconds, for the scale of the drawing; never 0."""
        return max((max(m.waiting.median or 0, m.working.median or 0) for _, m in self.steps[:FIRST]), default=0) or 1


@blueprint.get("/audit/analysis")
def analysed() -> str:
    """Show how work flowed, as the log tells it, for the process, period and place in the address."""
    require_reader()
    with reading() as session:
        looked = Looked.read(request.args)
        found = select(Definition).order_by(Definition.process_id, Definition.version.desc())
        versions = {one.process_id: one for one in reversed(session.scalars(found).all())}
        unknown = bool(looked.process) and looked.process not in versions
        if unknown:
            looked = replace(looked, process="")
        sides = [_side(session, one, looked.process, n) for n, one in enumerate(looked.sides, 1)]
        return render_template(
            "audit/analysis.html",
            looked=looked,
            processes=sorted((one.name, id) for id, one in versions.items()),
            definition=versions.get(looked.process),
            unknown=unknown,
            sides=sides,
            compared=_compared(sides),
            duration=duration,
            chart=CHART,
            bar=BAR,
        )


def _side(session: Session, filters: Filters, process: str, number: int) -> Side:
    wanted = resolve(session, filters)
    flow, is_cut = flow_in(session, wanted, process or None)
    names, levels = _bodies(session, flow)
    steps = analysis.by(flow, lambda work: (work.process, work.element))
    elements = _Elements(session, flow)
    ways = analysis.variants(flow)
    weeks = analysis.weeks(flow)
    rest = ways[FIRST:]
    return Side(
        filters=filters,
        number=number,
        is_cut=is_cut,
        unopened=flow.unopened,
        wrong=wanted.wrong + (("place",) if wanted.is_nothing else ()),
        weeks=weeks,
        most=max((max(week.opened, week.completed) for week in weeks), default=0) or 1,
        steps=[(elements.name(one.key), one) for one in steps],
        bodies=_named(analysis.by(flow, lambda work: work.organization_id), names),
        levels=_named(analysis.by(flow, lambda work: levels.get(work.organization_id or "")), {}),
        pairs=[(names.get(p.giver_id, p.giver_id), names.get(p.taker_id, p.taker_id), p)
               for p in analysis.ping_pong(flow)[:ROWS]],
        dues=analysis.timeliness(flow, at=min(now(session), wanted.until or now(session))),
        returns=analysis.returns(flow),
        reassignments=analysis.reassignments(flow),
        variants=[(elements.way(one), one) for one in ways[:FIRST]],
        others=(len(rest), sum(one.count for one in rest), sum(one.share for one in rest)),
        slowest=[one.key[1] for one in steps[:NAMED] if one.total > 0 and isinstance(one.key, tuple)],
        passed=[one.key[1] for one in steps if one.completed and isinstance(one.key, tuple)],
    )  # fmt: skip


def _compared(sides: Sequence[Side]) -> list[tuple[str, list[str]]]:
    """List what the sides are compared by, with one value for each; then the median of every step of either."""
    counts = [
        (say("Mở"), [sum(one.opened for _, one in side.steps) for side in sides]),
        (say("Xong"), [sum(one.completed for _, one in side.steps) for side in sides]),
        (say("Xong đúng hạn"), [side.dues.on_time for side in sides]),
        (say("Xong quá hạn"), [side.dues.late for side in sides]),
        (say("Trả lại"), [side.returns for side in sides]),
    ]
    lines = [(words, [number(value) for value in values]) for words, values in counts]
    steps = [{one.key: one for _, one in side.steps} for side in sides]
    for key, name in {one.key: name for side in sides for name, one in side.steps}.items():
        times = [known.get(key) for known in steps]
        waits, works = ([duration(getattr(one, kind).median if one else None) for one in times] for kind in KINDS)
        lines += [(say("Chờ «{step}»", step=name), waits), (say("Làm «{step}»", step=name), works)]
    return lines


KINDS = ("waiting", "working")


def _named(rows: Sequence[Measured], names: Mapping[str, str]) -> list[tuple[str, Measured]]:
    def named(key: Any) -> str:
        return names.get(key, key) if key is not None else say("không rõ")

    return [(named(one.key), one) for one in rows[:ROWS]]


def _bodies(session: Session, flow: Flow) -> tuple[dict[str, str], dict[str, str]]:
    """Return the name and the level of every body in a flow, by its id."""
    ids = {work.organization_id for work in flow.works}
    ids |= {id for one in flow.given for id in (one.hand_over.giver_id, one.hand_over.taker_id)}
    query = (
        select(Organization.id, Organization.name, Level.name)
        .join(Area, Area.id == Organization.area_id)
        .join(Level, Level.code == Area.level_code)
        .where(Organization.id.in_(sorted(id for id in ids if id)))
    )
    rows = session.execute(query).all()
    return {id: name for id, name, _ in rows}, {id: level for id, _, level in rows}


class _Elements:
    """Names of steps, as the last version of their process that was used names them."""

    def __init__(self, session: Session, flow: Flow) -> None:
        self.session = session
        self.works: dict[Any, Work] = {(work.process, work.element): work for work in flow.works}
        self.processes = {work.element: work.process for work in flow.works}

    def name(self, key: Any) -> str:
        process, element = key
        work = self.works.get(key)
        if work is None or work.definition_id is None:
            return str(element)
        known = definitions.bundle_of(self.session, work.definition_id).elements(process).get(element)
        return (known.name if known is not None else "") or str(element)

    def way(self, variant: analysis.Variant) -> str:
        named = [self.name((self.processes.get(step, ""), step)) for step in variant.steps]
        return " → ".join(named) or say("không có bước nào của người")


def duration(seconds: float | None) -> str:
    """Write how long something took in the largest unit that says it: minutes, hours or days of 24 hours."""
    if seconds is None:
        return "–"
    if seconds < 3600:
        return say("{n} phút", n=number(round(seconds / 60)))
    if seconds < 48 * 3600:
        return say("{n} giờ", n=number(round(seconds / 3600, 1)))
    return say("{n} ngày", n=number(round(seconds / 86400, 1)))
