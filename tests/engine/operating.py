"""Processes that stand still or wait, and what an operator does to them."""

from collections.abc import Callable
from typing import Any

from engine import definitions, instances, operations
from engine.audit import Fact
from models.audit import AuditEntry
from models.definitions import Definition
from models.instances import Incident, Instance
from tests.engine.diagrams import (
    bundle,
    catch,
    chain,
    end,
    flows,
    process,
    script,
    start,
    timer,
    user,
    xor,
)  # fmt: skip
from tests.play import Story

REASON = "Theo đề nghị của đơn vị"


def with_role(id: str, role: str) -> str:
    return user(id, lt={"role": role})


ASKS = bundle(
    process(
        start(), user("ask"), xor("which", default="no"), user("big"), user("small"), end(), end("end2"),
        flows(("start", "ask"), ("ask", "which"), ("which", "big", "size > 5"), ("which", "small", "", "no"),
              ("big", "end"), ("small", "end2")),
    )
)  # fmt: skip

THREE = bundle(
    process(
        start(), user("one"), user("two"), user("three"), end(), chain("start", "one", "two", "three", "end")
    )
)  # fmt: skip

SCRIPTED = bundle(
    process(
        start(), user("one"), script("compute", "total = size * 2"), user("two"), end(),
        chain("start", "one", "compute", "two", "end"),
    )
)  # fmt: skip

NOBODY = bundle(
    process(start(), user("one"), with_role("two", "bí_thư"), user("three"), end(),
            chain("start", "one", "two", "three", "end"))
)  # fmt: skip

TIMED = bundle(
    process(start(), catch("pause", timer("PT4H")), user("then"), end(), chain("start", "pause", "then", "end"))
)


def begin(story: Story, files: dict[str, bytes], **data: Any) -> str:
    with story.doing() as session:
        definition = definitions.deploy(session, files, actor=story.actor("thietke"))[0]
        return instances.start(session, definition, actor=story.actor("thietke"), data=data).id


def act(story: Story, verb: Callable[..., Any], what: Any, id: str, *, login: str = "quantri", **given: Any) -> Any:
    """Let an operator do something to one row."""
    with story.doing() as session:
        return verb(session, session.get_one(what, id), actor=story.actor(login), **{"reason": REASON, **given})


def on(story: Story, verb: Callable[..., Any], instance: str, **given: Any) -> Any:
    return act(story, verb, Instance, instance, **given)


def data(story: Story, instance: str) -> dict[str, Any]:
    with story.doing() as session:
        return operations.data_of(session, session.get_one(Instance, instance))


def state(story: Story, instance: str) -> str:
    return str(story.get(Instance, instance).state)


def the(story: Story, fact: Fact) -> AuditEntry:
    """Return the one entry of a fact; whoever acts gives a reason."""
    (entry,) = story.facts(fact)
    assert entry.facts["reason"] == REASON
    return entry


def place(story: Story, instance: str, element: str) -> str:
    with story.doing() as session:
        found = instances.look(session, session.get_one(Instance, instance))
        return next(one.key for one in found if one.element == element)


def stuck(story: Story, files: dict[str, bytes], element: str, **answers: Any) -> tuple[str, str]:
    """Begin a process and complete the step after which it is stuck; return its id and the incident's."""
    found = begin(story, files)
    story.answer("thietke", element, **answers)
    (incident,) = [one for one in story.rows(Incident, instance_id=found) if one.resolved_at is None]
    return found, incident.id


def definition(story: Story, process_id: str) -> Definition:
    found: Definition = story.rows(Definition, process_id=process_id)[-1]
    return found
