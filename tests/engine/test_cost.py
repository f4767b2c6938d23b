"""What a completion costs the database: few statements and one commit, whatever came before."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import joinedload

from engine import definitions, instances, tasks, unit, uses
from engine.retry import again
from models.database import Database
from models.tasks import Task
from tests.engine.diagrams import bundle, end, flows, process, start, user, xor
from tests.play import Story, report

STATEMENTS = 12


@dataclass
class Cost:
    """What went to the database."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Cost]:
    """Count statements and commits of the writing side."""
    cost = Cost()

    def execute(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            cost.statements.append(statement)

    def commit(connection: Any) -> None:
        cost.commits += 1

    event.listen(database.writer, "before_cursor_execute", execute)
    event.listen(database.writer, "commit", commit)
    try:
        yield cost
    finally:
        event.remove(database.writer, "before_cursor_execute", execute)
        event.remove(database.writer, "commit", commit)


def finish(story: Story, login: str, element: str, **answers: Any) -> Cost:
    """Complete a step as a door does, and return what it cost from the command to the commit."""
    actor = story.actor(login)
    mine = Task.offered_to(actor) | Task.held_by(actor)
    query = Task.visible_to(actor).where(Task.element == element, Task.state == "open", mine)
    with story.doing() as session:
        task = session.scalars(query.options(joinedload(Task.instance))).one()
        definitions.bundle_of(session, task.instance.definition_id)  # has been read for the page of the task
        with counted(story.database) as cost:
            tasks.complete(session, task, actor=actor, answers=answers)
            unit.finish(session)
            session.commit()
    story.settle()
    return cost


@pytest.fixture
def loop(story: Story) -> str:
    """An instance of two steps that go round until told to stop."""
    files = bundle(
        process(
            start(), user("work"), user("check"), xor("again", default="more"), end(),
            flows(("start", "work"), ("work", "check"), ("check", "again"), ("again", "end", "stop"),
                  ("again", "work", "", "more")),
        )
    )  # fmt: skip
    with story.doing() as session:
        definitions.deploy(session, files, actor=story.actor("thietke"))
        definition = uses.active(session, "p")
        return instances.start(session, definition, actor=story.actor("thietke"), data={"stop": False}).id


def test_a_plain_completion_takes_twelve_statements_and_one_commit_also_after_300_rounds(
    story: Story, loop: str
) -> None:
    finish(story, "thietke", "work")
    first = finish(story, "thietke", "check", stop=False)
    assert first.commits == 1
    assert len(first.statements) <= STATEMENTS
    for _ in range(299):
        for element in ("work", "check"):
            with story.doing() as session:
                task = session.scalars(select(Task).where(Task.element == element, Task.state == "open")).one()
                tasks.complete(session, task, actor=story.actor("thietke"), answers={"stop": False})
    finish(story, "thietke", "work")
    last = finish(story, "thietke", "check", stop=False)
    assert last.commits == 1
    assert last.statements == first.statements


def test_a_step_of_an_order_with_a_form_a_share_and_a_notice_costs_no_more(story: Story) -> None:
    story.until("accept_locality", roll_out={})  # this process has acted before
    cost = finish(story, "mttq.phuong", "accept_locality", decision="accept")
    assert cost.commits == 1
    assert len(cost.statements) <= STATEMENTS, "\n\n".join(cost.statements)


@pytest.mark.parametrize(
    ("login", "step", "answers", "most"),
    [
        ("phunu", "submit_plan", {}, 14),  # throws a message to the bloc
        ("truong.khu", "carry_out", report(), 28),  # writes an event, four figures, and reports upwards
    ],
    ids=["a message", "a report with figures"],
)
def test_a_step_that_does_more_costs_what_it_does(
    story: Story, login: str, step: str, answers: dict[str, Any], most: int
) -> None:
    story.until(step)
    cost = finish(story, login, step, **answers)
    assert cost.commits == 1
    assert len(cost.statements) <= most, "\n\n".join(cost.statements)


def test_the_counter_counts(story: Story) -> None:
    with counted(story.database) as cost:
        again(lambda: story.later(seconds=1))
    assert cost.commits > 0
