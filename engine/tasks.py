"""What may be done to a task: claim, release, complete, delegate, resolve, transfer, return, comment, draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from engine import audit, instances, notifications, operators, routing, runner, shares, task_forms
from engine.audit import Fact
from engine.clock import now
from engine.forms import Cleaned
from engine.operators import Call
from models.base import insert_row, update_versioned
from models.definitions import Definition
from models.errors import Invalid, NotAllowed, NotFound, ProcessStuck, Rejected, WrongState
from models.instances import Instance
from models.permissions import Actor, Permission, is_candidate, may
from models.tasks import Comment, Draft, Submission, Task
from models.users import Person

BULK = 200
# Both rows are locked, the instance first: what is read of a row that was waited for is what stands there now.
_LOCK = (
    select(Instance.version, Task.version.label("of_task"), Task.drafted)
    .join(Task, Task.instance_id == Instance.id)
    .where(Task.id == bindparam("id"))
    .with_for_update(of=(Instance, Task))
)


def look_again(session: Session, task: Task) -> Task:
    """Lock a task's instance, then read the task as it is now: a double click may have waited on the lock."""
    stands = session.connection().execute(_LOCK, {"id": task.id}).one_or_none()
    if stands is None:
        raise NotFound("no_such_task")
    # Whole rows are costly to read: only what was changed since is read again. Drafts do not count as a change.
    if (task.version, task.drafted) != (stands.of_task, stands.drafted):
        session.refresh(task)
    if task.instance.version != stands.version:
        session.refresh(task.instance)
    return task


def _require_open(task: Task) -> None:
    if not task.is_open:
        raise WrongState("task_" + task.state, subject=task, who=task.closed_title, at=task.closed_at)


def _require(actor: Actor, permission: Permission, task: Task) -> None:
    if not may(actor, permission, task):
        raise NotAllowed("may_not_" + permission.split(":")[1], subject=task)


def _record(session: Session, actor: Actor, fact: Fact, task: Task, **facts: Any) -> None:
    audit.record(session, actor, fact, task, order_id=task.order_id, instance_id=task.instance_id, **facts)


def claim(session: Session, task: Task, *, actor: Actor) -> Task:
    """Take an unheld task; of several who try one wins, the others learn who and when. Twice by one is harmless."""
    task = look_again(session, task)
    _require_open(task)
    _require(actor, Permission.TASK_CLAIM, task)
    if task.holder_id == actor.person_id:
        return task
    if task.holder_id is not None:
        raise WrongState("task_claimed", subject=task, who=task.holder_title, at=task.claimed_at)
    _refuse_same_person(session, task, actor.person_id)
    _hold(session, task, actor.person_id, actor.title)
    _record(session, actor, Fact.TASK_CLAIMED, task)
    return task


def _hold(session: Session, task: Task, person_id: str | None, title: str | None) -> None:
    claimed_at = now(session) if person_id else None
    update_versioned(
        session,
        task,
        holder_id=person_id,
        holder_title=title,
        claimed_at=claimed_at,
        helper_id=None,
        helper_title=None,
        helper_due_at=None,
    )


def _refuse_same_person(session: Session, task: Task, person_id: str | None) -> None:
    earlier = task_forms.element_of(session, task).ext.get("notSameAs")
    if earlier and routing.who_completed(session, task.instance_id, earlier) == person_id:
        raise NotAllowed("separation_of_duties", subject=task)


def release(session: Session, task: Task, *, actor: Actor) -> Task:
    """Give a held task back to the queue; drafts stay."""
    task = look_again(session, task)
    _require_open(task)
    _require(actor, Permission.TASK_RELEASE, task)
    if task.holder_id is not None:
        _hold(session, task, None, None)
        _record(session, actor, Fact.TASK_RELEASED, task)
    return task


