"""Stories of the order: drafted, signed, refused, judged, withdrawn."""

import pytest
from sqlalchemy import select

from engine import orders, rollups, tasks
from models.errors import Invalid, NotAllowed, WrongState
from models.instances import LIVE, Instance
from models.orders import Order, Topic
from models.reports import Figure
from models.tasks import Task
from models.users import Person
from tests.play import CLARITIES, DRAFT, REFUSAL, Story


def test_an_order_travels_to_the_quarters_and_its_figures_come_back(story: Story) -> None:
    order = story.until("nghiem_thu")
    assert story.open_steps(order) == [("nghiem_thu", "Cẩm Phả")]
    story.play(order, frm="nghiem_thu")
    assert story.open_steps() == []
    assert set(story.progress(order).values()) == {"hoan_thanh"}
    assert {instance.state for instance in story.rows(Instance, order_id=order)} == {"finished"}
    story.fold()
    with story.doing() as session:
        shown = {each.code: each.display for each in rollups.results(session, session.get_one(Order, order))}
    assert shown == {
        "env_people": "100 người",
        "green_weeks": "1 tuần",
        "green_turns": "50 lượt người",
        "green_roads": "10 tuyến đường",
    }


def test_an_order_cannot_be_drafted_with_one_of_the_six_clarities_empty(story: Story) -> None:
    order = story.order()
    for clarity in CLARITIES:
        with pytest.raises(Invalid) as refused:
            story.answer("vp.ubnd", "draft_order", order, **{**DRAFT, clarity: " "})
        assert clarity in refused.value.fields
    assert story.steps(order) == {"draft_order"}
    assert story.get(Order, order).title == ""


def test_a_signed_order_gets_the_next_number_and_the_six_clarities_stand_in_the_log(story: Story) -> None:
    first = story.until("accept_order")
    second = story.until("accept_order", draft_order={"topic_code": "propaganda"})
    assert [story.get(Order, one).number for one in (first, second)] == ["ĐH-2018-01", "ĐH-2018-02"]
    (saved,) = story.facts("order:saved", order_id=first)
    assert set(CLARITIES) <= saved.facts["after"].keys()


def test_the_leader_returns_a_draft_and_gets_it_again_in_a_new_version(story: Story) -> None:
    """X-RETURN inside one instance."""
    order = story.until("sign_order")
    story.answer("lanhdao.ubnd", "sign_order", order, decision="return", reason="Ghi rõ sản phẩm")
    assert story.steps(order) == {"draft_order"}
    assert story.get(Order, order).number is None
    story.answer("vp.ubnd", "draft_order", order, **{**DRAFT, "ro_san_pham": "Báo cáo có số liệu từng tuần"})
    story.answer("lanhdao.ubnd", "sign_order", order, decision="sign")
    assert story.steps(order) == {"accept_order"}
    _, again = story.facts("order:saved", order_id=order)
    assert again.facts["before"]["ro_san_pham"] == CLARITIES["ro_san_pham"]
    assert again.facts["after"]["ro_san_pham"] == "Báo cáo có số liệu từng tuần"


def test_a_return_without_remarks_is_refused_and_nothing_moves(story: Story) -> None:
    order = story.until("sign_order")
    with pytest.raises(Invalid):
        story.answer("lanhdao.ubnd", "sign_order", order, decision="return")
    assert story.steps(order) == {"sign_order"}


def test_a_second_order_on_the_same_topic_and_time_is_an_overlap_a_person_resolves(story: Story) -> None:
    """X-OVERLAP."""
    first = story.until("accept_order")
    second = story.order()
    story.answer("vp.ubnd", "draft_order", second, **DRAFT)
    assert story.steps(second) == {"resolve_overlap"}
    (found,) = story.facts("overlap:found", order_id=second)
    assert found.facts["others"] == [story.get(Order, first).number]
    with pytest.raises(Invalid):
        story.answer("vp.ubnd", "resolve_overlap", second, decision="keep_both")
    story.answer("vp.ubnd", "resolve_overlap", second, decision="keep_both", reason="Khác địa bàn ven biển")
    assert story.steps(second) == {"sign_order"}
    (resolved,) = story.facts("overlap:resolved", order_id=second)
    assert resolved.facts["reason"] == "Khác địa bàn ven biển"


@pytest.mark.parametrize(
    "change",
    [{"topic_code": "propaganda"}, {"period_from": "01/01/2019", "period_to": "31/12/2019"}],
    ids=["another topic", "another year"],
)
def test_orders_on_other_topics_or_times_do_not_overlap(story: Story, change: dict[str, str]) -> None:
    story.until("accept_order", draft_order={"period_from": "01/01/2018", "period_to": "31/12/2018"})
    second = story.order()
    story.answer("vp.ubnd", "draft_order", second, **{**DRAFT, "due_on": "14/12/2019", **change})
    assert story.steps(second) == {"sign_order"}


def test_the_bloc_refuses_with_a_reason_and_the_order_goes_back_to_drafting_and_is_sent_again(story: Story) -> None:
    """X-REFUSE: never final by itself."""
    order = story.until("accept_order")
    with pytest.raises(Invalid):
        story.answer("truong.khoi", "accept_order", order, decision="refuse")
    story.answer("truong.khoi", "accept_order", order, **REFUSAL)
    assert story.steps(order) == {"draft_order"}
    assert story.progress(order) == {"order": "chua_thuc_hien", "Cơ quan khối thành phố Cẩm Phả": "tu_choi"}
    story.play(order, to="assign_lead", frm=None)
    assert story.steps(order) == {"assign_lead"}
    assert [bloc.state for bloc in story.instances("bloc", order_id=order)] == ["finished", "running"]
    story.play(order, frm="assign_lead")
    assert story.progress(order)["order"] == "hoan_thanh"


