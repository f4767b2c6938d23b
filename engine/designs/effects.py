"""What a design would do to running work: for each older version, who could go on under it and who could not."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, migration, runner
from engine.designs import outline
from models.definitions import Definition
from models.instances import LIVE, Instance


@dataclass(frozen=True, slots=True)
class Effect:
    """The running work of one version, tried under what the files would become."""

    old: Definition
    survey: migration.Survey


def running_under(session: Session, files: Mapping[str, bytes]) -> list[Definition]:
    """Return the versions of the processes of a bundle under which something runs, newest first."""
    processes = [process.id for process in outline.drawn(files)]
    live = select(Instance.definition_id).where(Instance.process_id.in_(processes), Instance.state.in_(LIVE))
    versions = select(Definition).where(Definition.process_id.in_(processes), Definition.id.in_(live))
    # The very same files are the version that runs already.
    others = versions.where(Definition.hash != runner.hash_of(files))
    return list(session.scalars(others.order_by(Definition.process_id, Definition.version.desc())))


def effects(session: Session, files: Mapping[str, bytes]) -> list[Effect]:
    """Try all running work of a bundle's processes under its files, and change nothing; raises runner.Unfit."""
    found = []
    for old in running_under(session, files):
        with definitions.as_if_deployed(session, old.process_id, files) as new:
            before, after = (definitions.bundle_of(session, one.id) for one in (old, new))
            mapping = migration.propose(before, after, old.process_id)
            found.append(Effect(old, migration.survey(session, migration.Plan(old, new, mapping))))
    return found
