"""The hidden key of a form: a request that comes twice gets the first answer and does nothing."""

import os
import uuid
from dataclasses import dataclass

from flask import g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from engine import idempotency
from engine.idempotency import Answer
from models.permissions import Actor

FIELD = "idempotency_key"
NOT_SAID = frozenset({FIELD, "csrf_token"})


class Repeated(Exception):
    """The request was already carried out; `location` is where its first answer led."""

    def __init__(self, location: str | None) -> None:
        super().__init__(location)
        self.location = location


@dataclass(frozen=True, slots=True)
class Key:
    """The key of one request, and what makes the request the same."""

    actor: Actor
    text: str
    request_hash: str


def new_key() -> str:
    """Make the key of one rendered form."""
    return uuid.uuid4().hex


def see(location: str) -> Response:
    """Lead on after a change (303), and note where, for the same request coming again."""
    g.location = location
    return redirect(location, code=303)


def look_up(session: Session) -> Key | None:
    """Return the key of the form that was sent; Repeated when it has been carried out before."""
    actor: Actor | None = g.get("actor")
    text = "" if request.blueprint == "api" else request.form.get(FIELD, "")
    if actor is None or not text:
        return None
    said = sorted((name, value) for name, value in request.form.items(multi=True) if name not in NOT_SAID)
    files = sorted((name, file.filename or "", _size(file)) for name, file in request.files.items(multi=True))
    digest = idempotency.request_hash(request.method, request.path, repr((said, files)))
    known = idempotency.recall(session, actor, text, digest)
    if known is not None:
        raise Repeated(known.location)
    return Key(actor, text, digest)


def _size(file: FileStorage) -> int:
    place = file.stream.tell()
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(place)
    return size


def keep(session: Session, key: Key) -> None:
    """Keep the answer with the act, in one transaction."""
    idempotency.remember(session, key.actor, key.text, key.request_hash, Answer(303, g.get("location")))
