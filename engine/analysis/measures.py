"""What is counted and measured of a flow: spreads of times, weeks, variants, dues, ping-pong; times in seconds."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median

from engine.analysis.flow import Flow, Work
from engine.calendar import local_day


@dataclass(frozen=True, slots=True)
class Spread:
    """How many times were measured, their median and 90th percentile (nearest rank), in seconds; None of nothing."""

    count: int = 0
    median: float | None = None
    high: float | None = None


def spread(times: Iterable[float]) -> Spread:
    """Return the spread of times in seconds."""
    known = sorted(times)
    if not known:
        return Spread()
    return Spread(len(known), median(known), known[ceil(0.9 * len(known)) - 1])


@dataclass(frozen=True, slots=True)
class Measured:
    """Works of one key: how often opened, claimed, completed in the period, how long they waited and were worked on."""

    key: Hashable
    opened: int
    claimed: int
    completed: int
    waiting: Spread
    working: Spread
    total: float  # seconds waited and worked altogether: where the time went


def by(flow: Flow, key: Callable[[Work], Hashable]) -> list[Measured]:
    """Measure works by a key, those that took most time first.

    Waiting ends with the first claim, or with the completion of what nobody claimed; working begins with that claim.
    """
    groups: dict[Hashable, list[Work]] = {}
    for work in flow.works:
        groups.setdefault(key(work), []).append(work)
    measured = [_measured(flow, key, works) for key, works in groups.items()]
    return sorted((one for one in measured if one.opened or one.claimed or one.completed), key=lambda one: -one.total)


def _measured(flow: Flow, key: Hashable, works: Sequence[Work]) -> Measured:
    has = flow.scope.has
    waits, worked = [], []
    for work in works:
        taken = work.claims[0] if work.claims else work.completed_at
        if taken is not None and has(taken):
            waits.append((taken - work.opened_at).total_seconds())
        if work.claims and work.completed_at is not None and has(work.completed_at):
            worked.append((work.completed_at - work.claims[0]).total_seconds())
    return Measured(
        key=key,
        opened=sum(has(work.opened_at) for work in works),
        claimed=sum(has(at) for work in works for at in work.claims),
        completed=sum(has(work.completed_at) for work in works),
        waiting=spread(waits),
        working=spread(worked),
        total=sum(waits) + sum(worked),
    )


@dataclass(frozen=True, slots=True)
class Week:
    """A week by its Monday: how many steps were opened and completed."""

    monday: date
    opened: int
    completed: int


def weeks(flow: Flow) -> list[Week]:
    """Count by week of the calendar in Vietnam, oldest first, with the empty weeks between."""
    opened = Counter(_monday(work.opened_at) for work in flow.works if flow.scope.has(work.opened_at))
    ends = [work.completed_at for work in flow.works if work.completed_at and flow.scope.has(work.completed_at)]
    completed = Counter(_monday(at) for at in ends)
    known = sorted(opened.keys() | completed.keys())
    if not known:
        return []
    count = (known[-1] - known[0]).days // 7 + 1
    mondays = [known[0] + timedelta(weeks=n) for n in range(count)]
    return [Week(monday, opened[monday], completed[monday]) for monday in mondays]


def _monday(at: datetime) -> date:
    day = local_day(at)
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Variant:
    """A way through the process: its completed steps in order, how many instances went it, and their share of all."""

    steps: tuple[str, ...]
    count: int
    share: float


def variants(flow: Flow) -> list[Variant]:
    """List the ways finished instances went, the most frequent first."""
    counted = Counter(flow.paths)
    return [
        Variant(steps, n, n / len(flow.paths)) for steps, n in sorted(counted.items(), key=lambda it: (-it[1], it[0]))
    ]


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Of the works completed in the period: by their due, after it, without one; and those open after theirs."""

    on_time: int
    late: int
    without: int
    open_late: int


def timeliness(flow: Flow, *, at: datetime) -> Timeliness:
    """Count by due; what is still open is late when its due is before `at`."""
    done = [work for work in flow.works if flow.scope.has(work.completed_at)]
    late = sum(bool(work.due and work.completed_at and work.completed_at > work.due) for work in done)
    without = sum(work.due is None for work in done)
    overdue = sum(work.is_open and work.due is not None and work.due < at for work in flow.works)
    return Timeliness(len(done) - late - without, late, without, overdue)


@dataclass(frozen=True, slots=True)
class PingPong:
    """Hand-overs from one organization to another: how many, how many of them back, how long they waited there."""

    giver_id: str
    taker_id: str
    count: int
    back: int
    waiting: Spread


def ping_pong(flow: Flow) -> list[PingPong]:
    """List the pairs of organizations by how often the ball went between them, most often first."""
    pairs: dict[tuple[str, str], list[tuple[bool, float | None]]] = {}
    for one in flow.given:
        waited = (one.taken_at - one.hand_over.at).total_seconds() if one.taken_at is not None else None
        pairs.setdefault((one.hand_over.giver_id, one.hand_over.taker_id), []).append((one.is_back, waited))
    found = [
        PingPong(giver, taker, len(all), sum(back for back, _ in all), spread(w for _, w in all if w is not None))
        for (giver, taker), all in pairs.items()
    ]
    return sorted(found, key=lambda pair: (-pair.count, pair.giver_id, pair.taker_id))


def returns(flow: Flow) -> int:
    """Count the steps of the period that ended with sending the work back."""
    return sum(work.is_return and flow.scope.has(work.completed_at) for work in flow.works)


def reassignments(flow: Flow) -> int:
    """Count how often in the period a work went to another holder or organization."""
    return sum(flow.scope.has(at) for work in flow.works for at in work.moved)
