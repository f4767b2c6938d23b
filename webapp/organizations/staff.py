"""Keeping the register in the browser: bodies and places, posts, who holds them, lines between bodies, accounts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from engine import organizations, passwords, staffing, users
from engine.clock import now
from engine.reasons import require_reason
from engine.users import second_factors
from models.errors import Invalid, existing
from models.organizations import Area, Holder, Level, Organization, OrganizationType, Post, Relation
from models.users import Person, SecondFactor
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.organizations import page, queries
from webapp.organizations.blueprint import blueprint
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.text.words import ROLES
from webapp.transaction import reading, transaction

# Those a post can have; the others say in a diagram how somebody stands to the work.
OFFERED = tuple(code for code in ROLES if code not in ("system", "superior", "assignee"))
NEW = "new"  # the choice of a place that is not in the register yet


def _typed(name: str, longest: int = 300) -> str:
    return request.form.get(name, "").strip()[:longest]


# A body


@blueprint.get("/organizations/new")
def ask_for_body() -> str:
    """Show the form of a new body, in an area or in a new one below it."""
    with reading() as session:
        organizations.require_manager(current_actor())
        return _new_body(session, request.args.get("area", ""), {}, {})


@blueprint.post("/organizations/new")
def add_body() -> Response:
    """Add a body, and the place it is for where that is new."""
    try:
        with transaction() as session:
            organizations.require_manager(current_actor())
            row = _added(session)
            flash(say("Đã thêm đơn vị. Tiếp theo: chức danh, người giữ và quan hệ."))
            return see(url_for("organizations.staff", id=row.id))
    except Invalid as wrong:
        with reading() as session:
            return make_response(_new_body(session, _typed("under"), request.form, field_messages(wrong)), 422)


def _added(session: Session) -> Organization:
    above = existing(session.get(Area, _typed("under")))
    kinds = {kind.code for kind in session.scalars(select(OrganizationType))}
    levels = {level.code for level in _levels_below(session, above)}
    place, wrong = _typed("place"), {}
    if not _typed("name"):
        wrong["name"] = "required"
    if _typed("type") not in kinds:
        wrong["type"] = "required"
    if place == NEW:
        wrong |= {field: "required" for field in ("area_name", "area_kind") if not _typed(field)}
        wrong |= {} if _typed("level") in levels else {"level": "required"}
    if wrong:
        raise Invalid(wrong)
    if place == NEW:
        area = organizations.add_area(
            session, _typed("area_name"), actor=current_actor(), level=_typed("level"), kind=_typed("area_kind", 40),
            parent=above,
        )  # fmt: skip
    else:
        area = existing(session.get(Area, place))
    return organizations.add_organization(
        session, _typed("name"), actor=current_actor(), type_code=_typed("type"), area=area,
        short_name=_typed("short_name") or None,
    )  # fmt: skip


def _levels_below(session: Session, area: Area) -> list[Level]:
    own = session.get_one(Level, area.level_code)
    return list(session.scalars(select(Level).where(Level.rank > own.rank).order_by(Level.rank)))


def _new_body(session: Session, area_id: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    area = existing(session.get(Area, area_id) or page.home_area(session, current_actor()))
    places = [area, *session.scalars(Area.below(area.id, at=now(session)))]
    return render_template(
        "organizations/new.html", area=area, places=places, levels=_levels_below(session, area), new=NEW,
        kinds=session.scalars(select(OrganizationType).order_by(OrganizationType.name)).all(),
        typed=typed, errors=errors,
    )  # fmt: skip


# Posts, people, lines


@blueprint.get("/organizations/<id>/staff")
def staff(id: str) -> str:
    """Show who holds which post of a body, and its lines, with the forms that change them."""
    with reading() as session:
        organizations.require_manager(current_actor())
        return _staff(session, page.fetch(session, id))


def _staff(session: Session, body: Organization, **shown: Any) -> str:
    at = now(session)
    held = (
        select(Holder, Person)
        .join(Person, Person.id == Holder.person_id)
        .join(Post, Post.id == Holder.post_id)
        .where(Post.organization_id == body.id, Holder.valid_at(at))
        .order_by(Person.name_sort)
    )
    people: dict[str, list[tuple[Holder, Person]]] = {}
    for holder, person in session.execute(held):
        people.setdefault(holder.post_id, []).append((holder, person))
    people_ids = [person.id for held_by in people.values() for _, person in held_by]
    enrolled = select(SecondFactor.person_id).where(SecondFactor.person_id.in_(people_ids))
    relations = select(Relation, Organization).join(Organization, Organization.id == Relation.to_id)
    return render_template(
        "organizations/staff.html", organization=body, people=people, roles=OFFERED, near=_near(session, body),
        enrolled=set(session.scalars(enrolled)),
        posts=session.scalars(queries.posts_of(body.id, at=at)).all(),
        lines={line: say(words[0]) for line, words in page.LINES.items()},
        relations=session.execute(relations.where(Relation.from_id == body.id, Relation.valid_at(at))).all(),
        **{"errors": {}, "typed": {}, "where": "", **shown},
    )  # fmt: skip


def _near(session: Session, body: Organization) -> list[Organization]:
    """Return the bodies a line may lead to: of the same place and of those above it."""
    places = [area_id for area_id, _ in session.execute(Area.line(body.area_id))]
    near = select(Organization).where(Organization.area_id.in_(places), Organization.id != body.id)
    near = near.where(Organization.valid_at(now(session))).options(joinedload(Organization.area))
    return list(session.scalars(near.order_by(Organization.name_sort)))


@contextmanager
def _changing(id: str) -> Iterator[tuple[Session, Organization]]:
    with transaction() as session:
        organizations.require_manager(current_actor())
        yield session, page.fetch(session, id)


def _back(id: str, said: str) -> Response:
    flash(said)
    return see(url_for("organizations.staff", id=id))


def _again(id: str, wrong: Invalid, where: str) -> Response:
    """Show the form that could not be done, with what was typed and what is wrong with it."""
    with reading() as session:
        shown = {"errors": field_messages(wrong), "typed": request.form, "where": where}
        return make_response(_staff(session, page.fetch(session, id), **shown), 422)


@blueprint.post("/organizations/<id>/posts")
def add_post(id: str) -> Response:
    """Add a post with its roles."""
    try:
        with _changing(id) as (session, body):
            roles = request.form.getlist("role")
            wrong = {} if _typed("name") else {"name": "required"}
            wrong |= {} if set(roles) <= set(OFFERED) else {"role": "required"}
            if wrong:
                raise Invalid(wrong)
            organizations.add_post(
                session, body, actor=current_actor(), name=_typed("name"), roles=roles,
                is_head="head" in request.form, contact=_typed("contact", 100) or None,
            )  # fmt: skip
            return _back(id, say("Đã thêm chức danh «{name}».", name=_typed("name")))
    except Invalid as wrong:
        return _again(id, wrong, "post")


@blueprint.post("/organizations/<id>/holders")
def seat(id: str) -> Response:
    """Give a post to somebody; who has no account yet gets one, and its first password is shown once."""
    login, (secret, hashed) = _typed("login", 80).lower(), _first_password()
    try:
        # Without the form's key: a repeat could only be answered with the password, which is not stored.
        with transaction(once=False) as session:
            body = page.fetch(session, id)
            post = existing(session.get(Post, _typed("post")))
            if post.organization_id != body.id or not _is_valid(session, post):
                raise Invalid({"post": "required"})
            person, is_new = staffing.seat(
                session, post, actor=current_actor(), login=login, name=_typed("name"), email=_typed("email", 200),
                password_hash=hashed,
            )  # fmt: skip
            name = person.name
    except Invalid as wrong:
        return _again(id, wrong, _typed("post"))
    if not is_new:
        return _back(id, say("Đã giao chức danh cho {name}.", name=name))
    return _with_secret(id, login, secret)


@blueprint.post("/organizations/<id>/passwords")
def reset_password(id: str) -> Response:
    """Give somebody a new password, shown once; it must be changed at the next sign-in."""
    secret, hashed = _first_password()
    with transaction(once=False) as session:
        person = _of(session, id)
        users.set_password(session, person, actor=current_actor(), password_hash=hashed, temporary=True)
        login = person.login
    return _with_secret(id, login, secret)


def _first_password() -> tuple[str, str]:
    """Return a password and its hash, which takes a while: not for whoever asks."""
    organizations.require_manager(current_actor())
    secret = passwords.made()
    return secret, passwords.hash_password(secret)


def _with_secret(id: str, login: str, secret: str) -> Response:
    with reading() as session:
        return make_response(_staff(session, page.fetch(session, id), secret=secret, login=login), 201)


@blueprint.post("/organizations/<id>/second-factors")
def remove_second_factor(id: str) -> Response:
    """Ask somebody who lost the telephone for no number any more."""
    try:
        with _changing(id) as (session, _):
            require_reason(_typed("reason"))
            person = _of(session, id)
            second_factors.remove(session, person, actor=current_actor(), reason=_typed("reason"))
            return _back(id, say("Đã gỡ xác thực hai bước của {login}.", login=person.login))
    except Invalid as wrong:
        return _again(id, wrong, f"second-{_typed('person')}")


@blueprint.post("/organizations/<id>/accounts")
def close_account(id: str) -> Response:
    """Close somebody's account: its sessions end, what it did stays."""
    try:
        with _changing(id) as (session, _):
            require_reason(_typed("reason"))
            person = _of(session, id)
            users.disable(session, person, actor=current_actor(), reason=_typed("reason"))
            return _back(id, say("Đã khóa tài khoản {login}.", login=person.login))
    except Invalid as wrong:
        return _again(id, wrong, _typed("person"))


