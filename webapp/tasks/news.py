"""The quiet question of an open inbox: has anything come since it was shown? One statement, mostly answered "no"."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Response, make_response, render_template, request
from flask import session as cookie
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from engine.clock import now
from models.notifications import Notification
from models.organizations import Holder, Post, PostRole
from models.tasks import Task
from models.users import WebSession
from webapp.auth import current_actor, identify
from webapp.pace import keep_pace
from webapp.tasks import inbox
from webapp.tasks.blueprint import blueprint
from webapp.tasks.filters import Filters
from webapp.transaction import reading

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Seconds between two questions; each page has its own, so that browsers do not ask in step.
LEAST, SPREAD = 20, 11


def _newest(*conditions: Any) -> Any:
    return select(func.max(Notification.at)).where(*conditions).scalar_subquery()


def _statement() -> Any:
    """Make the statement once: the newest word to the person or its post, and the last deadline that has passed."""
    to_role = select(
        func.max(_newest(Notification.organization_id == Post.organization_id, Notification.role == PostRole.role))
    )
    passed = select(func.max(Task.due_sort)).where(
        Task.organization_id == Post.organization_id, Task.state == "open", Task.due_sort < bindparam("now")
    )
    return (
        select(
            _newest(Notification.person_id == WebSession.person_id).label("to_person"),
            _newest(Notification.organization_id == Post.organization_id, Notification.role.is_(None)).label("to_all"),
            to_role.where(PostRole.post_id == Post.id).correlate(Post).scalar_subquery().label("to_role"),
            passed.scalar_subquery().label("passed"),
        )
        .select_from(WebSession)
        .join(Post, Post.id == WebSession.post_id)
        .join(Holder, (Holder.post_id == Post.id) & (Holder.person_id == WebSession.person_id))
        .where(
            WebSession.token_hash == bindparam("token"),
            WebSession.ended_at.is_(None),
            Holder.valid_at(cast(Any, bindparam("now"))),
        )
        .limit(1)
    )


NEWEST = _statement()


def mark_of(session: Session) -> str:
    """Return the mark of a page just read: what comes later is news."""
    return str((now(session) - EPOCH) // timedelta(microseconds=1))


def pause() -> int:
    """Return how many seconds a page waits between two questions."""
    return LEAST + secrets.randbelow(SPREAD)


@blueprint.get("/tasks/news")
def news() -> Response:
    """Say whether something came since the page was read: 304, or a line that leads to it."""
    mark = request.headers.get("If-None-Match", "").strip('"')
    since = EPOCH + timedelta(microseconds=int(mark)) if mark.isdecimal() and len(mark) <= 17 else EPOCH
    if not _anything_since(since):
        answer = make_response("", 304)
        answer.headers["ETag"] = f'"{mark}"'
        return answer
    return _told(since)


def _anything_since(since: datetime) -> bool:
    token = str(cookie.get("_user_id", ""))
    keep_pace(token)
    with reading() as session:
        asked = {"token": hashlib.sha256(token.encode()).hexdigest(), "now": now(session)}
        found = session.execute(NEWEST, asked).one_or_none()
    return found is None or any(at is not None and at > since for at in found)


def _told(since: datetime) -> Response:
    """Count what is new in the list; only now is it worth to know exactly who asks."""
    sent_away = identify("post")
    if sent_away is not None:
        return make_response("", 401)
    filters = Filters.read(request.args)
    with reading() as session:
        count = inbox.opened_since(session, current_actor(), filters, since=since)
        return make_response(render_template("tasks/news.html", n=count, filters=filters))
