"""Fills a database with work that is not measured but lies in the way: open tasks, and instances long finished."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from bench.stage import Stage
from models.base import new_id
from models.instances import Instance
from models.tasks import FAR, Submission, Task
from tests.world import ORGANIZATIONS

# Of the open tasks, every tenth is of the organization whose inbox is measured; the others share the rest.
OWN, EVERY = "women", 10
TASKS_OF_ONE = 20
BATCH = 5_000
Rows = Iterator[tuple[type[Any], dict[str, Any]]]


def open_tasks(stage: Stage, count: int) -> None:
    """Add so many open tasks, spread over all organizations and over deadlines before and after now."""
    others = [getattr(stage.world, name) for name in ORGANIZATIONS if name != OWN]
    _insert(stage, _open(stage, count, getattr(stage.world, OWN), others))


def finished_instances(stage: Stage, count: int) -> None:
    """Add so many finished instances, each with a completed task and what was sent with it."""
    _insert(stage, _finished(stage, count))


def _open(stage: Stage, count: int, own: str, others: Sequence[str]) -> Rows:
    instance = ""
    for n in range(count):
        if n % TASKS_OF_ONE == 0:
            instance = new_id()
            yield Instance, _instance(stage, instance, state="running")
        organization = own if n % EVERY == 0 else others[n % len(others)]
        due = None if n % 7 == 0 else stage.clock.now() + timedelta(hours=n * 7 % 1200 - 200)
        yield Task, _task(stage, instance, n, organization, due_at=due, due_sort=due or FAR)


def _finished(stage: Stage, count: int) -> Rows:
    others = [getattr(stage.world, name) for name in ORGANIZATIONS]
    at = stage.clock.now() - timedelta(days=30)
    person = stage.world.person("phunu.2")
    for n in range(count):
        instance, task = new_id(), new_id()
        yield Instance, _instance(stage, instance, state="finished", ended_at=at)
        done = {"state": "completed", "closed_at": at, "closed_by": person, "holder_id": person, "due_sort": FAR}
        yield Task, _task(stage, instance, n, others[n % len(others)], id=task, **done)
        yield Submission, {
            "id": new_id(), "task_id": task, "instance_id": instance, "element": "draft", "at": at,
            "answers": {"content": "Đã làm"}, "person_id": person,
        }  # fmt: skip


def _instance(stage: Stage, id: str, **more: Any) -> dict[str, Any]:
    at = stage.clock.now() - timedelta(days=40)
    more = {"ended_at": None, **more}
    return {"id": id, "definition_id": stage.loop, "process_id": "rework_loop", "started_at": at, "passed": {}, **more}


def _task(stage: Stage, instance: str, n: int, organization: str, **more: Any) -> dict[str, Any]:
    task = {
        "id": new_id(), "instance_id": instance, "key": str(n), "process_id": "rework_loop", "element": "draft",
        "form": "draft", "title": f"Báo cáo kết quả đợt {n}", "search": f"bao cao ket qua dot {n}", "state": "open",
        "progress": "dang_thuc_hien", "role": "member_org", "organization_id": organization, "place": "Cẩm Thịnh",
        "reason": {"rule": "role", "role": "member_org"}, "opened_at": stage.clock.now() - timedelta(minutes=n % 9000),
        "part": "lead", "order_number": f"{n % 90}/UBND",
    }  # fmt: skip
    return task | more


def _insert(stage: Stage, rows: Rows) -> None:
    while batch := list(islice(rows, BATCH)):
        with stage.database.write() as session:
            for model in (Instance, Task, Submission):
                if found := [row for kind, row in batch if kind is model]:
                    session.connection().execute(insert(model), found)
            session.commit()
