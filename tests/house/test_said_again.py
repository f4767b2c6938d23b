"""What is asked of PostgreSQL again: everything that a test says to it, but not by every test that says it."""

import json
from pathlib import Path
from typing import cast

import pytest

from tests.said_again import something_new

SAID = {
    "tests/engine/test_orders.py::most": ["insert order", "insert task", "select order"],
    "tests/engine/test_orders.py::the_same": ["insert order", "insert task"],
    "tests/engine/test_orders.py::more": ["insert order", "update order"],
    "tests/recovery/test_races.py::always": ["insert order"],
    "tests/engine/test_orders.py::by_another_process": [],
}


def test_a_test_is_asked_again_that_says_something_new_or_is_about_the_database_itself(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in SAID.items()), encoding="utf-8")
    names = [*SAID, "tests/engine/test_orders.py::skipped_there"]
    chosen = something_new([cast(pytest.Item, Named(name)) for name in names], tmp_path)
    said = [item.nodeid.partition("::")[2] for item in chosen]
    assert said == ["most", "more", "always", "by_another_process", "skipped_there"]


class Named:
    """Stands for a test."""

    def __init__(self, nodeid: str) -> None:
        self.nodeid = nodeid
