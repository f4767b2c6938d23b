"""Serves the table of operations: bearer token, checked input, one transaction, JSON out."""

from collections.abc import Callable
from typing import Any, cast, get_origin

from flask import Response, g, request, url_for
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from engine import idempotency, users
from engine.idempotency import Answer
from engine.users import NotSignedIn
from models.errors import Invalid
from models.permissions import Actor
from webapp.api.operations import In, Operation, Upload
from webapp.api.wrong import refusal
from webapp.pace import keep_pace
from webapp.transaction import reading, transaction

MOST_FILES = 100
JSON = "application/json"


def identify() -> None:
    """Find out who asks by the bearer token alone; a cookie says nothing here."""
    if request.endpoint == "api.openapi":
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii():
        raise NotSignedIn("not_signed_in")
    with reading() as session:
        g.actor = users.token_actor(session, token.strip(), request_id=g.request_id)
    g.language = g.actor.locale
    keep_pace(g.actor.person_id)


def view_of(operation: Operation) -> Callable[..., Response]:
    """Give the Flask view of an operation."""

    def answer(**path: str) -> Response:
        actor = cast(Actor, g.actor)
        arguments = dict(path) | query_of(operation) | body_of(operation)
        if not operation.writes:
            with reading() as session:
                return _json(operation.view(session, actor, **arguments).model_dump_json(), operation.status)
        with transaction(once=False) as session:
            return once(session, actor, operation, arguments)

    answer.__name__ = operation.name
    return answer


def once(session: Session, actor: Actor, operation: Operation, arguments: dict[str, Any]) -> Response:
    """Run a command; under an Idempotency-Key it is run once, and a repeat gets the first answer."""
    key = request.headers.get("Idempotency-Key")
    digest = idempotency.request_hash(request.method, request.path, request.mimetype, _sent())
    if key is not None:
        known = idempotency.recall(session, actor, key, digest)
        if known is not None:
            return _json(known.body or "", known.status, known.location)
    done = operation.view(session, actor, **arguments)
    body, location = done.model_dump_json(), _location(operation, done, arguments)
    if key is not None:
        idempotency.remember(session, actor, key, digest, Answer(operation.status, location, body))
    return _json(body, operation.status, location)


def _sent() -> bytes:
    # Once a multipart body was parsed, its bytes are gone: the fields and files themselves are hashed.
    if request.mimetype == "multipart/form-data":
        files = [(name, file.filename, file.read()) for name, file in request.files.items(multi=True)]
        for _, file in request.files.items(multi=True):
            file.seek(0)
        return repr((sorted(request.form.items(multi=True)), files)).encode()
    return request.get_data(cache=True)


def _location(operation: Operation, done: BaseModel, arguments: dict[str, Any]) -> str | None:
    """Return where what was made can be read: its own address, or that of the thing it was made on."""
    if operation.status != 201:
        return None
    made = f"api.read_{operation.tag.removesuffix('s')}"
    key = arguments.get("id") or getattr(done, "id", None)
    return url_for(made, id=key) if key else url_for(f"api.list_{operation.tag}")


def _json(body: str, status: int, location: str | None = None) -> Response:
    answer = Response(body, status, content_type=JSON)
    if location is not None:
        answer.headers["Location"] = location
    return answer


def query_of(operation: Operation) -> dict[str, In]:
    """Check the query string: unknown and repeated parameters are refused."""
    given: dict[str, str] = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid({name: "given_twice"})
        given[name] = values[0]
    if operation.query is None:
        if given:
            raise Invalid(dict.fromkeys(given, "unknown_parameter"))
        return {}
    try:
        return {"query": operation.query.model_validate_strings(given)}
    except ValidationError as wrong:
        raise refusal(wrong) from None


def body_of(operation: Operation) -> dict[str, In]:
    """Check the body: JSON of the operation's model, or files."""
    if operation.body is None:
        return {}
    if operation.uploads:
        return {"body": _uploaded(operation.body)}
    sent = request.get_data(cache=True)
    if not sent and not any(field.is_required() for field in operation.body.model_fields.values()):
        return _given(operation, operation.body())
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    try:
        return _given(operation, operation.body.model_validate_json(sent))
    except ValidationError as wrong:
        if any(error["type"] == "json_invalid" for error in wrong.errors(include_input=False, include_context=False)):
            raise BadRequest from None
        raise refusal(wrong) from None


def _given(operation: Operation, body: In) -> dict[str, In]:
    # A command without values takes no body at all; `{}` is allowed all the same.
    return {"body": body} if operation.body and operation.body.model_fields else {}


def _uploaded(model: type[In]) -> In:
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    if unknown := [name for name in (*request.form, *request.files) if name not in model.model_fields]:
        raise Invalid({name or "body": "unknown_field" for name in unknown})
    found = request.files.getlist("files")
    try:
        files = [Upload(name=file.filename or "", content=file.read()) for file in found[:MOST_FILES]]
        for file in found:
            file.seek(0)
        return model.model_validate({"files": files, **{name: _typed(model, name) for name in request.form}})
    except ValidationError as wrong:
        raise refusal(wrong) from None


def _typed(model: type[In], name: str) -> str | list[str]:
    """Return what a form says of a field; one that is a list may be said more than once."""
    is_list = get_origin(model.model_fields[name].annotation) is list
    return request.form.getlist(name) if is_list else request.form[name]
