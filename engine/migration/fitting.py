"""Whether one instance can go on under another version, and as what; decided by reading alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from engine import assigning, bpmn, definitions, incidents, routing, runner
from engine.clock import now
from engine.lint import soundness
from engine.migration.plan import Plan
from models.errors import ProcessStuck
from models.instances import Incident, Instance

_PERSONS = ("user", "manual")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a migration would make of an instance: its rest state, and whom it offers tasks to whose role changed.

    An instance that got stuck at its start has no rest state: it begins anew under the new version.
    """

    moved: runner.Migrated | None
    offers: Mapping[str, routing.Candidates]
    incident: Incident | None


def fitted(session: Session, instance: Instance, plan: Plan) -> Fitted:
    """Return what a live instance would be under the new version; raises runner.Misfit where it cannot be anything."""
    incident = incidents.open_of(session, instance)
    if not instance.rest:
        _require_start(session, incident, plan)
        return Fitted(None, {}, incident)
    try:
        moved = _moved(session, instance, plan, incident)
    except runner.Misfit as misfit:
        raise _named(session, misfit, plan) from None
    except ProcessStuck as stuck:
        raise runner.Misfit("migration_gets_stuck", element=stuck.element or "", why=stuck.message) from stuck
    return Fitted(moved, _offers(session, instance, moved, plan), incident)


def _moved(session: Session, instance: Instance, plan: Plan, incident: Incident | None) -> runner.Migrated:
    old, new = definitions.bundle_of(session, plan.old.id), definitions.bundle_of(session, plan.new.id)
    moved = carried(old, new, instance.process_id, instance.rest, plan.mapping, now=now(session))
    held = incident.held.get("key") if incident is not None else None
    if held and held not in moved.keys:
        lost = next((one.element for one in moved.before if one.key == held), "")
        raise runner.Misfit("migration_loses_input", element=lost)
    return moved


def carried(
    old: runner.Bundle,
    new: runner.Bundle,
    process_id: str,
    rest: str,
    mapping: Mapping[str, str | None],
    *,
    now: datetime,
) -> runner.Migrated:
    """Put a rest state under another version, from where it can come to its end; errors as `runner.migrate`."""
    moved = runner.migrate(old, new, process_id, rest, mapping, now=now)
    for scope, standing in moved.standing:
        if stuck := _stuck(new, scope, tuple(sorted(standing, key=str))):
            join, known = min(stuck), new.elements(process_id)
            raise runner.Misfit("migration_never_joins", target=known[join].name if join in known else join)
    return moved


@lru_cache(maxsize=1000)
def _stuck(bundle: runner.Bundle, scope: str, standing: soundness.Standing) -> frozenset[str]:
    process, _, parent = scope.partition(">")
    return soundness.stuck_from(_regular(bundle, process), parent or None, standing)


@lru_cache(maxsize=100)
def _regular(bundle: runner.Bundle, process: str) -> bpmn.Process:
    return bpmn.normalised(bundle.processes[process])


def _require_start(session: Session, incident: Incident | None, plan: Plan) -> None:
    held = incident.held if incident is not None else {}
    bundle, process_id = definitions.bundle_of(session, plan.new.id), plan.new.process_id
    element, message = held.get("at"), held.get("message")
    if element and plan.mapping.get(element) is None:
        raise _named(session, runner.Misfit("migration_no_target", element=element), plan)
    if message and message not in bundle.start_events[process_id]:
        raise runner.Misfit("migration_no_start", message=message)


def _offers(session: Session, instance: Instance, moved: runner.Migrated, plan: Plan) -> dict[str, routing.Candidates]:
    """Find who gets what waits for others than before."""
    old = definitions.bundle_of(session, plan.old.id).elements(instance.process_id)
    new = definitions.bundle_of(session, plan.new.id).elements(instance.process_id)
    asked = {one.key: assigning.asked_by(old[one.element]) for one in moved.before if one.kind in _PERSONS}
    found = {}
    for one in moved.waiting:
        if one.kind in _PERSONS and assigning.asked_by(new[one.element]) != asked[one.key]:
            offer = assigning.offered(session, instance, new[one.element], data=one.data)
            if offer is None:
                raise runner.Misfit("migration_nobody", element=one.element, name=one.name, role=one.lane_role)
            found[one.key] = offer
    return found


def _named(session: Session, misfit: runner.Misfit, plan: Plan) -> runner.Misfit:
    """Say the name of the element beside its id."""
    known = definitions.bundle_of(session, plan.old.id).elements(plan.old.process_id)
    id = str(misfit.facts.get("element", ""))
    name = known[id].name if id in known else id
    return runner.Misfit(misfit.reason, **misfit.facts | {"name": name})
