"""The files of a design: read, saved one by one against the revision they were read at, and removed."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit, bpmn, lint
from engine.audit import Fact
from engine.bpmn.xml import MAX_BYTES
from engine.clock import now
from engine.designs.leases import name_of, require_free, take
from engine.designs.roundtrip import losses
from models.designs import Design, DesignFile
from models.errors import Conflict, Invalid, NotFound
from models.permissions import Actor
from models.text import nfc

MOST_BYTES: Final = 10_000_000
_NAME: Final = re.compile(r"(?:scenarios/[^/\\\x00-\x1f]{1,150}\.json|[^/\\\x00-\x1f]{1,180}\.(?:bpmn|dmn|form\.json))")


def files_of(session: Session, design_id: str) -> dict[str, bytes]:
    """Return the files of a design by name."""
    query = select(DesignFile.name, DesignFile.content).where(DesignFile.design_id == design_id)
    return {name: bytes(content) for name, content in session.execute(query.order_by(DesignFile.name))}


def save_file(
    session: Session,
    design: Design,
    name: str,
    content: bytes,
    *,
    revision: int,
    actor: Actor,
    losses_accepted: bool = False,
) -> Design:
    """Save one file that was read at a revision; the same again by the same person is harmless.

    Errors: NotAllowed; WrongState where it is no draft; Conflict where the revision is stale or somebody else has it
    open; Invalid for what cannot be part of a bundle, and, with `facts["losses"]`, where something would vanish.
    """
    design = take(session, design, actor=actor)
    file = session.get(DesignFile, (design.id, require_name(name)))
    if file is not None and file.content == content and _is_repeated(design, revision, actor):
        return design
    _require_current(session, design, revision, actor=actor)
    require_readable({name: content})
    content = bpmn.for_browsers({name: content})[name]
    require_modest(_weight_without(session, design.id, name) + len(content))
    if file is not None and not losses_accepted and (found := losses(name, bytes(file.content), content)):
        raise Invalid({"content": "would_lose"}, reason="saving_loses", losses=found)
    before = _digest(bytes(file.content)) if file is not None else None
    if file is None:
        session.add(DesignFile(design_id=design.id, name=name, content=content))
    else:
        file.content = content
    _changed(session, design, actor=actor)
    audit.record(
        session,
        actor,
        Fact.DESIGN_SAVED,
        design,
        process=design.process_id,
        file=name,
        before={"hash": before} if before else None,
        after={"hash": _digest(content)},
    )
    return design


def remove_file(session: Session, design: Design, name: str, *, revision: int, actor: Actor) -> Design:
    """Remove a file from a design; errors: as for saving, and NotFound where there is none of that name."""
    design = take(session, design, actor=actor)
    _require_current(session, design, revision, actor=actor)
    file = session.get(DesignFile, (design.id, name))
    if file is None:
        raise NotFound("not_found")
    session.delete(file)
    _changed(session, design, actor=actor)
    before = {"hash": _digest(bytes(file.content))}
    audit.record(session, actor, Fact.DESIGN_FILE_REMOVED, design, process=design.process_id, file=name, before=before)
    return design


def require_name(name: str) -> str:
    """Refuse a name that no file of a bundle can have."""
    if not _NAME.fullmatch(name) or name != nfc(name):
        raise Invalid({"name": "file_name"}, reason="file_name", name=name[:200])
    return name


def require_readable(files: Mapping[str, bytes]) -> None:
    """Refuse what no editor could open again: what is no XML, names a DOCTYPE, is too large or no text.

    What can be read and only breaks a rule is saved: a draft is there to be mended.
    """
    wrong: list[lint.Finding] = []
    for name, content in files.items():
        if name.endswith((".bpmn", ".dmn")):
            try:
                bpmn.parse(content)
            except bpmn.Unreadable:
                wrong += lint.check({name: content}).findings
        elif len(content) > MAX_BYTES or not _is_text(content):
            raise Invalid({"content": "file_unreadable"}, reason="file_unreadable", name=name)
    if wrong:
        raise Invalid({"files": "bundle_refused"}, reason="bundle_refused", findings=tuple(wrong))


def require_modest(size: int) -> None:
    """Refuse a bundle that is larger than any honest one, in bytes."""
    if size > MOST_BYTES:
        raise Invalid({"files": "bundle_too_large"}, reason="bundle_too_large")


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _is_repeated(design: Design, revision: int, actor: Actor) -> bool:
    """Tell whether the last change is the actor's own, made at this revision: its answer may have been lost."""
    return design.revision == revision + 1 and design.changed_by == actor.person_id


def _require_current(session: Session, design: Design, revision: int, *, actor: Actor) -> None:
    require_free(session, design, actor=actor)
    if design.revision != revision:
        facts = {"who": name_of(session, design.changed_by), "at": design.changed_at}
        raise Conflict("design_changed", subject=design, revision=design.revision, **facts)


def _changed(session: Session, design: Design, *, actor: Actor) -> None:
    design.revision += 1
    design.changed_by, design.changed_at = actor.person_id, now(session)


def _weight_without(session: Session, design_id: str, name: str) -> int:
    others = select(func.coalesce(func.sum(func.length(DesignFile.content)), 0))
    return session.scalar(others.where(DesignFile.design_id == design_id, DesignFile.name != name)) or 0


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
