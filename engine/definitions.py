"""Deploying process definitions: checked, immutable, addressed by the hash of all their files."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine import audit, forms, lint, operators, runner
from engine.audit import Fact
from engine.clock import now
from engine.reasons import require_reason
from models.base import new_id
from models.definitions import Definition, DefinitionFile, StartMessage
from models.errors import Invalid, NotAllowed, NotFound, WrongState
from models.permissions import Actor, Permission, may

FORM = ".form.json"
_cache: dict[str, "_Compiled"] = {}


def deploy(session: Session, files: Mapping[str, bytes], *, actor: Actor, note: str | None = None) -> list[Definition]:
    """Check a bundle (BPMN, DMN, forms) and make its processes the active versions.

    The same files again change nothing. Errors: NotAllowed; Invalid, whose `facts["findings"]` are the checker's.
    """
    if not may(actor, Permission.DEFINITION_DEPLOY):
        raise NotAllowed("may_not_deploy")
    report = lint.check(files)
    if report.outcome == "refused" or not report.processes:
        raise Invalid({"files": "bundle_refused"}, reason="bundle_refused", findings=report.findings)
    digest = runner.hash_of(files)
    bundle = runner.compile_bundle(files)
    _require_operators(bundle, report.processes)
    return [
        _deploy_process(
            session, process, bundle, files, digest, actor=actor, note=note, draft=report.outcome == "draft"
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
    draft: bool,
) -> Definition:
    known = session.scalar(select(Definition).where(Definition.process_id == process_id, Definition.hash == digest))
    if known is not None and not (draft or known.is_draft):
        if known.retired_at is not None:
            _bring_back(session, known, actor=actor, reason=note)
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
            reason=note,
        )
    if not draft:
        _activate(session, known, actor=actor)
    return known


def _activate(session: Session, definition: Definition, *, actor: Actor) -> None:
    session.execute(
        update(Definition)
        .where(Definition.process_id == definition.process_id, Definition.id != definition.id)
        .values(retired_at=func.coalesce(Definition.retired_at, now(session)))
    )
    definition.retired_at = None
    for name in definition.starts_on:
        session.merge(StartMessage(name=name, process_id=definition.process_id))
    # Starts begin instances, and instances read definitions: bound late to close the circle.
    from engine import start_events

    start_events.arm(session, definition, bundle_of(session, definition.id), actor=actor)


def activate(session: Session, definition: Definition, *, actor: Actor, reason: str) -> Definition:
    """Let new work begin under an older version again; what runs stays where it is.

    Errors: NotAllowed; Invalid without a reason; WrongState for a draft and for the version in use.
    """
    if not may(actor, Permission.DEFINITION_DEPLOY):
        raise NotAllowed("may_not_deploy")
    require_reason(reason)
    # All versions of a process are locked, so that two of them are never in use at once.
    session.scalars(Definition.versions_of(definition.process_id).with_for_update()).all()
    session.refresh(definition)
    if definition.is_draft or definition.retired_at is None:
        raise WrongState("definition_is_draft" if definition.is_draft else "definition_in_use", subject=definition)
    _bring_back(session, definition, actor=actor, reason=reason)
    return definition


def _bring_back(session: Session, definition: Definition, *, actor: Actor, reason: str | None) -> None:
    versions = session.scalars(Definition.versions_of(definition.process_id)).all()
    before = next((one.version for one in versions if one.retired_at is None and not one.is_draft), None)
    _activate(session, definition, actor=actor)
    audit.record(
        session,
        actor,
        Fact.DEFINITION_ACTIVATED,
        definition,
        process=definition.process_id,
        version=definition.version,
        before={"version": before} if before else None,
        after={"version": definition.version},
        reason=reason,
    )


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


def active(session: Session, process_id: str) -> Definition:
    """Return the version new instances of a process take; NotFound where there is none."""
    found = session.scalar(Definition.active().where(Definition.process_id == process_id))
    if found is None:
        raise NotFound("no_such_process", process=process_id)
    return found


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
    content = next((body for name, body in compiled.files.items() if _stem(name) == stem), None)
    if content is None and (ways := compiled.bundle.ways(stem)) is not None:
        content = forms.choice(runner.CHOSEN, *ways)
    return None if content is None else _form(compiled.bundle.hash, stem, content)


def _stem(name: str) -> str | None:
    return name.rsplit("/", 1)[-1].removesuffix(FORM) if name.endswith(FORM) else None


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
