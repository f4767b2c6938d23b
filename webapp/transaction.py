"""One session a request, and the only commit of a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from engine.clock import begin
from engine.retry import again
from engine.touched import touched
from engine.unit import finish, unit
from models.errors import Rejected
from models.permissions import Actor
from webapp import idempotency
from webapp.runtime import runtime


@contextmanager
def transaction(*, once: bool = True) -> Iterator[Session]:
    """Yield the session of a changing request and commit it at the end.

    With `once`, the hidden key of the form is honoured: a repeated request gets the first answer and does nothing.
    """
    close_reading()
    world = runtime()
    with unit(world.database, world.clock) as session:
        key = idempotency.look_up(session) if once else None
        yield session
        if key is not None:
            idempotency.keep(session, key)
        finish(session)
        session.commit()
        g.touched = touched(session)


def record_refusal(actor: Actor, refusal: Rejected, *, endpoint: str | None, asked: str | None) -> None:
    """Record that somebody tried what it may not, in a transaction of its own: the refused one is undone."""
    close_reading()
    world = runtime()
    with unit(world.database, world.clock) as session:
        audit.record(
            session, actor, Fact.ACCESS_REFUSED, refusal.subject, reason=refusal.reason, refused=True,
            endpoint=endpoint, asked=asked,
        )  # fmt: skip
        finish(session)
        session.commit()


@contextmanager
def reading() -> Iterator[Session]:
    """Yield the reading session of this request: one state for the whole page, closed when the request ends."""
    if "reading" not in g:
        world = runtime()
        g.reading_context = world.database.read()
        g.reading = begin(g.reading_context.__enter__(), world.clock)
        g.reading.info["calendar"] = world.calendar()
    yield g.reading


def close_reading(error: BaseException | None = None) -> None:
    """Close the reading session if there is one: what is read next is read anew."""
    context = g.pop("reading_context", None)
    g.pop("reading", None)
    if context is not None:
        context.__exit__(None, None, None)


def install(app: Flask) -> None:
    app.teardown_request(close_reading)
    app.dispatch_request = _retried(app.dispatch_request)  # type: ignore[method-assign]


def _retried(dispatch: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Run the view of a changing request anew when the database undid it for somebody else's sake."""

    def dispatched(*given: Any) -> ResponseReturnValue:
        # A stream of an uploaded file can be read once.
        if request.method in ("GET", "HEAD", "OPTIONS") or request.files:
            return dispatch(*given)
        return again(lambda: dispatch(*given))

    return dispatched
