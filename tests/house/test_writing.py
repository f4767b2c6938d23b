"""Who may write: one commit a request, and no write that the audit does not see."""

import ast
from collections.abc import Iterator

from tests.house.code import Module, floors, module

MAY_COMMIT = ("webapp/transaction.py", "engine/jobs/sweeping.py", "webapp/cli.py")
SESSION_WRITES = {"add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings"}
STATEMENT_WRITES = {"insert", "update", "delete"}


def commits(code: Module) -> Iterator[str]:
    """Find commits of the transaction; a savepoint's is an inner mark, not a commit."""
    if code.within(*MAY_COMMIT):
        return
    for call in code.calls():
        called = call.func
        if isinstance(called, ast.Attribute) and called.attr == "commit" and ast.unparse(called.value) != "savepoint":
            yield code.at(call)


def writes_past_the_engine(code: Module) -> Iterator[str]:
    if not code.within("webapp/*"):
        return
    for call in code.calls():
        called = call.func
        if isinstance(called, ast.Attribute) and called.attr in SESSION_WRITES:
            owner = ast.unparse(called.value).split(".")[-1].removesuffix("()")
            if owner == "session":
                yield code.at(call)
    for name, line in code.imports():
        if name.startswith("sqlalchemy.") and name.split(".")[-1] in STATEMENT_WRITES:
            yield f"{code.path}:{line}"


def test_only_the_doors_commit() -> None:
    assert [place for code in floors() for place in commits(code)] == []


def test_the_commit_rule_sees_a_commit_and_lets_a_savepoint_be() -> None:
    wrong = module("engine/orders.py", "def place(session):\n    savepoint.commit()\n    session.commit()\n")
    assert list(commits(wrong)) == ["engine/orders.py:3"]


def test_every_write_goes_through_an_engine_command() -> None:
    assert [place for code in floors() for place in writes_past_the_engine(code)] == []


def test_the_write_rule_sees_sessions_and_statements_but_not_sets() -> None:
    text = "from sqlalchemy import insert\nseen.add(1)\nsession.add(row)\ng.session.delete(row)\n"
    found = sorted(writes_past_the_engine(module("webapp/orders.py", text)))
    assert found == ["webapp/orders.py:1", "webapp/orders.py:3", "webapp/orders.py:4"]
