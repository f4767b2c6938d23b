"""Every sequence flow of every shipped process is taken: a few long stories, held against the drawings."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine import amendments, assignments, orders, reorganizations, runner
from engine.clock import ManualClock
from engine.reorganizations import Change
from models.assignments import Assignment
from models.orders import Order
from models.organizations import Organization
from tests import world as worlds
from tests.play import DRAFT, PROCESSES, REFUSAL, Story, bundle, event, report
from tests.processes.communes import add_commune, add_group, play_commune
from tests.stock import Stock

Flow = tuple[str, str]
AGREE = {"decision": "agree", "own_part": "Cùng làm"}


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> set[Flow]:
    """Collect (process, flow) of everything the runner does."""
    found: set[Flow] = set()

    def watching(original: Callable[..., runner.Step]) -> Callable[..., runner.Step]:
        def watched(bundle: Any, process_id: str, *args: Any, **kwargs: Any) -> runner.Step:
            step = original(bundle, process_id, *args, **kwargs)
            found.update((process_id, flow) for flow in step.taken)
            return step

        return watched

    for name in ("start", "advance"):
        monkeypatch.setattr(runner, name, watching(getattr(runner, name)))
    return found


@pytest.fixture
def told(stock: Stock) -> Iterator[Story]:
    """A story that plays everything itself, so that the collector sees it."""
    database = stock.copy("story")
    assert stock.world is not None
    yield Story(database, ManualClock(at=worlds.NOW), stock.world)
    stock.discard(database)


def drawn() -> set[Flow]:
    """Return (process, flow) of everything that is drawn."""
    return {(one, flow.id) for one in PROCESSES for flow in runner.compile_bundle(bundle(one)).flows(one)}


def the_order_with_every_detour(story: Story) -> None:
    """Play one order which meets every refusal and every return, and is accepted at the second try."""
    world = story.world
    add_commune(
        story, "qn-2018-mong-cai",
        [("front", "Cán bộ đầu mối", ("locality_focal",), "mongcai"),
         ("party", "Phó Bí thư Đảng ủy", ("locality_signer",), "mongcai.ky")],
    )  # fmt: skip
    add_group(story)
    add_commune(
        story, "qn-2018-hoanh-bo", [("front", "Chủ tịch Ủy ban MTTQ", ("locality_focal", "locality_signer"), "hoanhbo")]
    )
    order = story.until("sign_order")
    story.answer("lanhdao.ubnd", "sign_order", order, decision="return", reason="Ghi rõ")
    story.play(order, to="accept_order")
    story.answer("truong.khoi", "accept_order", order, **REFUSAL)
    story.play(order, to="accept_lead")
    story.answer("phunu", "accept_lead", order, **REFUSAL)
    story.play(order, frm="assign_lead", to="answer_coordination")
    story.answer("thanhnien", "answer_coordination", order, **AGREE)
    story.answer("chqs", "answer_coordination", order, decision="decline", reason="Bận")
    story.play(order, frm="submit_plan", to="approve_plan")
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="Thiếu mốc")
    story.answer("phunu", "draft_plan", order, content="Bản 2", milestones="Hằng tuần")
    story.play(order, frm="submit_plan", to="accept_locality")
    localities(story, order)
    story.answer("thanhnien", "report_part", order, summary="Đã làm", records=[event()])
    story.answer(
        "phunu", "consolidate_result", order, decision="return_localities", reason="Thiếu",
        returned=[world.ward_front], returned_coordinators=[world.youth],
    )  # fmt: skip
    story.answer("mttq.phuong", "consolidate_locality", order, decision="ok", **report(env_people="60"))
    story.answer("thanhnien", "report_part", order, summary="Đã bổ sung", records=[event()])
    story.play(order, frm="consolidate_result", to="appraise_result")
    story.answer("truong.khoi", "appraise_result", order, decision="return", reason="Làm rõ")
    story.play(order, frm="consolidate_result", to="nghiem_thu")
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="khong_dat_lam_lai", reason="Làm lại")
    story.play(order, frm="consolidate_result")
    assert story.progress(order)["order"] == "hoan_thanh"


def localities(story: Story, order: str) -> None:
    """Let the localities refuse, return, sign and send."""
    world = story.world
    story.answer("mttq.xa", "accept_locality", order, **REFUSAL)
    again = {"decision": "assign_again", "reason": "Rõ rồi"}
    story.answer("phunu", "settle_refusal", order, **again, again=[world.commune_front])
    play_commune(story, order, "qn-2018-mong-cai", "mongcai", "assign_locality")
    story.answer("mongcai.ky", "sign_locality", order, decision="return", reason="Thiếu")
    story.answer("mongcai", "consolidate_locality", order, decision="ok", **report(env_people="25"))
    story.answer("mongcai.ky", "sign_locality", order, decision="sign")
    play_commune(story, order, "qn-2018-hoanh-bo", "hoanhbo", "agree_locality", agreement="Cùng làm", all_agreed=True)
    story.play(order, frm="accept_locality", to="carry_out")
    story.answer("chi.bo", "accept_locality", order, **REFUSAL)
    story.answer("mttq.phuong", "settle_refusal", order, **again, again=[world.quarter1_body])
    story.answer("chi.bo", "accept_locality", order, decision="accept")
    story.answer("chi.bo", "assign_locality", order)
    story.answer("to.truong", "carry_out", order, **report())
    story.answer("chi.bo", "consolidate_locality", order, decision="ok", records=[event()])
    story.play(order, frm="carry_out", to="consolidate_locality", but=("truong.khu",))
    story.answer(
        "mttq.phuong", "consolidate_locality", order,
        decision="return_localities", returned=[world.quarter2_body], reason="Sai",
    )  # fmt: skip
    story.answer("truong.khu2", "carry_out", order, **report())
    story.play(order, frm="consolidate_locality", to="report_part")


def the_order_that_is_not_accepted(story: Story) -> None:
    """Play a second order on the same topic, with a new lead after the plan and questions aside, to its bad end."""
    order = story.order()
    story.answer("vp.ubnd", "draft_order", order, **{**DRAFT, "due_on": "15/12/2018"})
    if "resolve_overlap" in story.steps(order):
        story.answer("vp.ubnd", "resolve_overlap", order, decision="keep_both", reason="Khác đợt")
    story.play(order, frm="sign_order", to="answer_coordination")
    story.answer("thanhnien", "answer_coordination", order, **AGREE)
    story.answer("chqs", "answer_coordination", order, decision="disagree", own_part="Xe", reason="Quá sức")
    story.answer("truong.khoi", "decide_conflict", order, decision="keep_plan", reason="Giữ")
    story.play(order, frm="submit_plan", to="accept_locality")
    ask_for_time(story, order)
    with story.doing() as session:
        assignments.replace_lead(
            session, session.get_one(Order, order), actor=story.actor("truong.khoi"), reason="Điều chỉnh",
            organization=session.get_one(Organization, story.world.farmers),
        )  # fmt: skip
    story.settle()
    story.answer("nongdan", "accept_lead", order, decision="accept")
    story.answer("nongdan", "roll_out", order)
    for who in ("thanhnien", "chqs"):
        story.answer(who, "report_part", order, summary="Đã làm", records=[event()])
    story.pass_time()
    story.answer("nongdan", "decide_suspicion", order, decision="keep_both", reason="Hai buổi")
    story.to_day("2018-12-20")
    story.answer("nongdan", "consolidate_result", order, decision="send", report="Không thực hiện được")
    story.play(order, frm="appraise_result", to="nghiem_thu")
    story.answer("lanhdao.ubnd", "nghiem_thu", order, decision="khong_dat", reason="Không làm")
    assert story.get(Order, order).verdict == "khong_dat"


def ask_for_time(story: Story, order: str) -> None:
    """Ask for more time twice: once in vain."""
    for decision in ("refuse", "grant"):
        with story.doing() as session:
            share = session.get_one(Assignment, story.share(order, "ward_front").id)
            assert share.due_at is not None
            later, ward = share.due_at + timedelta(days=1), story.actor("mttq.phuong")
            assignments.request_extension(session, share, actor=ward, reason="Mưa", new_due_at=later)
        story.answer("phunu", "decide_extension", order, decision=decision, reason="Được")


def what_is_decided_aside(story: Story) -> None:
    """Play an amendment, a conflict left to the issuer, and work that is no order."""
    order = story.order()
    story.answer("vp.ubnd", "draft_order", order, **{**DRAFT, "topic_code": "propaganda"})
    story.play(order, frm="sign_order", to="answer_coordination")
    with story.doing() as session:
        amendments.amend(
            session, session.get_one(Order, order), actor=story.actor("lanhdao.ubnd"),
            changes={"ro_viec": "Việc mới"}, reason="Bổ sung",
        )  # fmt: skip
    story.answer("phunu", "confirm_amendment", order, confirmed=True)
    story.answer("chqs", "answer_coordination", order, decision="disagree", own_part="Xe", reason="Quá sức")
    story.later(days=10)
    story.answer("lanhdao.ubnd", "decide_above", order, decision="keep_plan", reason="Giữ")
    a_body_that_goes_without_successor(story, order)
    with story.doing() as session:
        work = orders.create_work(session, actor=story.actor("truong.khoi")).id
    story.answer(
        "truong.khoi", "describe_work", work,
        title="Việc", due_on="31/12/2018", ro_viec="Làm", assignee=story.world.farmers,
    )  # fmt: skip
    for decision in ("return", "accept"):
        story.answer("nongdan", "carry_out_work", work, nothing=True)
        story.answer("truong.khoi", "confirm_work", work, decision=decision, reason="Ghi rõ")


def a_body_that_goes_without_successor(story: Story, order: str) -> None:
    """Split the bloc in two: somebody decides which half goes on with the order."""
    bloc = story.get(Order, order).focal_id
    halves = [Change(bloc, to, "split") for to in (story.world.women, story.world.farmers)]
    with story.doing() as session:
        reorganizations.reorganize(session, halves, actor=story.actor("quantri"), document="NQ 1")
    story.answer("quantri", "choose_successor", order, successor=story.world.women)


def test_every_sequence_flow_of_every_shipped_process_is_taken(taken: set[Flow], told: Story) -> None:
    what_is_decided_aside(told)
    the_order_with_every_detour(told)
    told.until("accept_order")
    the_order_that_is_not_accepted(told)
    assert sorted(drawn() - taken) == []


def test_a_flow_that_no_story_takes_is_seen(taken: set[Flow], told: Story) -> None:
    """The planted fault: without the detours some flows are missing."""
    told.play(told.order(), to="accept_lead")
    assert ("bloc", "is_accepted_to_refuse_order") in drawn() - taken
    assert ("bloc", "is_accepted_to_share_out_work") in taken
