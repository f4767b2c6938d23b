"""The verbs of a task: one who holds it, colleagues who help, hand-overs, returns, remarks, drafts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import task_forms, tasks
from models.errors import Invalid, NotAllowed, Rejected, WrongState
from models.permissions import Actor
from models.tasks import Comment, Draft, Submission, Task
from models.users import Person
from tests.play import Story

PLAN = {"content": "Kế hoạch", "milestones": "Hằng tuần"}


@pytest.fixture
def plan(story: Story) -> str:
    """The task to draw the plan, offered to the two of the women's union."""
    return story.task("draft_plan", order=story.until("draft_plan")).id


def act(story: Story, login: str, verb: Callable[..., Any], task: str, **given: Any) -> Any:
    """Let a person do something to a task in a transaction of its own."""
    with story.doing() as session:
        return verb(session, session.get_one(Task, task), actor=story.actor(login), **given)


def refused(story: Story, login: str, verb: Callable[..., Any], task: str, kind: type[Rejected], **given: Any) -> Any:
    """Let a person try something that is refused; nothing of the task changes."""
    before = vars(story.get(Task, task)).copy()
    with pytest.raises(kind) as caught:
        act(story, login, verb, task, **given)
    after = vars(story.get(Task, task))
    assert {k: v for k, v in after.items() if k[0] != "_"} == {k: v for k, v in before.items() if k[0] != "_"}
    return caught.value


def person(story: Story, login: str) -> Person:
    with story.database.read() as session:
        return session.get_one(Person, story.world.person(login))


def drafts(story: Story, task: str) -> dict[str, Any]:
    with story.database.read() as session:
        found = session.query(Draft).where(Draft.task_id == task)
        names = {story.world.person(login): login for login in ("phunu", "phunu.2")}
        return {names[draft.person_id]: draft.answers for draft in found}


# Claim and release


def test_one_claims_and_the_other_learns_who_and_when(story: Story, plan: str) -> None:
    act(story, "phunu", tasks.claim, plan)
    told = refused(story, "phunu.2", tasks.claim, plan, WrongState)
    assert told.facts == {"who": story.actor("phunu").title, "at": story.clock.at}
    told = refused(story, "phunu.2", tasks.complete, plan, WrongState, answers=PLAN)
    assert told.reason == "task_claimed"
    assert len(story.facts("task:claimed", subject_id=plan)) == 1


def test_claiming_twice_is_harmless_and_leaves_one_entry(story: Story, plan: str) -> None:
    act(story, "phunu", tasks.claim, plan)
    act(story, "phunu", tasks.claim, plan)
    assert len(story.facts("task:claimed", subject_id=plan)) == 1


def test_work_offered_to_others_is_not_claimed(story: Story, plan: str) -> None:
    for login in ("nongdan", "vp.ubnd", "thietke", "quantri"):
        refused(story, login, tasks.claim, plan, NotAllowed)


def test_a_released_task_can_be_claimed_by_a_colleague_and_drafts_stay(story: Story, plan: str) -> None:
    act(story, "phunu.2", tasks.claim, plan)
    act(story, "phunu.2", tasks.save_draft, plan, answers={"content": "nháp"})
    refused(story, "nongdan", tasks.release, plan, NotAllowed)
    act(story, "phunu.2", tasks.release, plan)
    refused(story, "phunu.2", tasks.release, plan, NotAllowed)
    assert len(story.facts("task:released", subject_id=plan)) == 1
    assert drafts(story, plan) == {"phunu.2": {"content": "nháp"}}
    act(story, "phunu", tasks.claim, plan)


def test_a_head_may_take_a_task_from_whoever_holds_it(story: Story, plan: str) -> None:
    act(story, "phunu.2", tasks.claim, plan)
    act(story, "phunu", tasks.release, plan)
    assert story.get(Task, plan).holder_id is None


# Complete


def test_a_completed_task_has_one_submission_one_entry_and_no_draft(story: Story, plan: str) -> None:
    act(story, "phunu", tasks.save_draft, plan, answers={"content": "nháp"})
    act(story, "phunu", tasks.complete, plan, answers=PLAN)
    (sent,) = story.rows(Submission, task_id=plan)
    assert sent.answers["content"] == "Kế hoạch"
    assert sent.person_id == story.world.person("phunu")
    assert sent.post_id == story.world.post("phunu")
    (entry,) = story.facts("task:completed", subject_id=plan)
    assert entry.facts["submission"] == sent.id
    assert drafts(story, plan) == {}
    told = refused(story, "phunu.2", tasks.complete, plan, WrongState, answers=PLAN)
    assert (told.reason, told.facts["who"]) == ("task_completed", story.actor("phunu").title)


