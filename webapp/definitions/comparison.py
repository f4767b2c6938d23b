"""Two versions of a process side by side, and the way back to an older one."""

from flask import render_template, request

from engine import definitions, levels
from engine.designs.differences import compared
from models.definitions import Definition
from webapp.definitions import uses
from webapp.definitions.blueprint import blueprint, fetch
from webapp.text.differences import sections
from webapp.transaction import reading


@blueprint.get("/definitions/<id>/comparison")
def compare(id: str) -> str:
    """Show what differs between a version and another one of its process, by default the one before it."""
    with reading() as session:
        new = fetch(session, id)
        others = [one for one in session.scalars(Definition.versions_of(new.process_id)) if one.id != id]
        before = next((one for one in others if one.version < new.version), others[0] if others else None)
        old = next((one for one in others if one.id == request.args.get("to")), before)
        comparison = None
        if old is not None:
            comparison = compared(*(definitions.files_of(session, one.id) for one in (old, new)))
        return render_template(
            "definitions/comparison.html",
            new=new,
            old=old,
            in_use=uses.words_of(uses.rules_of(session, new.process_id)),
            others=others,
            comparison=comparison,
            sections=sections(comparison, levels.names(session)) if comparison is not None else [],
        )
