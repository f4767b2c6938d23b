"""Deploying process definitions: checked, immutable, addressed by the hash of all their files."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit, bpmn, forms, lint, operators, runner, uses
from engine.audit import Fact
from engine.clock import now
from engine.forms import naming
from models.base import new_id
from models.definitions import Definition, DefinitionFile
from models.errors import Invalid, NotAllowed
from models.permissions import Actor, Permission, may

_cache: dict[str, "_Compiled"] = {}


def deploy(
    session: Session,
    files: Mapping[str, bytes],
    *,
    actor: Actor,
    note: str | None = None,
    areas: Collection[str] = (),
) -> list[Definition]:
    """Check a bundle (BPMN, DMN, forms) and make its processes the active versions, everywhere or in some areas.

    The same files again change nothing. Errors: NotAllowed; Invalid, whose `facts["findings"]` are the checker's;
    WrongState where areas are named and another process begins with the same message.
    """
    if not may(actor, Permission.DEFINITION_DEPLOY):
        raise NotAllowed("may_not_deploy")
    report = lint.check(files)
    if report.outcome == "refused" or not report.processes:
        raise Invalid({"files": "bundle_refused"}, reason="bundle_refused", findings=report.findings)
    files = bpmn.for_browsers(files)
    digest = runner.hash_of(files)
    bundle = runner.compile_bundle(files)
    _require_operators(bundle, report.processes)
    return [
        _deploy_process(
            session,
            process,
            bundle,
            files,
            digest,
            actor=actor,
            note=note,
            areas=areas,
            draft=report.outcome == "draft",
        )
        for process in report.processes
    ]


def _require_operators(bundle: runner.Bundle, processes: Iterable[str]) -> None:
    """Refuse a diagram that calls a command which is not registered: it could only ever get stuck."""
    known = operators.names()
    for process_id in processes:
        for element in bundle.elements(process_id).values():
            name = element.ext.get("operator")
            if name is not None and name not in known:
                facts = {"element": element.id, "operator": name, "process": process_id}
                raise Invalid({"files": "unknown_operator"}, reason="unknown_operator", **facts)


def _deploy_process(
    session: Session,
    process_id: str,
    bundle: runner.Bundle,
    files: Mapping[str, bytes],
    digest: str,
    *,
    actor: Actor,
    note: str | None,
    areas: Collection[str],
    draft: bool,
) -> Definition:
    known = session.scalar(select(Definition).where(Definition.process_id == process_id, Definition.hash == digest))
    if known is not None and not (draft or known.is_draft):
        if not uses.is_used(session, known, areas):
            uses.bring_back(session, known, areas=areas, actor=actor, reason=note)
        return known
    if known is None:
        newest = session.scalar(select(func.max(Definition.version)).where(Definition.process_id == process_id)) or 0
        starts = sorted(name for name, process in bundle.starts.items() if process == process_id)
        known = Definition(
            process_id=process_id,
            name=bundle.processes[process_id].name or process_id,
            version=newest + 1,
            hash=digest,
            starts_on=starts,
            startable=starts_plainly(bundle, process_id),
            is_draft=draft,
            deployed_at=now(session),
            deployed_by=actor.person_id,
            note=note,
            files=[DefinitionFile(name=name, content=content) for name, content in sorted(files.items())],
        )
        session.add(known)
        session.flush()
        audit.record(
            session,
            actor,
            Fact.DEFINITION_DEPLOYED,
            known,
            definition_id=known.id,
            process=process_id,
            version=known.version,
            hash=digest,
            areas=uses.names_of(session, areas) or None,
            reason=note,
        )
    if not draft:
        uses.put(session, known, areas=areas, actor=actor, reason=note)
    return known


@contextmanager
def as_if_deployed(session: Session, process_id: str, files: Mapping[str, bytes]) -> Iterator[Definition]:
    """Yield the version that files would become, for a dry run: known to `bundle_of` meanwhile, and never stored."""
    bundle = runner.compile_bundle(files)
    newest = session.scalar(select(func.max(Definition.version)).where(Definition.process_id == process_id)) or 0
    name = bundle.processes[process_id].name or process_id
    trial = Definition(id=new_id(), process_id=process_id, name=name, version=newest + 1, hash=bundle.hash)
    _cache[trial.id] = _Compiled(bundle, dict(files))
    try:
        yield trial
    finally:
        del _cache[trial.id]


@dataclass(frozen=True, slots=True)
class _Compiled:
    bundle: runner.Bundle
    files: dict[str, bytes]


def _compiled(session: Session, definition_id: str) -> _Compiled:
    # Compiled once per process of ours and kept: definitions never change.
    found = _cache.get(definition_id)
    if found is None:
        files = files_of(session, definition_id)
        found = _cache[definition_id] = _Compiled(runner.compile_bundle(files), files)
    return found


def bundle_of(session: Session, definition_id: str) -> runner.Bundle:
    """Return the compiled bundle of a definition."""
    return _compiled(session, definition_id).bundle


def form_of(session: Session, definition_id: str, stem: str) -> forms.Form | None:
    """Return a compiled form of a definition by its file stem, or None where it has none."""
    compiled = _compiled(session, definition_id)
    content = next((body for name, body in compiled.files.items() if naming.stem_of(name) == stem), None)
    if content is None:
        content = compiled.bundle.drawn_form(stem)
    if content is None and (ways := compiled.bundle.ways(stem)) is not None:
        content = forms.choice(runner.CHOSEN, *ways)
    return None if content is None else _form(compiled.bundle.hash, stem, content)


@lru_cache(maxsize=1000)
def _form(bundle_hash: str, stem: str, content: bytes) -> forms.Form:
    return forms.compile(content)


def files_of(session: Session, definition_id: str) -> dict[str, bytes]:
    """Return the files of a definition, byte for byte."""
    query = select(DefinitionFile.name, DefinitionFile.content).where(DefinitionFile.definition_id == definition_id)
    return {name: bytes(content) for name, content in session.execute(query)}


def starts_plainly(bundle: runner.Bundle, process_id: str) -> bool:
    """Tell whether a person may start a process: a start event waits for nothing, or none is drawn and one implied."""
    starts = [node for node in bundle.processes[process_id].scope(None) if node.type == "startEvent"]
    return not starts or any(node.event.kind == "none" for node in starts)
