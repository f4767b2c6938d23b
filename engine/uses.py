"""Under which version of a process new work begins: everywhere, and in single areas with all below them."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from engine import audit
from engine.audit import Fact
from engine.clock import now
from engine.reasons import require_reason
from engine.rollups.coverage import place_name
from models.definitions import Definition, DefinitionUse, StartMessage
from models.errors import Invalid, NotAllowed, NotFound, WrongState
from models.instances import Instance
from models.organizations import Area
from models.permissions import Actor, Permission, may

# Built once: building it costs more than asking it, and every start asks. Nothing lies above no area.
_NEAREST = Definition.used_in(bindparam("process"), bindparam("area")).limit(1)


def active(session: Session, process_id: str, *, area_id: str | None = None) -> Definition:
    """Return the version that new work of an area begins under: that of the nearest area above which has one of its
    own, else that of everywhere; NotFound where there is none."""
    found = find(session, process_id, area_id=area_id)
    if found is None:
        raise NotFound("no_such_process", process=process_id)
    return found


def find(session: Session, process_id: str, *, area_id: str | None) -> Definition | None:
    """Return what `active` does, or None."""
    return session.scalar(_NEAREST, {"process": process_id, "area": area_id})


def require_areas(session: Session, areas: Collection[str]) -> None:
    """Refuse what is no area of today."""
    known = select(Area.id).where(Area.id.in_(areas), Area.valid_at(now(session)))
    if areas and set(session.scalars(known)) != set(areas):
        raise Invalid({"areas": "unknown"}, reason="area_unknown")


def activate(
    session: Session, definition: Definition, *, actor: Actor, reason: str, areas: Collection[str] = ()
) -> Definition:
    """Let new work begin under a version, in areas or (none named) everywhere; what runs stays where it is.

    Errors: NotAllowed; Invalid without a reason, and for what is no area; WrongState for a draft, and for the version
    that is in use there.
    """
    _take(session, definition, actor=actor, reason=reason)
    require_areas(session, areas)
    if definition.is_draft or is_used(session, definition, areas):
        raise WrongState("definition_is_draft" if definition.is_draft else "definition_in_use", subject=definition)
    bring_back(session, definition, areas=areas, actor=actor, reason=reason)
    return definition


def take_back(session: Session, definition: Definition, area_id: str, *, actor: Actor, reason: str) -> None:
    """Let new work of an area begin again under the version in use around it, if there is one.

    Errors: NotAllowed; Invalid without a reason; WrongState where the version has no use of its own for the area.
    """
    _take(session, definition, actor=actor, reason=reason)
    use = session.scalar(_uses(definition).where(DefinitionUse.area_id == area_id))
    if use is None or use.area is None:
        raise WrongState("definition_not_in_use", subject=definition)
    around = find(session, definition.process_id, area_id=use.area.parent_id)
    _record(session, definition, Fact.DEFINITION_RETIRED, use.area, actor, reason, before=definition, after=around)
    session.delete(use)
    _settle(session, definition, anew=False)


def _take(session: Session, definition: Definition, *, actor: Actor, reason: str) -> None:
    if not may(actor, Permission.DEFINITION_DEPLOY):
        raise NotAllowed("may_not_deploy")
    require_reason(reason)
    _lock(session, definition)
    session.refresh(definition)


def _lock(session: Session, definition: Definition) -> None:
    """Lock all versions of a process: who comes second sees what the first one did."""
    session.scalars(Definition.versions_of(definition.process_id).with_for_update()).all()


def bring_back(
    session: Session, definition: Definition, *, areas: Collection[str], actor: Actor, reason: str | None
) -> None:
    """Put a version that is known into use, with one entry for each place."""
    before = {area_id: find(session, definition.process_id, area_id=area_id) for area_id in areas or (None,)}
    put(session, definition, areas=areas, actor=actor, reason=reason)
    for area_id, one in before.items():
        area = session.get_one(Area, area_id) if area_id else None
        _record(session, definition, Fact.DEFINITION_ACTIVATED, area, actor, reason, before=one, after=definition)


def put(session: Session, definition: Definition, *, areas: Collection[str], actor: Actor, reason: str | None) -> None:
    """Let new work begin under a version, in areas or (none named) everywhere, without an entry."""
    _lock(session, definition)
    for area_id in areas or (None,):
        place = DefinitionUse.area_id == area_id if area_id else DefinitionUse.area_id.is_(None)
        use = session.scalar(DefinitionUse.of(definition.process_id).where(place))
        if use is None:
            use = DefinitionUse(process_id=definition.process_id, area_id=area_id)
            session.add(use)
        use.definition_id, use.since, use.reason = definition.id, now(session), reason
        use.person_id, use.organization_id = actor.person_id, actor.organization_id
    session.flush()
    _spread(session, definition, areas)
    _hear(session, definition, everywhere=not areas)
    _settle(session, definition, anew=not areas)


def is_used(session: Session, definition: Definition, areas: Collection[str]) -> bool:
    """Tell whether a version was put into use in all of some areas or (none named) everywhere."""
    own = {use.area_id for use in session.scalars(_uses(definition))}
    return own.issuperset(areas or (None,))


def _uses(definition: Definition) -> Select[DefinitionUse]:
    return DefinitionUse.of(definition.process_id).where(DefinitionUse.definition_id == definition.id)


def _spread(session: Session, definition: Definition, areas: Collection[str]) -> None:
    """Forget the areas a version was in use for before it was in use around them: they follow what comes next."""
    others = _uses(definition).where(DefinitionUse.area_id.is_not(None), DefinitionUse.area_id.not_in(areas))
    for use in session.scalars(others).all():
        if find(session, definition.process_id, area_id=use.area.parent_id if use.area else None) is definition:
            session.delete(use)
            session.flush()


def _hear(session: Session, definition: Definition, *, everywhere: bool) -> None:
    """Let messages start the process; one that is in use for areas only takes none from another process."""
    for name in definition.starts_on:
        known = session.get(StartMessage, name)
        if known is None:
            session.add(StartMessage(name=name, process_id=definition.process_id))
        elif everywhere:
            known.process_id = definition.process_id
        elif known.process_id != definition.process_id:
            raise WrongState("start_message_taken", subject=definition, name=name)


def _settle(session: Session, definition: Definition, *, anew: bool) -> None:
    """Bring what follows from the uses up to date: what is retired, what begins by itself, which messages begin."""
    session.flush()
    used = select(DefinitionUse.definition_id).where(DefinitionUse.process_id == definition.process_id)
    versions = update(Definition).where(Definition.process_id == definition.process_id)
    session.execute(versions.where(Definition.id.in_(used)).values(retired_at=None))
    gone = versions.where(Definition.id.not_in(used), Definition.retired_at.is_(None))
    session.execute(gone.values(retired_at=now(session)))
    session.refresh(definition)
    # Starts begin instances, and instances read definitions: bound late to close the circle.
    from engine import messages, start_events

    start_events.arm(session, definition.process_id, anew=anew)
    if not anew:
        messages.requeue_starts(session, definition.starts_on)


def names_of(session: Session, areas: Collection[str]) -> list[str]:
    """Return what areas are called, in Vietnamese order."""
    found = session.scalars(select(Area).where(Area.id.in_(areas)).order_by(Area.name_sort)) if areas else ()
    return [place_name(one.kind, one.name) for one in found]


def _record(
    session: Session,
    definition: Definition,
    fact: Fact,
    area: Area | None,
    actor: Actor,
    reason: str | None,
    *,
    before: Definition | None,
    after: Definition | None,
) -> None:
    audit.record(
        session,
        actor,
        fact,
        definition,
        process=definition.process_id,
        version=definition.version,
        area=place_name(area.kind, area.name) if area else None,
        area_id=area.id if area else None,
        before={"version": before.version} if before else None,
        after={"version": after.version} if after else None,
        reason=reason,
    )


def reached(process_id: str, areas: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that an instance is where new work begins under a version put into use in areas: in them
    and below, or everywhere, without the areas below that have a version of their own."""
    inside = Area.within(Area.id.in_(areas))
    own = select(DefinitionUse.area_id).where(
        DefinitionUse.process_id == process_id, DefinitionUse.area_id.is_not(None), DefinitionUse.area_id.not_in(areas)
    )
    if not areas:
        return or_(Instance.area_id.is_(None), Instance.area_id.not_in(Area.within(Area.id.in_(own))))
    below = own.where(DefinitionUse.area_id.in_(inside))
    return and_(Instance.area_id.in_(inside), Instance.area_id.not_in(Area.within(Area.id.in_(below))))


def uses_of(session: Session, *definitions: str) -> Sequence[DefinitionUse]:
    """Return where versions are in use, everywhere first."""
    area = aliased(Area)
    return session.scalars(
        select(DefinitionUse)
        .outerjoin(area, area.id == DefinitionUse.area_id)
        .where(DefinitionUse.definition_id.in_(definitions))
        .order_by(DefinitionUse.area_id.is_not(None), area.name_sort, DefinitionUse.id)
    ).all()
