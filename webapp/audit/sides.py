"""One side of an analysis: the flow of a period and a place as tables, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import analysis, definitions
from engine.analysis import Flow, Measured, Work
from engine.clock import now
from models.definitions import Definition
from models.organizations import Area, Level, Organization
from webapp.audit import colours
from webapp.audit.filters import Filters
from webapp.audit.resolving import resolve
from webapp.audit.tracing import flow_in
from webapp.text import say

FIRST: Final = 10
# What takes most time and is said in words.
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One side, by its filters."""

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
    coloured: colours.Coloured | None

    @property
    def bottlenecks(self) -> Sequence[tuple[str, Measured]]:
        """Return the steps that took most time altogether."""
        return [one for one in self.steps[:NAMED] if one[1].total > 0]

    @property
    def longest(self) -> float:
        """Return the longest median of a step, in seconds, for the scale of the drawing; never 0."""
        return max((max(m.waiting.median or 0, m.working.median or 0) for _, m in self.steps[:FIRST]), default=0) or 1


def side_of(
    session: Session, filters: Filters, process: str, version: Definition | None, *, number: int, by: str
) -> Side:
    """Analyse one side: a process or all, one version of it or all; its diagram is coloured `by` something."""
    wanted = resolve(session, filters)
    flow, is_cut = flow_in(session, wanted, process or None, version.id if version else None)
    names, levels = _bodies(session, flow)
    steps = analysis.by(flow, lambda work: (work.process, work.element))
    elements = _Elements(session, flow)
    ways = analysis.variants(flow)
    weeks = analysis.weeks(flow)
    rest = ways[FIRST:]
    drawn = colours.coloured(session, flow, steps, process, by=by, version=version)
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
               for p in analysis.ping_pong(flow)],
        dues=analysis.timeliness(flow, at=min(now(session), wanted.until or now(session))),
        returns=analysis.returns(flow),
        reassignments=analysis.reassignments(flow),
        variants=[(elements.way(one), one) for one in ways[:FIRST]],
        others=(len(rest), sum(one.count for one in rest), sum(one.share for one in rest)),
        coloured=drawn,
    )  # fmt: skip


def _named(rows: Sequence[Measured], names: Mapping[str, str]) -> list[tuple[str, Measured]]:
    def named(key: Any) -> str:
        return names.get(key, key) if key is not None else say("không rõ")

    return [(named(one.key), one) for one in rows]


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
