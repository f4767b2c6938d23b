"""How a task is completed: its answers cleaned and kept, its process moved on; and what a review sends back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine import instances, operators, runner, shares, task_forms
from engine.audit import Fact
from engine.clock import now
from engine.forms import Cleaned
from engine.operators import Call
from engine.tasks import standing
from models.base import insert_row, update_versioned
from models.errors import Invalid, ProcessStuck, WrongState
from models.instances import Instance
from models.permissions import Actor, Permission, is_candidate, may
from models.tasks import Draft, Submission, Task


def complete(session: Session, task: Task, *, actor: Actor, answers: Mapping[str, Any]) -> Task:
    """Complete an open task with answers to its form and move its process on.

    Errors: WrongState with who and when if somebody was first; NotAllowed; Invalid with a message per field.
    """
    task = standing.look_again(session, task)
    standing.require_open(task)
    _require_to_complete(actor, task)
    standing.refuse_same_person(session, task, actor.person_id)
    shares.context_of(session, task.instance)
    form, context = task_forms.form_of(session, task, actor=actor)
    cleaned = form.clean(answers, context=context) if form else task_forms.free(answers)
    instance = task.instance
    instances.require_running(instance, subject=task)
    _close(session, task, actor)
    submission = _submit(session, task, actor, cleaned)
    values = _operate(session, instance, task, actor, cleaned)
    standing.record(
        session,
        actor,
        Fact.TASK_COMPLETED,
        task,
        definition_id=instance.definition_id,
        element=task.element,
        submission=submission,
        decision=cleaned.routing.get("decision"),
        reason=cleaned.values.get("reason"),
    )
    answer = runner.Complete(task.key, {**cleaned.routing, **values})
    instances.move(session, instance, answer, actor=actor, completing=task, cleaned=cleaned)
    return task


def _require_to_complete(actor: Actor, task: Task) -> None:
    # A colleague who was too late is told who was first; whom the work was never offered to is refused.
    if task.holder_id is not None and is_candidate(actor, task) and not may(actor, Permission.TASK_COMPLETE, task):
        raise WrongState("task_claimed", subject=task, who=task.holder_title, at=task.claimed_at)
    standing.require(actor, Permission.TASK_COMPLETE, task)


def _operate(session: Session, instance: Instance, task: Task, actor: Actor, cleaned: Cleaned) -> dict[str, Any]:
    name = task_forms.element_of(session, task).ext.get("operator")
    if name is None:
        return {}
    data = instances.data_of(session, instance, key=task.key)
    try:
        return operators.call(name, Call(session, instance, actor, data, task, cleaned))
    except ProcessStuck as stuck:
        # A step that does not fit its process (an order's step without an order): what was typed is not taken away.
        raise WrongState("step_cannot_run", subject=task, why=stuck.message) from stuck


def _close(session: Session, task: Task, actor: Actor) -> None:
    if task.drafted:
        session.execute(delete(Draft).where(Draft.task_id == task.id))
    update_versioned(
        session,
        task,
        state="completed",
        closed_at=now(session),
        closed_by=actor.person_id,
        closed_title=actor.title,
        drafted=False,
        holder_id=task.holder_id or actor.person_id,
        holder_title=task.holder_title or actor.title,
    )


def _submit(session: Session, task: Task, actor: Actor, cleaned: Cleaned) -> str:
    return insert_row(
        session,
        Submission,
        task_id=task.id,
        instance_id=task.instance_id,
        assignment_id=task.assignment_id,
        order_id=task.order_id,
        element=task.element,
        answers=cleaned.values,
        at=now(session),
        person_id=actor.person_id,
        post_id=actor.post_id,
    )


def return_(session: Session, task: Task, *, actor: Actor, remarks: str) -> Task:
    """Return what a review task reviews, with remarks: its form must offer the decision `return`."""
    if task.is_open:
        _require_to_complete(actor, task)
    form, _ = task_forms.form_of(session, task, actor=actor)
    if "return" not in task_forms.decisions(form):
        raise WrongState("nothing_to_return", subject=task)
    if not remarks.strip():
        raise Invalid({"reason": "required"}, reason="remarks_required")
    return complete(session, task, actor=actor, answers={"decision": "return", "reason": remarks})
