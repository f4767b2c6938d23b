"""Messages between instances: kept when early, handed over once, dead and visible when nobody can take them."""

from typing import Any

import pytest
from sqlalchemy import select

from engine import definitions, instances, messages, tasks
from models.assignments import Assignment
from models.instances import Instance
from models.messages import Message, Subscription
from models.permissions import SYSTEM
from models.tasks import Task
from tests.engine.diagrams import bundle, catch, chain, end, flows, fork, join, message, process, start, throw, user
from tests.play import Story

WAITS = bundle(
    process(
        start(), user("first"), catch("news", message("news.came")), user("then"), end(),
        chain("start", "first", "news", "then", "end"),
    ),
    messages=("news.came",),
)  # fmt: skip


@pytest.fixture
def order(story: Story) -> str:
    return story.until("draft_plan")


def begin(story: Story, files: dict[str, bytes], share: Assignment | None = None, **data: Any) -> str:
    """Deploy a foreign diagram and start it for a share."""
    with story.doing() as session:
        definition = definitions.deploy(session, files, actor=story.actor("thietke"))[0]
        mine = session.get_one(Assignment, share.id) if share else None
        found = instances.start(session, definition, actor=story.actor("thietke"), assignment=mine, data=data)
        return found.id


def post(story: Story, name: str, instance: str | None = None, share: str | None = None, **payload: Any) -> str:
    """Put a message on its way and deliver it."""
    with story.doing() as session:
        row = Message(name=name, instance_id=instance, assignment_id=share, payload=payload, sent_at=story.clock.at)
        session.add(row)
        session.flush()
        found = row.id
    story.settle()
    return found


def test_an_early_message_is_kept_and_caught_when_the_receiver_comes_to_it(story: Story) -> None:
    """P4."""
    found = begin(story, WAITS)
    sent = post(story, "news.came", found, answer="yes")
    assert story.get(Message, sent).state == "kept"
    assert story.facts("message:delivered") == []
    story.answer("thietke", "first")
    assert story.get(Message, sent).state == "delivered"
    assert story.steps() == {"then"}
    with story.doing() as session:
        assert instances.data_of(session, session.get_one(Instance, found))["answer"] == "yes"
    assert story.rows(Subscription) == []


def test_every_message_kept_for_parallel_catches_is_handed_over(story: Story) -> None:
    files = bundle(
        process(
            start(), user("first"), fork("split"), catch("a", message("a.came")), catch("b", message("b.came")),
            join("meet"), user("then"), end(),
            flows(("start", "first"), ("first", "split"), ("split", "a"), ("split", "b"), ("a", "meet"), ("b", "meet"),
                  ("meet", "then"), ("then", "end")),
        ),
        messages=("a.came", "b.came"),
    )  # fmt: skip
    found = begin(story, files)
    sent = [post(story, name, found) for name in ("b.came", "a.came")]
    story.answer("thietke", "first")
    assert story.steps() == {"then"}
    assert [story.get(Message, one).state for one in sent] == ["delivered", "delivered"]


def test_a_message_is_consumed_once_though_it_is_sent_twice(story: Story) -> None:
    found = begin(story, WAITS)
    first, second = (post(story, "news.came", found) for _ in range(2))
    story.answer("thietke", "first")
    assert [story.get(Message, one).state for one in (first, second)] == ["delivered", "kept"]


def test_a_message_to_an_ended_instance_is_dead_and_visible(story: Story) -> None:
    found = begin(story, WAITS)
    with story.doing() as session:
        instances.cancel(session, instances.lock(session, found), actor=story.actor("quantri"), reason="thử")
    sent = post(story, "news.came", found)
    assert story.get(Message, sent).state == "dead"
    (entry,) = story.facts("message:dead")
    assert (entry.subject_id, entry.facts["name"]) == (sent, "news.came")


def test_a_message_nobody_can_take_is_dead(story: Story) -> None:
    assert story.get(Message, post(story, "nobody.knows")).state == "dead"


