"""What the page of one task shows, gathered as plain objects."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, levels, task_forms
from engine.forms import Fields, Form, FormContext
from engine.runner import Element
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor, Permission, is_candidate, may
from models.tasks import OWN, Attachment, Comment, Submission, Task
from webapp.definitions.steps import Step, steps_of
from webapp.tasks import dossier, records, route, suspicion
from webapp.tasks.answers import Answer, Change, answers_of, changes
from webapp.text import say
from webapp.text.assigning import why
from webapp.text.facts import Telling, tell
from webapp.text.words import part, role


class Event(NamedTuple):
    """One line of the history."""

    at: datetime
    telling: Telling


class Version(NamedTuple):
    """One time the work was sent, and what differed from the time before."""

    at: datetime
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the actor may do now; what it may not do is not shown."""

    claim: bool
    complete: bool
    release: bool
    delegate: bool
    take_back: bool
    resolve: bool
    transfer: bool
    return_: bool
    comment: bool
    attach: bool

    @property
    def write(self) -> bool:
        """Tell whether the form is shown to be filled in."""
        return self.complete or self.resolve

    @property
    def more(self) -> bool:
        """Tell whether there is anything to do besides the form."""
        return self.claim or self.release or self.delegate or self.take_back or self.transfer or self.return_


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page of a task."""

    task: Task
    element: Element
    fields: Fields | None
    answers: list[Answer]
    versions: list[Version]
    choices: Choices
    order: Order | None
    assigner: str
    reason: str
    next: list[route.Next]
    steps: list[Step]
    done: list[str]
    history: list[Event]
    dossier: list[dossier.Sent]
    pair: suspicion.Pair | None
    comments: Sequence[Comment]
    files: Sequence[Attachment]
    is_report: bool
    is_draft: bool


def read(
    session: Session,
    actor: Actor,
    task: Task,
    *,
    typed: Any = None,
    errors: Mapping[str, str] | None = None,
) -> Page:
    """Gather the page; with `typed`, the form shows what was just typed and what is wrong with it."""
    bundle = definitions.bundle_of(session, task.instance.definition_id)
    element = bundle.elements(task.process_id)[task.element]
    form, context = task_forms.form_of(session, task, actor=actor)
    choices = choices_of(actor, task, form)
    order, assigner = _origin(session, task)
    named = levels.names(session) if levels.is_asked_in(bundle.elements(task.process_id)) else {}
    next_steps = route.next_steps(bundle, task, giver=assigner, levels=named)
    history = _history(session, task)
    return Page(
        task=task,
        element=element,
        fields=_fields(session, actor, task, form, context, typed=typed, errors=errors) if choices.write else None,
        answers=_sent(session, task, form, context),
        versions=_versions(session, task, form, context),
        choices=choices,
        order=order,
        assigner=assigner,
        reason=_reason(actor, task, element, assigner, named),
        next=next_steps,
        steps=steps_of(bundle, task.process_id, done=task.instance.passed, current=_current(task)),
        done=list(task.instance.passed),
        history=history,
        dossier=dossier.read(session, actor, task) if task.is_open else [],
        pair=suspicion.read(session, task),
        comments=session.scalars(records.comments_on(actor, task.id)).all() if task.comments else (),
        files=session.scalars(records.files_of(task.id)).all() if task.files else (),
        is_report=bool(form and form.allows_nothing),
        is_draft=task.drafted and typed is None,
    )


def choices_of(actor: Actor, task: Task, form: Form | None) -> Choices:
    """Tell what the actor may do with a task now; the commands ask again."""
    is_open, held = task.is_open, task.holder_id is not None
    mine = is_open and held and task.holder_id == actor.person_id
    complete = is_open and may(actor, Permission.TASK_COMPLETE, task) and task.helper_id != actor.person_id
    resolve = is_open and may(actor, Permission.TASK_RESOLVE, task)
    return Choices(
        claim=is_open and not held and is_candidate(actor, task),
        complete=complete and (mine or not held),
        release=is_open and held and may(actor, Permission.TASK_RELEASE, task),
        delegate=mine and task.helper_id is None,
        take_back=mine and task.helper_id is not None,
        resolve=resolve,
        transfer=is_open and (may(actor, Permission.TASK_TRANSFER, task) or (not held and is_candidate(actor, task))),
        return_=complete and "return" in task_forms.decisions(form),
        comment=may(actor, Permission.TASK_COMMENT, task),
        attach=complete or resolve,
    )


def _current(task: Task) -> tuple[str, ...]:
    return (task.element,) if task.is_open else ()


def _fields(
    session: Session,
    actor: Actor,
    task: Task,
    form: Form | None,
    context: FormContext,
    *,
    typed: Any,
    errors: Mapping[str, str] | None,
) -> Fields | None:
    if form is None:
        return None
    values = typed if typed is not None else task_forms.starting_values(session, task, actor=actor) or None
    return form.fields(values, errors, context=context)


def _sent(session: Session, task: Task, form: Form | None, context: FormContext) -> list[Answer]:
    """Return what was sent when the task was completed."""
    if task.state != "completed":
        return []
    sent = session.scalar(select(Submission.answers).where(Submission.task_id == task.id))
    return answers_of(form, context, sent) if sent else []


def _versions(session: Session, task: Task, form: Form | None, context: FormContext) -> list[Version]:
    """Return the times this step was sent in the same instance, with what changed from one to the next."""
    if task.instance.passed.get(task.element, [0])[0] < 2:
        return []
    rows = session.execute(records.sent_before(task)).all()
    read = [(row.at, answers_of(form, context, row.answers)) for row in rows]
    return [Version(at, changes(before, after)) for (_, before), (at, after) in itertools.pairwise(read)]


def _origin(session: Session, task: Task) -> tuple[Order | None, str]:
    if task.order_id is None:
        return None, ""
    row = session.execute(records.origin_of(task)).one_or_none()
    return (row[0], row[1] or "") if row else (None, "")


def _history(session: Session, task: Task) -> list[Event]:
    rows = session.execute(records.history_of(task.id)).all()
    names = _names(session, [row[0].facts for row in rows])
    opened = Event(task.opened_at, tell("task:opened", {}))
    events = [
        Event(entry.at, tell(entry.fact, entry.facts, who=f"{post}, {body}" if post else None, names=names))
        for entry, post, body in rows
        if not entry.refused
    ]
    return [opened, *events]


def _names(session: Session, said: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of the organizations that stand in facts by id."""
    ids = {str(facts["organization"]) for facts in said if facts.get("organization")}
    if not ids:
        return {}
    query = select(Organization.id, Organization.name).where(Organization.id.in_(sorted(ids)))
    return dict(session.execute(query).tuples().all())


