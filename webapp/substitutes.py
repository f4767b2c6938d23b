"""Who acts in one's posts while one is away: named for some days, ended at any time; and whom one stands in for."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased
from werkzeug.wrappers import Response

from engine import users
from engine.calendar import local_day
from engine.clock import now
from models.errors import Invalid, existing
from models.organizations import Holder, Organization, Post
from models.users import Person, Substitution
from webapp.auth import oneself, signed_in
from webapp.days import day_of
from webapp.idempotency import see
from webapp.text import say
from webapp.text.notation import day
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

blueprint = Blueprint("substitutes", __name__)
MOST = 50
_absent, _substitute = aliased(Person), aliased(Person)


def _of_oneself(person_id: str) -> Select[Substitution, str, str, str, str]:
    """Select the substitutions of a person's posts, and those in which it stands in, the newest first."""
    return (
        select(Substitution, Post.name.label("post"), Organization.name.label("body"),
               _absent.name.label("absent"), _substitute.name.label("by"))
        .join(Post, Post.id == Substitution.post_id)
        .join(Organization, Organization.id == Post.organization_id)
        .join(_absent, _absent.id == Substitution.absent_id)
        .join(_substitute, _substitute.id == Substitution.substitute_id)
        .where(or_(Substitution.absent_id == person_id, Substitution.substitute_id == person_id))
        .order_by(Substitution.valid_to.desc(), Substitution.id.desc())
        .limit(MOST)
    )  # fmt: skip


def last_day(row: Substitution) -> date:
    """Return the last day on which the substitute may act, be it only for a part of it."""
    return local_day(row.valid_to - timedelta(microseconds=1))


def _own_posts(session: Session) -> Sequence[Post]:
    """Return the posts one holds: those one stands in for are not one's own to lend."""
    held = session.scalars(Holder.of_person(signed_in().person.id, at=now(session)))
    return [holder.post for holder in held]


def _page(session: Session, **typed: Any) -> str:
    me, at = signed_in().person.id, now(session)
    near = session.execute(users.possible_substitutes(me, at=at)).all()
    return render_template(
        "account/substitutes.html", at=at, posts=_own_posts(session), rows=session.execute(_of_oneself(me)).all(),
        last_day=last_day, bodies=[(body, list(people)) for body, people in groupby(near, key=lambda one: one.body)],
        **{"errors": {}, "typed": {}, **typed},
    )  # fmt: skip


@blueprint.get("/account/substitutes")
def index() -> str:
    """Show who stands in for the person, and the form that names somebody."""
    with reading() as session:
        return _page(session)


@blueprint.post("/account/substitutes")
def create() -> Response:
    """Name somebody to act in one of one's posts from a day to the end of another."""
    try:
        with transaction() as session:
            flash(say("Đã ủy quyền đến hết ngày {day}.", day=day(last_day(_named(session)))))
            return see(url_for("substitutes.index"))
    except Invalid as wrong:
        with reading() as session:
            return make_response(_page(session, errors=field_messages(wrong), typed=request.form), 422)


def _named(session: Session) -> Substitution:
    """Read the form and name the substitute; Invalid for what does not fit."""
    me, typed = signed_in().person.id, request.form
    posts = {post.id: post for post in _own_posts(session)}
    near = {one.id for one in session.execute(users.possible_substitutes(me, at=now(session)))}
    wrong = {} if typed.get("post") in posts else {"post": "required"}
    wrong |= {} if typed.get("by") in near else {"by": "no_person_chosen"}
    if wrong:
        raise Invalid(wrong)
    return users.substitute(
        session, posts[typed["post"]], actor=oneself(), absent=session.get_one(Person, me),
        by=session.get_one(Person, typed["by"]), first=_typed_day(session, "valid_from"),
        last=_typed_day(session, "valid_to"),
    )  # fmt: skip


def _typed_day(session: Session, field: str) -> date:
    return day_of(session, request.form.get(field, "").strip(), field=field)


@blueprint.post("/account/substitutes/<id>/end")
def end(id: str) -> Response:
    """End a substitution of one of one's posts now."""
    with transaction() as session:
        mine = select(Substitution).where(Substitution.absent_id == signed_in().person.id, Substitution.id == id)
        users.end_substitution(session, existing(session.scalar(mine)), actor=oneself())
        flash(say("Đã chấm dứt ủy quyền."))
        return see(url_for("substitutes.index"))
