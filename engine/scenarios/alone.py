"""One element tried alone with given data: cut out of its diagram, put between a start and ends, and run."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml import etree

from engine import bpmn
from engine.runner import Bundle, Element, SequenceFlow, Unfit
from engine.scenarios.grounds import Ground
from engine.scenarios.playing import SECONDS
from engine.simulation import Answer
from engine.simulation.outcomes import data_of, outcome_of
from engine.simulation.world import World
from models.errors import Invalid

_BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_PROCESS: Final = "tried_alone"
_START: Final = "tried_alone_start"
_GATEWAYS: Final = ("exclusiveGateway", "inclusiveGateway", "parallelGateway")
_STEPS: Final = (
    "userTask", "manualTask", "task", "serviceTask", "scriptTask", "businessRuleTask", "intermediateThrowEvent",
    "subProcess",
)  # fmt: skip
TRIED_ALONE: Final = frozenset({*_GATEWAYS, *_STEPS})  # what makes sense alone: steps, throwing events, decisions


@dataclass(frozen=True, slots=True)
class Tried:
    """What came out: the data after it, the flows a gateway took, what was sent, and why it got stuck, if it did."""

    outcome: str
    data: Mapping[str, Any]
    ways: tuple[SequenceFlow, ...]
    sent: tuple[tuple[str, Mapping[str, Any]], ...]
    error: str | None


def try_alone(
    files: Mapping[str, bytes],
    ground: Ground,
    element: Element,
    *,
    data: Mapping[str, Any],
    values: Mapping[str, Any],
    now: datetime,
) -> Tried:
    """Run one element with what is known before it; `values` are what a task is completed with.

    Errors: Invalid where the element cannot be tried alone.
    """
    if ground.bundle is None or element.type not in TRIED_ALONE:
        raise _cannot(element)
    flows = [flow for name in ground.bundle.processes for flow in ground.bundle.flows(name)]
    leaving = {flow.id: flow for flow in flows if flow.source == element.id}
    try:
        alone = Bundle(_cut_out(files, element, leaving))
    except Unfit:
        raise _cannot(element) from None
    world = World(alone, None, now, known=data, apart=True, seconds=SECONDS)
    world.begin([_PROCESS])
    if world.task_at(element.id) is not None:
        world.do(Answer(element.id, values))
    ended = outcome_of(world, ())
    return Tried(
        ended.outcome,
        data_of(world),
        tuple(leaving[id] for id in dict.fromkeys(world.trace.taken) if id in leaving),
        tuple((one.name, one.payload) for one in world.kept),
        ended.error["message"] if ended.error is not None else None,
    )


def _cannot(element: Element) -> Invalid:
    return Invalid({}, reason="trial_no_element", element=element.name or element.id, kind=element.type)


def _cut_out(files: Mapping[str, bytes], element: Element, leaving: Mapping[str, SequenceFlow]) -> dict[str, bytes]:
    """Return the bundle with one more process: a start, the element, and an end for each flow that leaves it."""
    changed = dict(files)
    for name, content in files.items():
        if not name.endswith(".bpmn"):
            continue
        root = bpmn.parse(content)
        node = next((one for one in root.iter(f"{_BPMN}{element.type}") if one.get("id") == element.id), None)
        if node is None:
            continue
        flows = [one for one in root.iter(f"{_BPMN}sequenceFlow") if one.get("id") in leaving]
        made = _process_of(deepcopy(node), [deepcopy(flow) for flow in flows])
        for old in [*root.findall(f"{_BPMN}process"), *root.findall(f"{_BPMN}collaboration")]:
            root.remove(old)
        _forget_drawing(root)
        root.insert(0, made)
        changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return {one: content for one, content in changed.items() if not one.endswith(".bpmn") or one == name}
    return changed


def _process_of(node: Any, flows: list[Any]) -> Any:
    process = etree.Element(f"{_BPMN}process", {"id": _PROCESS, "isExecutable": "true"})
    etree.SubElement(process, f"{_BPMN}startEvent", {"id": _START})
    for side in (*node.findall(f"{_BPMN}incoming"), *node.findall(f"{_BPMN}outgoing")):
        node.remove(side)
    process.append(node)
    _connect(process, "tried_alone_in", _START, node.get("id"))
    for number, flow in enumerate(flows, start=1):
        end = f"tried_alone_end_{number}"
        etree.SubElement(process, f"{_BPMN}endEvent", {"id": end})
        flow.set("targetRef", end)
        process.append(flow)
    if not flows:
        etree.SubElement(process, f"{_BPMN}endEvent", {"id": "tried_alone_end"})
        _connect(process, "tried_alone_out", node.get("id"), "tried_alone_end")
    return process


def _connect(process: Any, id: str, source: str, target: str) -> None:
    etree.SubElement(process, f"{_BPMN}sequenceFlow", {"id": id, "sourceRef": source, "targetRef": target})


def _forget_drawing(root: Any) -> None:
    for drawing in [one for one in root if isinstance(one.tag, str) and one.tag.endswith("}BPMNDiagram")]:
        root.remove(drawing)
