"""P4: no token is lost, doubled or stuck on any path, though the state is written and reloaded before every step."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from xml.etree import ElementTree

from sqlalchemy import select

from engine import definitions, instances, messages, tasks
from engine.jobs import committing
from models.instances import LIVE, Instance
from models.messages import Message
from models.orders import Order
from models.tasks import Task
from tests.engine.test_messages import WAITS
from tests.engine.test_runner_equivalence import draw, ours, plain
from tests.play import Story, happy_path
from tests.torture.acts import invariants
from tests.torture.children import abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations, batches
from tests.torture.warm import opened

PROMISE: Final = "P4"
TITLE: Final = "no token is lost, doubled or stuck"
SHARE: Final = 5.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pruned what a split still needs": "tests.torture.faults.pruned_too_much",
        "message dropped when nobody waits": "tests.torture.faults.message_dropped",
        "joined branches: the last one wins": "tests.torture.faults.last_wins",
    }
)
BATCH: Final = 25
RESTARTS: Final = 0.05  # per step of a story
FIRST: Final = "draft_plan"
RECEIVERS: Final = 20


def trials(run: Run) -> Iterator[Trial]:
    """Run random diagrams beside the plain library, then an order in which people and messages come in any order."""
    width = 1 if run.quick else 2
    chance = run.random
    seeds = [[chance.randrange(1 << 30) for _ in range(size)] for size in batches(run.amount(50, 3300), BATCH)]
    scenery = run.scene(FIRST)
    stories = [(scenery, run.place(), chance.randrange(1 << 30), run.fault) for _ in range(run.amount(2, 100))]
    pairs = run.scene(setup=_receivers)
    early = [(pairs, run.place(), chance.randrange(1 << 30), run.fault) for _ in range(run.amount(1, 50))]
    for folder, trial in abreast(_pairs, early, width=width, over=lambda: run.is_over):
        yield run.leave(folder, trial)
    diagrams = [(one, run.fault) for one in seeds]
    if run.fault:
        yield from abreast(_diagrams, diagrams[:2], width=width)
    for folder, trial in abreast(_story, stories, width=width, over=run.over_after(0.6)):
        yield run.leave(folder, trial)
    yield from abreast(_diagrams, diagrams, width=width, over=lambda: run.is_over)


# Diagrams: XOR, AND, OR, loops and sub-processes, ten blocks or so, in the library alone and in ours


def _diagrams(seeds: list[int], fault: str | None) -> Trial:
    completions, violations = in_child(_compared, seeds, fault=fault)
    return Trial(f"{len(seeds)} diagrams", violations, completions)


def _compared(seeds: list[int]) -> tuple[int, Violations]:
    found: list[str] = []
    completions = 0
    for seed in seeds:
        content, drawing = draw(seed)
        expected, expected_data = plain(content, drawing, random.Random(seed))
        completions += len(expected)
        try:
            story, data = ours(content, drawing, random.Random(seed))
        except Exception as error:
            found.append(f"diagram {seed}: {type(error).__name__}: {error}")
            continue
        if _library_is_too_early(content, expected, story):
            continue  # ours came to its end, and there is nothing to compare its course with
        found += [f"diagram {seed}: {said}" for said in _differences(expected, story)]
        # What one branch counted and another one did not touch is the library's own fault: it loses it.
        counted = set(drawing.loops.values())
        kept = {name: value for name, value in expected_data.items() if name not in counted}
        kept |= {name: drawing.counted.get(name, 0) for name in counted}
        if data != kept:
            found.append(f"diagram {seed}: other data at its end")
    return completions, tuple(found)


def _differences(expected: list[Any], story: list[Any]) -> Iterator[str]:
    if [waiting for waiting, _ in story] != [waiting for waiting, _ in expected]:
        yield "other steps waited"
    elif [sorted(passed) for _, passed in story] != [sorted(passed) for _, passed in expected]:
        yield "other elements were passed"


def _library_is_too_early(content: bytes, expected: list[Any], story: list[Any]) -> bool:
    """Tell whether the library passed an inclusive join to which a token was still on its way (BPMN 2.0, 13.4.3).

    That token waits in ours for a step that leads to the join, or came in the same step: then the library passed twice.
    """
    for (waiting, passed), (ours_waiting, ours_passed) in zip(expected, story, strict=False):
        joins = [one for one in Counter(passed) - Counter(ours_passed) if one.startswith("o")]
        if any(join in ours_passed or any(_leads_to(content, one, join) for one in ours_waiting) for join in joins):
            return True
        if waiting != ours_waiting:
            return False
    return False


def _leads_to(content: bytes, element: str, join: str) -> bool:
    """Tell whether a token at an element, or in the sub-process around it, can come to a join."""
    tree = ElementTree.fromstring(content)
    flows: dict[str, list[str]] = defaultdict(list)
    around: dict[str, str] = {}
    for scope in tree.iter():
        for node in scope:
            if node.tag.endswith("sequenceFlow"):
                flows[node.attrib["sourceRef"]].append(node.attrib["targetRef"])
            if scope.tag.endswith("subProcess"):
                around[node.attrib.get("id", "")] = scope.attrib["id"]
    seen: set[str] = set()
    left = [element]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += flows[one] + ([around[one]] if one in around else [])
    return join in seen - {element}


# Message pairs: what is sent before its receiver waits is kept, and consumed once


def _receivers(story: Story) -> dict[str, Any]:
    """Start instances that wait for a person, and then for a message."""
    actor = story.actor("thietke")
    with story.doing() as session:
        definition = definitions.deploy(session, WAITS, actor=actor)[0]
        started = [instances.start(session, definition, actor=actor).id for _ in range(RECEIVERS)]
    return {"instances": started}


def _pairs(scenery: Scenery, folder: Path, seed: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations = in_child(_sent, url, scenery, seed, fault=fault)
    return folder, Trial(f"message pairs {seed}", violations, RECEIVERS)


def _sent(url: str, scenery: Scenery, seed: int) -> Violations:
    """Send to each one message too early or in time, and let its person act before or after the delivery."""
    chance, actor = random.Random(seed), scenery.actors["thietke"]
    found: list[str] = []
    with opened(url) as database:

        def send(instance: str) -> None:
            with committing(database, scenery.clock) as session:
                session.add(Message(name="news.came", instance_id=instance, payload={}, sent_at=scenery.clock.at))

        def complete(instance: str) -> None:
            with committing(database, scenery.clock) as session:
                first = select(Task).where(Task.instance_id == instance, Task.element == "first", Task.state == "open")
                tasks.complete(session, session.scalars(first).one(), actor=actor, answers={})

        steps = [(act, one) for one in scenery.said["instances"] for act in (send, complete)]
        chance.shuffle(steps)
        for act, instance in steps:
            act(instance)
            while chance.random() < 0.7 and _deliver_one(database, scenery, chance):
                pass
        while _deliver_one(database, scenery, chance):
            pass
        with database.read() as session:
            for one in scenery.said["instances"]:
                then = session.scalars(select(Task.id).where(Task.instance_id == one, Task.element == "then")).all()
                states = session.scalars(select(Message.state).where(Message.instance_id == one)).all()
                if len(then) != 1 or states != ["delivered"]:
                    found.append(f"instance {one}: {len(then)} tokens behind the message, which is {states}")
        found += invariants(database, scenery.clock)
    return tuple(found)


# Stories: the shipped processes with their messages


def _story(scenery: Scenery, folder: Path, seed: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        completions, violations = in_child(_played, url, scenery, seed, fault=fault)
    return folder, Trial(f"story {seed}", violations, completions)


def _played(url: str, scenery: Scenery, seed: int) -> tuple[int, Violations]:
    """Let people act and messages arrive in any order; whatever the order, the work has to come to its end."""
    chance = random.Random(seed)
    path = happy_path(scenery.world)
    first = next(n for n, (_, element, _) in enumerate(path) if element == FIRST)
    left, done = path[first:], 0
    began = time.monotonic()
    while left:
        with opened(url) as database:
            while left and chance.random() > RESTARTS and time.monotonic() - began < 60:
                moved = _complete_one(database, scenery, left, chance)
                delivered = False if moved and chance.random() < 0.5 else _deliver_one(database, scenery, chance)
                done += moved
                if not moved and not delivered:
                    return done, (f"nobody can go on, and {len(left)} steps are left: {left[0][:2]}",)
        definitions._cache.clear()  # a restarted process knows nothing
        if time.monotonic() - began > 60:
            return done, ("it took more than a minute",)
    with opened(url) as database:
        while _deliver_one(database, scenery, chance):
            pass
        with database.read() as session:
            live = session.scalars(select(Instance.process_id).where(Instance.state.in_(LIVE))).all()
            progress = session.scalars(select(Order.progress)).one()
        found = [f"{one} is still alive" for one in live] + list(invariants(database, scenery.clock))
    if progress != "hoan_thanh":
        found.append(f"the order is {progress}")
    return done, tuple(found)


def _complete_one(database: Any, scenery: Scenery, left: list[Any], chance: random.Random) -> bool:
    """Let one of those who can go on complete its step."""
    for step in chance.sample(left, len(left)):
        login, element, answers = step
        actor = scenery.actors[login]
        with committing(database, scenery.clock) as session:
            query = Task.visible_to(actor).where(Task.element == element, Task.state == "open")
            task = session.scalars(query.where(Task.offered_to(actor) | Task.held_by(actor))).first()
            if task is None:
                continue
            tasks.complete(session, task, actor=actor, answers=answers)
        left.remove(step)
        return True
    return False


def _deliver_one(database: Any, scenery: Scenery, chance: random.Random) -> bool:
    """Deliver one of the messages on their way, not the oldest."""
    with database.read() as session:
        waiting = session.scalars(select(Message.id).where(Message.state == "pending")).all()
    if waiting:
        with committing(database, scenery.clock) as session:
            messages.deliver(session, chance.choice(waiting))
    return bool(waiting)