def test_a_message_for_a_share_that_has_not_begun_waits_for_it(story: Story, order: str) -> None:
    with story.doing() as session:
        lead = story.share(order, "women")
        share = Assignment(
            order_id=order, parent_id=lead.id, organization_id=story.world.youth, area_id=lead.area_id,
            part="coordinating", created_at=story.clock.at,
        )  # fmt: skip
        session.add(share)
        session.flush()
        given = share.id
    started = post(story, "coordination.started", share=given)
    assert story.get(Message, started).state == "kept"
    post(story, "coordination.requested", share=given)
    story.answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Cùng làm")
    assert story.get(Message, started).state == "delivered"
    assert story.task("report_part", order=order)


def test_a_share_that_works_is_not_started_again(story: Story, order: str) -> None:
    lead = story.share(order, "women")
    post(story, "lead.assigned", share=lead.id)
    assert len(story.instances("lead", order_id=order)) == 1


def test_a_start_for_a_share_that_is_closed_starts_nothing(story: Story, order: str) -> None:
    with story.doing() as session:
        share = session.get_one(Assignment, story.share(order, "women").id)
        share.instance_id, share.progress = None, "huy"
    assert story.get(Message, post(story, "lead.assigned", share=share.id)).state == "dead"


def test_only_what_the_diagram_names_travels(story: Story, order: str) -> None:
    story.answer("phunu", "draft_plan", order, content="bí mật", milestones="Hằng tuần")
    assert {tuple(one.payload) for one in story.messages("coordination.requested")} == {()}


def test_a_message_thrown_to_unknown_recipients_is_an_incident(story: Story, order: str) -> None:
    files = bundle(
        process(
            start(), user("first"), throw("tell", message("news.came"), lt={"recipients": "friends"}), end(),
            chain("start", "first", "tell", "end"),
        ),
        messages=("news.came",),
    )  # fmt: skip
    found = begin(story, files, share=story.share(order, "women"))
    story.answer("thietke", "first")
    assert story.get(Instance, found).state == "incident"


def test_recipients_may_be_a_list_of_shares_of_the_same_order_only(story: Story, order: str) -> None:
    files = bundle(
        process(
            start(), user("first"), throw("tell", message("news.came"), lt={"recipients": "friends"}), end(),
            chain("start", "first", "tell", "end"),
        ),
        messages=("news.came",),
    )  # fmt: skip
    other = story.order()
    story.play(other, to="accept_order", draft_order={"topic_code": "other"})
    mine, foreign = story.share(order, "bloc").id, story.share(other, "bloc").id
    begin(story, files, share=story.share(order, "women"), friends=[mine, foreign])
    story.answer("thietke", "first")
    assert [one.assignment_id for one in story.messages("news.came")] == [mine]


def test_delivering_is_left_for_later_when_nothing_is_pending(story: Story, order: str) -> None:
    with story.doing() as session:
        assert messages.pending(session, 10) == []
        messages.deliver(session, "0" * 32)


def test_a_sender_never_waits_for_its_receivers(story: Story) -> None:
    """Delivery is after the commit: the sender's transaction leaves rows, no more."""
    order = story.until("roll_out")
    with story.doing() as session:
        task = session.scalars(select(Task).where(Task.element == "roll_out")).one()
        tasks.complete(session, task, actor=story.actor("phunu"), answers={})
        assert session.scalars(select(Instance).where(Instance.process_id == "locality")).all() == []
    assert {one.state for one in story.messages("locality.assigned")} == {"pending"}
    story.settle()
    assert len(story.instances("locality", order_id=order)) == 2


def test_forgetting_leaves_the_subscriptions_of_others(story: Story) -> None:
    one, other = begin(story, WAITS), begin(story, WAITS)
    for task in story.tasks("first"):
        with story.doing() as session:
            tasks.complete(session, session.get_one(Task, task.id), actor=story.actor("thietke"), answers={})
    with story.doing() as session:
        messages.forget(session, one)
    assert [row.instance_id for row in story.rows(Subscription)] == [other]


def test_the_system_and_nobody_else_delivers(story: Story) -> None:
    found = begin(story, WAITS)
    post(story, "news.came", found)
    story.answer("thietke", "first")
    (entry,) = story.facts("message:delivered")
    assert (entry.person_id, entry.channel) == (SYSTEM.person_id, SYSTEM.channel)
