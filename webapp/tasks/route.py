"""Where a task stands in its process and who gets the work next, read from the diagram as plain sentences."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from engine.runner import Bundle, Element, SequenceFlow
from models.tasks import Task
from webapp.text import say
from webapp.text.words import role

PEOPLE = frozenset({"userTask", "manualTask"})
# What is worth a sentence besides tasks of people: the process speaks to another one, waits for it, or ends.
THROWS = frozenset({"intermediateThrowEvent", "sendTask"})
CATCHES = frozenset({"intermediateCatchEvent", "receiveTask"})


class Next(NamedTuple):
    """One way on: under which answer, to what, done by whom."""

    answer: str
    step: str
    who: str


def next_steps(bundle: Bundle, task: Task) -> list[Next]:
    """List the ways on from a task as far as the next people, messages and ends."""
    elements = bundle.elements(task.process_id)
    found: list[Next] = []
    for element, answers in _walk(elements, bundle.flows(task.process_id), task.element):
        step = _said(element, answers)
        if step not in found:
            found.append(step)
    return found


def _walk(
    elements: dict[str, Element], flows: tuple[SequenceFlow, ...], start: str
) -> Iterator[tuple[Element, tuple[str, ...]]]:
    waiting, seen = deque([(start, ())]), {start}
    while waiting:
        source, answers = waiting.popleft()
        for flow in (flow for flow in flows if flow.source == source):
            element = elements.get(flow.target)
            said: tuple[str, ...] = (*answers, flow.name) if flow.name else answers
            if element is None:
                continue
            if element.type in PEOPLE or element.type in CATCHES or element.type == "endEvent":
                yield element, said
            elif element.id not in seen:
                seen.add(element.id)
                if element.type in THROWS and element.message:
                    yield element, said
                waiting.append((element.id, said))


def _said(element: Element, answers: tuple[str, ...]) -> Next:
    answer = ", ".join(answers)
    if element.type in PEOPLE:
        wanted = element.ext.get("role") or element.lane_role
        return Next(answer, element.name, role(wanted) if wanted else say("Người bắt đầu quy trình"))
    return Next(answer, element.name, "")


def first_people(steps: list[Next]) -> str:
    """Name who may get the work next, each once."""
    return ", ".join(dict.fromkeys(step.who for step in steps if step.who))
