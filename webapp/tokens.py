"""One's own API tokens: the list, a new one (shown once), and revoking."""

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import users
from models.errors import Invalid, existing
from models.organizations import Post
from models.users import ApiToken, Person
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

blueprint = Blueprint("tokens", __name__)


def _own() -> Select[ApiToken, str]:
    """Select the person's tokens that still work, with the post they act as."""
    mine = select(ApiToken, Post.name).join(Post, ApiToken.post_id == Post.id)
    mine = mine.where(ApiToken.person_id == current_actor().person_id, ApiToken.revoked_at.is_(None))
    return mine.order_by(ApiToken.id.desc())


def _page(session: Session, **shown: object) -> str:
    return render_template("tokens/index.html", tokens=session.execute(_own()).all(), **{"errors": {}, **shown})


@blueprint.get("/tokens")
def index() -> str:
    """List one's tokens."""
    with reading() as session:
        return _page(session)


@blueprint.post("/tokens")
def create() -> Response:
    """Make a token that acts as the present post; its text is shown on this one page and never again."""
    who, typed = current_actor(), request.form
    try:
        # Without the form's key: a repeat could only be answered with the text, which is not stored.
        with transaction(once=False) as session:
            person, post = session.get_one(Person, who.person_id), session.get_one(Post, who.post_id)
            label, days = typed.get("label", "").strip() or say("Không đặt tên"), typed.get("days", "")
            number = int(days) if days.isdecimal() and len(days) < 5 else 0
            text = users.create_token(session, person, post, actor=who, label=label, days=number)
    except Invalid as wrong:
        errors = field_messages(wrong)
        with reading() as session:
            return make_response(_page(session, errors=errors), 422)
    with reading() as session:
        return make_response(_page(session, text=text), 201)


@blueprint.post("/tokens/<id>/revocation")
def revoke(id: str) -> Response:
    """Make one of one's tokens worthless."""
    with transaction() as session:
        row = existing(session.scalar(_own().where(ApiToken.id == id).with_only_columns(ApiToken)))
        users.revoke_token(session, row, actor=current_actor())
        flash(say("Đã thu hồi khóa truy cập «{label}».", label=row.label))
        return see(url_for("tokens.index"))
