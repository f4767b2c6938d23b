"""As which post one works: chosen after signing in, changed in one click."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import users
from engine.clock import now
from models.organizations import Post
from webapp.auth import local_path, oneself, signed_in
from webapp.idempotency import see
from webapp.tasks import queries
from webapp.transaction import reading, transaction

blueprint = Blueprint("posts", __name__)


class Waiting(NamedTuple):
    """How many tasks wait for a post, and how many of them are late."""

    tasks: int
    late: int


@blueprint.get("/post")
def choose() -> str:
    """Ask as which post the person wants to work."""
    with reading() as session:
        posts = signed_in().posts
        onward = local_path(request.args.get("next"))
        return render_template("posts/choose.html", posts=posts, work=waiting_for(session, posts), next=onward)


@blueprint.post("/post")
def set_post() -> Response:
    """Act as another post from now on."""
    with transaction(once=False) as session:
        users.choose_post(session, signed_in().row, post_id=request.form.get("post", ""), actor=oneself())
        return see(local_path(request.form.get("next")) or url_for("tasks.index"))


def waiting_for(session: Session, posts: Sequence[Post]) -> dict[str, Waiting]:
    """Count what waits for each post, in one statement."""
    counts = [count for post in posts for count in queries.waiting_for(post, at=now(session))]
    if not counts:
        return {}
    found = session.execute(select(*(one.label(f"n{place}") for place, one in enumerate(counts)))).one()
    return {post.id: Waiting(found[2 * place], found[2 * place + 1]) for place, post in enumerate(posts)}
