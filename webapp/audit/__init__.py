"""The audit log for people: what happened to one thing or, with the right, everything; and whether it is whole."""

from webapp.audit.blueprint import blueprint
from webapp.audit.words import Line

# isort: split
# The views, which need the blueprint:
from webapp.audit import (
    analysing,
    archives,
    case_files,
    case_reports,
    entries,
    erasures,
    exports,
    integrity,
    moments,
    pages,
    readings,
    stories,
)

__all__ = [
    "Line",
    "analysing",
    "archives",
    "blueprint",
    "case_files",
    "case_reports",
    "entries",
    "erasures",
    "exports",
    "integrity",
    "moments",
    "pages",
    "readings",
    "stories",
]
