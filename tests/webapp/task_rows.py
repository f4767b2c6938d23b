"""Rows of tasks put straight into the database: for lists, which ask nothing of a process."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.definitions import Definition, DefinitionFile
from models.instances import Instance
from models.tasks import FAR, Task
from models.text import fold
from tests.world import NOW

BPMN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:lienthong:test">
<process id="lists" isExecutable="true"><startEvent id="start"/><userTask id="enter" name="Enter"/><endEvent id="end"/>
<sequenceFlow id="a" sourceRef="start" targetRef="enter"/><sequenceFlow id="b" sourceRef="enter" targetRef="end"/>
</process></definitions>"""


def instance(session: Session, organization_id: str) -> str:
    """Add an instance to hang tasks on; return its id."""
    definition = Definition(
        id=new_id(), process_id="lists", name="Danh sách", version=1, hash=new_id() * 2, deployed_at=NOW,
        files=[DefinitionFile(name="lists.bpmn", content=BPMN)],
    )  # fmt: skip
    session.add(definition)
    session.flush()
    key = new_id()
    session.add(
        Instance(
            id=key, definition_id=definition.id, process_id="lists", organization_id=organization_id, started_at=NOW
        )
    )
    session.flush()
    return key


def add(session: Session, instance_id: str, **values: Any) -> str:
    """Add one open task; return its id."""
    key = str(values.pop("id", new_id()))
    session.execute(insert(Task), [row(instance_id, key, **values)])
    return key


def row(instance_id: str, key: str, *, due: datetime | None = None, **values: Any) -> dict[str, Any]:
    """Return the values of one open task."""
    title = values.pop("title", "Nhập kết quả tuần 40")
    place = values.pop("place", "Phường Quang Hanh")
    return {
        "id": key,
        "instance_id": instance_id,
        "key": key,
        "process_id": "lists",
        "element": "enter",
        "title": title,
        "place": place,
        "search": fold(f"{title} {place} {values.get('order_number') or ''}"),
        "opened_at": NOW - timedelta(days=3),
        "due_at": due,
        "due_sort": due or FAR,
        **values,
    }
