"""Fifty people at once claim, complete and return the same task: one wins, every other learns who and when."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select

from engine import assignments, audit, messages, orders, tasks, timers
from engine.clock import Clock
from engine.instances import writing
from engine.jobs import committing
from engine.retry import again
from engine.tasks import completing, standing
from models import base
from models.assignments import Assignment
from models.errors import Conflict, Rejected, WrongState
from models.instances import LIVE, Instance
from models.messages import Message
from models.orders import Extension, Order
from models.organizations import Organization
from models.tasks import Submission, Task
from models.timers import Timer
from tests.play import Story

MANY = 50
PLAN = {"content": "Kế hoạch", "milestones": "Hằng tuần"}
Verb = Callable[..., Any]


@dataclass
class Outcome:
    """Who won a race, and what the others were told."""

    winners: list[int]
    refusals: list[Rejected]


def race(story: Story, acts: list[Verb]) -> Outcome:
    """Release all acts at one moment, each a transaction of its own as a door makes it; wait for all."""
    start = threading.Barrier(len(acts))
    outcome, broken = Outcome([], []), []

    def run(number: int, act: Verb) -> None:
        def once() -> None:
            with committing(story.database, story.clock) as session:
                act(session)

        start.wait()
        try:
            again(once)
            outcome.winners.append(number)
        except Rejected as refusal:
            outcome.refusals.append(refusal)
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert not any(thread.is_alive() for thread in threads), "somebody never came back"
    assert broken == []
    assert len(outcome.winners) + len(outcome.refusals) == len(acts)
    with story.doing() as session:
        assert audit.verify(session).is_sound
    return outcome


def on(story: Story, verb: Verb, login: str, task: str, **given: Any) -> Verb:
    """Make the act of a person on a task."""
    actor = story.actor(login)
    return lambda session: verb(session, session.get_one(Task, task), actor=actor, **given)


def told_who_and_when(outcome: Outcome) -> set[tuple[Any, Any]]:
    assert all(isinstance(refusal, WrongState | Conflict) for refusal in outcome.refusals)
    return {(refusal.facts.get("who"), refusal.facts.get("at")) for refusal in outcome.refusals}


@pytest.fixture
def plan(story: Story) -> str:
    return story.task("draft_plan", order=story.until("draft_plan")).id


def pairs(story: Story, verb: Verb, task: str, **given: Any) -> list[Verb]:
    return [on(story, verb, ("phunu", "phunu.2")[n % 2], task, **given) for n in range(MANY)]


def test_fifty_complete_one_task_and_one_wins(story: Story, plan: str) -> None:
    """P3."""
    outcome = race(story, pairs(story, tasks.complete, plan, answers=PLAN))
    assert len(outcome.winners) == 1
    won = story.get(Task, plan)
    assert told_who_and_when(outcome) == {(won.closed_title, won.closed_at)}
    assert len(story.facts("task:completed", subject_id=plan)) == 1
    assert len(story.rows(Submission, task_id=plan)) == 1
    assert len(story.messages("coordination.requested")) == 2


def test_fifty_claim_one_task_and_one_holds_it(story: Story, plan: str) -> None:
    """P3; twice by the same person is harmless, so every colleague but the winner is refused."""
    outcome = race(story, pairs(story, tasks.claim, plan))
    won = story.get(Task, plan)
    winner = {story.world.person("phunu"): 0, story.world.person("phunu.2"): 1}[won.holder_id]
    assert {number % 2 for number in outcome.winners} == {winner}
    assert len(outcome.refusals) == MANY // 2
    assert told_who_and_when(outcome) == {(won.holder_title, won.claimed_at)}
    assert len(story.facts("task:claimed", subject_id=plan)) == 1


def test_returns_and_approvals_of_one_review_have_one_winner(story: Story) -> None:
    order = story.until("approve_plan")
    review = story.task("approve_plan", order=order).id
    acts = [on(story, tasks.complete, "truong.khoi", review, answers={"decision": "approve"}) for _ in range(MANY // 2)]
    acts += [on(story, tasks.return_, "truong.khoi", review, remarks="Thiếu") for _ in range(MANY // 2)]
    outcome = race(story, acts)
    assert len(outcome.winners) == 1
    sent = story.messages("plan.approved") + story.messages("plan.returned")
    assert [one.name for one in sent] == ["plan.approved" if outcome.winners[0] < MANY // 2 else "plan.returned"]
    assert len(story.facts("task:completed", subject_id=review)) == 1


def test_claims_completions_and_releases_at_once_leave_one_sound_state(story: Story, plan: str) -> None:
    acts = pairs(story, tasks.claim, plan)[:20] + pairs(story, tasks.release, plan)[:10]
    acts += pairs(story, tasks.complete, plan, answers=PLAN)[:20]
    outcome = race(story, acts)
    assert len([number for number in outcome.winners if number >= 30]) <= 1
    assert len(story.facts("task:completed", subject_id=plan)) == len(story.rows(Submission, task_id=plan)) <= 1
    claimed, released = story.facts("task:claimed", subject_id=plan), story.facts("task:released", subject_id=plan)
    assert len(claimed) - len(released) in (0, 1)


def test_a_completion_and_a_withdrawal_at_once_end_with_nothing_open(story: Story) -> None:
    """Scripted pairs: complete x withdraw."""
    for _ in range(4):
        order = story.order()
        story.play(order, to="draft_plan", draft_order={"topic_code": "other"})
        task = story.task("draft_plan", order=order).id

        def withdraw(session: Any, order: str = order) -> None:
            row = session.get_one(Order, order)
            orders.withdraw(session, row, actor=story.actor("vp.ubnd"), reason="Dừng")

        race(story, [*pairs(story, tasks.complete, task, answers=PLAN)[:3], withdraw])
        story.pass_time()
        assert story.open_steps(order) == []
        assert not [one for one in story.rows(Instance, order_id=order) if one.state in LIVE]


def test_a_start_under_way_and_a_withdrawal_at_once_leave_no_orphan(story: Story) -> None:
    order = story.until("roll_out")
    with story.doing() as session:
        task = session.scalars(select(Task).where(Task.element == "roll_out")).one()
        tasks.complete(session, task, actor=story.actor("phunu"), answers={})
    ids = [one.id for one in story.rows(Message, state="pending")]

    def withdraw(session: Any) -> None:
        orders.withdraw(session, session.get_one(Order, order), actor=story.actor("vp.ubnd"), reason="Dừng")

    race(story, [*[lambda session, one=one: messages.deliver(session, one) for one in ids], withdraw])
    story.pass_time()
    assert story.open_steps(order) == []
    assert not [one for one in story.rows(Instance, order_id=order) if one.state in LIVE]


def test_two_changes_of_lead_at_once_leave_one_active_lead(story: Story) -> None:
    """The partial unique index decides where the lock did not."""
    order = story.until("draft_plan")

    def replace(to: str) -> Verb:
        def act(session: Any) -> None:
            new = session.get_one(Organization, getattr(story.world, to))
            actor, row = story.actor("truong.khoi"), session.get_one(Order, order)
            assignments.replace_lead(session, row, actor=actor, organization=new, reason="Điều chỉnh")

        return act

    race(story, [replace(to) for to in ("farmers", "veterans", "labour", "front") * 3])
    active = [share for share in story.rows(Assignment, order_id=order, part="lead") if share.is_open]
    assert len(active) == 1
    story.settle()
    assert story.task("accept_lead", order=order).organization_id == active[0].organization_id


def test_messages_are_handed_over_once_however_many_deliver(story: Story) -> None:
    """P6: the last reports of a join, delivered by eight at once."""
    order = story.until("carry_out")
    for who in ("truong.khu", "truong.khu2", "truong.khu3"):
        with story.doing() as session:
            actor = story.actor(who)
            own = Task.visible_to(actor).where(Task.element == "carry_out", Task.offered_to(actor))
            tasks.complete(session, session.scalars(own).one(), actor=actor, answers={"nothing": True})
    ids = [one.id for one in story.messages("locality.reported", state="pending")]
    race(story, [lambda session, one=one: messages.deliver(session, one) for one in ids * 8])
    story.settle()
    assert len([t for t in story.tasks("consolidate_locality", order=order) if t.place == "Cẩm Thịnh"]) == 1
    assert {one.state for one in story.messages("locality.reported")} == {"delivered"}


def test_a_timer_fires_once_with_any_number_of_claimers(story: Story) -> None:
    """P5."""
    order = story.until("answer_coordination")
    story.at("2018-10-18 08:00")
    (cut_off,) = story.rows(Timer, kind="cutoff")
    race(story, [lambda session: timers.fire(session, cut_off.id)] * 12)
    assert len(story.facts("timer:fired", order_id=order)) == 1
    assert len(story.tasks("submit_plan", order=order)) == 1


def test_one_share_asks_for_more_time_once(story: Story) -> None:
    share = story.share(story.until("carry_out"), "quarter1_body")

    def ask(session: Any) -> None:
        row, until = session.get_one(Assignment, share.id), share.due_at.replace(day=10)
        assignments.request_extension(session, row, actor=story.actor("truong.khu"), new_due_at=until, reason="Mưa")

    outcome = race(story, [ask] * 12)
    assert len(outcome.winners) == 1
    assert len(story.rows(Extension)) == len(story.instances("extension")) == 1


def test_numbers_of_orders_signed_at_once_are_all_different(story: Story) -> None:
    """Who signs at the same moment waits for the number before, so nobody is refused."""
    signing = [story.order() for _ in range(6)]
    for number, order in enumerate(signing):
        topic = ("environment", "propaganda", "new_rural", "other", "online_services", "civilized_roads")[number]
        story.play(order, to="sign_order", draft_order={"topic_code": topic, "indicators": []})
    waiting = [story.task("sign_order", order=order).id for order in signing]
    sign = {"decision": "sign"}
    outcome = race(story, [on(story, tasks.complete, "lanhdao.ubnd", task, answers=sign) for task in waiting])
    assert len(outcome.winners) == 6
    assert len({story.get(Order, order).number for order in signing}) == 6


# The sabotage: what the guards are worth


def test_without_lock_and_version_check_more_than_one_wins(
    story: Story, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault of P3: this test is green when the races above would be red."""
    read = threading.Barrier(2, timeout=20)

    def look_only(session: Any, task: Task) -> Task:
        found = session.scalars(select(Task).where(Task.id == task.id)).one()
        assert found.instance is not None
        session.commit()  # no lock: what was read may be stale
        session.info["now"] = datetime.now(UTC)
        read.wait()
        return found

    def unchecked(session: Any, row: Any, **values: Any) -> None:
        statement = base.update(type(row)).where(type(row).id == row.id).values(**values)
        session.connection().execute(statement)
        for name, value in values.items():
            base.set_committed_value(row, name, value)

    for module in (completing, writing):
        monkeypatch.setattr(module, "update_versioned", unchecked)
    monkeypatch.setattr(standing, "look_again", look_only)
    winners = []

    def run(login: str) -> None:
        with committing(story.database, Clock()) as session:
            act = on(story, tasks.complete, login, plan, answers=PLAN)
            act(session)
        winners.append(login)

    threads = [threading.Thread(target=run, args=(login,)) for login in ("phunu", "phunu.2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(winners) == ["phunu", "phunu.2"]
    assert len(story.rows(Submission, task_id=plan)) == 2


def test_the_version_check_alone_refuses_what_was_read_before_somebody_elses_change(story: Story, plan: str) -> None:
    with story.database.read() as session:
        stale = session.get_one(Instance, session.get_one(Task, plan).instance_id)
    story.answer("phunu", "draft_plan", **PLAN)
    with story.doing() as session, pytest.raises(Conflict):
        base.update_versioned(session, stale, state="suspended")
    assert story.get(Instance, stale.id).state == "running"


def test_an_act_the_database_keeps_undoing_ends_as_a_conflict(story: Story) -> None:
    tried = []

    def clash() -> None:
        tried.append(1)
        with story.doing() as session:
            session.execute(delete(Timer))
            row = {"id": "1" * 32, "name": "x", "sent_at": story.clock.at, "state": "kept", "payload": {}}
            session.execute(Message.__table__.insert(), [row, row])

    with pytest.raises(Conflict):
        again(clash, attempts=3)
    assert len(tried) == 3
    assert story.rows(Message, id="1" * 32) == []


def test_a_dead_end_on_postgresql_is_tried_again_and_both_acts_happen(story: Story) -> None:
    if story.database.is_sqlite:
        pytest.skip("SQLite has one writer, which meets nobody")
    orders_made = [story.order(), story.order()]
    crossed = threading.Barrier(2)
    first_try = {0, 1}

    def act(number: int) -> Verb:
        def both(session: Any) -> None:
            for n, order in enumerate((orders_made[number], orders_made[1 - number])):
                row = session.scalars(select(Order).where(Order.id == order).with_for_update()).one()
                row.title += f"{number}"
                session.flush()
                if n == 0 and number in first_try:
                    first_try.remove(number)
                    crossed.wait(10)

        return both

    outcome = race(story, [act(0), act(1)])
    assert len(outcome.winners) == 2
    assert {"".join(sorted(story.get(Order, order).title)) for order in orders_made} == {"01"}
