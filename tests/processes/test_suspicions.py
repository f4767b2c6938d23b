"""Stories of one event that two organizations record: the lead is asked, and what it decides is what counts."""

from decimal import Decimal

import pytest

from engine import assignments, rollups
from engine.reports import merge_events
from models.errors import Invalid, NotAllowed, NotFound
from models.orders import Order
from models.organizations import Organization
from models.reports import EventRecord, Figure, Suspicion
from tests.play import Story, event


def recorded_twice(story: Story, order: str | None = None) -> str:
    """Play an order until the Youth Union and the military command have recorded a Sunday each."""
    order = order or story.until("report_part", draft_order={"indicators": ["sea_turns"], "topics": "Biển"})
    story.answer("thanhnien", "report_part", order, summary="Đã làm", records=[event(sea_turns="40")])
    story.answer("chqs", "report_part", order, summary="Đã làm", records=[event(sea_turns="35")])
    story.pass_time()
    return order


def counted(story: Story, order: str) -> tuple[Decimal | None, list[Decimal]]:
    """Return the total of the order and the records it opens to."""
    with story.doing() as session:
        (result,) = rollups.results(session, session.get_one(Order, order))
        area = session.get_one(Order, order).area_id
        leaves = rollups.leaves(session, order, "sea_turns", area)
    return result.value, sorted(leaf.value for leaf in leaves)


def test_one_sunday_of_two_organizations_is_put_before_the_lead_once(story: Story) -> None:
    order = recorded_twice(story)
    asked = story.task("decide_suspicion", order=order)
    assert (asked.title, asked.organization_id, asked.role) == ("Nghi trùng", story.world.women, "lead")
    assert asked.place == "Cẩm Phả, 07/10/2018"
    (raised,) = story.facts("event:suspected", order_id=order)
    first, second = story.rows(EventRecord, area_id=story.get(Order, order).area_id)
    assert (raised.subject_id, raised.facts["other"]) == (first.id, second.id)
    story.pass_time()
    story.later(days=1)
    assert len(story.tasks("decide_suspicion", order=order)) == 1
    with pytest.raises((NotAllowed, NotFound)):
        story.answer("thanhnien", "decide_suspicion", order, decision="keep_both", reason="Của tôi")


def test_what_the_lead_merges_counts_once_by_the_record_it_chose_and_both_keep_their_claim(story: Story) -> None:
    order = recorded_twice(story)
    assert counted(story, order) == (Decimal(75), [Decimal(35), Decimal(40)])
    with pytest.raises(Invalid):
        story.answer("phunu", "decide_suspicion", order, decision="merge_into_second")
    story.answer("phunu", "decide_suspicion", order, decision="merge_into_second", reason="Cùng một buổi")
    story.pass_time()
    assert counted(story, order) == (Decimal(35), [Decimal(35)])
    dropped, kept = story.rows(EventRecord, area_id=story.get(Order, order).area_id)
    assert (dropped.merged_into_id, kept.stands) == (kept.id, True)
    with story.doing() as session:
        claims = {claim.organization_id for claim in session.get_one(EventRecord, kept.id).claims}
    assert claims == {story.world.youth, story.world.military}
    (taken_back,) = story.rows(Figure, event_id=dropped.id, kind="withdrawn")
    assert taken_back.reason == "Cùng một buổi" and story.get(Figure, taken_back.amends_id).value == 40
    assert len(story.facts("event:merged", order_id=order)) == 1
    assert [one.state for one in story.instances("suspicion")] == ["finished"]
    story.play(order, frm="consolidate_result")
    assert story.progress(order)["order"] == "hoan_thanh"


def test_two_events_that_are_kept_both_count_and_are_not_asked_about_again(story: Story) -> None:
    order = recorded_twice(story)
    story.answer("phunu", "decide_suspicion", order, decision="keep_both", reason="Hai bãi biển")
    story.pass_time()
    assert counted(story, order) == (Decimal(75), [Decimal(35), Decimal(40)])
    (apart,) = story.facts("event:kept_apart", order_id=order)
    assert apart.facts["reason"] == "Hai bãi biển"
    assert len(story.tasks("decide_suspicion", order=order)) == 1


def test_a_question_ends_when_somebody_else_has_answered_it(story: Story) -> None:
    order = recorded_twice(story)
    with story.doing() as session:
        pair = [session.get_one(EventRecord, one.id) for one in story.rows(EventRecord) if one.series == "env-sea"]
        merge_events(session, *pair, actor=story.actor("truong.khoi"), reason="Cùng một buổi")
    story.pass_time()
    assert story.tasks("decide_suspicion", order=order, state="open") == []
    assert [one.state for one in story.instances("suspicion")] == ["cancelled"]
    (suspicion,) = story.rows(Suspicion)
    assert suspicion.settled_at is not None


def test_a_new_lead_is_asked_what_the_one_before_left_open(story: Story) -> None:
    order = recorded_twice(story)
    with story.doing() as session:
        farmers = session.get_one(Organization, story.world.farmers)
        assignments.replace_lead(
            session, session.get_one(Order, order), actor=story.actor("truong.khoi"), organization=farmers,
            reason="Điều chỉnh",
        )  # fmt: skip
    story.settle()
    story.pass_time()
    assert story.task("decide_suspicion", order=order).organization_id == story.world.farmers
    story.answer("nongdan", "decide_suspicion", order, decision="merge_into_first", reason="Cùng một buổi")
    assert counted(story, order)[1] == [Decimal(40)]


def test_what_was_not_decided_ends_with_the_order(story: Story) -> None:
    order = recorded_twice(story)
    story.play(order, frm="consolidate_result")
    assert story.open_steps(order) == []
    story.pass_time()
    (suspicion,) = story.rows(Suspicion)
    assert suspicion.settled_at is not None and len(story.tasks("decide_suspicion", order=order)) == 1


def test_a_report_sent_again_without_the_event_leaves_nothing_to_decide(story: Story) -> None:
    order = recorded_twice(story)
    story.answer(
        "phunu", "consolidate_result", order, decision="return_localities", reason="Sai ngày",
        returned=[], returned_coordinators=[story.world.youth],
    )  # fmt: skip
    story.answer("thanhnien", "report_part", order, summary="Sửa ngày", records=[event("06/10/2018", sea_turns="40")])
    story.pass_time()
    assert story.tasks("decide_suspicion", order=order, state="open") == []
    assert counted(story, order)[0] == Decimal(75)
