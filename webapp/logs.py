"""How the log is written: one line each, JSON, ids and durations but never what people wrote. Knows structlog alone."""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any, Final

from webapp.config import Settings

# What a line may hold beside its time, level, logger and event: nothing else gets in by a slip.
FIELDS: Final = (
    "request", "trace", "span", "method", "route", "status", "ms", "actor", "organization", "instance", "task",
    "order", "subject", "job", "count", "acts", "outcome", "seconds", "address", "version",
)  # fmt: skip
# Whose messages are made by us, of words of ours.
_OURS = ("lienthong", "webapp", "engine", "models")
# Who says at every request or question what we say in a line of our own, or nobody asks.
_TALKATIVE = ("waitress", "alembic")
_FIRST = ("time", "level", "logger", "event")
_LONGEST = 200
_FRAMES = 20
Line = MutableMapping[str, Any]


def configure(settings: Settings, *, quiet: bool = False) -> None:
    """Let every logger of the process write lines of ours to stderr, warnings alone if `quiet`.

    At the level DEBUG errors are told in full, with their words: for a machine without real people's data.
    """
    # Here: it is a fifth of a second of the start, and only what serves has a log.
    import structlog

    in_full = settings.log_level == "DEBUG"
    chain = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=FIELDS),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        *([structlog.processors.format_exc_info] if in_full else [without_words]),
    ]
    write = structlog.processors.JSONRenderer() if settings.log_format == "json" else _key_values
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _in_order, write],
        )
    )
    # The job engine brings a console of its own, unless its logger has somewhere to write already.
    for name in ("", "dbos"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(logging.WARNING if quiet else settings.log_level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def without_words(logger: object, name: str, line: Line) -> Line:
    """Keep of an error what failed and where: its own words may be somebody's words, as those of others' loggers."""
    found = line.pop("exc_info", None)
    if isinstance(found, tuple) and found[1] is not None:
        line["error"] = list(dict.fromkeys(_kinds(found[1])))
        line["where"] = _places(found[2])
    if not str(line.get("logger", "")).startswith(_OURS):
        line["event"] = str(line["event"]).partition("\n")[0][:_LONGEST]
    return line


def _kinds(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield type(error).__name__
        error = error.__cause__ or error.__context__


def _places(began: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(began)[-_FRAMES:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


def _in_order(logger: object, name: str, line: Line) -> Line:
    rest = {key: value for key, value in line.items() if key not in _FIRST}
    return {key: line[key] for key in _FIRST if key in line} | rest


def _key_values(logger: object, name: str, line: Line) -> str:
    """Write a line for the eyes; `repr` leaves no line break and no terminal command in it."""
    return " ".join(str(value) if key in _FIRST[:3] else f"{key}={value!r}" for key, value in line.items())
