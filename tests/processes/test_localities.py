"""Stories of the localities: three models of communes, refusals, cut-offs, late reports, returns."""

from decimal import Decimal

import pytest

from engine import instances, rollups
from engine.reports import correcting
from models.assignments import Assignment
from models.errors import Invalid
from models.instances import Instance
from models.orders import Order
from models.reports import Figure
from models.tasks import Task
from tests.play import REFUSAL, Story, event, report
from tests.processes.communes import add_commune, add_group, play_commune

# Two working days to consolidate at each level: lead 12/12, communes 10/12, quarters 06/12, each at 17:00.
AFTER_THE_CUT_OFF = "2018-12-07"


def known(story: Story, order: str, process: str, organization: str | None = None) -> dict[str, object]:
    """Return what an instance knows where it waits."""
    (instance,) = story.instances(process, order_id=order, organization_id=organization, state="running")
    with story.doing() as session:
        return instances.data_of(session, instance)


# The three models of communes, one definition and one decision table


def test_where_focal_point_and_signer_are_one_person_the_signing_completes_itself_and_is_logged(story: Story) -> None:
    """Hải Hà: deputy secretary of the Party committee and chairman of the Front at once."""
    order = story.until("roll_out")
    front = add_commune(
        story, "qn-2018-hai-ha",
        [("front", "Chủ tịch MTTQ xã", ("locality_focal",), "haiha"),
         ("party", "Phó Bí thư Đảng ủy", ("locality_signer",), "haiha")],
    )  # fmt: skip
    story.newcomers["haiha"] = story.acting("haiha", front)
    story.play(order, frm="roll_out", to="accept_locality")
    play_commune(story, order, "qn-2018-hai-ha", "haiha", "assign_locality")
    assert "sign_locality" not in story.steps(order)
    (signed,) = story.tasks("sign_locality", order=order)
    assert (signed.state, signed.closed_by) == ("completed", None)
    (skipped,) = story.facts("task:skipped", order_id=order)
    assert (skipped.subject_id, skipped.channel) == (signed.id, "system")
    (instance,) = story.instances("locality", order_id=order, organization_id=front)
    assert instance.passed["commune_model"][0] == 1
    assert story.rows(Assignment, organization_id=front)[0].progress == "cho_xac_nhan"


def test_where_focal_point_and_signer_differ_the_signer_really_signs(story: Story) -> None:
    """Model A: the focal point consolidates, the deputy secretary signs, or returns it."""
    order = story.until("roll_out")
    front = add_commune(
        story, "qn-2018-mong-cai",
        [("front", "Cán bộ đầu mối", ("locality_focal",), "mongcai"),
         ("party", "Phó Bí thư Đảng ủy", ("locality_signer",), "mongcai.ky")],
    )  # fmt: skip
    story.play(order, frm="roll_out", to="accept_locality")
    play_commune(story, order, "qn-2018-mong-cai", "mongcai", "assign_locality")
    waiting = story.task("sign_locality", order=order)
    assert waiting.role == "locality_signer"
    story.answer("mongcai.ky", "sign_locality", order, decision="return", reason="Thiếu một thôn")
    assert story.tasks("consolidate_locality", order=order, state="open")[0].organization_id == front
    story.answer("mongcai", "consolidate_locality", order, decision="ok", **report(env_people="25"))
    story.answer("mongcai.ky", "sign_locality", order, decision="sign")
    assert story.facts("task:skipped", order_id=order) == []
    assert known(story, order, "locality", front)["model"] == "A"


def test_a_commune_of_model_c_agrees_where_others_assign(story: Story) -> None:
    """Hoành Bồ: coordination and united action, nobody assigns anybody."""
    order = story.until("roll_out")
    add_commune(
        story, "qn-2018-hoanh-bo",
        [("front", "Chủ tịch Ủy ban MTTQ", ("locality_focal", "locality_signer"), "hoanhbo")],
    )  # fmt: skip
    story.play(order, frm="roll_out", to="accept_locality")
    story.answer("hoanhbo", "accept_locality", order, decision="accept")
    assert story.task("agree_locality", order=order).place == "Xã của qn-2018-hoanh-bo"
    with pytest.raises(Invalid):
        story.answer("hoanhbo", "agree_locality", order, agreement="Cùng làm")
    story.answer("hoanhbo", "agree_locality", order, agreement="Cùng làm", all_agreed=True)
    story.answer("thon.qn-2018-hoanh-bo", "carry_out", order, **report())
    assert story.task("consolidate_locality", order=order, place="Xã của qn-2018-hoanh-bo")
    assert story.tasks("assign_locality", order=order) == []


