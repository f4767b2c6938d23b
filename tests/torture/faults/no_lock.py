"""Reads a task without its lock and writes it whatever its version: what was read may be stale."""

import time
from typing import Any

from sqlalchemy import select

from engine.instances import writing
from engine.tasks import completing, standing
from engine.unit import finish
from models import base
from models.tasks import Task
from tests.torture.trial import replace


def look_only(session: Any, task: Task) -> Task:
    """Read outside of any lock, and let others read meanwhile."""
    session.expire_all()
    found: Task = session.scalars(select(Task).where(Task.id == task.id)).one()
    assert found.instance is not None
    finish(session)
    session.commit()
    time.sleep(0.01)
    return found


def unchecked(session: Any, row: Any, **values: Any) -> None:
    """Write columns whatever anybody wrote since."""
    values["version"] = row.version + 1
    session.connection().execute(base.update(type(row)).where(type(row).id == row.id).values(**values))
    for name, value in values.items():
        base.set_committed_value(row, name, value)


for module in (completing, writing):
    replace(module, "update_versioned", unchecked)
replace(standing, "look_again", look_only)
