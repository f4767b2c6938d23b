"""Serves an installation in a process: the pages, the API and the work behind them, or this alone; stops cleanly."""

import gc
import logging
import os
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from sqlalchemy import make_url
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]

from engine import mail, notifications
from engine.jobs import Jobs
from engine.mail import Sender, SmtpSettings
from models import migrations
from models.errors import Conflict
from webapp import create_app, health, stopping
from webapp.config import MIB, Settings
from webapp.notices import letter_of
from webapp.runtime import Runtime

log = logging.getLogger("lienthong")
THREADS = 8
# Seconds. Loading the job engine takes as much CPU as all the rest: the first pages are not kept waiting for it.
QUEUE_AFTER = 5.0
PID = "server.pid"
# What an installation keeps in its home; anything else there is not ours to delete.
KEPT = ("lienthong.db", "lienthong.db-wal", "lienthong.db-shm", "files", "checkpoints", "demo-accounts.txt")
PORTS = {"smtp": 587, "smtps": 465}


def migrate(runtime: Runtime) -> None:
    """Bring the database to the present form; again is harmless."""
    migrations.upgrade(runtime.database)


def run(runtime: Runtime, *, ready: Callable[[str], None] = lambda address: None) -> bool:
    """Serve until SIGINT or SIGTERM; what is being done then comes to its end first. Tell whether all of it did."""
    settings = runtime.settings
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if runtime.database.is_sqlite:
        claim(settings)
    app = create_app(settings, database=runtime.database, clock=runtime.clock)
    try:
        return _live(app.extensions["lienthong"], app, port=settings.port, ready=ready, queue_after=QUEUE_AFTER)
    finally:
        if runtime.database.is_sqlite:
            (settings.home / PID).unlink(missing_ok=True)


def require_nodes(settings: Settings) -> None:
    """Conflict where the database is an embedded one, which has one process; it is not even opened."""
    if make_url(settings.url).get_backend_name() == "sqlite":
        raise Conflict("no_worker_here", home=str(settings.home))


def work(runtime: Runtime, *, port: int | None = None, ready: Callable[[str], None] = lambda address: None) -> bool:
    """Do the work behind the pages that other nodes serve, until told to stop; a port answers whether all is well."""
    runtime.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    notifications.set_writer(letter_of)
    return _live(runtime, health.application(runtime), port=port, ready=ready, queue_after=0.0)


def _live(runtime: Runtime, app: Flask, *, port: int | None, ready: Callable[[str], None], queue_after: float) -> bool:
    """Answer on a port, if there is one, and do the work behind it, until told to stop."""
    settings = runtime.settings
    runtime.jobs = Jobs(
        runtime.database, runtime.clock, post=post_of(settings), seal=runtime.seal.put, queue_after=queue_after
    )
    sockets: stopping.Sockets = {}
    server = _listen(app, settings, port, sockets) if port is not None else None
    stopping.on_signal(runtime, sockets)
    leave_to_no_collector()
    try:
        runtime.jobs.start()
        log.info("serving", extra={"version": version("lienthong")})
        ready(f"http://{settings.host}:{port}" if port is not None else "worker")
        stopping.serve(runtime, sockets)
    finally:
        stopped = _stop(runtime, server, sockets)
    return stopped


def leave_to_no_collector() -> None:
    """Keep what is there now out of garbage collections: walking it with every few requests costs a quarter of them."""
    gc.collect()
    gc.freeze()


def _listen(app: Flask, settings: Settings, port: int, sockets: stopping.Sockets) -> Any:
    require_free(settings.host, port)
    return create_server(
        app,
        map=sockets,
        host=settings.host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=settings.upload_limit + MIB,
        clear_untrusted_proxy_headers=not settings.proxies,
    )


def require_free(host: str, port: int) -> None:
    """Conflict where nobody can listen on this port of this host: in use, not ours to use, or no such host."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Conflict("address_refused", host=host, port=port, why=error.strerror or error) from error


def _stop(runtime: Runtime, server: Any, sockets: stopping.Sockets) -> bool:
    """Answer who is inside, let the work behind come to its end, sign the log, bring the database into its one file."""
    runtime.stopping.set()
    began, until = time.monotonic(), time.monotonic() + stopping.PATIENCE
    unanswered = stopping.drain(sockets, until=until)
    if server is not None:
        server.task_dispatcher.shutdown(timeout=max(0.0, until - time.monotonic()))
    wasyncore.close_all(sockets)
    done = runtime.jobs is None or runtime.jobs.stop(patience=max(1.0, until - time.monotonic()))
    _seal(runtime)
    runtime.database.close()
    whole = runtime.database.checkpoint()
    taken = {"count": unanswered, "seconds": round(time.monotonic() - began, 1)}
    log.info("stopped", extra={**taken, "outcome": "whole" if done and whole and not unanswered else "cut off"})
    return done and not unanswered


def _seal(runtime: Runtime) -> None:
    """Sign what was done since the last checkpoint: until the next start nobody else does."""
    try:
        runtime.seal.put(runtime.database, runtime.clock, always=True)
    except Exception:
        log.exception("the audit log was not signed at the end")


def claim(settings: Settings) -> None:
    """Write down which process serves this home; Conflict while another one does."""
    serving = serving_process(settings.home)
    if serving is not None:
        raise Conflict("already_served", process=serving, home=str(settings.home))
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (settings.home / PID).write_text(f"{os.getpid()}\n", encoding="ascii")


def serving_process(home: Path) -> int | None:
    """Return the process that serves a home; None if there is none any more."""
    try:
        number = int((home / PID).read_text(encoding="ascii"))
        os.kill(number, 0)
    except (OSError, ValueError):
        return None
    return None if number == os.getpid() else number


def forget(settings: Settings) -> None:
    """Delete what the embedded installation keeps, for a world that begins anew; Conflict while it is served."""
    serving = serving_process(settings.home)
    if serving is not None:
        raise Conflict("already_served", process=serving, home=str(settings.home))
    if settings.database_url:
        raise Conflict("not_embedded", home=str(settings.home))
    for name in KEPT:
        path = settings.home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def post_of(settings: Settings) -> Callable[[], AbstractContextManager[Sender]] | None:
    """Return how letters leave: by the server of `smtp://` (STARTTLS) or `smtps://`, or not at all."""
    if not settings.smtp_url:
        return None
    parts = urlsplit(settings.smtp_url)
    where = SmtpSettings(
        host=parts.hostname or "localhost",
        port=parts.port or PORTS.get(parts.scheme, 25),
        sender=settings.mail_from,
        security={"smtps": "tls", "smtp": "starttls"}.get(parts.scheme, "none"),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
    return lambda: mail.smtp(where)