def test_wrong_answers_say_what_is_wrong_and_change_nothing(story: Story, plan: str) -> None:
    told = refused(story, "phunu", tasks.complete, plan, Invalid, answers={"content": "Kế hoạch"})
    assert set(told.fields) == {"milestones"}
    assert story.rows(Submission, task_id=plan) == []


def test_who_acts_for_an_absent_holder_is_logged_with_both(story: Story, plan: str) -> None:
    """X-DELEGATE: B thay A."""
    act(story, "phunu", tasks.claim, plan)
    mine = story.actor("phunu.2")
    instead = Actor(
        mine.person_id, mine.post_id, mine.organization_id, mine.area_id, mine.roles,
        on_behalf_of=story.world.person("phunu"), title=mine.title,
    )  # fmt: skip
    with story.doing() as session:
        tasks.complete(session, session.get_one(Task, plan), actor=instead, answers=PLAN)
    (entry,) = story.facts("task:completed", subject_id=plan)
    assert (entry.person_id, entry.behalf_of_id) == (mine.person_id, story.world.person("phunu"))


# Help: delegate, resolve, take back


def test_help_is_asked_given_and_the_draft_comes_back_to_the_holder(story: Story, plan: str) -> None:
    due = story.clock.at + timedelta(days=2)
    act(story, "phunu", tasks.delegate, plan, to=person(story, "phunu.2"), due_at=due, note="Giúp phần mốc")
    asked = story.get(Task, plan)
    assert (asked.holder_id, asked.helper_id) == (story.world.person("phunu"), story.world.person("phunu.2"))
    assert story.notices("task:delegated")[0].person_id == story.world.person("phunu.2")
    act(story, "phunu.2", tasks.save_draft, plan, answers={"milestones": "Thứ bảy"})
    refused(story, "phunu.2", tasks.complete, plan, WrongState, answers=PLAN)
    act(story, "phunu.2", tasks.resolve, plan, note="Đã ghi mốc")
    assert drafts(story, plan) == {"phunu": {"milestones": "Thứ bảy"}}
    assert story.get(Task, plan).helper_id is None
    assert story.notices("task:resolved")[0].person_id == story.world.person("phunu")
    refused(story, "phunu.2", tasks.resolve, plan, NotAllowed, note="nữa")
    act(story, "phunu", tasks.complete, plan, answers=PLAN)


def test_help_can_be_taken_back_and_is_asked_of_one_colleague(story: Story, plan: str) -> None:
    refused(story, "phunu", tasks.delegate, plan, Invalid, to=person(story, "phunu"))
    refused(story, "phunu", tasks.delegate, plan, Invalid, to=person(story, "nongdan"))
    act(story, "phunu", tasks.delegate, plan, to=person(story, "phunu.2"))
    refused(story, "phunu", tasks.delegate, plan, WrongState, to=person(story, "phunu.2"))
    refused(story, "phunu.2", tasks.take_back, plan, NotAllowed)
    act(story, "phunu", tasks.take_back, plan)
    act(story, "phunu", tasks.take_back, plan)
    assert len(story.facts("task:taken_back", subject_id=plan)) == 1
    refused(story, "phunu.2", tasks.save_draft, plan, NotAllowed, answers={})


# Transfer


@pytest.mark.parametrize("keep", [True, False], ids=["with the work so far", "without it"])
def test_a_task_is_handed_to_a_colleague(story: Story, plan: str, keep: bool) -> None:
    act(story, "phunu.2", tasks.claim, plan)
    act(story, "phunu.2", tasks.save_draft, plan, answers={"content": "nháp"})
    act(story, "phunu.2", tasks.transfer, plan, to=person(story, "phunu"), keep=keep, reason="Đi công tác")
    handed = story.get(Task, plan)
    assert (handed.holder_id, handed.holder_title) == (story.world.person("phunu"), story.actor("phunu").title)
    assert drafts(story, plan) == ({"phunu": {"content": "nháp"}} if keep else {})
    (entry,) = story.facts("task:transferred", subject_id=plan)
    assert entry.facts["before"] == {"holder": story.actor("phunu.2").title}
    assert entry.facts["after"] == {"holder": story.actor("phunu").title}
    assert story.notices("task:transferred")[0].person_id == story.world.person("phunu")
    refused(story, "phunu.2", tasks.complete, plan, WrongState, answers=PLAN)


