"""Diagrams with colours: how often each element was passed, where the time went, where the tokens stood."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions
from engine.analysis import Flow, Measured
from engine.designs.drawing import Shade
from engine.replay import InstanceThen
from engine.runner import Element
from models.definitions import Definition
from webapp.definitions.pictures import Picture, pictures_of
from webapp.text.notation import duration, number

# From little to much; black on each has a contrast of at least 5 to 1.
FREQUENCY: Final = ("#eaf2fb", "#c9def4", "#a6c8ec", "#82b1e2", "#6aa2dc")
TIME: Final = ("#fff3e0", "#ffdfb0", "#ffc878", "#f7ab4a", "#e8933a")
PASSED: Final = Shade("#e5f4eb", "✓")
PRESENT: Final = Shade("#cfe2f7", "●", heavy=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table below the diagram: what the diagram says of an element."""

    name: str
    passes: int
    total: float


@dataclass(frozen=True, slots=True)
class Coloured:
    """The diagram of one version with its legend and its table; how many elements are `elsewhere`, not in it."""

    version: int
    is_alone: bool
    pictures: Sequence[Picture]
    legend: Sequence[tuple[Shade, str]]
    elements: Sequence[Row]
    elsewhere: int


def coloured(
    session: Session, flow: Flow, steps: Sequence[Measured], process: str, *, by: str, version: Definition | None
) -> Coloured | None:
    """Draw a process of a flow: the version that was asked for, or the newest that was used; None where none was."""
    shown = version or _newest(session, flow, process)
    if shown is None:
        return None
    known = definitions.bundle_of(session, shown.id).elements(process)
    passes = {element: n for (of, element), n in flow.passes.items() if of == process}
    times = {one.key[1]: one.total for one in steps if isinstance(one.key, tuple) and one.key[0] == process}
    totals = _with_outer(times, known)
    shades, legend = _shaded(passes, FREQUENCY, number) if by == "frequency" else _shaded(totals, TIME, duration)
    said = [
        Row(one.name or id, passes.get(id, 0), totals.get(id, 0.0))
        for id, one in known.items()
        if passes.get(id) or totals.get(id)
    ]
    return Coloured(
        version=shown.version,
        is_alone=version is not None,
        pictures=pictures_of(session, shown.id, process, shades),
        legend=legend,
        elements=sorted(said, key=lambda one: (-one.total, -one.passes)),
        elsewhere=len((passes.keys() | totals.keys()) - known.keys()),
    )


def _newest(session: Session, flow: Flow, process: str) -> Definition | None:
    used = {work.definition_id for work in flow.works if work.process == process and work.definition_id}
    found = select(Definition).where(Definition.id.in_(sorted(used))).order_by(Definition.version.desc())
    return session.scalars(found.limit(1)).first()


def _shaded(
    values: Mapping[str, float], colours: Sequence[str], words: Callable[[Any], str]
) -> tuple[dict[str, Shade], list[tuple[Shade, str]]]:
    """Give each value that is more than nothing its part of the scale; and say between what the values of each lie."""
    most, parts = max(values.values(), default=0), len(colours)
    level = {id: min(int(value * parts / most), parts - 1) for id, value in values.items() if value > 0}
    shades = {id: Shade(colours[at], words(values[id])) for id, at in level.items()}
    legend = []
    for at, colour in enumerate(colours):
        mine = [values[id] for id, found in level.items() if found == at]
        if mine:
            between = dict.fromkeys((words(min(mine)), words(max(mine))))
            legend.append((Shade(colour, ""), " – ".join(between)))
    return shades, legend


def _with_outer(values: Mapping[str, float], elements: Mapping[str, Element]) -> dict[str, float]:
    """Give what lies in a subprocess to the subprocess too, where it stands for it in the diagram above."""
    found: dict[str, float] = {}
    for id, value in values.items():
        around: str | None = id
        while around is not None:
            found[around] = found.get(around, 0) + value
            around = elements[around].parent if around in elements else None
    return found


def stood(session: Session, instance: InstanceThen) -> dict[str, Shade]:
    """Mark where the tokens of an instance stood and what they had passed; a number says how often."""
    known = definitions.bundle_of(session, instance.definition_id or "").elements(instance.process_id)
    here = _with_outer(Counter(instance.places.values()), known)
    passed = {id: _times(PASSED, n) for id, n in instance.passed.items()}
    return passed | {id: _times(PRESENT, int(n)) for id, n in here.items()}


def _times(shade: Shade, count: int) -> Shade:
    return replace(shade, mark=f"{shade.mark}{count}") if count > 1 else shade
