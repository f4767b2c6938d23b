"""Puts the Flask application together."""

from datetime import timedelta
from importlib import import_module

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from engine.clock import Clock
from models.database import Database
from webapp import api, assets, auth, errors, headers, health, pace, policies, runtime, text, tracing, transaction
from webapp.config import Settings
from webapp.idempotency import new_key

NOUNS = (
    "auth", "posts", "account", "second_factor", "substitutes", "tokens", "tasks", "attachments", "saved_views",
    "orders", "assignments", "reports", "organizations", "calendar", "definitions", "designs", "instances",
    "incidents", "timers", "jobs", "notifications", "audit", "health",
)  # fmt: skip
csrf = CSRFProtect()


class Number(IntegerConverter):
    """A number that a database can hold; of a longer one there is no page."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


def create(settings: Settings | None = None, *, database: Database | None = None, clock: Clock | None = None) -> Flask:
    """Make the application of one installation; tests give a database and a clock of their own."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.url_map.converters["int"] = Number
    configure(app, settings)
    runtime.install(app, runtime.open_runtime(settings, database, clock))
    tracing.install(app)
    assets.install(app)
    text.install(app)
    headers.install(app)
    errors.install(app)
    transaction.install(app)
    pace.install(app, 0 if settings.testing else settings.requests_per_second)
    auth.install(app)
    csrf.init_app(app)
    app.before_request(headers.refuse_nul)
    health.install(app)
    for noun in NOUNS:
        app.register_blueprint(import_module(f"webapp.{noun}").blueprint)
    api.install(app)
    policies.require_declared(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Set what Flask and its extensions read: one signed cookie, bound to this host, and short templates."""
    app.config.update(
        SECRET_KEY=settings.signing_key(),
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=False,
        MAX_CONTENT_LENGTH=settings.upload_limit,
        SESSION_COOKIE_NAME="__Host-lienthong" if settings.secure else "lienthong",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # our own check of the origin is stricter and knows proxies
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["new_key"] = new_key
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
