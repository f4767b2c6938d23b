"""What each step of a shipped order costs: role, share, form, notice, progress and messages included."""

from collections.abc import Iterator

from bench.completions import MOST_STATEMENTS
from bench.measuring import Figure, cpu, listening, median
from bench.stage import EngineDoor, Stage
from engine.jobs import committing
from tests.play import happy_path
from webapp import server

# A plain step of a share: offered by role, with a form, opening the next step with a notice.
PLAIN, MOST = "accept_locality", 2.0


def measure(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Yield the cost of every step of the happy path, over several orders; delivering messages is not part of it."""
    spent: dict[str, list[float]] = {}
    statements: dict[str, int] = {}
    for n in range(3 if quick else 10):
        order = stage.story.order()
        for who, element, answers in happy_path(stage.world):
            task = _task(stage, who, element, order)
            door = EngineDoor(stage, who)
            if n == 0:
                with listening(stage.database) as heard:
                    door.complete(task, answers)
                statements[element] = max(statements.get(element, 0), len(heard.said))
            else:
                spent.setdefault(element, []).append(cpu(lambda: door.complete(task, answers)))  # noqa: B023
            stage.story.settle()
        if n == 0:
            server.leave_to_no_collector()
    for element, times in spent.items():
        limit = MOST if element == PLAIN else None
        yield Figure(
            name=f"step.{element}", value=median(times), statements=statements[element], commits=1, limit=limit
        )
    yield Figure(name="step.plain.statements", value=statements[PLAIN], unit="SQL", limit=MOST_STATEMENTS)


def _task(stage: Stage, who: str, element: str, order: str) -> str:
    with committing(stage.database, stage.clock) as session:
        return str(stage.story._task(session, stage.world.actor(who), element, order).id)
