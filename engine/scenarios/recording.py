"""A scenario made from what happened: a trial that was played, or a finished instance without its people's words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import routing
from engine.forms import Form
from engine.forms.components import Component
from engine.scenarios.grounds import Ground
from engine.scenarios.playing import known_at_start, play
from engine.scenarios.reading import MAX_STEPS
from engine.scenarios.samples import ORGANIZATIONS
from engine.scenarios.values import Expectation, Run, Scenario, Step
from models.errors import WrongState
from models.instances import LIVE, Instance
from models.messages import Message
from models.orders import Order
from models.permissions import Actor
from models.tasks import Submission, Task

_UNSAID: Final = "…"
_MOST: Final = 100  # what happens after that makes no better scenario, only a longer one


class _Happened(NamedTuple):
    """One thing that came to an instance from outside."""

    at: datetime
    step: Step


def expecting(scenario: Scenario, run: Run) -> Scenario:
    """Return a scenario that expects what a run of it reached: how and where it ended, and what was known then."""
    known = known_at_start(scenario.at.date())
    data = {name: value for name, value in run.data.items() if name not in known and name not in scenario.data}
    return replace(scenario, expect=Expectation(run.outcome, run.ended_at, data))


def recorded(session: Session, instance: Instance, ground: Ground, *, actor: Actor, name: str) -> Scenario:
    """Make a scenario from an instance that has ended: figures and choices stay, written words become "…".

    Of a step that only another organization sees, nothing that was answered is taken over.

    The caller asks whether the actor may see the instance. Errors: WrongState while it runs.
    """
    if instance.state in LIVE:
        raise WrongState("no_scenario_from_this", subject=instance)
    begun = Scenario(name, instance.process_id, instance.started_at, _known(session, instance))
    names = _Names()
    happened = sorted(_happened(session, instance, ground, names, actor), key=lambda one: one.at)
    made = _fitted(ground, begun, happened[:_MOST])
    return expecting(made, play(ground, made))


def _known(session: Session, instance: Instance) -> dict[str, Any]:
    """Return what it knew of its place and its order when it began, where that is not what any instance knows."""
    order = session.get(Order, instance.order_id) if instance.order_id else None
    facts = {
        "topic_code": order.topic_code if order else None,
        "is_leaf": routing.is_leaf(session, instance.area_id),
        "locality_code": routing.locality_code(session, instance.area_id),
    }
    usual = known_at_start(instance.started_at.date())
    return {name: value for name, value in facts.items() if value != usual[name]}


def _happened(
    session: Session, instance: Instance, ground: Ground, names: "_Names", actor: Actor
) -> Iterator[_Happened]:
    all_sent = select(Submission, Task.hides(Submission.task_id, actor)).where(Submission.instance_id == instance.id)
    for sent, is_hidden in session.execute(all_sent):
        element = ground.element(sent.element)
        form = ground.form_at(element) if element is not None else None
        said = {} if is_hidden else _unpersonal(form, sent.answers, names)
        yield _Happened(sent.at, Step("complete", sent.element, answers=said))
    answered = select(Submission.task_id).where(Submission.instance_id == instance.id)
    skipped = select(Task).where(Task.instance_id == instance.id, Task.state == "completed", Task.id.not_in(answered))
    for task in session.scalars(skipped):
        assert task.closed_at is not None  # noqa: S101 - completed
        yield _Happened(task.closed_at, Step("skip", task.element))
    heard = select(Message).where(Message.instance_id == instance.id, Message.delivered_at.is_not(None))
    for message in session.scalars(heard.where(Message.state.in_(("delivered", "returned")))):
        assert message.delivered_at is not None  # noqa: S101 - asked for
        yield _Happened(message.delivered_at, Step(message.kind, message.name, data=_plain(message.payload)))


def _fitted(ground: Ground, scenario: Scenario, happened: Iterable[_Happened]) -> Scenario:
    """Add each step where it finds what it is for: reports that come one by one are one message where they are counted.

    What the system does in between is done as when nothing is special; time passes as it did.
    """
    at = scenario.at
    for instant, together in groupby(happened, key=lambda one: one.at):
        passed = int((instant - at).total_seconds())
        pause = (Step("advance", f"PT{passed}S"),) if passed > 0 else ()
        left, at = [one.step for one in together], max(at, instant)
        scenario = replace(scenario, steps=(*scenario.steps, *pause))
        while (fitting := _first_fitting(ground, scenario := _with_system_steps(ground, scenario), left)) is not None:
            left.remove(fitting)
            scenario = replace(scenario, steps=(*scenario.steps, fitting))
    return replace(scenario, steps=scenario.steps[:MAX_STEPS])


def _first_fitting(ground: Ground, scenario: Scenario, steps: Iterable[Step]) -> Step | None:
    """Return the first of what happened at one instant that something waits for."""
    waiting = {name for place in play(ground, scenario).waiting for name in (place.element, place.message)}
    return next((step for step in steps if step.name in waiting), None)


def _with_system_steps(ground: Ground, scenario: Scenario) -> Scenario:
    while len(scenario.steps) < MAX_STEPS:
        waiting = play(ground, scenario).waiting
        service = next((place.element for place in waiting if place.kind == "service"), None)
        if service is None:
            break
        scenario = replace(scenario, steps=(*scenario.steps, Step("complete", service)))
    return scenario


class _Names:
    """Organizations under sample names, the same one always under the same."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}

    def of(self, organization: str) -> str:
        free = ORGANIZATIONS[len(self.given) % len(ORGANIZATIONS)]
        return self.given.setdefault(organization, free)


def _unpersonal(form: Form | None, answers: Mapping[str, Any], names: _Names) -> dict[str, Any]:
    if form is None:
        return _plain(answers)
    return dict(_said(form.components, answers, names))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what can name nobody."""
    return {key: value for key, value in values.items() if isinstance(value, bool | int | float)}


def _said(components: Iterable[Component], answers: Mapping[str, Any], names: _Names) -> Iterator[tuple[str, Any]]:
    for component in components:
        if component.type == "group":
            yield from _said(component.children, answers, names)
            continue
        said = answers.get(component.key)
        if said in (None, "", [], {}):
            continue
        match component.type:
            case "textfield" | "textarea":
                yield component.key, _UNSAID * max(1, component.min_length)
            case "organization":
                several = isinstance(said, list)
                yield component.key, [names.of(one) for one in said] if several else names.of(str(said))
            case "dynamiclist":
                yield component.key, [dict(_said(component.children, row, names)) for row in said]
            case "filepicker":
                continue
            case _:
                yield component.key, said
    if answers.get("nothing"):
        yield "nothing", True
