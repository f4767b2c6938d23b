"""What pages cost: the inbox among few and many open tasks, the quiet question, the page of a task and of an order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from bench import filling
from bench.measuring import Figure, in_turns, listening, median
from bench.stage import BrowserDoor, Stage, stage
from models.tasks import Task
from webapp import server
from webapp.tasks.news import EPOCH

WHO, STEP = "phunu", "draft_plan"
SIZES = (1_000, 10_000, 100_000)
LIMITS = {"inbox": 8.0, "poll": 1.0, "task": 10.0}
MOST_GROWTH = 1.3


def measure(*, quick: bool, fill: int | None) -> Iterator[Figure]:
    """Yield the cost of each page at growing numbers of open tasks, all measured in turns."""
    sizes = (SIZES[0], fill) if fill else SIZES[:-1] if quick else SIZES
    with ExitStack() as open_stages:
        acts: dict[tuple[str, int], Callable[[], object]] = {}
        stages = {size: open_stages.enter_context(stage()) for size in sizes}
        for size, ready in stages.items():
            acts |= {(name, size): act for name, act in _pages(ready, size).items()}
        for act in acts.values():
            act()
        server.leave_to_no_collector()
        spent = in_turns(acts, rounds=11 if quick else 31)
        for (name, size), times in spent.items():
            with listening(stages[size].database) as heard:
                acts[name, size]()
            yield Figure(
                name=f"page.{name}.{size}", value=median(times), statements=len(heard.said), limit=LIMITS.get(name)
            )
    for name in LIMITS:
        growth = median(spent[name, sizes[-1]]) / median(spent[name, sizes[0]])
        yield Figure(name=f"page.{name}.growth", value=round(growth, 2), unit="×", limit=MOST_GROWTH)


def _pages(ready: Stage, size: int) -> dict[str, Callable[[], object]]:
    """Fill a stage and return what opens each page; statements include the two or three that find out who asks."""
    order = ready.story.until(STEP)
    filling.open_tasks(ready, size)
    door = BrowserDoor(ready, WHO)
    with ready.database.read() as session:
        task = session.scalars(select(Task.id).where(Task.element == STEP, Task.state == "open")).one()
    mark = (ready.clock.now() - EPOCH) // timedelta(microseconds=1)
    return {
        "inbox": partial(door.read, "/tasks"),
        "poll": partial(door.read, "/tasks/news", HTTP_IF_NONE_MATCH=f'"{mark}"'),
        "task": partial(door.read, f"/tasks/{task}"),
        "order": partial(door.read, f"/orders/{order}"),
    }
