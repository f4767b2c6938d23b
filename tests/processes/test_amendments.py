"""Stories of an order amended while it is under way (X-AMEND)."""

from datetime import datetime
from typing import Any

import pytest

from engine import amendments, assignments
from engine.clock import ZONE
from models.errors import Invalid, NotAllowed, WrongState
from models.orders import Order
from models.organizations import Organization
from models.reports import Figure
from tests.play import CLARITIES, Story

NEW_DUE = datetime(2018, 12, 21, 17, tzinfo=ZONE)


def amend(story: Story, order: str, who: str = "lanhdao.ubnd", reason: str = "Thêm tuyến biển", **given: Any) -> None:
    with story.doing() as session:
        amendments.amend(session, session.get_one(Order, order), actor=story.actor(who), reason=reason, **given)
    story.settle()


def test_an_amended_order_has_before_and_after_and_the_lead_confirms(story: Story) -> None:
    order = story.until("consolidate_locality")
    version, counted = story.get(Order, order).version, len(story.rows(Figure, order_id=order))
    amend(story, order, changes={"ro_san_pham": "Số liệu, ảnh và báo cáo biển"})
    after = story.get(Order, order)
    assert (after.ro_san_pham, after.version) == ("Số liệu, ảnh và báo cáo biển", version + 1)
    (entry,) = story.facts("order:amended", order_id=order)
    assert entry.facts["before"] == {"ro_san_pham": CLARITIES["ro_san_pham"]}
    assert entry.facts["after"] == {"ro_san_pham": "Số liệu, ảnh và báo cáo biển"}
    assert len(story.rows(Figure, order_id=order)) == counted
    assert len(story.notices("order:amended")) == 11  # every organization that takes part, once
    assert story.task("confirm_amendment", order=order).organization_id == story.world.women
    with pytest.raises(Invalid):
        story.answer("phunu", "confirm_amendment", order)
    story.answer("phunu", "confirm_amendment", order, confirmed=True, impact="Thêm một buổi ra quân")
    (confirmed,) = story.facts("amendment:confirmed", order_id=order)
    assert confirmed.facts["note"] == "Thêm một buổi ra quân"
    story.play(order, frm="consolidate_locality")
    assert story.progress(order)["order"] == "hoan_thanh"


def test_open_work_keeps_its_due_until_the_lead_has_confirmed(story: Story) -> None:
    order = story.until("carry_out")
    lead, quarter = story.share(order, "women").due_at, story.share(order, "quarter1_body").due_at
    amend(story, order, due_at=NEW_DUE)
    assert story.get(Order, order).due_at == story.share(order, "bloc").due_at == NEW_DUE
    assert story.share(order, "women").due_at == lead
    story.answer("phunu", "confirm_amendment", order, confirmed=True)
    assert story.share(order, "women").due_at == datetime(2018, 12, 19, 17, tzinfo=ZONE)
    assert story.share(order, "quarter1_body").due_at == quarter  # levels below only if asked


def test_a_lead_that_takes_over_accepts_the_amended_order(story: Story) -> None:
    order = story.until("carry_out")
    amend(story, order, due_at=NEW_DUE)
    with story.doing() as session:
        farmers = session.get_one(Organization, story.world.farmers)
        head = story.actor("truong.khoi")
        assignments.replace_lead(
            session, session.get_one(Order, order), actor=head, organization=farmers, reason="Điều chỉnh"
        )
    story.settle()
    assert "confirm_amendment" not in story.steps(order)
    assert story.share(order, "farmers").due_at == datetime(2018, 12, 19, 17, tzinfo=ZONE)


def test_only_the_leader_of_the_issuer_amends_a_signed_and_open_order_with_a_reason(story: Story) -> None:
    order = story.until("sign_order")
    change = {"changes": {"ro_viec": "Việc khác"}}
    with pytest.raises(WrongState):
        amend(story, order, **change)
    story.play(order, frm="sign_order", to="accept_order")
    for who in ("vp.ubnd", "truong.khoi"):
        with pytest.raises(NotAllowed):
            amend(story, order, who=who, **change)
    for wrong in (
        {**change, "reason": " "},
        {"changes": {"ro_viec": " "}},
        {"changes": {"topic_code": "other"}},
        {"changes": {"ro_viec": CLARITIES["ro_viec"]}},
        {"due_at": story.clock.at},
    ):
        with pytest.raises(Invalid):
            amend(story, order, **wrong)
    assert story.facts("order:amended") == []
    story.play(order, frm="accept_order")
    with pytest.raises(WrongState):
        amend(story, order, **change)
