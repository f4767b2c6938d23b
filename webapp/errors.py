"""Refusals and failures as people and programs read them: one place, pages or problem+json, never a traceback."""

import logging
import re
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as Answer

from engine.users import NotSignedIn
from models.errors import Invalid, NotAllowed, NotFound, Rejected
from models.permissions import Actor
from models.storage import storage_failure
from webapp import tracing
from webapp.headers import SAFE
from webapp.idempotency import Repeated
from webapp.text.refusals import field_messages, refusal
from webapp.transaction import close_reading, record_refusal

log = logging.getLogger("lienthong")
_REASONS = {
    400: "bad_request", 401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed",
    413: "too_large", 415: "bad_request", 429: "too_many_requests",
}  # fmt: skip
_KEY = re.compile(r"[0-9a-f]{32}")
_ICONS = {403: "shield-exclamation", 404: "signpost-split", 409: "people", 500: "exclamation-triangle"}


def install(app: Flask) -> None:
    """Map every kind of error once."""
    app.register_error_handler(Rejected, rejected)
    app.register_error_handler(Repeated, repeated)
    app.register_error_handler(CSRFError, lambda error: rejected(NotAllowed("form_expired")))
    app.register_error_handler(HTTPException, refused_by_http)
    app.register_error_handler(Exception, failed)


def rejected(error: Rejected) -> Answer:
    """Answer a refusal of ours; who is not signed in is sent to the door and comes back."""
    close_reading()
    _record(error)
    if wants_problem():
        return problem(error)
    if isinstance(error, NotSignedIn):
        from webapp.auth import forget

        forget()
        if request.headers.get("HX-Request"):  # a part of a page asks: a whole page would not fit into it
            return make_response(render_template("errors/session_over.html", words=refusal(error)), 401)
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("auth.sign_in", next=here), code=303)
    return page(error)


def _record(error: Rejected) -> None:
    """Record who was refused, and whoever tried to change what is not there for it; a wrong address is no attempt."""
    tried = isinstance(error, NotAllowed) or (isinstance(error, NotFound) and request.method not in SAFE)
    actor: Actor | None = g.get("actor")
    if actor is None and "me" in g:
        actor = Actor(g.me.person.id, None, None, request_id=g.request_id)
    if tried and actor is not None:
        asked = next((key for key in (request.view_args or {}).values() if _KEY.fullmatch(str(key))), None)
        record_refusal(actor, error, endpoint=request.endpoint, asked=asked)


def repeated(error: Repeated) -> Answer:
    """Give the first answer again to a request that was already carried out."""
    return redirect(error.location or url_for("tasks.index"), code=303)


def refused_by_http(error: HTTPException) -> Answer:
    """Answer what the framework refused (no such address, wrong method, too large) like our own refusals."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    if status >= 500:
        return failed(error)
    known = Rejected(_REASONS.get(status, "bad_request"))
    known.status = status
    answer = rejected(NotFound("not_found") if status == 404 else known)
    if status == 405 and error.get_response().headers.get("Allow"):
        answer.headers["Allow"] = error.get_response().headers["Allow"]
    return answer


def failed(error: Exception) -> Answer:
    """Answer a bug: nothing was changed, the log has it under the request's id."""
    log.error("request failed", exc_info=error, extra=tracing.identity())
    close_reading()
    trouble = storage_failure(error)
    known = Rejected(f"storage_{trouble}" if trouble else "unexpected")
    known.status = {"full": 507, "failed": 503, "doubted": 503, "replaced": 503}.get(
        trouble or "", InternalServerError.code
    )
    try:
        return problem(known) if wants_problem() else page(known)
    except Exception:  # the page itself may be what is broken
        log.exception("the error page failed too", extra=tracing.identity())
        return Response(refusal(known).title, known.status, content_type="text/plain; charset=utf-8")


def wants_problem() -> bool:
    """Tell whether a program asks: the API, a script that speaks JSON, or somebody who takes JSON rather than HTML."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return accepted["application/problem+json"] > accepted["text/html"] or (
        accepted["application/json"] > accepted["text/html"]
    )


def problem(error: Rejected) -> Response:
    """Write a refusal as RFC 9457 has it."""
    words = refusal(error)
    body: dict[str, Any] = {
        "type": f"urn:lienthong:problem:{error.reason.replace('_', '-')}",
        "title": words.title,
        "status": error.status,
        "detail": words.text,
        "reason": error.reason,
        "request": g.get("request_id"),
    }
    if isinstance(error, Invalid):
        body["fields"] = field_messages(error)
    answer = jsonify(body)
    answer.status_code = error.status
    answer.content_type = "application/problem+json"
    if error.status == 429 and "seconds" in error.facts:
        answer.headers["Retry-After"] = str(error.facts["seconds"])
    return answer


def page(error: Rejected, *, onward: str | None = None, typed: dict[str, str] | None = None) -> Response:
    """Show a refusal as a page that says what happened and where to go on."""
    html = render_template(
        "errors/refusal.html",
        words=refusal(error),
        status=error.status,
        icon_name=_ICONS.get(error.status, "info-circle"),
        fields=field_messages(error),
        onward=onward,
        typed=typed or {},
        request_id=g.get("request_id"),
    )
    answer = make_response(html, error.status)
    if error.status == 429 and "seconds" in error.facts:
        answer.headers["Retry-After"] = str(error.facts["seconds"])
    return answer
