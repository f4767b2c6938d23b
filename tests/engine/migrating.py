"""Instances that go on under another version, in the runner alone and in the small world."""

from datetime import timedelta

from engine import clock as clocks
from engine import definitions, migration, runner
from engine.runner import Complete, Step
from models.definitions import Definition
from models.instances import Instance
from tests.engine.operating import REASON
from tests.engine.running import Run
from tests.play import Story


def migrated(run: Run, files: dict[str, bytes], **changes: str | None) -> Run:
    """Let a run go on under other files; `changes` change the mapping that is proposed."""
    new = runner.compile_bundle(files)
    mapping = migration.propose(run.bundle, new, run.process) | changes
    moved = runner.migrate(run.bundle, new, run.process, run.step.rest, mapping, now=run.now)
    run.bundle = new
    run.step = Step(moved.rest, moved.waiting, (), (), (), (), None, None, {})
    run.moved = moved  # type: ignore[attr-defined]
    return run


def finish(run: Run, *, most: int = 200) -> str | None:
    """Do whatever waits, the first first, until the end; return how it ended."""
    for _ in range(most):
        if run.step.ended:
            return run.step.ended
        work = [one for one in run.step.waiting if one.kind in ("user", "manual", "service")]
        if work:
            run.give(Complete(work[0].key))
        else:
            run.now += timedelta(days=400)
            run.give(runner.Fire(run.step.waiting[0].key) if run.step.waiting[0].kind == "timer" else
                     runner.Deliver(run.step.waiting[0].key))  # fmt: skip
    return run.step.ended


def deploy(story: Story, files: dict[str, bytes]) -> str:
    with story.doing() as session:
        return definitions.deploy(session, files, actor=story.actor("thietke"))[0].id


def versions(story: Story, process: str = "p") -> list[str]:
    """Return the ids of the versions of a process, oldest first."""
    return [one.id for one in sorted(story.rows(Definition, process_id=process), key=lambda one: one.version)]


def migrate(
    story: Story, instance: str, process: str = "p", *, login: str = "quantri", reason: str = REASON,
    version: int | None = None, **changes: str | None,
) -> None:  # fmt: skip
    """Let an operator migrate one instance to the newest version."""
    found = versions(story, process)[-2:]
    with story.doing() as session:
        old, new = (session.get_one(Definition, id) for id in found)
        plan = migration.planned(session, old, new, changes)
        row = session.get_one(Instance, instance)
        migration.migrate(session, row, plan, actor=story.actor(login), reason=reason, version=version)


def survey(story: Story, process: str = "p", **changes: str | None) -> migration.Survey:
    found = versions(story, process)[-2:]
    with story.database.read() as reading:
        session = clocks.begin(reading, story.clock)
        old, new = (session.get_one(Definition, id) for id in found)
        return migration.survey(session, migration.planned(session, old, new, changes))
