"""Keeps compiled definitions by their process, so that the first version is used for all."""

from typing import Any

from engine import definitions, runner
from models.definitions import Definition
from tests.torture.trial import replace

kept: dict[str, Any] = {}


def by_process(session: Any, definition_id: str) -> Any:
    """Return what was compiled of this process first."""
    process = session.get_one(Definition, definition_id).process_id
    if process not in kept:
        files = definitions.files_of(session, definition_id)
        kept[process] = definitions._Compiled(runner.compile_bundle(files), files)
    return kept[process]


replace(definitions, "_compiled", by_process)