def test_whoever_drafted_an_order_may_not_sign_it_however_it_comes_to_him(story: Story) -> None:
    """Separation of duties holds for claiming, completing and being handed the task."""
    order = story.order()
    both = story.give_post("ubnd", "Quyền Phó Chủ tịch UBND", ("issuer_leader",), login="vp.ubnd")
    assert both.person_id == story.world.person("vp.ubnd")
    story.answer("vp.ubnd", "draft_order", order, **DRAFT)
    leader, sign_order = story.actor("lanhdao.ubnd"), story.task("sign_order").id
    with story.doing() as session:
        task, drafter = session.get_one(Task, sign_order), session.get_one(Person, both.person_id)
        for act in (
            lambda: tasks.claim(session, task, actor=both),
            lambda: tasks.complete(session, task, actor=both, answers={"decision": "sign"}),
            lambda: tasks.transfer(session, task, actor=leader, to=drafter, reason="vắng"),
        ):
            with pytest.raises(NotAllowed) as refused:
                act()
            assert refused.value.reason == "separation_of_duties"
    assert story.steps(order) == {"sign_order"}


def test_a_partly_reached_result_closes_the_order_with_its_reason(story: Story) -> None:
    order = story.until("nghiem_thu")
    with pytest.raises(Invalid):
        story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="mot_phan")
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="mot_phan", reason="Thiếu số liệu biển")
    closed = story.get(Order, order)
    assert (closed.progress, closed.verdict) == ("hoan_thanh", "mot_phan")
    assert closed.closed_at == story.clock.at
    assert story.open_steps() == []


def test_a_result_that_is_not_accepted_ends_the_order_for_everybody(story: Story) -> None:
    order = story.until("nghiem_thu")
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="khong_dat", reason="Không thực hiện")
    closed = story.get(Order, order)
    assert (closed.progress, closed.verdict) == ("huy", "khong_dat")
    assert {topic.progress for topic in story.rows(Topic, order_id=order)} == {"huy"}
    assert story.open_steps() == []
    assert not [one for one in story.rows(Instance, order_id=order) if one.state in LIVE]


def test_a_result_to_be_redone_goes_back_to_the_lead_and_comes_again(story: Story) -> None:
    """X-RETURN between instances, all the way down and up."""
    order = story.until("nghiem_thu")
    first = story.share(order, "women").submitted_at
    story.later(days=1)
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="khong_dat_lam_lai", reason="Làm rõ số tuần")
    assert story.steps(order) == {"consolidate_result"}
    assert story.progress(order)["Hội LHPN thành phố Cẩm Phả"] == "thuc_hien_lai"
    assert story.get(Order, order).closed_at is None
    story.play(order, frm="consolidate_result")
    assert story.progress(order)["order"] == "hoan_thanh"
    lead = story.share(order, "women")
    assert lead.returns == 1
    assert lead.submitted_at > first


def test_a_withdrawn_order_ends_every_live_instance_and_keeps_its_figures(story: Story) -> None:
    """X-CANCEL."""
    order = story.until("consolidate_locality")
    counted = len(story.rows(Figure, order_id=order))
    assert counted > 0
    with story.doing() as session:
        orders.withdraw(session, session.get_one(Order, order), actor=story.actor("vp.ubnd"), reason="Trùng chủ đề năm")
    story.pass_time()
    assert story.open_steps() == []
    assert not [one for one in story.rows(Instance, order_id=order) if one.state in LIVE]
    assert story.get(Order, order).withdrawn_reason == "Trùng chủ đề năm"
    assert {*story.progress(order).values()} == {"huy"}
    assert len(story.rows(Figure, order_id=order)) == counted
    assert len(story.facts("order:withdrawn", order_id=order)) == 1
    closed = story.tasks("consolidate_locality", order=order)[0]
    assert (closed.state, closed.closed_title) == ("cancelled", story.actor("vp.ubnd").title)


def test_nobody_but_the_issuer_withdraws_and_only_with_a_reason_and_only_once(story: Story) -> None:
    order = story.until("accept_order")
    with story.doing() as session:
        row = session.get_one(Order, order)
        with pytest.raises(NotAllowed):
            orders.withdraw(session, row, actor=story.actor("truong.khoi"), reason="không muốn")
        with pytest.raises(Invalid):
            orders.withdraw(session, row, actor=story.actor("vp.ubnd"), reason=" ")
    assert story.steps(order) == {"accept_order"}
    with story.doing() as session:
        orders.withdraw(session, session.get_one(Order, order), actor=story.actor("lanhdao.ubnd"), reason="hết cần")
    with story.doing() as session, pytest.raises(WrongState):
        orders.withdraw(session, session.get_one(Order, order), actor=story.actor("vp.ubnd"), reason="lần nữa")


def test_what_still_travels_when_an_order_is_withdrawn_starts_nothing(story: Story) -> None:
    order = story.until("roll_out")
    actor = story.actor("phunu")
    with story.doing() as session:
        task = session.scalars(select(Task).where(Task.element == "roll_out")).one()
        tasks.complete(session, task, actor=actor, answers={})
    with story.doing() as session:
        orders.withdraw(session, session.get_one(Order, order), actor=story.actor("vp.ubnd"), reason="Tạm dừng chủ đề")
    story.pass_time()
    assert story.instances("locality", order_id=order) == []
    assert {one.state for one in story.messages("locality.assigned", order_id=order)} == {"dead"}
    assert len(story.facts("message:dead", order_id=order)) == 4  # two localities, two coordinators that started