def test_a_running_commune_keeps_the_model_of_the_day_it_began(story: Story) -> None:
    order = story.until("roll_out")
    front = add_commune(
        story, "qn-2018-hoanh-bo", [("front", "Chủ tịch Ủy ban MTTQ", ("locality_focal", "locality_signer"), "hoanhbo")]
    )
    story.play(order, frm="roll_out", to="accept_locality")
    assert known(story, order, "locality", front)["today"] == "2018-10-12"
    story.clock.at = story.clock.at.replace(year=2026)
    story.answer("hoanhbo", "accept_locality", order, decision="accept")
    assert "agree_locality" in story.steps(order)


# Refusals


def test_a_commune_refuses_and_the_lead_gives_it_the_work_again(story: Story) -> None:
    """X-REFUSE: the refusal is never final by itself."""
    order = story.until("accept_locality")
    story.answer("mttq.xa", "accept_locality", order, **REFUSAL)
    assert "settle_refusal" in story.steps(order)
    assert story.share(order, "commune_front").progress == "tu_choi"
    with pytest.raises(Invalid):
        story.answer(
            "phunu", "settle_refusal", order, decision="assign_again", again=[story.world.ward_front], reason="giao"
        )
    story.answer(
        "phunu", "settle_refusal", order, decision="assign_again", again=[story.world.commune_front], reason="Đã rõ"
    )
    assert [share.progress for share in story.rows(Assignment, organization_id=story.world.commune_front)] == [
        "tu_choi",
        "chua_tiep_nhan",
    ]
    story.play(order, frm="accept_locality")
    assert story.progress(order)["order"] == "hoan_thanh"


def test_a_commune_that_refuses_may_be_left_out_and_is_not_waited_for(story: Story) -> None:
    """X-REFUSE, settled by leaving out."""
    order = story.until("accept_locality")
    story.answer("mttq.xa", "accept_locality", order, **REFUSAL)
    story.answer("phunu", "settle_refusal", order, decision="leave_out", reason="Năm nay không làm ở xã này")
    story.play(order, frm="accept_locality", to="consolidate_result", but=("mttq.xa", "truong.thon", "truong.thon2"))
    assert story.steps(order) == {"consolidate_result"}
    assert known(story, order, "lead")["missing"] == []


def test_two_refusals_are_settled_one_after_the_other(story: Story) -> None:
    order = story.until("accept_locality")
    story.answer("mttq.xa", "accept_locality", order, **REFUSAL)
    story.answer("mttq.phuong", "accept_locality", order, **REFUSAL)
    assert story.steps(order) == {"report_part", "settle_refusal"}
    assert [one.state for one in story.messages("locality.refused")] == ["delivered", "kept"]
    assert len(story.notices("assignment:refused", organization_id=story.world.women)) == 1
    for _ in range(2):
        story.answer("phunu", "settle_refusal", order, decision="leave_out", reason="Bỏ")
    assert [one.state for one in story.messages("locality.refused")] == ["delivered", "delivered"]
    story.play(order, frm="report_part", to="consolidate_result")
    assert story.steps(order) == {"consolidate_result"}


def test_work_goes_down_as_deep_as_the_levels_go_and_a_refusal_goes_one_level_up(story: Story) -> None:
    order = story.until("assign_locality")
    add_group(story)
    story.play(order, frm="assign_locality", to="carry_out")
    story.answer("chi.bo", "accept_locality", order, **REFUSAL)
    assert story.task("settle_refusal", order=order).organization_id == story.world.ward_front
    again = {"decision": "assign_again", "again": [story.world.quarter1_body]}
    story.answer("mttq.phuong", "settle_refusal", order, **again, reason="Đã rõ việc")
    story.answer("chi.bo", "accept_locality", order, decision="accept")
    story.answer("chi.bo", "assign_locality", order)
    assert story.task("carry_out", order=order, place="Tổ 1")
    story.answer("to.truong", "carry_out", order, **report())
    story.answer("chi.bo", "consolidate_locality", order, decision="ok", records=[event()])
    story.play(order, frm="carry_out", but=("truong.khu",))
    assert story.progress(order)["order"] == "hoan_thanh"


