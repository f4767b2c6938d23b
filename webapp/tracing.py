"""Says of every request, in one line and in numbers, who asked what under which id, and how it went."""

import logging
import re
import secrets
import time
from typing import Any, Final

from flask import Flask, Response, g, request

from engine import metrics
from models.permissions import Actor
from webapp.policies import POLICIES

log = logging.getLogger("lienthong.requests")
_KEY = re.compile(r"[0-9a-f]{32}")
# W3C Trace Context, level 1: version, trace, parent, flags; later versions may append.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Machines ask these every few seconds: only who wants to know everything is told.
_QUIET: Final = frozenset({"health.live", "health.ready", "health.numbers"})


def install(app: Flask) -> None:
    """Begin before everything else, and end when the answer is dressed: call it first."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Take over the trace of who calls us, or begin one."""
    g.began = time.perf_counter()
    called = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    g.trace, g.span = called.groups() if called else (secrets.token_hex(16), None)


def end(answer: Response) -> Response:
    """Count the request and write its line; once, also where the error page was a second answer."""
    began = g.pop("began", None)
    if began is None:
        return answer
    seconds = time.perf_counter() - began
    method = request.method if request.method in _METHODS else "other"
    noun = request.blueprint or "none"
    metrics.REQUESTS.labels(noun, method, f"{answer.status_code // 100}xx").observe(seconds)
    if answer.status_code == 409:
        metrics.CONFLICTS.labels("refused").inc()
    level = logging.DEBUG if request.endpoint in _QUIET else logging.INFO
    if log.isEnabledFor(level):
        log.log(level, "request", extra=_line(answer, method, seconds))
    return answer


def identity() -> dict[str, Any]:
    """Return what ties a line to its request: its id as people read it out, its trace, and the address's rule."""
    rule = request.url_rule.rule if request.url_rule else None
    said = {"request": g.get("request_id"), "trace": g.get("trace"), "span": g.get("span"), "route": rule}
    return {name: value for name, value in said.items() if value}


def _line(answer: Response, method: str, seconds: float) -> dict[str, Any]:
    actor: Actor | None = g.get("actor")
    person = actor.person_id if actor else g.me.person.id if "me" in g else None
    said = {
        **identity(),
        "method": method,
        "status": answer.status_code,
        "ms": round(seconds * 1000, 1),
        "actor": person,
        "organization": actor.organization_id if actor else None,
        **_subject(),
        **g.get("touched", {}),
    }
    return {name: value for name, value in said.items() if value is not None}


def _subject() -> dict[str, list[str] | str]:
    """Return what the address names, if it is a key: what else stands there may be anything."""
    policy = POLICIES.get(request.endpoint or "")
    key = next(iter((request.view_args or {}).values()), "")
    if policy is None or policy.sees is None or not _KEY.fullmatch(str(key)):
        return {}
    return {policy.sees: [key]} if policy.sees in ("task", "instance", "order") else {"subject": key}
