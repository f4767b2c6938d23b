"""Who reads the log leaves an entry in it: the pages that show entries, and the list for programs."""

from flask import request

from engine.audit import readings
from models.permissions import Actor
from webapp.audit.blueprint import blueprint, reads_all
from webapp.auth import current_actor
from webapp.transaction import transaction

LONGEST = 500
# Pages that show what is in entries, and what in the address says about whom or what; exports record themselves.
SHOW = {
    "audit.index": ("person", "subject", "order"),
    "audit.analysed": (),
    "audit.story": ("id",),
    "audit.moment": ("seq",),
    "audit.entry": ("seq",),
    "audit.case_file": ("id",),
    "audit.archive": ("id",),
}


@blueprint.before_request
def note_reading() -> None:
    """Record the reading of a page by who may read all of the log; others see what is theirs."""
    if request.method == "GET" and request.endpoint in SHOW and reads_all():
        said = {**request.args, **(request.view_args or {})}
        about = next((str(said[name])[:LONGEST] for name in SHOW[request.endpoint] if said.get(name)), None)
        note(current_actor(), request.endpoint, about, request.query_string.decode("utf-8", "replace")[:LONGEST])


def note(actor: Actor, page: str, about: str | None, query: str | None = None) -> None:
    """Record a reading in a transaction of its own, before anything is read."""
    with transaction(once=False) as session:
        readings.note(session, actor=actor, page=page, about=about, query=query)
