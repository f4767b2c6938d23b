"""The security headers of every answer: a strict content policy, nothing kept, nothing framed, nothing sniffed."""

import secrets

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from models.errors import NotAllowed
from webapp.runtime import runtime

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "frame-src 'none'; object-src 'none'"
)
DESIGNER_POLICY = f"{POLICY}; style-src-attr 'unsafe-inline'"
# A file that somebody handed in may be opened by a browser that ignores `attachment`: it then can do nothing.
FILE_POLICY = "sandbox; default-src 'none'"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Give every request an id, refuse changes that come from other sites, and dress every answer."""
    app.before_request(number)
    app.before_request(refuse_plain_http)
    app.before_request(refuse_other_origins)
    app.after_request(dress)


def number() -> None:
    """Give the request the id people read out to an administrator, and our log has too."""
    text = secrets.token_hex(4).upper()
    g.request_id = f"{text[:4]}-{text[4:]}"


def refuse_plain_http() -> None:
    """Refuse to speak in the open: plain http is for the own machine alone, and for who asks whether all is well."""
    if request.blueprint == "health":
        return
    if runtime().settings.secure and not request.is_secure:
        raise NotAllowed("plain_http")


def refuse_nul() -> None:
    """Refuse the one character PostgreSQL cannot keep, wherever it was typed; the API's models do so themselves."""
    if request.blueprint == "api":
        return
    files = (file.filename or "" for file in request.files.values())
    if any("\0" in text for text in (request.path, *request.args.values(), *request.form.values(), *files)):
        raise BadRequest


def refuse_other_origins() -> None:
    """Refuse a change whose page is of another origin; programs with a token send no origin."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    own = origin is None or origin == request.host_url.rstrip("/")
    if not own or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("other_origin")


def dress(answer: Response) -> Response:
    """Add what is missing; what a view has set on purpose stays."""
    for name, value in FIXED.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    if answer.headers.get("Cache-Control", "no-cache") == "no-cache":  # what Flask says of every file
        answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Request-Id"] = g.get("request_id", "-")
    if runtime().settings.secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return answer
