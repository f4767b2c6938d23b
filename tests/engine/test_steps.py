"""What the steps of the shipped diagrams refuse, and what they write besides moving the token."""

import pytest

from models.errors import Invalid
from models.orders import Order, Target, Topic
from tests.play import DRAFT, Story


def test_only_who_has_reported_can_be_returned_and_the_silent_are_named(story: Story) -> None:
    order = story.until("carry_out")
    story.play(order, frm="carry_out", to="consolidate_locality", but=("truong.khu3",))
    story.to_day("2018-12-07")
    with pytest.raises(Invalid) as refused:
        story.answer(
            "mttq.phuong", "consolidate_locality", order, decision="return_localities", reason="Thiếu",
            returned=[story.world.quarter1_body, story.world.quarter3_body],
        )  # fmt: skip
    assert refused.value.facts["who"] == ["Khu 3, phường Cẩm Thịnh"]
    assert story.share(order, "quarter1_body").returns == 0


def test_a_plan_shares_the_targets_out_over_its_localities(story: Story) -> None:
    chosen = [story.world.ward_front, story.world.commune_front]
    order = story.until("submit_plan", draft_plan={"localities": chosen})
    targets = {one.area_id: int(one.value) for one in story.rows(Target, order_id=order)}
    assert targets == {story.world.ward: 50, story.world.commune: 50}


def test_a_place_outside_is_no_locality_of_the_plan(story: Story) -> None:
    order = story.until("draft_plan")
    wrong = {"content": "Kế hoạch", "milestones": "Hằng tuần", "localities": [story.world.quarter1_body]}
    with pytest.raises(Invalid):
        story.answer("phunu", "draft_plan", order, **wrong)


def test_a_draft_sent_again_keeps_targets_it_does_not_mention(story: Story) -> None:
    order = story.until("sign_order")
    story.answer("lanhdao.ubnd", "sign_order", order, decision="return", reason="Sửa tên")
    again = {key: value for key, value in DRAFT.items() if key != "targets_environment"}
    story.answer("vp.ubnd", "draft_order", order, **{**again, "title": "Tên mới"})
    with story.database.read() as session:
        found = session.get_one(Order, order)
        assert found.title == "Tên mới"
        assert {row.indicator_code: row.target for row in found.indicators}["green_turns"] == 100


@pytest.mark.parametrize(
    ("verdict", "progress"), [("dat", "hoan_thanh"), ("mot_phan", "hoan_thanh"), ("khong_dat", "huy")]
)
def test_the_verdict_closes_the_topics(story: Story, verdict: str, progress: str) -> None:
    order = story.until("nghiem_thu")
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision=verdict, reason="Theo đối chiếu")
    assert {topic.progress for topic in story.rows(Topic, order_id=order)} == {progress}
    (closed,) = story.facts("order:closed", order_id=order)
    assert closed.facts["verdict"] == verdict
