"""Migration over the API: a dry run over what runs under one version, and the same queued for real."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import migration, operations
from models.definitions import Definition
from models.permissions import Actor
from webapp.api.operations import In, Key, Line, Out, Reason, table
from webapp.api.reading import one
from webapp.text.refusals import refusal


class Migrating(In):
    """To which version, with which elements instead of those that are proposed, and why."""

    to: Key = Field(description="The version under which the instances go on.")
    dry_run: bool = Field(
        True, description="Only say what would happen; otherwise the instances that can go are queued."
    )
    mapping: Annotated[
        dict[Line, Line | None],
        Field(
            max_length=1000,
            json_schema_extra={"additionalProperties": False},
            description="Old element id -> new one, or null for none; all others as proposed.",
        ),
    ] = Field(default_factory=dict)
    instances: Annotated[list[Key], Field(max_length=1000, description="Only these; all live ones if empty.")] = Field(
        default_factory=list
    )
    reason: Reason


class ObstacleOut(Out):
    """What holds up some instances."""

    reason: str
    element: str | None = Field(description="The id of the element of the old version, if it is about one.")
    detail: str
    instances: list[str]


class MigrationOut(Out):
    """How many live instances there are, which would go, and what holds up the others."""

    total: int
    going: list[str]
    obstacles: list[ObstacleOut]
    mapping: dict[str, str | None]
    queued: int = Field(description="How many were queued; each migrates in a transaction of its own.")


@table.post("/definitions/<key:id>/migration", answer=MigrationOut, body=Migrating)
def migrate_instances(session: Session, actor: Actor, id: str, *, body: Migrating) -> MigrationOut:
    """Say which instances of a version can go on under another; unless it is a dry run, let them."""
    old = one(session, select(Definition), Definition.id, id)
    operations.require_operator(actor)
    new = one(session, select(Definition), Definition.id, body.to)
    plan = migration.planned(session, old, new, body.mapping)
    found = migration.survey(session, plan, only=body.instances)
    if not body.dry_run:
        migration.migrate_later(session, plan, found.going, actor=actor, reason=body.reason)
    return MigrationOut(
        total=found.total,
        going=list(found.going),
        obstacles=[_obstacle(obstacle) for obstacle in found.obstacles],
        mapping=dict(plan.mapping),
        queued=0 if body.dry_run else len(found.going),
    )


def _obstacle(obstacle: migration.Obstacle) -> ObstacleOut:
    return ObstacleOut(
        reason=obstacle.misfit.reason,
        element=obstacle.element,
        detail=refusal(obstacle.misfit).text,
        instances=list(obstacle.instances),
    )
