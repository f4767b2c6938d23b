"""The verbs on one task: each opens the transaction, fetches the task, calls one command, leads on."""

from typing import Any

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import attachments, notation, task_forms, tasks
from engine.calendar import local_day
from engine.clock import close_of, now
from models.errors import Invalid, NotAllowed, WrongState
from models.permissions import Permission, is_candidate, may
from models.tasks import Task
from models.users import Person
from webapp import errors
from webapp.attachments import Given, given_files
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.tasks import inbox, records
from webapp.tasks.answers import labelled
from webapp.tasks.blueprint import blueprint, fetch
from webapp.tasks.filters import Filters
from webapp.tasks.one import lead_on, rendered
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

# The names of our own fields begin or read as no field of a form can.
LIST = "_list"
OURS = frozenset({LIST, "csrf_token", "idempotency_key"})
RIGHTS = {
    "delegation": Permission.TASK_DELEGATE,
    "transfer": Permission.TASK_TRANSFER,
    "return": Permission.TASK_RETURN,
}


def _list() -> Filters:
    """Return the list the person came from, which the form carries."""
    return Filters.parse(request.form.get(LIST, ""))


def _answers() -> MultiDict[str, str]:
    """Return what was answered: everything the form carries but our own fields."""
    said = ((name, value) for name, value in request.form.items(multi=True) if name not in OURS)
    return MultiDict((name, value) for name, value in said if name != "do" or value == "nothing")


def _back(id: str, **more: Any) -> Response:
    return see(url_for("tasks.show", id=id, **_list().with_(), **more))


@blueprint.post("/tasks/<id>/claim")
def claim(id: str) -> Response:
    """Take an unheld task (nhận)."""
    with transaction() as session:
        task = fetch(session, current_actor(), id)
        tasks.claim(session, task, actor=current_actor())
        flash(say("Quý vị đã nhận việc «{title}».", title=task.title))
        return _back(id)


@blueprint.post("/tasks/<id>/release")
def release(id: str) -> Response:
    """Give a task back to the queue (trả về hàng chờ); the draft stays."""
    with transaction() as session:
        task = fetch(session, current_actor(), id)
        tasks.release(session, task, actor=current_actor())
        flash(say("Đã trả việc «{title}» về hàng chờ; bản nháp vẫn được giữ.", title=task.title))
        return see(url_for("tasks.index", **_list().with_()))


@blueprint.post("/tasks/<id>/completion")
def complete(id: str) -> Response:
    """Complete a task with the answers of its form; what is wrong brings the same page back, with what was typed."""
    stored: list[Given] = []
    try:
        edited = _rows_edited(id)
        if edited is not None:
            return edited
        stored = given_files()
        with transaction() as session:
            task = fetch(session, current_actor(), id)
            _attach(session, task, stored)
            tasks.complete(session, task, actor=current_actor(), answers=_answers())
            flash(say("Đã hoàn thành «{title}».", title=task.title))
            see(url_for("tasks.onward", but=id, **_list().with_()))
    except Invalid as wrong:
        return _wrong(id, wrong, stored)
    return lead_on(_list(), but=id)


def _attach(session: Session, task: Task, stored: list[Given]) -> None:
    for field, name, file in stored:
        attachments.attach(session, task, actor=current_actor(), name=name, stored=file, field=field)


def _rows_edited(id: str) -> Response | None:
    """Show the form with a row more or less, if a button of a list of rows was pressed."""
    if not any(name.startswith(("add-", "remove-")) for name in request.form):
        return None
    with reading() as session:
        task = fetch(session, current_actor(), id)
        form, _ = task_forms.form_of(session, task, actor=current_actor())
        raw = form.edit_rows(request.form) if form else None
        if raw is None:
            return None
        return make_response(rendered(session, current_actor(), task, filters=_list(), typed=raw))


def _wrong(id: str, wrong: Invalid, stored: list[Given]) -> Response:
    """Bring the page back with what was typed; files that were good are kept with the task."""
    if stored:
        with transaction(once=False) as session:
            _attach(session, fetch(session, current_actor(), id), stored)
    with reading() as session:
        task = fetch(session, current_actor(), id)
        messages = field_messages(wrong)
        html = rendered(session, current_actor(), task, filters=_list(), typed=request.form, errors=messages)
        return make_response(html, 422)


@blueprint.post("/tasks/<id>/draft")
def save_draft(id: str) -> Response:
    """Keep what was typed, privately; the page does so by itself, the button does it without scripts."""
    with transaction(once=False) as session:
        task = fetch(session, current_actor(), id)
        form, _ = task_forms.form_of(session, task, actor=current_actor())
        answers = form.raw(request.form) if form else {}
        tasks.save_draft(session, task, actor=current_actor(), answers=answers)
        if request.args.get("quiet"):
            return make_response("", 204)
        flash(say("Đã lưu nháp. Chỉ quý vị thấy bản nháp này."))
        return _back(id)


@blueprint.get("/tasks/<id>/delegation")
def ask_for_delegation(id: str) -> Response:
    """Ask whom to ask for help."""
    return _ask(id, "delegation")


@blueprint.post("/tasks/<id>/delegation")
def delegate(id: str) -> Response:
    """Ask a colleague for help (nhờ xử lý); one stays answerable and completes."""
    try:
        with transaction() as session:
            task = fetch(session, current_actor(), id)
            due_at = _due(session)
            tasks.delegate(
                session, task, actor=current_actor(), to=_colleague(session), due_at=due_at, note=_typed("note")
            )
            flash(say("Đã nhờ xử lý «{title}»; quý vị vẫn chịu trách nhiệm về việc này.", title=task.title))
            return _back(id)
    except Invalid as wrong:
        return _ask(id, "delegation", wrong)


