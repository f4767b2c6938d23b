"""Which tests are run again on PostgreSQL: those that say to it what none before them said.

While the run on SQLite goes on, each test's statements are written down (`SAID` names a folder); the run on PostgreSQL
leaves out whatever would only repeat them. Most tests prepare by the same commands: half of the run asked the server
nothing new. Without such a folder everything that meets a database is run.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

SAID = "LIENTHONG_TEST_STATEMENTS"
# What is about locks, transactions, processes and the server itself, where the same words are not the same question.
ALWAYS = re.compile(
    r"tests/(models|recovery|security)/"
    r"|tests/engine/test_(audit|cost|definitions|instances|jobs|messages|nodes|signals|tasks|timers|verification)"
    r"|tests/processes/test_every_flow"
    r"|tests/webapp/test_(audit|nodes|operations|upkeep)"
)
_SEVERAL = re.compile(r"\(\?(?:, \?)*\)(?:, \(\?(?:, \?)*\))*")


class Writer:
    """Writes down what the tests of one worker say to their database."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"{os.getpid()}.jsonl"
        self.said: set[str] = set()
        event.listen(Engine, "before_cursor_execute", self._hear)

    def _hear(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.said.add(statement)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Keep what is said by a test and while it was prepared; one that is skipped says nothing."""
        yield
        with self.file.open("a", encoding="utf-8") as file:
            said = sorted({_SEVERAL.sub("(?)", statement) for statement in self.said})
            file.write(json.dumps([item.nodeid, said]) + "\n")

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self) -> None:
        """Begin anew."""
        self.said.clear()


def something_new(items: list[pytest.Item], folder: Path) -> list[pytest.Item]:
    """Return the tests that are always asked, and of the others those that say something new: who says most first.

    A test that said nothing by itself is asked: it was skipped, or speaks through another process.
    """
    lines = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    said = {name: frozenset(statements) for name, statements in lines}
    always = {item for item in items if ALWAYS.match(item.nodeid) or not said.get(item.nodeid)}
    heard = {statement for item in always for statement in said.get(item.nodeid, ())}
    chosen = set(always)
    for item in sorted(set(items) - always, key=lambda item: (-len(said[item.nodeid]), item.nodeid)):
        if not said[item.nodeid] <= heard:
            chosen.add(item)
            heard |= said[item.nodeid]
    return [item for item in items if item in chosen]
