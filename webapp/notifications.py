"""Notices for people: the list, marking them read, and (where no mail server is set) the letters that would leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import notifications
from models.errors import NotFound
from models.notifications import Mail, Notification, NotificationRead
from models.permissions import Actor, Permission, may
from models.users import Person
from webapp.audit import queries as log
from webapp.audit.words import ids_in
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.notices import letter_of, sign_of, words_of
from webapp.runtime import runtime
from webapp.transaction import reading, transaction

LENGTH = 100

blueprint = Blueprint("notifications", __name__)
blueprint.record_once(lambda state: notifications.set_writer(letter_of))
blueprint.app_context_processor(lambda: {"unread": unread})


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as it is read."""

    text: str
    icon: str
    style: str
    about: str
    at: datetime
    link: str | None
    is_new: bool


def unread() -> str:
    """Say how many notices the actor has not read, "99+" for many, nothing for none."""
    with reading() as session:
        count = notifications.unread(session, current_actor())
    return f"{notifications.MANY - 1}+" if count >= notifications.MANY else str(count or "")


@blueprint.get("/notifications")
def index() -> str:
    """List the notices to the person and its post, newest first."""
    with reading() as session:
        actor = current_actor()
        read = session.get(NotificationRead, actor.person_id)
        found = session.scalars(Notification.visible_to(actor).limit(LENGTH)).all()
        ids = sorted({key for notice in found for key in ids_in(notice.facts)})
        names = dict(session.execute(log.bodies(ids)).all())
        wanted = sorted({notice.order_id for notice in found if notice.order_id})
        orders = {id: (number, title) for id, number, title in session.execute(log.orders(wanted))}
        until = read.until if read else None
        return render_template(
            "notifications/index.html",
            notices=[_notice(one, until, names, orders) for one in found],
            has_outbox=_has_outbox(),
        )


def _notice(
    notice: Notification, until: datetime | None, names: Mapping[str, str], orders: Mapping[str, tuple[str | None, ...]]
) -> Notice:
    text, link = words_of(notice, names=names), None
    if notice.task_id:
        link = url_for("tasks.show", id=notice.task_id)
    elif notice.order_id:
        link = url_for("orders.show", id=notice.order_id)
    elif "design" in notice.facts:
        link = url_for("designs.show", id=notice.facts["design"])
    icon, style = sign_of(notice.fact)
    is_new = until is None or notice.at > until
    about = ": ".join(word for word in orders.get(notice.order_id or "", ()) if word and word not in text)
    return Notice(text, icon, style, about, notice.at, link, is_new)


@blueprint.post("/notifications/read")
def mark_read() -> Response:
    """Note that everything up to now was read."""
    with transaction() as session:
        notifications.mark_read(session, actor=current_actor())
        return see(url_for("notifications.index"))


def _has_outbox() -> bool:
    return not runtime().settings.smtp_url


@blueprint.get("/outbox")
def outbox() -> str:
    """Show the letters that would have left: one's own; all for an administrator. Only where no mail server is set."""
    if not _has_outbox():
        raise NotFound("not_found")
    with reading() as session:
        letters = session.scalars(_letters(session, current_actor()).limit(LENGTH)).all()
        chosen = next((letter for letter in letters if letter.id == request.args.get("id")), None)
        return render_template("notifications/outbox.html", letters=letters, chosen=chosen)


def _letters(session: Session, actor: Actor) -> Select[Mail]:
    newest = select(Mail).order_by(Mail.id.desc())
    if may(actor, Permission.INSTANCE_OPERATE):
        return newest
    person = session.get_one(Person, actor.person_id)
    return newest.where(Mail.to == (person.email or ""))
