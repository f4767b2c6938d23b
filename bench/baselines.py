"""The library alone, for comparison: the same loop in plain memory, and with its own serializer into SQLite."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from bench.diagrams import ANSWERS, DRAFT, LOOP, REVIEW
from bench.measuring import Figure, in_turns, median

# Past some 490 completions the library finds no task any more in a plain loop (it looks 1,000 tokens deep).
SIZES = (10, 100, 300)


def measure(*, quick: bool) -> Iterator[Figure]:
    """Yield what a completion costs with the library alone; it keeps every token, so it grows with the instance."""
    sizes = SIZES[:-1] if quick else SIZES
    loops = {size: Memory(size) for size in sizes}
    spent = in_turns({size: loop.complete for size, loop in loops.items()}, rounds=5 if quick else 11)
    for size in sizes:
        yield Figure(name=f"library.memory.{size}", value=median(spent[size]), note="no database, no rights, no audit")
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder:
        stored = {size: Stored(loops[size], Path(folder) / f"{size}.db") for size in sizes}
        acts: Mapping[Any, Callable[[], None]] = {size: partial(one.complete) for size, one in stored.items()}
        spent = in_turns(dict(acts), rounds=5 if quick else 11)
        for size in sizes:
            yield Figure(name=f"library.sqlite.{size}", value=median(spent[size]), note="its own serializer, one row")


class Memory:
    """The loop in memory, after so many completions."""

    def __init__(self, size: int) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(LOOP["rework_loop.bpmn"]))
        self.workflow = BpmnWorkflow(parser.get_spec("rework_loop"))
        self.workflow.do_engine_steps()
        for _ in range(size):
            self.complete()

    def complete(self) -> None:
        """Complete the open task."""
        (task,) = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update(ANSWERS[DRAFT] if task.task_spec.name == DRAFT else ANSWERS[REVIEW])
        task.run()
        self.workflow.do_engine_steps()


class Stored:
    """The same loop, read from a row and written back for every completion."""

    def __init__(self, loop: Memory, path: Path) -> None:
        self.loop = loop
        self.serializer = BpmnWorkflowSerializer()
        self.connection = sqlite.connect(path)
        self.connection.execute("PRAGMA journal_mode=WAL").close()
        self.connection.execute("PRAGMA synchronous=FULL").close()
        self.connection.execute("CREATE TABLE workflows (id INTEGER PRIMARY KEY, body TEXT)").close()
        self.connection.execute("INSERT INTO workflows VALUES (1, ?)", (self._written(),)).close()
        self.connection.commit()

    def complete(self) -> None:
        """Read, complete the open task, write, commit."""
        (body,) = self.connection.execute("SELECT body FROM workflows WHERE id = 1").fetchone()
        self.loop.workflow = self.serializer.from_dict(json.loads(body))
        self.loop.complete()
        self.connection.execute("UPDATE workflows SET body = ? WHERE id = 1", (self._written(),)).close()
        self.connection.commit()

    def _written(self) -> str:
        return json.dumps(self.serializer.to_dict(self.loop.workflow))
