"""The work behind the requests for operators: what waits, the queue with what failed, letters that were not taken."""

from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import backlog, jobs_board
from engine.clock import now
from models.errors import Invalid, existing
from models.notifications import Mail
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.instances.blueprint import require_operator
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.text.words import Sign
from webapp.transaction import reading, transaction

LENGTH = 30
MOST_LETTERS = 30
STATES = {
    "waiting": Sign("Đang chờ", "hourglass-split", "wait"),
    "running": Sign("Đang làm", "circle-half", "doing"),
    "failed": Sign("Hỏng", "x-circle", "refused"),
}
BACKLOG = {
    "messages": "Thông điệp chờ chuyển",
    "timers": "Hẹn giờ đã đến lúc",
    "starts": "Quy trình đến lúc tự bắt đầu",
    "reminders": "Nhắc việc đã đến lúc",
    "figures": "Số liệu chờ cộng",
    "notices": "Thông báo chờ viết thành thư",
    "letters": "Thư chưa gửi",
    "jobs": "Công việc trong hàng đợi",
}
# The sweep comes every second: what lies longer than this has been left lying.
LATE = 60.0

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/jobs")
def index() -> str:
    """Show what waits, what failed, and what was not sent."""
    require_operator()
    with reading() as session:
        return render_template("jobs/index.html", **_content(session))


def _content(session: Session) -> dict[str, Any]:
    state = request.args.get("state", "")
    after = request.args.get("after", "")
    found = jobs_board.listed(session, state=state, after=after, limit=LENGTH + 1)
    return {
        "backlog": [
            (say(BACKLOG.get(name, name)), queue, name in backlog.OURS and queue.age(now(session)) > LATE)
            for name, queue in backlog.queues(session).items()
        ],
        "jobs": found[:LENGTH],
        "next": found[LENGTH - 1].cursor if len(found) > LENGTH else None,
        "state": state,
        "states": STATES,
        "letters": session.scalars(jobs_board.failed_letters().limit(MOST_LETTERS)).all(),
        "opened": "",
        "errors": {},
    }


def _reason() -> str:
    return request.form.get("reason", "").strip()


@blueprint.post("/jobs/<id>/retry")
def retry(id: str) -> Response:
    """Queue a failed job once more."""
    try:
        with transaction() as session:
            jobs_board.retry(session, id, actor=current_actor(), reason=_reason())
            flash(say("Công việc đã vào lại hàng đợi."))
            return see(url_for("jobs.index"))
    except Invalid as wrong:
        return _again(id, wrong)


@blueprint.post("/jobs/letters/<id>/retry")
def retry_letter(id: str) -> Response:
    """Let a letter be sent again at once."""
    require_operator()
    try:
        with transaction() as session:
            mail = existing(session.get(Mail, id))
            jobs_board.retry_letter(session, mail, actor=current_actor(), reason=_reason())
            flash(say("Thư sẽ được gửi lại ngay."))
            return see(url_for("jobs.index"))
    except Invalid as wrong:
        return _again(id, wrong)


def _again(opened: str, wrong: Invalid) -> Response:
    errors = field_messages(wrong)
    with reading() as session:
        shown = _content(session) | {"opened": opened, "errors": errors}
        return make_response(render_template("jobs/index.html", **shown), 422)
