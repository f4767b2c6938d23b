"""What the log says about the flow of work, over entries made by hand, with medians counted by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine import analysis
from engine.analysis import Flow, Scope, Spread
from engine.audit import Fact

MONDAY = datetime(2018, 10, 1, 2, tzinfo=UTC)


@dataclass
class Said:
    """An entry of the log, as the fold reads it."""

    seq: int
    at: datetime
    fact: str
    subject_id: str | None = None
    instance_id: str | None = None
    person_id: str | None = "p"
    organization_id: str | None = None
    order_id: str | None = "order"
    definition_id: str | None = "d"
    refused: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


class Log:
    """A log written by hand: hours after a Monday, in the order of the calls."""

    def __init__(self) -> None:
        self.entries: list[Said] = []

    def say(self, hours: float, fact: str, **said: Any) -> None:
        self.entries.append(Said(len(self.entries) + 1, MONDAY + timedelta(hours=hours), fact, **said))

    def begin(self, id: str, body: str, hours: float = 0) -> None:
        self.say(hours, Fact.INSTANCE_STARTED, instance_id=id, facts={"process": "plan", "organization": body})

    def work(
        self, id: str, step: str, *, opened: float, claimed: float | None = None, completed: float | None = None,
        body: str = "women", due: float | None = None, decision: str | None = None,
    ) -> None:  # fmt: skip
        task = f"{id}-{step}"
        until = (MONDAY + timedelta(hours=due)).isoformat() if due is not None else None
        offered = {"key": step, "element": step, "task": task, "organization": body, "due": until}
        self.say(opened, Fact.INSTANCE_MOVED, instance_id=id, facts={"opened": [offered]})
        if claimed is not None:
            self.say(claimed, Fact.TASK_CLAIMED, subject_id=task, instance_id=id)
        if completed is not None:
            said = {"decision": decision} if decision else {}
            self.say(completed, Fact.TASK_COMPLETED, subject_id=task, instance_id=id, facts=said)

    def end(self, id: str, hours: float) -> None:
        self.say(hours, Fact.INSTANCE_FINISHED, instance_id=id)

    def flow(self, **scope: Any) -> Flow:
        return analysis.flow_of(sorted(self.entries, key=lambda one: (one.at, one.seq)), Scope(**scope))


@pytest.fixture
def log() -> Log:
    return Log()


def test_waiting_ends_with_the_claim_and_working_begins_with_it(log: Log) -> None:
    for id, claimed, completed in (("a", 1, 3), ("b", 2, 12), ("c", 9, 10)):
        log.begin(id, "women")
        log.work(id, "draft", opened=0, claimed=claimed, completed=completed)
    (draft,) = analysis.by(log.flow(), lambda work: work.element)
    assert (draft.opened, draft.claimed, draft.completed) == (3, 3, 3)
    assert draft.waiting == Spread(3, 2 * 3600, 9 * 3600)  # of 1, 2 and 9 hours
    assert draft.working == Spread(3, 2 * 3600, 10 * 3600)  # of 2, 10 and 1 hours
    assert draft.total == (1 + 2 + 9 + 2 + 10 + 1) * 3600


def test_the_ninetieth_percentile_is_one_of_the_measured_times() -> None:
    assert analysis.spread(range(1, 11)) == Spread(10, 5.5, 9)
    assert analysis.spread([7]) == Spread(1, 7, 7)
    assert analysis.spread([]) == Spread(0, None, None)


def test_what_nobody_claimed_waited_until_it_was_completed(log: Log) -> None:
    log.begin("a", "women")
    log.work("a", "draft", opened=0, completed=5)
    (draft,) = analysis.by(log.flow(), lambda work: work.element)
    assert (draft.waiting.median, draft.working.count) == (5 * 3600, 0)


def test_a_period_counts_what_happened_in_it_and_knows_what_was_opened_before(log: Log) -> None:
    log.begin("a", "women")
    log.work("a", "draft", opened=0, claimed=20, completed=30)
    (draft,) = analysis.by(log.flow(since=MONDAY + timedelta(hours=10)), lambda work: work.element)
    assert (draft.opened, draft.claimed, draft.completed, draft.waiting.median) == (0, 1, 1, 20 * 3600)
    assert analysis.by(log.flow(until=MONDAY), lambda work: work.element) == []


def test_weeks_without_work_stand_between_the_others(log: Log) -> None:
    log.begin("a", "women")
    log.work("a", "draft", opened=0, completed=15 * 24)
    found = [(week.monday, week.opened, week.completed) for week in analysis.weeks(log.flow())]
    assert found == [(date(2018, 10, 1), 1, 0), (date(2018, 10, 8), 0, 0), (date(2018, 10, 15), 0, 1)]


def test_on_time_late_and_open_after_the_due_add_up(log: Log) -> None:
    log.begin("a", "women")
    log.work("a", "early", opened=0, completed=5, due=5)
    log.work("a", "late", opened=0, completed=6, due=5)
    log.work("a", "free", opened=0, completed=6)
    log.work("a", "open", opened=0, due=5)
    found = analysis.timeliness(log.flow(), at=MONDAY + timedelta(hours=9))
    assert (found.on_time, found.late, found.without, found.open_late) == (1, 1, 1, 1)


def test_variants_are_the_completed_steps_of_finished_instances(log: Log) -> None:
    for id, steps in (("a", "xy"), ("b", "xy"), ("c", "xxy"), ("d", "y")):
        log.begin(id, "women")
        for number, step in enumerate(steps):
            log.work(id, step, opened=number, completed=number + 0.5)
        log.end(id, 10)
    log.begin("running", "women")
    log.work("running", "x", opened=0, completed=1)
    found = [("".join(one.steps), one.count, one.share) for one in analysis.variants(log.flow())]
    assert found == [("xy", 2, 0.5), ("xxy", 1, 0.25), ("y", 1, 0.25)]


def test_the_ball_comes_back_and_waits_until_somebody_takes_it(log: Log) -> None:
    log.begin("a", "women")
    log.begin("b", "bloc")
    for hours, frm, to in ((1, "a", "b"), (5, "b", "a"), (6, "a", "b")):
        log.say(hours, Fact.MESSAGE_DELIVERED, instance_id=to, facts={"sender": frm, "name": "plan"})
    log.work("b", "approve", opened=1, claimed=4, completed=5, body="bloc", decision="return")
    log.say(7, Fact.TASK_TRANSFERRED, subject_id="b-approve", instance_id="b", facts={"to": "q"})
    flow = log.flow()
    to, back = analysis.ping_pong(flow)
    assert (to.giver_id, to.taker_id, to.count, to.back, to.waiting) == ("women", "bloc", 2, 1, Spread(1, 10800, 10800))
    assert (back.giver_id, back.count, back.back, back.waiting.count) == ("bloc", 1, 1, 0)
    assert (analysis.returns(flow), analysis.reassignments(flow)) == (1, 1)


def test_a_scope_leaves_out_other_bodies_and_processes(log: Log) -> None:
    log.begin("a", "women")
    log.work("a", "draft", opened=0, completed=1)
    log.work("a", "join", opened=0, completed=1, body="youth")
    assert [work.element for work in log.flow(bodies=frozenset({"youth"})).works] == ["join"]
    assert log.flow(process="another").works == []


def test_acts_on_work_that_was_not_seen_to_open_are_said(log: Log) -> None:
    log.say(1, Fact.TASK_COMPLETED, subject_id="gone", instance_id="a")
    assert log.flow().unopened == 1