# Cut-offs and late reports


def test_at_the_cut_off_the_commune_goes_on_with_the_missing_quarter_named(story: Story) -> None:
    """P3: all in, or the cut-off; missing is never nothing."""
    order = story.until("carry_out")
    story.play(order, frm="carry_out", to="consolidate_locality", but=("truong.khu3",))
    assert "Cẩm Thịnh" not in [place for step, place in story.open_steps(order) if step == "consolidate_locality"]
    story.to_day(AFTER_THE_CUT_OFF)
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    silent = story.share(order, "quarter3_body")
    data = known(story, order, "locality", story.world.ward_front)
    assert (data["missing"], data["collected"], data["expected"]) == ([silent.id], 2, 3)
    (fired,) = story.facts("timer:fired", order_id=order)
    assert fired.facts["kind"] == "cutoff"


def test_the_report_of_a_quarter_after_the_cut_off_is_a_supplement_that_moves_nothing(story: Story) -> None:
    """X-LATEDATA."""
    order = story.until("carry_out")
    story.play(order, frm="carry_out", to="consolidate_locality", but=("truong.khu3",))
    story.to_day(AFTER_THE_CUT_OFF)
    story.play(order, frm="consolidate_locality", to="report_part")
    before = story.steps(order)
    story.answer("truong.khu3", "carry_out", order, **report(green_turns="7"))
    assert story.steps(order) == before - {"carry_out"}
    late = story.messages("locality.reported", order_id=order)[-1]
    assert late.state == "late"
    assert len(story.facts("message:late", order_id=order)) == 1
    assert len(story.notices("message:late", organization_id=story.world.ward_front)) == 1
    own = story.rows(Figure, order_id=order, area_id=story.world.quarter3)
    assert {figure.kind for figure in own} == {"late"}
    assert len(story.facts("figure:added_late", order_id=order)) == 1
    story.fold()
    with story.doing() as session:
        turns = next(r for r in rollups.results(session, session.get_one(Order, order)) if r.code == "green_turns")
    assert turns.value == 47


def test_a_silent_quarter_may_still_hand_in_when_the_order_is_closed_but_nobody_is_pressed(story: Story) -> None:
    order = story.until("carry_out")
    story.play(order, frm="carry_out", to="consolidate_locality", but=("truong.khu3",))
    story.to_day(AFTER_THE_CUT_OFF)
    story.play(order, frm="consolidate_locality")
    assert story.open_steps(order) == [("carry_out", "Khu 3")]
    assert story.progress(order)["order"] == "hoan_thanh"
    pressed = len(story.facts("task:escalated")) + len(story.facts("task:urged"))
    story.later(days=30)
    assert len(story.facts("task:escalated")) + len(story.facts("task:urged")) == pressed
    story.answer("truong.khu3", "carry_out", order, **report(green_turns="7"))
    assert story.open_steps(order) == []
    assert {one.state for one in story.rows(Instance, order_id=order)} == {"finished"}


def test_a_lead_goes_on_at_its_cut_off_without_a_silent_commune(story: Story) -> None:
    order = story.until("accept_locality")
    story.play(order, frm="accept_locality", to="report_part", but=("mttq.xa", "truong.thon", "truong.thon2"))
    story.play(order, frm="report_part", to="consolidate_result")
    story.to_day("2018-12-10", "17:00")
    assert "consolidate_result" in story.steps(order)
    assert known(story, order, "lead")["missing_localities"] == [story.share(order, "commune_front").id]
    assert story.share(order, "commune_front").progress == "chua_tiep_nhan"


# Returns and nothing to report


def test_one_quarter_is_returned_and_only_that_one_reports_again_by_amending(story: Story) -> None:
    """X-RETURN, X-FIX: the old value stays readable."""
    order = story.until("consolidate_locality")
    story.answer(
        "mttq.phuong", "consolidate_locality", order,
        decision="return_localities", returned=[story.world.quarter2_body], reason="Sai số lượt",
    )  # fmt: skip
    again = story.task("carry_out", order=order)
    assert (again.place, again.progress) == ("Khu 2", "thuc_hien_lai")
    assert ("consolidate_locality", "Cẩm Thịnh") not in story.open_steps(order)
    story.answer("truong.khu2", "carry_out", order, **report(green_turns="12", green_roads="2"))
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    turns = story.rows(Figure, area_id=story.world.quarter2, indicator_code="green_turns")
    assert [int(figure.value) for figure in turns] == [10, 12]
    assert turns[1].amends_id == turns[0].id
    assert len(story.rows(Figure, area_id=story.world.quarter2, indicator_code="green_roads")) == 1
    assert story.share(order, "quarter2_body").returns == 1
    assert story.share(order, "quarter1_body").returns == 0


