"""Many instances that migrate: each by a job and in a transaction of its own, so that one that cannot holds up none."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy.orm import Session

from engine import audit, jobs, operations, organizations, runner
from engine.audit import Fact
from engine.clock import now
from engine.migration.following import migrate
from engine.migration.plan import Plan, planned
from engine.reasons import require_reason
from models.definitions import Definition
from models.instances import LIVE, Instance
from models.permissions import SYSTEM, Actor

JOB = "migrate-instance"


def migrate_later(session: Session, plan: Plan, instances: Collection[str], *, actor: Actor, reason: str) -> None:
    """Queue the migration of instances; errors: NotAllowed, Invalid without a reason."""
    operations.require_operator(actor)
    require_reason(reason)
    if not instances:
        return
    audit.record(
        session, actor, Fact.MIGRATION_REQUESTED, plan.old, process=plan.old.process_id, instances=len(instances),
        before={"version": plan.old.version}, after={"version": plan.new.version}, reason=reason,
    )  # fmt: skip
    asked = now(session).isoformat()
    for id in instances:
        payload = {
            "instance": id,
            "old": plan.old.id,
            "new": plan.new.id,
            "mapping": dict(plan.mapping),
            "person": actor.person_id,
            "post": actor.post_id,
            "reason": reason,
        }
        jobs.enqueue(session, JOB, f"{id}:{asked}", payload)


@jobs.job(JOB)
def run(session: Session, payload: Mapping[str, Any]) -> None:
    """Migrate one instance, unless it went meanwhile; one that does not fit stays, and the next dry run tells why."""
    instance = session.get_one(Instance, payload["instance"])
    if instance.definition_id != payload["old"] or instance.state not in LIVE:
        return
    person, post = payload["person"], payload["post"]
    actor = organizations.actor_for(session, person, post, channel="job") if person else SYSTEM
    old, new = (session.get_one(Definition, payload[name]) for name in ("old", "new"))
    plan = planned(session, old, new, payload["mapping"])
    with suppress(runner.Misfit):  # decided by reading alone: nothing has been written
        migrate(session, instance, plan, actor=actor, reason=payload["reason"])
