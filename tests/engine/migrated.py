"""Instances that go on under another version, and what they look like."""

from typing import Any

from engine import verification
from models.instances import Instance
from models.messages import Message
from models.timers import Timer
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    end,
    flows,
    message,
    process,
    start,
    timer,
    user,
)
from tests.play import Story
from tests.world import NOW

RENAMED = bundle(process(start(), user("first"), user("extra"), user("three"), end(),
                         chain("start", "first", "extra", "three", "end")))  # fmt: skip


def sound(story: Story) -> None:
    """Assert that every invariant holds."""
    with verification.snapshot(story.database, story.clock) as session:
        assert list(verification.violations(session)) == []


def row_of(story: Story, instance: str) -> tuple[Any, ...]:
    row = story.get(Instance, instance)
    return row.definition_id, row.rest, row.version, row.state, row.passed


BORDER = chain("start", "one", "two", "end") + flows(("late", "after"), ("after", "end2"), prefix="b")


def timed(text: str, id: str = "late") -> dict[str, bytes]:
    return bundle(process(start(), user("one"), boundary(id, "one", timer(text)), user("two"), user("after"), end(),
                          end("end2"), BORDER.replace('"late"', f'"{id}"')))  # fmt: skip


def pending(story: Story) -> list[tuple[str, float]]:
    """Return (element, hours from the world's beginning) of the timers that wait."""
    rows = [one for one in story.rows(Timer) if one.fired_at is None and one.cancelled_at is None]
    return sorted((one.element, (one.due_at - NOW).total_seconds() / 3600) for one in rows)


def heard(name: str, id: str = "wait") -> dict[str, bytes]:
    return bundle(process(start(), catch(id, message(name)), user("then"), end(), chain("start", id, "then", "end")),
                  messages=(name,))  # fmt: skip


def say(story: Story, name: str, to: str) -> None:
    with story.doing() as session:
        session.add(Message(name=name, instance_id=to, payload={}, sent_at=story.clock.at))
    story.pass_time()