def complete(session: Session, task: Task, *, actor: Actor, answers: Mapping[str, Any]) -> Task:
    """Complete an open task with answers to its form and move its process on.

    Errors: WrongState with who and when if somebody was first; NotAllowed; Invalid with a message per field.
    """
    task = look_again(session, task)
    _require_open(task)
    _require_to_complete(actor, task)
    _refuse_same_person(session, task, actor.person_id)
    shares.context_of(session, task.instance)
    form, context = task_forms.form_of(session, task, actor=actor)
    cleaned = form.clean(answers, context=context) if form else task_forms.free(answers)
    instance = task.instance
    instances.require_running(instance, subject=task)
    _close(session, task, actor)
    submission = _submit(session, task, actor, cleaned)
    values = _operate(session, instance, task, actor, cleaned)
    _record(
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
    _require(actor, Permission.TASK_COMPLETE, task)


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


def delegate(
    session: Session, task: Task, *, actor: Actor, to: Person, due_at: datetime | None = None, note: str | None = None
) -> Task:
    """Ask a colleague for help (nhờ xử lý): the holder stays answerable and completes."""
    task = look_again(session, task)
    _require_open(task)
    if task.holder_id is None:
        task = claim(session, task, actor=actor)
    _require(actor, Permission.TASK_DELEGATE, task)
    title = _colleague_title(session, task, to)
    if to.id == actor.person_id:
        raise Invalid({"to": "not_oneself"}, reason="not_oneself")
    if task.helper_id is not None:
        raise WrongState("task_delegated", subject=task, who=task.helper_title, at=None)
    update_versioned(session, task, helper_id=to.id, helper_title=title, helper_due_at=due_at)
    _record(session, actor, Fact.TASK_DELEGATED, task, to=to.id, to_title=title, due=due_at, note=note)
    _tell(session, actor, Fact.TASK_DELEGATED, task, to.id, to_title=title, due=due_at, note=note)
    return task


def _tell(session: Session, actor: Actor, fact: Fact, task: Task, person_id: str | None, **facts: Any) -> None:
    if person_id is not None and person_id != actor.person_id:
        notifications.notify(
            session, fact, person_id=person_id, task=task, title=task.title, place=task.place, by=actor.title, **facts
        )


def _colleague_title(session: Session, task: Task, person: Person) -> str:
    title = routing.title_of(session, person.id, organization_id=task.organization_id)
    if title is None:
        raise Invalid({"to": "not_a_colleague"}, reason="not_a_colleague")
    return title


def resolve(session: Session, task: Task, *, actor: Actor, note: str) -> Task:
    """Give the result of one's help back to the holder, with what was drafted."""
    task = look_again(session, task)
    _require_open(task)
    _require(actor, Permission.TASK_RESOLVE, task)
    _hand_draft_over(session, task, actor.person_id, task.holder_id)
    update_versioned(session, task, helper_id=None, helper_title=None, helper_due_at=None)
    _record(session, actor, Fact.TASK_RESOLVED, task, note=note)
    _tell(session, actor, Fact.TASK_RESOLVED, task, task.holder_id, note=note)
    return task


def take_back(session: Session, task: Task, *, actor: Actor) -> Task:
    """Take a task back from the colleague who was asked."""
    task = look_again(session, task)
    _require_open(task)
    _require(actor, Permission.TASK_DELEGATE, task)
    if task.helper_id is not None:
        update_versioned(session, task, helper_id=None, helper_title=None, helper_due_at=None)
        _record(session, actor, Fact.TASK_TAKEN_BACK, task)
    return task


def transfer(session: Session, task: Task, *, actor: Actor, to: Person, keep: bool = True, reason: str) -> Task:
    """Hand a task to somebody who plays its role, with the work so far or without; also how a head assigns."""
    task = look_again(session, task)
    _require_open(task)
    if task.holder_id is None and not actor.is_head:
        _require(actor, Permission.TASK_CLAIM, task)
    else:
        _require(actor, Permission.TASK_TRANSFER, task)
    if task.role and to.id not in routing.holders_of(session, task.organization_id, task.role):
        raise Invalid({"to": "lacks_the_role"}, reason="lacks_the_role")
    _refuse_same_person(session, task, to.id)
    title, before = _colleague_title(session, task, to), task.holder_title
    if keep:
        _hand_draft_over(session, task, task.holder_id, to.id)
    else:
        session.execute(delete(Draft).where(Draft.task_id == task.id))
    _hold(session, task, to.id, title)
    _record(
        session,
        actor,
        Fact.TASK_TRANSFERRED,
        task,
        before={"holder": before},
        after={"holder": title},
        to=to.id,
        keep=keep,
        reason=reason,
    )
    _tell(session, actor, Fact.TASK_TRANSFERRED, task, to.id, reason=reason, after={"holder": title})
    return task


def _hand_draft_over(session: Session, task: Task, giver: str | None, taker: str | None) -> None:
    if giver is None or taker is None or giver == taker:
        return
    if session.get(Draft, (task.id, giver)) is None:
        return
    session.execute(delete(Draft).where(Draft.task_id == task.id, Draft.person_id == taker))
    session.execute(update(Draft).where(Draft.task_id == task.id, Draft.person_id == giver).values(person_id=taker))


def comment(session: Session, task: Task, *, actor: Actor, text: str, scope: str = "parties") -> Comment:
    """Add a remark; remarks are only ever added."""
    _require(actor, Permission.TASK_COMMENT, task)
    if not text.strip():
        raise Invalid({"text": "required"}, reason="comment_required")
    if scope not in ("parties", "organization"):
        raise Invalid({"scope": "unknown"}, reason="unknown_scope")
    remark = Comment(
        task_id=task.id,
        text=text.strip()[:5000],
        scope=scope,
        at=now(session),
        person_id=actor.person_id,
        author=actor.title,
        organization_id=actor.organization_id,
    )
    session.add(remark)
    _count(session, task, comments=Task.comments + 1)
    _record(session, actor, Fact.TASK_COMMENTED, task, comment=remark.id, scope=scope)
    return remark


def _count(session: Session, task: Task, **values: Any) -> None:
    # No version: a remark must not spoil somebody's completion.
    statement = update(Task).where(Task.id == task.id).values(**values)
    session.flush()
    session.execute(statement.execution_options(synchronize_session=False))
    session.expire(task)


def save_draft(session: Session, task: Task, *, actor: Actor, answers: Mapping[str, Any]) -> None:
    """Keep what somebody typed, privately; nothing is checked and nobody is blocked."""
    _require_open(task)
    if not (may(actor, Permission.TASK_COMPLETE, task) or may(actor, Permission.TASK_RESOLVE, task)):
        raise NotAllowed("may_not_complete", subject=task)
    session.merge(Draft(task_id=task.id, person_id=actor.person_id, answers=dict(answers), saved_at=now(session)))
    if not task.drafted:
        _count(session, task, drafted=True)


def claim_many(session: Session, ids: Sequence[str], *, actor: Actor) -> tuple[int, int]:
    """Claim up to 200 visible tasks; return how many were won and how many others had or were not offered."""
    return _each(session, ids, actor, lambda task: claim(session, task, actor=actor))


def transfer_many(session: Session, ids: Sequence[str], *, actor: Actor, to: Person, reason: str) -> tuple[int, int]:
    """Hand up to 200 visible tasks to one colleague; return (done, refused)."""
    return _each(session, ids, actor, lambda task: transfer(session, task, actor=actor, to=to, reason=reason))


def _each(session: Session, ids: Sequence[str], actor: Actor, act: Any) -> tuple[int, int]:
    done = refused = 0
    # In the order of the instances, so that two bulk acts never wait for each other in a circle.
    query = Task.visible_to(actor).where(Task.id.in_(list(ids)[:BULK])).order_by(Task.instance_id, Task.id)
    for task in session.scalars(query).all():
        said = audit.mark(session)
        savepoint = session.begin_nested()
        try:
            act(task)
            savepoint.commit()
            done += 1
        except Rejected as refusal:
            savepoint.rollback()
            audit.forget_since(session, said)
            refused += 1
            if isinstance(refusal, NotAllowed):
                _record(session, actor, Fact.ACCESS_REFUSED, task, reason=refusal.reason, refused=True)
    return done, refused


def definition_of(session: Session, task: Task) -> Definition:
    """Return the process definition a task's instance is pinned to."""
    return task.instance.definition
