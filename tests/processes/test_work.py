"""Stories of work that is not an order: one organization gives it to another, or does it itself."""

import pytest

from engine import orders
from models.assignments import Assignment
from models.errors import Invalid, NotAllowed
from models.orders import Order
from models.reports import Figure
from tests.play import Story, event

WORK = {
    "title": "Vận động xây dựng vườn mẫu", "topic_code": "new_rural", "due_on": "31/10/2018",
    "ro_viec": "Chấm điểm vườn mẫu", "indicators": ["ntm_gardens_scored"],
}  # fmt: skip


@pytest.fixture
def work(story: Story) -> str:
    with story.doing() as session:
        return orders.create_work(session, actor=story.actor("truong.khoi")).id


def test_work_is_described_carried_out_with_figures_and_confirmed(story: Story, work: str) -> None:
    story.answer("truong.khoi", "describe_work", work, **WORK, assignee=story.world.farmers)
    given = story.task("carry_out_work", order=work)
    assert given.organization_id == story.world.farmers
    assert given.due_at.isoformat() == "2018-10-31T10:00:00+00:00"
    story.answer("nongdan", "carry_out_work", work, records=[event(ntm_gardens_scored="60")], summary="Đã chấm")
    story.answer("truong.khoi", "confirm_work", work, decision="accept")
    assert story.open_steps(work) == []
    (share,) = story.rows(Assignment, order_id=work)
    assert (share.organization_id, share.progress) == (story.world.farmers, "hoan_thanh")
    assert [int(figure.value) for figure in story.rows(Figure, order_id=work)] == [60]
    assert story.get(Order, work).number == "CT-2018-01"


def test_work_that_is_not_good_enough_goes_back(story: Story, work: str) -> None:
    """X-RETURN."""
    story.answer("truong.khoi", "describe_work", work, **WORK, assignee=story.world.farmers)
    story.answer("nongdan", "carry_out_work", work, records=[event(ntm_gardens_scored="60")])
    with pytest.raises(Invalid):
        story.answer("truong.khoi", "confirm_work", work, decision="return")
    story.answer("truong.khoi", "confirm_work", work, decision="return", reason="Thiếu danh sách")
    assert story.rows(Assignment, order_id=work)[0].progress == "thuc_hien_lai"
    story.answer("nongdan", "carry_out_work", work, records=[event(ntm_gardens_scored="61")])
    story.answer("truong.khoi", "confirm_work", work, decision="accept")
    assert [int(figure.value) for figure in story.rows(Figure, order_id=work)] == [60, 61]


def test_what_somebody_does_himself_he_does_not_confirm_to_himself(story: Story, work: str) -> None:
    story.answer("truong.khoi", "describe_work", work, **WORK, assignee=story.world.bloc)
    story.give_post("bloc", "Cán bộ phụ trách", ("bloc_officer",), login="can.bo")
    story.newcomers["truong.khoi"] = story.give_post("bloc", "Kiêm nhiệm", ("bloc_officer",), login="truong.khoi")
    story.answer("truong.khoi", "carry_out_work", work, records=[event(ntm_gardens_scored="5")])
    assert story.open_steps(work) == []
    assert story.task("confirm_work", order=work, state="completed").closed_by is None
    assert len(story.facts("task:skipped", order_id=work)) == 1


def test_not_everybody_gives_work(story: Story) -> None:
    with story.doing() as session, pytest.raises(NotAllowed):
        orders.create_work(session, actor=story.actor("truong.khu"))