def test_an_error_found_after_sending_is_corrected_with_a_reason_and_moves_no_token(story: Story) -> None:
    """X-FIX: báo cáo đính chính."""
    order = story.until("consolidate_locality")
    before = story.open_steps(order)
    (wrong,) = story.rows(Figure, area_id=story.world.quarter2, indicator_code="green_turns")
    with story.doing() as session:
        figure, quarter = session.get_one(Figure, wrong.id), story.actor("truong.khu2")
        correcting.correct(session, figure, actor=quarter, value=Decimal(9), reason="Đếm nhầm một hộ")
    first, second = story.rows(Figure, area_id=story.world.quarter2, indicator_code="green_turns")
    assert (int(first.value), int(second.value), second.amends_id) == (10, 9, first.id)
    assert story.open_steps(order) == before
    (entry,) = story.facts("figure:corrected", order_id=order)
    assert entry.facts["reason"] == "Đếm nhầm một hộ"
    story.fold()
    with story.doing() as session:
        turns = next(r for r in rollups.results(session, session.get_one(Order, order)) if r.code == "green_turns")
    assert turns.value == 49


def test_the_lead_returns_a_commune_which_reports_again(story: Story) -> None:
    """X-RETURN."""
    order = story.until("consolidate_result")
    story.answer(
        "phunu", "consolidate_result", order,
        decision="return_localities", returned=[story.world.ward_front], reason="Thiếu buổi ra quân",
    )  # fmt: skip
    assert story.open_steps(order) == [("consolidate_locality", "Cẩm Thịnh")]
    story.answer("mttq.phuong", "consolidate_locality", order, decision="ok", **report(env_people="80"))
    assert story.steps(order) == {"consolidate_result"}
    people = story.rows(Figure, area_id=story.world.ward, indicator_code="env_people")
    assert [int(figure.value) for figure in people] == [50, 80]


def test_a_returned_quarter_is_waited_for_even_after_the_cut_off(story: Story) -> None:
    """X-RETURN: at least two working days."""
    order = story.until("consolidate_locality")
    story.to_day("2018-12-10", "16:00")
    story.answer(
        "mttq.phuong", "consolidate_locality", order,
        decision="return_localities", returned=[story.world.quarter2_body], reason="Sai số lượt",
    )  # fmt: skip
    story.pass_time()
    assert story.task("carry_out", order=order).due_at.isoformat() == "2018-12-12T10:00:00+00:00"
    story.to_day("2018-12-12", "16:00")
    assert ("consolidate_locality", "Cẩm Thịnh") not in story.open_steps(order)
    story.to_day("2018-12-12", "17:00")
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    silent = [story.share(order, "quarter2_body").id]
    assert known(story, order, "locality", story.world.ward_front)["missing"] == silent


def test_nothing_to_report_is_a_report_and_no_report_is_not(story: Story) -> None:
    order = story.until("carry_out")
    for quarter in ("truong.khu", "truong.khu2"):
        story.answer(quarter, "carry_out", order, nothing=True)
    assert story.share(order, "quarter1_body").nothing_to_report
    assert ("consolidate_locality", "Cẩm Thịnh") not in story.open_steps(order)
    with pytest.raises(Invalid):
        story.answer("truong.khu3", "carry_out", order)
    story.answer("truong.khu3", "carry_out", order, nothing=True)
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    assert story.rows(Figure, order_id=order) == []


def test_only_chosen_localities_get_work(story: Story) -> None:
    order = story.until("roll_out")
    story.answer("phunu", "roll_out", order, localities=[story.world.ward_front])
    assert [task.place for task in story.rows(Task, element="accept_locality")] == ["Cẩm Thịnh"]
    assert story.rows(Assignment, organization_id=story.world.commune_front) == []
