"""The dry run of a migration: how many instances would go, how many would not, where and why."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine import runner
from engine.migration.fitting import fitted
from engine.migration.plan import Plan
from models.instances import LIVE, Instance

_AT_ONCE = 200
Watch = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What holds up some instances: the reason with its facts, and which they are."""

    misfit: runner.Misfit
    instances: tuple[str, ...]

    @property
    def element(self) -> str | None:
        """The element of the old version at which they stand, if it is about one."""
        return self.misfit.facts.get("element") or None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a migration would do: whom it would take along, and what holds up the others, most first."""

    going: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = field(default=())

    @property
    def stuck(self) -> int:
        """How many would not go."""
        return sum(len(obstacle.instances) for obstacle in self.obstacles)

    @property
    def total(self) -> int:
        """How many live instances there are."""
        return len(self.going) + self.stuck


def survey(session: Session, plan: Plan, *, only: Collection[str] = (), watch: Watch | None = None) -> Survey:
    """Try a plan on all live instances of its old version, or `only` on some, and change nothing."""
    going: list[str] = []
    held: dict[tuple[Any, ...], tuple[runner.Misfit, list[str]]] = {}
    for count, instance in enumerate(_live(session, plan, only), 1):
        try:
            fitted(session, instance, plan)
        except runner.Misfit as misfit:
            same = (misfit.reason, *sorted(misfit.facts.items(), key=str))
            held.setdefault(same, (misfit, []))[1].append(instance.id)
        else:
            going.append(instance.id)
        if watch is not None:
            watch(plan.old.process_id, count)
    obstacles = sorted(held.values(), key=lambda one: -len(one[1]))
    return Survey(tuple(going), tuple(Obstacle(misfit, tuple(ids)) for misfit, ids in obstacles))


def remaining(plan: Plan) -> Select[Instance]:
    """Select the live instances of the old version, oldest first."""
    return (
        select(Instance)
        .where(Instance.definition_id == plan.old.id, Instance.state.in_(LIVE))
        .order_by(Instance.id)
        .execution_options(populate_existing=True)
    )


def _live(session: Session, plan: Plan, only: Collection[str]) -> Iterator[Instance]:
    last = ""
    while batch := session.scalars(remaining(plan).where(Instance.id > last).limit(_AT_ONCE)).all():
        yield from (instance for instance in batch if not only or instance.id in only)
        last = batch[-1].id
