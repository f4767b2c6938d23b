"""Where the work goes from a task, read from the diagram: to people, to another process, to an end."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.runner import Bundle, Element
from models.tasks import Task
from webapp.text import say
from webapp.text.assigning import addressed
from webapp.text.words import role

PEOPLE = frozenset({"userTask", "manualTask"})
SPEAKS = frozenset({"intermediateThrowEvent", "sendTask", "endEvent"})
LISTENS = frozenset({"intermediateCatchEvent", "receiveTask"})
RECIPIENTS = {
    "bloc": "Cơ quan khối",
    "lead": "Tổ chức chủ trì",
    "coordinators": "Tổ chức phối hợp",
    "localities": "Đầu mối các địa bàn cấp dưới",
    "order": "Các bên của đặt hàng",
}


class Next(NamedTuple):
    """One way on: under which answer, to what, done by whom."""

    answer: str
    step: str
    who: str


def next_steps(bundle: Bundle, task: Task, *, giver: str, levels: Mapping[str, str]) -> list[Next]:
    """List the ways on from a task as far as the next people, messages and ends.

    `giver` gave the work out, `levels` are the names of levels by code.
    """
    found: list[Next] = []
    for element, answers in _walk(bundle, task):
        step = Next(", ".join(answers), element.name, _who(element, giver, levels))
        if step not in found:
            found.append(step)
    return found


def _walk(bundle: Bundle, task: Task) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Yield what stops the walk along the flows, with the answers that lead there; each element is passed once."""
    elements, flows = bundle.elements(task.process_id), bundle.flows(task.process_id)
    waiting: deque[tuple[str, tuple[str, ...]]] = deque([(task.element, ())])
    seen = {task.element}
    while waiting:
        source, answers = waiting.popleft()
        for flow in flows:
            element = elements.get(flow.target) if flow.source == source else None
            if element is None:
                continue
            said = (*answers, flow.name) if flow.name else answers
            onward = _through(element, elements)
            if onward is None:
                yield element, said
            elif element.id not in seen:
                seen.add(element.id)
                waiting.extend((one, said) for one in onward)


def _through(element: Element, elements: dict[str, Element]) -> list[str] | None:
    """Return where a walk goes on through an element: into a sub-process, out of its end; None where it stops."""
    if element.type in PEOPLE or element.type in LISTENS or (element.type in SPEAKS and element.message):
        return None
    if element.type == "endEvent":
        return [element.parent] if element.parent else None
    if element.type == "subProcess":
        return [one.id for one in elements.values() if one.parent == element.id and one.type == "startEvent"]
    return [element.id]


def _who(element: Element, giver: str, levels: Mapping[str, str]) -> str:
    if element.type in PEOPLE:
        wanted = element.ext.get("role") or element.lane_role
        who = role(wanted) if wanted else say("Người bắt đầu quy trình")
        return " · ".join((who, *addressed(element.ext, levels)))
    if element.type in SPEAKS and element.message:
        to = element.ext.get("recipients", "parent")
        return giver if to == "parent" else say(RECIPIENTS[to]) if to in RECIPIENTS else ""
    return ""