def _of(session: Session, id: str) -> Person:
    """Return the person the form names, who holds a post of the body now."""
    held = select(Person).join(Holder, Holder.person_id == Person.id).join(Post, Post.id == Holder.post_id)
    held = held.where(Post.organization_id == id, Holder.valid_at(now(session)), Person.id == _typed("person"))
    return existing(session.scalars(held.limit(1)).first())


@blueprint.post("/organizations/<id>/relations")
def relate(id: str) -> Response:
    """Put the body under another along a line, or make it a member of a bloc."""
    try:
        with _changing(id) as (session, body):
            to = session.get(Organization, _typed("to"))
            if to is None or to not in _near(session, body) or _typed("line") not in page.LINES:
                raise Invalid({"to": "required"})
            known = select(Relation.id).where(
                Relation.from_id == id, Relation.to_id == to.id, Relation.line == _typed("line")
            )
            if session.scalar(known.where(Relation.valid_at(now(session)))) is not None:
                raise Invalid({"to": "already_related"}, reason="already_related")
            organizations.relate(
                session, body, actor=current_actor(), to=to, line=_typed("line"), valid_from=now(session)
            )
            return _back(id, say("Đã ghi quan hệ."))
    except Invalid as wrong:
        return _again(id, wrong, "relation")


@blueprint.post("/organizations/<id>/endings")
def end(id: str) -> Response:
    """End a post, somebody's holding of it, or a line; nothing is deleted."""
    try:
        with _changing(id) as (session, _):
            require_reason(_typed("reason"))
            part = _part(session, id)
            if isinstance(part, Holder) and part.person_id == current_actor().person_id:
                raise Invalid({"reason": "own_account"}, reason="own_account")  # else nobody may be left who manages
            organizations.end(session, part, actor=current_actor(), reason=_typed("reason"))
            return _back(id, say("Đã ghi. Mục đã kết thúc vẫn còn trong lịch sử."))
    except Invalid as wrong:
        return _again(id, wrong, _typed("key"))


def _part(session: Session, id: str) -> Post | Holder | Relation:
    """Return what the form names, if it belongs to the body and is still valid."""
    at, kind, key = now(session), _typed("kind"), _typed("key")
    if kind == "post":
        wanted = select(Post).where(Post.organization_id == id, Post.id == key, Post.valid_at(at))
        return existing(session.scalar(wanted))
    if kind == "holder":
        held = select(Holder).join(Post, Post.id == Holder.post_id).where(Post.organization_id == id)
        return existing(session.scalar(held.where(Holder.id == key, Holder.valid_at(at))))
    line = select(Relation).where(Relation.from_id == id, Relation.id == key, Relation.valid_at(at))
    return existing(session.scalar(line))


def _is_valid(session: Session, post: Post) -> bool:
    return session.scalar(select(Post.id).where(Post.id == post.id, Post.valid_at(now(session)))) is not None
