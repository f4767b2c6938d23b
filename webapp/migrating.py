"""What `lienthong migrate-instances` says and does: a dry run, or each instance in a transaction of its own."""

import argparse
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import jobs, migration, verification
from engine.retry import again
from models.definitions import Definition
from models.errors import Invalid, NotFound, Rejected
from models.instances import Instance
from models.permissions import Actor
from webapp.runtime import Runtime

# Lines to print one after the other; what it returns is the exit code.
Said = Generator[str, None, int]
_MOST_NAMED = 10


def add_options(command: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    for name in ("old", "new"):
        command.add_argument(name, metavar=f"{name.upper()}", help="a version: its id, or PROCESS:NUMBER as lead:2")
    command.add_argument("--map", action="append", default=[], metavar="OLD=NEW", help="repeatable; OLD= for no target")
    command.add_argument("--dry-run", action="store_true", help="only say what would happen")
    command.add_argument("--user", required=True, metavar="NAME", help="the login of the operator")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command.add_argument("--json", action="store_true", help="one JSON object")


def migrate(
    runtime: Runtime, options: argparse.Namespace, *, actor: Callable[[Session], Actor], watch: verification.Watch
) -> Said:
    """Say which live instances can go on under the new version and what holds up the others; then let them go.

    Run again it goes on where it stopped: what has gone is under the new version. 1 where one did not go.
    """
    with verification.snapshot(runtime.database, runtime.clock) as session:
        plan = _plan(session, options)
        actor(session)
        found = migration.survey(session, plan, watch=watch)
        told = _told(plan, found)
    if not options.json:
        yield from _lines(told)
    failed: dict[str, str] = {}
    went = 0
    for key in () if options.dry_run else found.going:
        try:
            again(partial(_one, runtime, options, actor, key))
            went += 1
        except Rejected as refused:
            failed[key] = refused.reason
        watch("migrated", went)
    if options.json:
        yield json.dumps({**told, "migrated": went, "failed": failed}, ensure_ascii=False)
    elif not options.dry_run:
        yield f"{went} migrated, {found.stuck + len(failed)} stay"
        yield from (f"{key}: {reason}" for key, reason in failed.items())
    return int(bool(found.stuck or failed))


def _one(runtime: Runtime, options: argparse.Namespace, actor: Callable[[Session], Actor], key: str) -> None:
    with jobs.committing(runtime.database, runtime.clock) as session:
        instance = session.get_one(Instance, key)
        plan = _plan(session, options)
        migration.migrate(session, instance, plan, actor=actor(session), reason=options.reason)


def _plan(session: Session, options: argparse.Namespace) -> migration.Plan:
    old, new = (_version(session, text) for text in (options.old, options.new))
    return migration.planned(session, old, new, _changes(options.map))


def _version(session: Session, text: str) -> Definition:
    process, mark, number = text.rpartition(":")
    wanted = select(Definition).where(Definition.id == text)
    if mark and number.isdecimal():
        wanted = select(Definition).where(Definition.process_id == process, Definition.version == int(number))
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("no_such_process", process=text)
    return found


def _changes(given: Sequence[str]) -> dict[str, str | None]:
    wrong = [text for text in given if "=" not in text]
    if wrong:
        raise Invalid({"map": "not_an_element"}, reason="mapping_wrong", given=", ".join(wrong))
    return {frm: to or None for frm, _, to in (text.partition("=") for text in given)}


def _told(plan: migration.Plan, found: migration.Survey) -> dict[str, Any]:
    return {
        "old": f"{plan.old.process_id}:{plan.old.version}",
        "new": f"{plan.new.process_id}:{plan.new.version}",
        "mapping": plan.differences,
        "total": found.total,
        "going": len(found.going),
        "obstacles": [
            {"reason": one.misfit.reason, "facts": one.misfit.facts, "instances": one.instances}
            for one in found.obstacles
        ],
    }


def _lines(told: Mapping[str, Any]) -> Generator[str, None, None]:
    yield from (f"maps {line}" for line in told["mapping"])
    stuck = told["total"] - told["going"]
    yield f"{told['going']} of {told['total']} would go from {told['old']} to {told['new']}, {stuck} would not"
    for one in told["obstacles"]:
        facts = ", ".join(f"{name} {value}" for name, value in one["facts"].items())
        named = " ".join(one["instances"][:_MOST_NAMED])
        yield f"{len(one['instances'])}: {one['reason']} ({facts}): {named}"
