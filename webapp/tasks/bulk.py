"""One verb on many tasks: each row has its own guard and its own audit entry."""

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import tasks
from engine.clock import now
from models.errors import Invalid
from models.users import Person
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.tasks import records
from webapp.tasks.blueprint import blueprint
from webapp.tasks.filters import Filters
from webapp.text import say
from webapp.transaction import reading, transaction


@blueprint.post("/tasks/claims")
def claim_many() -> Response:
    """Take the chosen tasks that are still free."""
    filters, ids = Filters.parse(request.form.get("list", "")), request.form.getlist("id")
    with transaction() as session:
        done, refused = tasks.claim_many(session, ids, actor=current_actor())
        flash(_claimed(done, refused) if ids else say("Chưa chọn việc nào."))
        return see(url_for("tasks.index", **filters.with_()))


def _claimed(done: int, refused: int) -> str:
    if not refused:
        return say("Đã nhận {n} việc.", n=done)
    return say(
        "Đã nhận {n} việc; {refused} việc đã có người nhận hoặc không thuộc chức danh này.", n=done, refused=refused
    )


@blueprint.get("/tasks/transfers/new")
def choose_holder() -> str:
    """Ask to whom the chosen tasks are given."""
    ids = request.args.getlist("id")[: tasks.BULK]
    with reading() as session:
        people = session.execute(records.colleagues(current_actor().organization_id, kinds=(), at=now(session))).all()
        return render_template(
            "tasks/choose_holder.html", ids=ids, people=people, filters=Filters.parse(request.args.get("list", ""))
        )


@blueprint.post("/tasks/transfers")
def transfer_many() -> Response:
    """Give the chosen tasks to one colleague."""
    filters, ids = Filters.parse(request.form.get("list", "")), request.form.getlist("id")
    with transaction() as session:
        to = session.get(Person, request.form.get("to", ""))
        if to is None:
            raise Invalid({"to": "no_person_chosen"}, reason="no_person_chosen")
        reason = request.form.get("reason", "").strip()
        done, refused = tasks.transfer_many(session, ids, actor=current_actor(), to=to, reason=reason)
        flash(_given(done, refused))
        return see(url_for("tasks.index", **filters.with_()))


def _given(done: int, refused: int) -> str:
    if not refused:
        return say("Đã giao {n} việc.", n=done)
    return say("Đã giao {n} việc; {refused} việc không giao được cho người này.", n=done, refused=refused)
