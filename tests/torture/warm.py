"""Compiles the statements of the product once, in the parent: each child would do it anew, for half of its time."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url

from engine import sandbox
from models.database import Database, open_database
from models.storage import OwnFile
from tests.torture import trial
from tests.torture.children import in_child

_database: Database | None = None


def up(use: Callable[[], None]) -> None:
    """Let this process do what its children will do; they inherit what it compiles.

    Of embedded databases only: the engines open whatever file `opened` names. Expressions are evaluated by a child, for
    after that nothing could be evaluated in a fork.
    """
    global _database
    _database = database = open_database("sqlite:///none")
    for engine in (database.writer, database.reader):

        @event.listens_for(engine, "do_connect")
        def connect(dialect: Any, record: Any, arguments: Any, named: Any) -> Any:
            return dialect.connect(str(database.path), **named)

    feed = sandbox.Box._feed

    def fed(box: sandbox.Box, code: str, inputs: dict[str, Any]) -> Any:
        return in_child(feed, box, code, inputs)

    trial.replace(sandbox.Box, "_feed", fed)
    try:
        use()
    finally:
        trial.replace(sandbox.Box, "_feed", feed)
    # A collection in a child would copy every page it shares with this process.
    gc.collect()
    gc.freeze()


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open a database and close it: by the warm engines where there are some, and nobody uses them."""
    global _database
    warm, is_file = _database, bool(make_url(url).database) and url.startswith("sqlite")
    if warm is None or trial.planted or not is_file:
        database = open_database(url)
    else:
        database, _database = warm, None
        database.url, database.is_doubted = url, False
        database.own_file = OwnFile(Path(url.removeprefix("sqlite:///")))
    try:
        yield database
    finally:
        database.close()
        if database is warm:
            _database = warm
