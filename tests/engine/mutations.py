"""Diagrams changed at random, as trees and as bytes: what a checker may be given."""

import copy
import random
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from engine.bpmn.model import EXTENSION, MODEL

TAGS = (
    "task", "userTask", "scriptTask", "serviceTask", "businessRuleTask", "receiveTask", "sendTask", "manualTask",
    "subProcess", "transaction", "adHocSubProcess", "callActivity", "startEvent", "endEvent", "boundaryEvent",
    "intermediateCatchEvent", "intermediateThrowEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway",
    "eventBasedGateway", "complexGateway", "sequenceFlow", "association", "lane", "laneSet", "dataObject", "process",
    "messageEventDefinition", "signalEventDefinition", "timerEventDefinition", "errorEventDefinition",
    "escalationEventDefinition", "compensateEventDefinition", "cancelEventDefinition", "linkEventDefinition",
    "terminateEventDefinition", "conditionalEventDefinition", "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics", "loopCardinality", "completionCondition", "conditionExpression", "script",
    "extensionElements", "documentation", "participant", "messageFlow", "collaboration", "timeDuration", "timeCycle",
    "condition", "dataInputAssociation", "dataOutputAssociation", "loopDataInputRef", "inputDataItem",
)  # fmt: skip
ATTRIBUTES = (
    "id", "name", "sourceRef", "targetRef", "attachedToRef", "default", "isExecutable", "triggeredByEvent",
    "isForCompensation", "isInterrupting", "cancelActivity", "messageRef", "signalRef", "errorRef", "escalationRef",
    "activityRef", "calledElement", "scriptFormat", "isSequential", "behavior", "loopMaximum", "testBefore",
    "startQuantity", "instantiate", "processRef", "eventGatewayType", "waitForCompletion", "oneBehaviorEventRef",
    "parallelMultiple",
    *(f"{{{EXTENSION}}}{name}" for name in ("role", "form", "operator", "workingDays", "recipients", "due", "frm")),
)  # fmt: skip
VALUES = (
    "", " ", "true", "false", "1", "0", "-1", "99999999999999999999", "None", "One", "All", "a", "p", "start", "end",
    "Flow_1", "x:y:z", "{0.__class__}", "%s", "é\u0301", "\ud7ff", "<&>", "${x > 1}", "=x > 1", "#{y}", "P1D",
    "R/PT1S", "2026-01-01", "2026-01-01T00:00:00Z", "PT999999999H", "1 +", "__import__('os')", "a" * 2_000, "lambda: 0",
    "python", "groovy", "=xs[item > 1]", "(" * 300,
)  # fmt: skip
CHANGES = (1, 1, 2, 3, 5, 8)


def mutations(seeds: Sequence[bytes], *, seed: int, count: int) -> Iterator[bytes]:
    """Yield `count` changed diagrams; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield mutated(chance, chance.choice(seeds), chance.choice(seeds))


def mutated(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """Return one diagram changed in a few places, most often as a tree, sometimes as bytes."""
    if chance.random() < 0.15:
        return _damaged(chance, content)
    root = etree.fromstring(content)
    foreign = etree.fromstring(other)
    for _ in range(chance.choice(CHANGES)):
        chance.choice(_MUTATIONS)(chance, root, foreign)
    changed = etree.tostring(root)
    return _damaged(chance, changed) if chance.random() < 0.05 else changed


def _damaged(chance: random.Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(damaged) + 1)
        cut = bytes(damaged[at : at + chance.randint(0, 60)])
        word = chance.choice(VALUES).encode("utf-8", "replace")
        put = chance.choice([b"", cut * 2, bytes([chance.randrange(256)]), word])
        damaged[at : at + len(cut)] = put
    return bytes(damaged)


def _some(chance: random.Random, root: etree._Element) -> etree._Element:
    return chance.choice([one for one in root.iter() if isinstance(one.tag, str)])


def _remove(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    one = _some(chance, root)
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _double(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    one = _some(chance, root)
    if one.getparent() is not None and len(list(one.iter())) < 200:
        _some(chance, root).append(copy.deepcopy(one))


def _move(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    one, place = _some(chance, root), _some(chance, root)
    if one is not root and one not in [place, *place.iterancestors()]:
        place.insert(chance.randint(0, len(place)), one)


def _take_over(chance: random.Random, root: etree._Element, other: etree._Element) -> None:
    one = _some(chance, other)
    if len(list(one.iter())) < 200:
        _some(chance, root).append(copy.deepcopy(one))


def _rename(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    _some(chance, root).tag = f"{{{MODEL}}}{chance.choice(TAGS)}"


def _add(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    made = etree.SubElement(_some(chance, root), f"{{{MODEL}}}{chance.choice(TAGS)}")
    if chance.random() < 0.5:
        made.text = _value(chance)
    if chance.random() < 0.5:
        made.set("id", f"new{chance.randrange(9)}")


def _set(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    _some(chance, root).set(chance.choice(ATTRIBUTES), _value(chance))


def _swap(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    """Point a reference somewhere else, or give an id twice."""
    bearing = [one for one in root.iter() if isinstance(one.tag, str) and one.attrib]
    if not bearing:
        return
    one, other = chance.choice(bearing), chance.choice(bearing)
    one.set(chance.choice(list(one.attrib)), other.get(chance.choice(list(other.attrib))) or "")


def _unset(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    one = _some(chance, root)
    if one.attrib:
        del one.attrib[chance.choice(list(one.attrib))]


def _write(chance: random.Random, root: etree._Element, _: etree._Element) -> None:
    _some(chance, root).text = _value(chance)


def _give_trigger(chance: random.Random, root: etree._Element, other: etree._Element) -> None:
    """Give an event one more definition, so that it becomes multiple or parallel multiple."""
    events = [one for one in root.iter() if isinstance(one.tag, str) and one.tag.endswith("Event")]
    definitions = [one for one in other.iter() if isinstance(one.tag, str) and one.tag.endswith("EventDefinition")]
    if not events or not definitions:
        return
    event = chance.choice(events)
    event.append(copy.deepcopy(chance.choice(definitions)))
    event.set("parallelMultiple", chance.choice(("true", "false")))


def _value(chance: random.Random) -> str:
    return chance.choice(VALUES)


_Mutation = Callable[[random.Random, etree._Element, etree._Element], None]
_MUTATIONS: tuple[_Mutation, ...] = (
    _remove, _double, _move, _take_over, _rename, _add, _set, _set, _swap, _swap, _unset, _write,
    _give_trigger,
)  # fmt: skip
