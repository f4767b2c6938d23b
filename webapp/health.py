"""What machines ask: is the process there, can it work, and what do its numbers say."""

import hmac
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from engine import metrics
from models.errors import NotFound
from webapp.config import LOOPBACK
from webapp.readiness import Readiness
from webapp.runtime import Runtime, runtime

blueprint = Blueprint("health", __name__)


def install(app: Flask) -> None:
    """Make what answers for this application, and measure its database."""
    world = app.extensions["lienthong"]
    app.extensions["readiness"] = Readiness(world)
    metrics.watch(world.database)


def application(world: Runtime) -> Flask:
    """Make an application that answers these questions and no others: for a process without pages."""
    app = Flask("webapp", static_folder=None)
    app.extensions["lienthong"] = world
    install(app)
    app.register_blueprint(blueprint)
    app.register_error_handler(NotFound, lambda error: ("", 404))
    return app


@blueprint.get("/healthz")
def live() -> Response:
    """Say that the process answers; nothing else is asked, so that nothing else makes anybody kill it."""
    return jsonify(alive=True)


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether work can be sent here; 503 with what is wrong otherwise."""
    problems = cast(Readiness, current_app.extensions["readiness"]).problems()
    answer = jsonify(ready=not problems, problems=problems)
    answer.status_code = 503 if problems else 200
    return answer


@blueprint.get("/metrics")
def numbers() -> Response:
    """Give the numbers to this machine, or to who knows the token; to everybody else there is nothing here."""
    if not (_is_from_here() or _knows_the_token()):
        raise NotFound("not_found")
    # Imported here: the page is asked for by one program on few installations.
    from engine.metrics import exposition

    world = runtime()
    return Response(exposition.written(world.database, world.clock), content_type=exposition.CONTENT_TYPE)


def _is_from_here() -> bool:
    # A proxy on this machine that was not announced (LIENTHONG_PROXIES) makes everybody look like a neighbour; it
    # hands on the name people typed, which then is not that of this machine.
    return request.remote_addr in LOOPBACK and urlsplit(f"//{request.host}").hostname in LOOPBACK


def _knows_the_token() -> bool:
    settings = runtime().settings
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    knows = hmac.compare_digest(said.strip().encode(), settings.metrics_token.encode())
    in_the_open = settings.secure and not request.is_secure
    return bool(settings.metrics_token) and not in_the_open and scheme.lower() == "bearer" and knows
