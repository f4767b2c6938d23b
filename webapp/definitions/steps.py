"""The steps of a process in words: who, due, form; what a diagram shows, for readers and keyboards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.runner import Bundle, Element
from webapp.text import say
from webapp.text.assigning import addressed
from webapp.text.words import due_in_words, role

PEOPLE = ("userTask", "manualTask")
MACHINE = ("serviceTask", "businessRuleTask", "scriptTask", "callActivity")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, who, until when, with which form; and where an instance stands."""

    id: str
    name: str
    who: str
    addressed: list[str]
    due: str
    form: str
    documentation: str
    done: bool
    now: bool


def steps_of(
    bundle: Bundle,
    process_id: str,
    *,
    levels: Mapping[str, str] = MappingProxyType({}),
    done: Collection[str] = (),
    current: Collection[str] = (),
) -> list[Step]:
    """List the steps of a process in the order of its file; gateways and events are left to the diagram.

    `levels` are the names of levels by code.
    """
    steps = []
    for element in bundle.elements(process_id).values():
        if element.type in (*PEOPLE, *MACHINE):
            steps.append(_step(bundle, element, levels, done=element.id in done, now=element.id in current))
    return steps


def _step(bundle: Bundle, element: Element, levels: Mapping[str, str], *, done: bool, now: bool) -> Step:
    stem = element.form or element.id
    return Step(
        id=element.id,
        name=element.name or element.id,
        who=_who(element),
        addressed=addressed(element.ext, levels),
        due=due_in_words(element.ext.get("workingDays"), element.ext.get("due")),
        form=stem if stem in bundle.forms else "",
        documentation=element.documentation or "",
        done=done,
        now=now,
    )


def _who(element: Element) -> str:
    if element.type in MACHINE:
        return say("Hệ thống")
    wanted = element.ext.get("role") or element.lane_role
    return role(wanted) if wanted else say("Người bắt đầu quy trình")
