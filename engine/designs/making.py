"""How a design begins and ends without being published: drawn anew, opened from a version, imported, discarded."""

from collections.abc import Mapping
from importlib.resources import files as resources
from pathlib import PurePosixPath
from typing import Final

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit, bpmn, definitions
from engine.audit import Fact
from engine.clock import now
from engine.designs.files import require_modest, require_name, require_readable
from engine.designs.leases import take
from engine.lint import MAX_FILES
from models.definitions import Definition
from models.designs import Design, DesignFile
from models.errors import Invalid, NotAllowed
from models.permissions import Actor, Permission, may
from models.text import fold, nfc

_LONGEST_NAME: Final = 200
_PROCESS: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}process"


def create(session: Session, name: str, *, actor: Actor) -> Design:
    """Begin a design with the smallest drawing that runs: a start, a task, an end. Errors: NotAllowed, Invalid."""
    _require_designer(actor)
    name = _named(name)
    process = _free_id(session, name)
    content = _blank(process, name)
    return _begin(session, name, {f"{process}.bpmn": content}, process=process, base=None, actor=actor, original=False)


def open_definition(session: Session, definition: Definition, *, actor: Actor) -> Design:
    """Begin a design from a version; the version itself never changes. Errors: NotAllowed."""
    _require_designer(actor)
    files = definitions.files_of(session, definition.id)
    name, process = definition.name, definition.process_id
    return _begin(session, name, files, process=process, base=definition.id, actor=actor, original=True)


def import_files(session: Session, files: Mapping[str, bytes], *, actor: Actor, name: str | None = None) -> Design:
    """Begin a design from files of any tool; the originals are kept beside what becomes of them.

    Errors: NotAllowed; Invalid, with `facts["findings"]` for files that cannot be read.
    """
    _require_designer(actor)
    if not files or len(files) > MAX_FILES:
        raise Invalid({"files": "bundle_refused"}, reason="bundle_refused", findings=())
    named = {require_name(file_name(one)): content for one, content in files.items()}
    require_modest(sum(map(len, named.values())))
    require_readable(named)
    named = bpmn.for_browsers(named)
    drawn = [process for file in named if file.endswith(".bpmn") for process in bpmn.read(file, named[file]).processes]
    main = next((process for process in drawn if process.executable), drawn[0] if drawn else None)
    said = name or (main and (main.name or main.id)) or next(iter(named))
    process = main.id if main else None
    return _begin(session, said[:_LONGEST_NAME], named, process=process, base=None, actor=actor, original=True)


def file_name(given: str) -> str:
    """Return under which name a file is part of a bundle: other tools save diagrams as .xml or .bpmn20.xml too."""
    path = PurePosixPath(nfc(given.replace("\\", "/")))
    if path.name.endswith(".xml"):
        return f"{path.name.removesuffix('.xml').removesuffix('.bpmn20').removesuffix('.bpmn')}.bpmn"
    return f"scenarios/{path.name}" if path.parent.name == "scenarios" else path.name


def discard(session: Session, design: Design, *, actor: Actor) -> Design:
    """Put a design away that will not be published; errors: NotAllowed, WrongState."""
    design = take(session, design, actor=actor, states=("draft", "review"))
    design.state, design.lease_by, design.lease_until = "discarded", None, None
    audit.record(session, actor, Fact.DESIGN_DISCARDED, design, process=design.process_id)
    return design


def _require_designer(actor: Actor) -> None:
    if not may(actor, Permission.DEFINITION_DEPLOY) or actor.organization_id is None:
        raise NotAllowed("may_not_deploy")


def _named(name: str) -> str:
    name = nfc(" ".join(name.split()))[:_LONGEST_NAME]
    if not name:
        raise Invalid({"name": "required"})
    return name


def _free_id(session: Session, name: str) -> str:
    """Return an id for a process that no version and no design has: the name in ASCII, numbered where it is taken."""
    stem = fold(name).replace(" ", "_")[:60] or "process"
    stem = stem if stem[0].isalpha() else f"process_{stem}"
    known = select(Definition.process_id).where(Definition.process_id.startswith(stem, autoescape=True))
    taken = {*session.scalars(known), *session.scalars(select(Design.process_id).where(Design.process_id.is_not(None)))}
    return next(one for one in (stem, *(f"{stem}_{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def _blank(process: str, name: str) -> bytes:
    root = bpmn.parse(resources("engine.designs").joinpath("blank.bpmn").read_bytes())
    root.set("id", f"{process}_definitions")
    for element in root.iter():
        if element.tag == _PROCESS:
            element.set("id", process)
            element.set("name", name)
        elif element.get("bpmnElement") == "process":
            element.set("bpmnElement", process)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _begin(
    session: Session,
    name: str,
    files: Mapping[str, bytes],
    *,
    process: str | None,
    base: str | None,
    actor: Actor,
    original: bool,
) -> Design:
    at = now(session)
    design = Design(
        name=name,
        process_id=process,
        base_id=base,
        organization_id=actor.organization_id,
        created_by=actor.person_id,
        created_at=at,
        changed_by=actor.person_id,
        changed_at=at,
    )
    session.add(design)
    session.flush()
    for file, content in files.items():
        kept = content if original else None
        session.add(DesignFile(design_id=design.id, name=file, content=content, original=kept))
    audit.record(session, actor, Fact.DESIGN_CREATED, design, process=process, definition_id=base, files=sorted(files))
    return design
