"""Designs for people: the list, the reading view of one, its files for the editor, checking, and publication."""

from webapp.designs import (
    acts,
    alone,
    checks,
    comments,
    editors,
    files,
    pages,
    publication,
    receivers,
    regulation,
    scenarios,
    trial,
)
from webapp.designs.blueprint import blueprint

__all__ = [
    "acts",
    "alone",
    "blueprint",
    "checks",
    "comments",
    "editors",
    "files",
    "pages",
    "publication",
    "receivers",
    "regulation",
    "scenarios",
    "trial",
]
