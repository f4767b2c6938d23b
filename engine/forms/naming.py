"""By which names the forms of a bundle are known."""

import json
from collections.abc import Mapping
from typing import Final

SUFFIX: Final = ".form.json"


def stem_of(name: str) -> str | None:
    """Return what the form in a file is called; None where the file is no form."""
    return name.rpartition("/")[2].removesuffix(SUFFIX) if name.endswith(SUFFIX) else None


def named(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the stems of all forms, by their stems and by the ids that form-js gives them; a stem goes first."""
    stems = {stem: content for name, content in sorted(files.items()) if (stem := stem_of(name)) is not None}
    return {id: stem for stem, content in stems.items() if (id := _id(content))} | {stem: stem for stem in stems}


def _id(content: bytes) -> str | None:
    try:
        form = json.loads(content)
    except (ValueError, RecursionError):
        return None
    id = form.get("id") if isinstance(form, dict) else None
    return id if isinstance(id, str) else None