def test_a_head_assigns_and_nobody_gets_work_whose_role_he_lacks(story: Story, plan: str) -> None:
    act(story, "phunu", tasks.transfer, plan, to=person(story, "phunu.2"), reason="Phân công")
    assert story.get(Task, plan).holder_id == story.world.person("phunu.2")
    refused(story, "phunu", tasks.transfer, plan, Invalid, to=person(story, "truong.khu"), reason="nhầm")
    refused(story, "nongdan", tasks.transfer, plan, NotAllowed, to=person(story, "phunu"), reason="lấy")


# Return, comment, draft, bulk


def test_a_review_is_returned_with_remarks_and_what_reviews_nothing_cannot_be(story: Story, plan: str) -> None:
    """X-RETURN."""
    told = refused(story, "phunu", tasks.return_, plan, WrongState, remarks="1. Thiếu")
    assert told.reason == "nothing_to_return"
    story.play(story.get(Task, plan).order_id, frm="draft_plan", to="approve_plan")
    review = story.task("approve_plan").id
    refused(story, "truong.khoi", tasks.return_, review, Invalid, remarks="  ")
    act(story, "truong.khoi", tasks.return_, review, remarks="1. Thiếu mốc")
    assert story.get(Task, review).state == "completed"
    (entry,) = story.facts("task:completed", subject_id=review)
    assert (entry.facts["decision"], entry.facts["reason"]) == ("return", "1. Thiếu mốc")


def test_remarks_are_only_added_and_do_not_disturb_who_works(story: Story, plan: str) -> None:
    before = story.get(Task, plan).version
    act(story, "phunu.2", tasks.comment, plan, text="Xem lại mốc")
    act(story, "truong.khoi", tasks.comment, plan, text="Gấp", scope="parties")
    refused(story, "phunu", tasks.comment, plan, Invalid, text="  ")
    refused(story, "phunu", tasks.comment, plan, Invalid, text="x", scope="everybody")
    after = story.get(Task, plan)
    assert (after.comments, after.version) == (2, before)
    assert [one.text for one in story.rows(Comment, task_id=plan)] == ["Xem lại mốc", "Gấp"]


def test_a_draft_is_private_until_it_is_sent_and_then_shown_again_on_rework(story: Story, plan: str) -> None:
    act(story, "phunu", tasks.save_draft, plan, answers={"content": "nháp một"})
    act(story, "phunu", tasks.save_draft, plan, answers={"content": "nháp hai"})
    with story.doing() as session:
        task = session.get_one(Task, plan)
        mine = task_forms.starting_values(session, task, actor=story.actor("phunu"))
        hers = task_forms.starting_values(session, task, actor=story.actor("phunu.2"))
    assert (mine, hers) == ({"content": "nháp hai"}, {})
    order = story.get(Task, plan).order_id
    story.play(order, frm="draft_plan", to="approve_plan")
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="Thiếu")
    with story.doing() as session:
        again = session.get_one(Task, story.task("draft_plan").id)
        assert task_forms.starting_values(session, again, actor=story.actor("phunu"))["content"] == "Kế hoạch"


def test_bulk_claims_say_how_many_were_won_and_take_nothing_of_others(story: Story) -> None:
    order = story.until("carry_out")
    ids = [task.id for task in story.tasks("carry_out", order=order)]
    with story.doing() as session:
        assert tasks.claim_many(session, ids, actor=story.actor("truong.khu")) == (1, 4)
        assert tasks.claim_many(session, ids, actor=story.actor("mttq.phuong")) == (0, 5)
    assert len(story.facts("task:claimed")) == 1


def test_bulk_assigning_hands_all_to_one_colleague(story: Story, plan: str) -> None:
    with story.doing() as session:
        mine = story.actor("phunu")
        done = tasks.transfer_many(session, [plan], actor=mine, to=person(story, "phunu.2"), reason="Phân công")
    assert done == (1, 0)
    assert story.get(Task, plan).holder_id == story.world.person("phunu.2")


def test_a_step_begins_with_the_localities_an_earlier_step_chose(story: Story) -> None:
    order = story.until("roll_out", draft_plan={"localities": [story.world.ward_front]})
    with story.doing() as session:
        task = session.get_one(Task, story.task("roll_out", order=order).id)
        first = task_forms.starting_values(session, task, actor=story.actor("phunu"))
    assert first == {"localities": [story.world.ward_front]}
    story.answer("phunu", "roll_out", order, **first)
    assert [task.place for task in story.tasks("accept_locality", order=order)] == ["Cẩm Thịnh"]