def _reason(actor: Actor, task: Task, element: Element, assigner: str, levels: Mapping[str, str]) -> str:
    """Say why the work is where it is: from the stored reason, the assignment and the post."""
    said = [_rule(task, element), *why(task.reason, levels)]
    if task.seen_by == OWN:
        said.append(say("Chỉ tổ chức này xem được việc cùng biểu mẫu, câu trả lời và tệp của bước."))
    if task.part and assigner:
        said.append(say("{assigner} giao phần {part}.", assigner=assigner, part=part(task.part)))
    if task.helper_id == actor.person_id:
        said.append(say("{holder} nhờ quý vị xử lý.", holder=task.holder_title))
    elif task.holder_id == actor.person_id:
        said.append(say("Quý vị đang giữ việc với tư cách {title}.", title=task.holder_title))
    elif is_candidate(actor, task):
        said.append(say("Chức danh của quý vị, {title}, có vai trò này.", title=actor.title))
    return " ".join(said)


def _rule(task: Task, element: Element) -> str:
    if task.reason.get("rule") == "starter" or task.role is None:
        return say("Bước «{step}» quay về người bắt đầu quy trình.", step=element.name)
    return say("Bước «{step}» của quy trình giao cho vai trò {role}.", step=element.name, role=role(task.role))
