"""What may be done to an order outside its steps: begin, number, compare with others."""

import pytest

from engine import orders
from engine.starts import start_by_hand
from models.errors import NotAllowed, WrongState
from models.orders import Order, OrderIndicator, Receiver, Topic
from tests.play import DRAFT, Story


def test_the_office_begins_an_order_addressed_to_the_bloc(story: Story) -> None:
    order = story.get(Order, story.order())
    assert (order.issuer_id, order.focal_id, order.area_id) == (story.world.ubnd, story.world.bloc, story.world.city)
    assert order.number is None
    assert story.task("draft_order").organization_id == story.world.ubnd
    assert len(story.facts("order:created", order_id=order.id)) == 1


def test_nobody_else_begins_an_order(story: Story) -> None:
    for login in ("lanhdao.ubnd", "truong.khoi", "phunu", "mttq.phuong", "quantri"):
        with story.doing() as session, pytest.raises(NotAllowed):
            orders.create(session, actor=story.actor(login))
    assert story.rows(Order) == []


def test_starting_the_process_by_hand_is_the_same_as_beginning_an_order(story: Story) -> None:
    with story.doing() as session:
        start_by_hand(session, "order", actor=story.actor("vp.ubnd"))
    assert story.steps() == {"draft_order"}
    for process in ("lead", "extension", "conflict", "amendment"):
        with story.doing() as session, pytest.raises(WrongState):
            start_by_hand(session, process, actor=story.actor("truong.khoi"))


def test_a_draft_is_written_with_topics_receivers_and_targets(story: Story) -> None:
    order = story.until("sign_order")
    assert [topic.name for topic in story.rows(Topic, order_id=order)] == DRAFT["topics"].splitlines()
    with story.database.read() as session:
        receivers = session.query(Receiver).where(Receiver.order_id == order).all()
    assert len(receivers) == 6
    counted = {row.indicator_code: row.target for row in story.rows(OrderIndicator, order_id=order)}
    assert {code: target and int(target) for code, target in counted.items()} == {
        "env_people": None, "green_weeks": None, "green_turns": 100, "green_roads": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("own", "other", "overlap"),
    [
        ({}, {}, True),
        ({"period_from": "01/10/2018", "period_to": "31/10/2018"}, {"period_from": "31/10/2018"}, True),
        ({"period_from": "01/10/2018", "period_to": "30/10/2018"}, {"period_from": "31/10/2018"}, False),
        ({}, {"topic_code": "propaganda"}, False),
    ],
    ids=["no periods", "a day in common", "one after the other", "another topic"],
)
def test_orders_overlap_by_topic_place_and_time(
    story: Story, own: dict[str, str], other: dict[str, str], overlap: bool
) -> None:
    """X-OVERLAP."""
    story.until("accept_order", draft_order=other)
    order = story.order()
    story.answer("vp.ubnd", "draft_order", order, **{**DRAFT, **own})
    assert (story.steps(order) == {"resolve_overlap"}) is overlap


def test_an_order_that_is_not_signed_or_is_closed_overlaps_with_nothing(story: Story) -> None:
    story.until("sign_order")
    second = story.order()
    story.answer("vp.ubnd", "draft_order", second, **DRAFT)
    assert story.steps(second) == {"sign_order"}
    story.play(second, frm="sign_order")
    third = story.order()
    story.answer("vp.ubnd", "draft_order", third, **DRAFT)
    assert story.steps(third) == {"sign_order"}


def test_an_order_is_not_signed_after_its_due(story: Story) -> None:
    order = story.until("sign_order")
    story.to_day("2018-12-17")
    with pytest.raises(Exception, match="due_has_passed"):
        story.answer("lanhdao.ubnd", "sign_order", order, decision="sign")
    assert story.steps(order) == {"sign_order"}
    assert story.get(Order, order).number is None


def test_parts_of_own_work_are_added_by_its_owner_only(story: Story) -> None:
    with story.doing() as session:
        work = orders.create_work(session, actor=story.actor("truong.khoi"), title="Việc chung").id
    with story.doing() as session:
        orders.add_work(session, session.get_one(Order, work), actor=story.actor("truong.khoi"))
        with pytest.raises(NotAllowed):
            orders.add_work(session, session.get_one(Order, work), actor=story.actor("vp.ubnd"))
    assert len(story.tasks("describe_work", order=work)) == 2
