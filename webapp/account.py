"""One's own account: where it is signed in, and its password."""

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from engine import passwords, users
from models.errors import Invalid, existing
from models.users import Person, WebSession
from webapp.auth import SignedIn, begin_session, oneself, signed_in
from webapp.idempotency import see
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

blueprint = Blueprint("account", __name__)


# What is looked for in the order of the list: every browser calls itself Mozilla, and most of them Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "coc_coc": "Cốc Cốc",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def device(user_agent: str | None) -> str:
    """Name a browser and its system by what it says of itself."""
    said = user_agent or ""
    names = (next((name for sign, name in table.items() if sign in said), "") for table in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in names if name) or said[:60] or say("Không rõ thiết bị")


def live_sessions(person_id: str) -> Select[WebSession]:
    """Select the browsers a person is signed in with, the last used first."""
    mine = WebSession.person_id == person_id
    return select(WebSession).where(mine, WebSession.ended_at.is_(None)).order_by(WebSession.seen_at.desc())


@blueprint.get("/account")
def show() -> str:
    """Show the person its account: where it is signed in, and how to change the password."""
    with reading() as session:
        rows = session.scalars(live_sessions(signed_in().person.id)).all()
        return render_template("account/show.html", sessions=rows, errors={}, device=device)


@blueprint.post("/account/sessions/<id>/end")
def end_session(id: str) -> Response:
    """Sign out one browser of one's own."""
    with transaction() as session:
        row = existing(session.scalar(live_sessions(signed_in().person.id).where(WebSession.id == id)))
        users.end_session(session, row, actor=oneself())
        flash(say("Đã đăng xuất thiết bị đó."))
        return see(url_for("account.show"))


@blueprint.post("/account/password")
def change_password() -> Response:
    """Change one's password: the present one is asked for, every session ends and a new one begins."""
    me, typed = signed_in(), request.form
    try:
        _check_new_password(me, typed.get("present", ""), typed.get("password", ""), typed.get("again", ""))
    except Invalid as wrong:
        with reading() as session:
            rows = session.scalars(live_sessions(me.person.id)).all()
            errors = field_messages(wrong)
            return make_response(render_template("account/show.html", sessions=rows, errors=errors, device=device), 422)
    hashed = passwords.hash_password(typed["password"])
    with transaction(once=False) as session:
        person = session.get_one(Person, me.person.id)
        users.set_password(session, person, actor=oneself(), password_hash=hashed)
        token = users.open_session(session, person, post_id=me.row.post_id, device=me.row.device)
    begin_session(token)
    flash(say("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất, khóa truy cập API đã bị thu hồi."))
    return see(url_for("account.show"))


def _check_new_password(me: SignedIn, present: str, new: str, again: str) -> None:
    with reading() as session:
        known = users.credentials(session, me.person.login, address=request.remote_addr or "")
    if not passwords.check_password(known.password_hash, present):
        with transaction(once=False) as session:
            users.record_failure(session, known)
        raise Invalid({"present": "wrong_password"})
    passwords.require_good(new, login=me.person.login)
    if new != again:
        raise Invalid({"again": "passwords_differ"})