@blueprint.post("/tasks/<id>/delegation/end")
def take_back(id: str) -> Response:
    """Take a task back from the colleague who was asked (lấy lại)."""
    with transaction() as session:
        task = fetch(session, current_actor(), id)
        tasks.take_back(session, task, actor=current_actor())
        flash(say("Đã lấy lại việc «{title}».", title=task.title))
        return _back(id)


@blueprint.post("/tasks/<id>/resolution")
def resolve(id: str) -> Response:
    """Give one's help back to the holder (trả kết quả nhờ), with what was filled in."""
    with transaction() as session:
        task = fetch(session, current_actor(), id)
        form, _ = task_forms.form_of(session, task, actor=current_actor())
        if form is not None:
            tasks.save_draft(session, task, actor=current_actor(), answers=form.raw(request.form))
        tasks.resolve(session, task, actor=current_actor(), note=_typed("resolution_note"))
        flash(say("Đã trả kết quả nhờ của «{title}».", title=task.title))
        return see(url_for("tasks.index", **_list().with_()))


@blueprint.get("/tasks/<id>/transfer")
def ask_for_transfer(id: str) -> Response:
    """Ask to whom a task is handed."""
    return _ask(id, "transfer")


@blueprint.post("/tasks/<id>/transfer")
def transfer(id: str) -> Response:
    """Hand a task to somebody who plays its role (chuyển), with the work so far or without."""
    try:
        with transaction() as session:
            task = fetch(session, current_actor(), id)
            keep = request.form.get("keep") != "no"
            to, reason = _colleague(session), _required("reason")
            tasks.transfer(session, task, actor=current_actor(), to=to, keep=keep, reason=reason)
            flash(say("Đã chuyển «{title}».", title=task.title))
            return see(url_for("tasks.index", **_list().with_()))
    except Invalid as wrong:
        return _ask(id, "transfer", wrong)


@blueprint.get("/tasks/<id>/return")
def ask_for_return(id: str) -> Response:
    """Ask for the remarks with which work is returned."""
    return _ask(id, "return")


@blueprint.post("/tasks/<id>/return")
def return_(id: str) -> Response:
    """Return what a review task reviews (trả lại), with remarks."""
    try:
        with transaction() as session:
            task = fetch(session, current_actor(), id)
            tasks.return_(session, task, actor=current_actor(), remarks=_required("remarks"))
            flash(say("Đã trả lại «{title}».", title=task.title))
            see(url_for("tasks.onward", but=id, **_list().with_()))
    except Invalid as wrong:
        return _ask(id, "return", wrong)
    return lead_on(_list(), but=id)


@blueprint.post("/tasks/<id>/comments")
def comment(id: str) -> Response:
    """Add a remark (trao đổi)."""
    with transaction() as session:
        task = fetch(session, current_actor(), id)
        scope = "organization" if request.form.get("scope") == "organization" else "parties"
        tasks.comment(session, task, actor=current_actor(), text=request.form.get("text", ""), scope=scope)
        flash(say("Đã gửi trao đổi."))
        return _back(id, _anchor="comments")


@blueprint.errorhandler(WrongState)
def lost(error: WrongState) -> Response:
    """Tell who lost a race who won it and when, show what was typed, and lead on to the next task."""
    task = error.subject
    if errors.wants_problem() or not isinstance(task, Task):
        return errors.rejected(error)
    with reading() as session:
        following = inbox.next_after(session, current_actor(), _list(), but=task.id)
        onward = url_for("tasks.show", id=following, **_list().with_()) if following else None
        found = fetch(session, current_actor(), task.id)
        form, context = task_forms.form_of(session, found, actor=current_actor())
        typed = labelled(form.fields(request.form, context=context)) if form else {}
        return errors.page(error, onward=onward, typed=typed)


def _ask(id: str, verb: str, wrong: Invalid | None = None) -> Response:
    """Show the small page on which a verb is completed."""
    with reading() as session:
        task = fetch(session, current_actor(), id)
        _require(verb, task)
        kinds = (task.role, *(one.kind for one in task.posts)) if verb == "transfer" and task.role else ()
        people = session.execute(records.colleagues(task.organization_id, kinds=kinds, at=now(session))).all()
        messages = field_messages(wrong)
        html = render_template(
            f"tasks/{verb}.html",
            task=task,
            people=[one for one in people if one.id not in (current_actor().person_id, task.holder_id)],
            errors=messages,
            typed=request.form,
            filters=_list() if LIST in request.form else Filters.read(request.args),
        )
        return make_response(html, 422 if wrong else 200)


def _require(verb: str, task: Task) -> None:
    """Refuse the page of a verb to whom it is closed: it names the colleagues of the body that has the work."""
    actor, right = current_actor(), RIGHTS[verb]
    if not may(actor, right, task) and not (task.holder_id is None and is_candidate(actor, task)):
        raise NotAllowed("may_not_" + right.split(":")[1], subject=task)


def _colleague(session: Session) -> Person:
    person = session.get(Person, request.form.get("to", ""))
    if person is None:
        raise Invalid({"to": "no_person_chosen"})
    return person


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[:4000]


def _required(name: str) -> str:
    if not _typed(name):
        raise Invalid({name: "required"})
    return _typed(name)


def _due(session: Session) -> Any:
    if not _typed("due"):
        return None
    try:
        return close_of(notation.parse_date(_typed("due"), today=local_day(now(session))))
    except notation.BadNotation as unread:
        raise Invalid({"due": unread.question or "not_a_day"}) from unread
