"""A course played on the real runner: one step after the other, each with what it did and what was known then."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from engine import operators, task_forms
from engine.clock import ZONE
from engine.forms import Form, FormContext
from engine.runner import Element
from engine.scenarios import samples
from engine.scenarios.grounds import Ground
from engine.scenarios.values import Difference, Moment, Run, Scenario, Step
from engine.simulation import Advance, Answer, Happen, Unusable
from engine.simulation.outcomes import data_of, outcome_of
from engine.simulation.values import Act
from engine.simulation.world import World
from models.errors import Invalid

SECONDS: Final = 5.0


def known_at_start(today: date) -> dict[str, Any]:
    """Return what an instance knows of itself when it begins, for one without an order."""
    return {
        "order": None,
        "assignment": None,
        "organization": samples.ORGANIZATIONS[0],
        "area": None,
        "topic_code": None,
        "is_leaf": False,
        "locality_code": None,
        "today": today.isoformat(),
        "plan_approved": False,
        "accepted": False,
        "rework": 0,
    }


def play(ground: Ground, scenario: Scenario, *, locale: str = "vi") -> Run:
    """Play a scenario as far as it goes; nothing is compared with what it expects."""
    if ground.bundle is None:
        return Run("refused", stopped=Difference("refused", facts={"findings": ground.refused}))
    if scenario.process not in ground.bundle.processes:
        facts = {"process": scenario.process, "known": ", ".join(ground.bundle.processes)}
        return Run("refused", stopped=Difference("no_process", facts=facts))
    return _Course(ground, scenario, locale).played()


def filled(
    form: Form | None, answers: Any, *, today: date, locale: str, operator: str | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a filled-in form and the command behind it add to the data of a process; raises Invalid."""
    context = samples.context_of(form, today=today, locale=locale) if form is not None else None
    routing = cleaned(form, answers, context)
    return {**(operators.gives(operator) if operator else {}), **routing, **given}


def cleaned(form: Form | None, answers: Any, context: FormContext | None) -> Mapping[str, Any]:
    """Return the answers that steer a process, checked as when a task is completed; raises Invalid."""
    if form is None or context is None:
        return task_forms.free(answers).routing
    return form.clean(answers, context=context).routing


class _Course:
    def __init__(self, ground: Ground, scenario: Scenario, locale: str) -> None:
        assert ground.bundle is not None  # noqa: S101 - asked by who makes it
        self.ground, self.scenario, self.locale = ground, scenario, locale
        known = {**known_at_start(scenario.at.astimezone(ZONE).date()), **scenario.data}
        self.world = World(ground.bundle, None, scenario.at, known=known, apart=True, seconds=SECONDS)
        self.moments: list[Moment] = []
        self.seen, self.data = 0, known

    def played(self) -> Run:
        stopped = None
        try:
            self.world.begin([self.scenario.process])
            self._note(None)
            for number, step in enumerate(self.scenario.steps, start=1):
                stopped = self._do(number, step)
                if stopped is not None:
                    break
        except Unusable as unusable:
            stopped = Difference("unusable", len(self.moments), {"detail": str(unusable)[:300]})
        ended = outcome_of(self.world, ())
        if stopped is None and ended.error is not None:
            stopped = Difference(ended.outcome, len(self.moments) - 1, ended.error)
        return Run(
            ended.outcome,
            tuple(self.moments),
            ended.waiting,
            tuple(self.world.trace.taken),
            ended.ended_at,
            stopped,
            tuple(sent.name for sent in self.world.kept if sent.sender is None),
        )

    def _do(self, number: int, step: Step) -> Difference | None:
        if self._is_over():
            return Difference("over", number, {"name": step.name})
        try:
            act = self._act_of(step)
        except Invalid as wrong:
            return Difference("answers", number, {"name": step.name, "fields": dict(wrong.fields)})
        if act is None:
            waiting = ", ".join(one.element for one in outcome_of(self.world, ()).waiting)
            return Difference("not_waiting", number, {"name": step.name, "waiting": waiting})
        self.world.do(act)
        self._note(step)
        return None

    def _is_over(self) -> bool:
        ended = outcome_of(self.world, ())
        return ended.outcome in ("finished", "failed") and bool(self.world.runs)

    def _act_of(self, step: Step) -> Act | None:
        """Return what a step does to the world; None where it finds nothing to be done to."""
        if step.kind == "complete":
            return self._answer(step)
        if step.kind == "skip":
            return self._skip(step)
        if step.kind == "advance":
            return Advance(step.name)
        if step.kind == "timer" and not self.world.has_timer(step.name):
            return None
        return Happen(step.kind, step.name, step.data)

    def _answer(self, step: Step) -> Answer | None:
        found = self.world.task_at(step.name)
        element = self.ground.element(found[1].element) if found is not None else None
        if element is None:
            return None
        return Answer(element.id, self._values(element, step))

    def _skip(self, step: Step) -> Answer | None:
        """Pass a step unasked, as it is where who could do it did the step that its diagram names (`lt:skipIfSame`)."""
        found = self.world.task_at(step.name)
        element = self.ground.element(found[1].element) if found is not None else None
        return Answer(element.id) if element is not None and "skipIfSame" in element.ext else None

    def _values(self, element: Element, step: Step) -> dict[str, Any]:
        return filled(
            self.ground.form_at(element),
            step.answers,
            today=self.world.now.astimezone(ZONE).date(),
            locale=self.locale,
            operator=element.ext.get("operator"),
            given=step.operator,
        )

    def _note(self, step: Step | None) -> None:
        entries = tuple(self.world.trace.entries[self.seen :])
        after = data_of(self.world) or self.data
        self.moments.append(Moment(step, self.world.now, self.data, after, entries))
        self.seen, self.data = len(self.world.trace.entries), after
