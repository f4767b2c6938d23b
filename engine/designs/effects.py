"""What a design would do to running work: for each older version, who could go on under it and who could not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine import definitions, migration, runner, uses
from engine.designs import outline
from models.definitions import Definition
from models.instances import LIVE, Instance


@dataclass(frozen=True, slots=True)
class Effect:
    """The running work of one version, tried under what the files would become."""

    old: Definition
    survey: migration.Survey


def running(process_id: str, areas: Collection[str]) -> Select[str]:
    """Select the ids of what runs where a version would be in use, in areas or (none named) everywhere."""
    here = uses.reached(process_id, areas)
    return select(Instance.id).where(Instance.process_id == process_id, Instance.state.in_(LIVE), here)


def running_under(session: Session, files: Mapping[str, bytes], areas: Collection[str] = ()) -> list[Definition]:
    """Return the versions of the processes of a bundle under which something runs where it would be in use, the newest
    of each process first."""
    # The very same files are the version that runs already.
    other = Definition.hash != runner.hash_of(files)
    found: list[Definition] = []
    for process in sorted(process.id for process in outline.drawn(files)):
        live = running(process, areas).with_only_columns(Instance.definition_id)
        found += session.scalars(Definition.versions_of(process).where(other, Definition.id.in_(live)))
    return found


def effects(session: Session, files: Mapping[str, bytes], areas: Collection[str] = ()) -> list[Effect]:
    """Try the running work of a bundle's processes under its files, where they would be in use, and change nothing;
    raises runner.Unfit."""
    found = []
    for old in running_under(session, files, areas):
        only = set(session.scalars(running(old.process_id, areas).where(Instance.definition_id == old.id)))
        with definitions.as_if_deployed(session, old.process_id, files) as new:
            before, after = (definitions.bundle_of(session, one.id) for one in (old, new))
            mapping = migration.propose(before, after, old.process_id)
            plan = migration.Plan(old, new, mapping)
            found.append(Effect(old, migration.survey(session, plan, only=only)))
    return found
