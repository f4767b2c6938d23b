"""Whether a completion costs the same however much was finished before it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

from bench import filling
from bench.completions import WHO, Loop
from bench.measuring import Figure, cpu, median
from bench.stage import EngineDoor, stage
from webapp import server

SIZES = (1_000, 1_000_000)
QUICK = (1_000, 100_000)
MOST_GROWTH = 1.2


def measure(*, quick: bool) -> Iterator[Figure]:
    """Yield the cost of a completion beside few and many finished instances, measured in turns."""
    sizes = QUICK if quick else SIZES
    with ExitStack() as open_stages:
        stages = {size: open_stages.enter_context(stage()) for size in sizes}
        doors = {size: EngineDoor(ready, WHO) for size, ready in stages.items()}
        for size, ready in stages.items():
            filling.finished_instances(ready, size)
        loops = {size: Loop(ready) for size, ready in stages.items()}
        spent: dict[int, list[float]] = {size: [] for size in sizes}
        server.leave_to_no_collector()
        for n in range(70):
            for size, loop in loops.items():
                act: Callable[[], None] = partial(loop.turn, doors[size])
                taken = cpu(act)
                if n >= 10:
                    spent[size].append(taken)
                loop.look(doors[size])
    for size in sizes:
        yield Figure(name=f"history.{size}", value=median(spent[size]), note="finished instances in the database")
    growth = median(spent[sizes[-1]]) / median(spent[sizes[0]])
    yield Figure(name="history.growth", value=round(growth, 2), unit="×", limit=MOST_GROWTH)
