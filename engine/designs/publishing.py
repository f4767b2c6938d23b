"""The way of a design into use: submitted, withdrawn, returned, approved by a second person, published when due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit, definitions, migration, notifications, operations, settings, uses
from engine.audit import Fact
from engine.clock import now
from engine.designs.effects import running, running_under
from engine.designs.files import files_of
from engine.designs.gates import COVERAGE, Gate, gate
from engine.designs.leases import take
from engine.reasons import require_reason
from models.definitions import Definition
from models.designs import Design
from models.errors import Invalid, NotAllowed
from models.instances import Instance
from models.permissions import SYSTEM, Actor, Permission, may

SECOND_PERSON = "publishing.second_person"  # on or off


def needs_second_person(session: Session) -> bool:
    """Tell whether who submits a design may not approve it."""
    return settings.get(session, SECOND_PERSON, "on") != "off"


def configure(session: Session, *, actor: Actor, second_person: bool, coverage: int) -> None:
    """Set whether a second person approves, and how much scenarios have to reach, in per cent.

    Errors: NotAllowed; Invalid for what is no share.
    """
    if not 0 <= coverage <= 100:
        raise Invalid({"coverage": "not_a_share"})
    settings.put(session, SECOND_PERSON, "on" if second_person else "off", actor=actor)
    settings.put(session, COVERAGE, str(coverage), actor=actor)


def deploys_alone(session: Session, actor: Actor) -> bool:
    """Tell whether an actor may put files into use past the second person: who keeps the installation may."""
    return may(actor, Permission.ORGANIZATION_MANAGE) or not needs_second_person(session)


def deploy(
    session: Session,
    files: Mapping[str, bytes],
    *,
    actor: Actor,
    note: str | None = None,
    areas: Collection[str] = (),
) -> list[Definition]:
    """Put files into use that somebody brought along; errors: as `definitions.deploy`, Invalid for what is no area,
    and NotAllowed where a second person has to approve."""
    if may(actor, Permission.DEFINITION_DEPLOY) and not deploys_alone(session, actor):
        raise NotAllowed("second_person_needed")
    uses.require_areas(session, areas)
    return definitions.deploy(session, files, actor=actor, note=note, areas=areas)


def activate(
    session: Session, definition: Definition, *, actor: Actor, reason: str, areas: Collection[str] = ()
) -> Definition:
    """Put a version into use that is there already; errors: as `uses.activate`, and NotAllowed for who
    submitted it, beyond the areas that a second person approved it for."""
    query = select(Design).where(Design.published_hash == definition.hash).order_by(Design.decided_at.desc()).limit(1)
    design = session.scalar(query)
    if design is not None and _is_own(session, design, actor) and design.areas and not _is_within(areas, design.areas):
        raise NotAllowed("second_person_needed", subject=definition)
    return uses.activate(session, definition, actor=actor, reason=reason, areas=areas)


def _is_own(session: Session, design: Design, actor: Actor) -> bool:
    """Tell whether somebody else has to decide what an actor submitted."""
    return needs_second_person(session) and design.submitted_by in (actor.person_id, actor.on_behalf_of)


def _is_within(areas: Collection[str], approved: Collection[str]) -> bool:
    return bool(areas) and set(areas) <= set(approved)


def submit(session: Session, design: Design, *, actor: Actor, note: str, areas: Collection[str] = ()) -> Design:
    """Hand a design in for approval, with what it changes, why, and for which areas (none named: for everywhere).

    Errors: NotAllowed; WrongState where it is no draft; Invalid without a note, for what is no area, or while the gate
    is closed.
    """
    design = take(session, design, actor=actor)
    if not note.strip():
        raise Invalid({"note": "required"}, reason="reason_required")
    uses.require_areas(session, areas)
    _require_open(gate(session, design))
    design.state, design.lease_by, design.lease_until = "review", None, None
    design.submitted_by, design.submitted_at, design.submitted_note = actor.person_id, now(session), note.strip()
    design.areas = sorted(set(areas))
    audit.record(
        session,
        actor,
        Fact.DESIGN_SUBMITTED,
        design,
        process=design.process_id,
        areas=uses.names_of(session, areas) or None,
        note=note.strip(),
    )
    notifications.notify(
        session,
        Fact.DESIGN_SUBMITTED,
        organization_id=design.organization_id,
        role="designer",
        title=design.name,
        by=actor.title,
        design=design.id,
    )
    return design


def withdraw(session: Session, design: Design, *, actor: Actor) -> Design:
    """Take a submitted design back to go on drawing; errors: NotAllowed, WrongState."""
    design = take(session, design, actor=actor, states=("review",))
    design.state = "draft"
    audit.record(session, actor, Fact.DESIGN_WITHDRAWN, design, process=design.process_id)
    return design


def return_(session: Session, design: Design, *, actor: Actor, reason: str) -> Design:
    """Give a design back to be drawn further, also one that is approved and not yet in force.

    Errors: NotAllowed; WrongState; Invalid without a reason.
    """
    design = take(session, design, actor=actor, states=("review", "scheduled"))
    require_reason(reason)
    design.state, design.effective_at, design.migrating = "draft", None, []
    _decide(session, design, reason, actor=actor)
    audit.record(session, actor, Fact.DESIGN_RETURNED, design, process=design.process_id, reason=reason)
    if design.submitted_by is not None:
        facts = {"title": design.name, "by": actor.title, "reason": reason, "design": design.id}
        notifications.notify(session, Fact.DESIGN_RETURNED, person_id=design.submitted_by, task=None, **facts)
    return design


def approve(
    session: Session,
    design: Design,
    *,
    actor: Actor,
    note: str = "",
    effective_at: datetime | None = None,
    migrating: Collection[str] = (),
) -> Design:
    """Approve a design that somebody else submitted, and publish it now or when it comes into force.

    `migrating` are the versions whose running work goes on under the new one; what does not fit stays. Errors:
    NotAllowed, also for who submitted it and, with `migrating`, for who may not operate; WrongState; Invalid while the
    gate is closed, or where scenarios reach too little and the note does not say why that is enough.
    """
    design = take(session, design, actor=actor, states=("review",))
    if _is_own(session, design, actor):
        raise NotAllowed("second_person_needed", subject=design)
    if migrating:
        operations.require_operator(actor)
    if effective_at is not None and effective_at <= now(session):
        raise Invalid({"effective": "effective_past"}, reason="effective_past")
    known = {one.id for one in running_under(session, files_of(session, design.id), design.areas)}
    if not known.issuperset(migrating):
        raise Invalid({"migrating": "unknown"}, reason="version_unknown")
    found = gate(session, design)
    _require_open(found)
    if not found.is_tried and not note.strip():
        raise Invalid({"note": "required"}, reason="coverage_reason", covered=found.covered, wanted=found.wanted)
    _decide(session, design, note, actor=actor)
    design.effective_at, design.migrating = effective_at, sorted(migrating)
    audit.record(
        session,
        actor,
        Fact.DESIGN_APPROVED,
        design,
        process=design.process_id,
        note=note.strip() or None,
        effective_at=effective_at,
        coverage=found.covered,
        migrating=sorted(migrating) or None,
    )
    if effective_at is None:
        return _publish(session, design, actor=actor)
    design.state = "scheduled"
    return design


def due(session: Session, limit: int) -> Sequence[str]:
    """Find designs that come into force now, for the sweep."""
    waiting = select(Design.id).where(Design.state == "scheduled", Design.effective_at <= now(session))
    return session.scalars(waiting.order_by(Design.effective_at, Design.id).limit(limit)).all()


def publish(session: Session, design_id: str) -> None:
    """Publish an approved design whose day has come; again is harmless."""
    design = session.get_one(Design, design_id, with_for_update=True)
    if design.state == "scheduled" and design.effective_at is not None and design.effective_at <= now(session):
        # The approval holds whatever became of the approver: it is the system that carries it out.
        _publish(session, design, actor=SYSTEM)


def _publish(session: Session, design: Design, *, actor: Actor) -> Design:
    files, note = files_of(session, design.id), design.submitted_note
    deployed = definitions.deploy(session, files, actor=actor, note=note, areas=design.areas)
    for one in deployed:
        one.deployed_by = one.deployed_by or design.decided_by
        audit.record(
            session,
            actor,
            Fact.DESIGN_PUBLISHED,
            design,
            definition_id=one.id,
            process=one.process_id,
            version=one.version,
            areas=uses.names_of(session, design.areas) or None,
            decided_by=design.decided_by,
        )
        _move_on(session, design, one, actor=actor)
    design.state, design.published_hash = "published", deployed[0].hash
    return design


def _move_on(session: Session, design: Design, new: Definition, *, actor: Actor) -> None:
    """Let the chosen running work go on under a version, each instance by a job that leaves alone what does not fit."""
    olds = select(Definition).where(Definition.id.in_(design.migrating), Definition.process_id == new.process_id)
    for old in session.scalars(olds.where(Definition.id != new.id)):
        live = running(old.process_id, design.areas).where(Instance.definition_id == old.id)
        reason = design.decided_note or design.submitted_note or design.name
        plan = migration.planned(session, old, new)
        migration.migrate_later(session, plan, session.scalars(live).all(), actor=actor, reason=reason)


def _require_open(found: Gate) -> None:
    if not found.is_open:
        raise Invalid({"design": "gate_closed"}, reason="gate_closed", gate=found)


def _decide(session: Session, design: Design, note: str, *, actor: Actor) -> None:
    design.decided_by, design.decided_at, design.decided_note = actor.person_id, now(session), note.strip() or None
