"""Stories of reorganized bodies (X-REORG): open work goes to the successor, what is finished stays as it was."""

import pytest

from engine import organizations, reorganizations
from engine.reorganizations import Change
from models.assignments import Assignment
from models.errors import Invalid, NotAllowed, NotFound, WrongState
from models.instances import Instance
from models.orders import Order
from models.organizations import Area, Lineage, Organization
from models.permissions import SYSTEM
from models.tasks import Task
from tests.play import REFUSAL, Story

BASIS = "Nghị quyết 1199/NQ-UBTVQH15"


def add_body(story: Story, name: str, *, login: str = "", roles: tuple[str, ...] = ()) -> str:
    """Add a body of the commune, with somebody who works there if a login is given."""
    with story.doing() as session:
        commune = session.get_one(Area, session.get_one(Organization, story.world.commune_front).area_id)
        body = organizations.add_organization(session, name, actor=SYSTEM, type_code="mttq", area=commune)
        session.flush()
        made = body.id
    if login:
        story.give_post(made, "Chủ tịch", roles or ("locality_focal", "locality_signer"), login=login)
    return made


def reorganize(story: Story, *changes: Change, who: str = "quantri") -> list[reorganizations.Piece]:
    with story.doing() as session:
        return reorganizations.reorganize(session, changes, actor=story.actor(who), document=BASIS)


def test_the_open_work_of_a_merged_commune_is_carried_on_by_its_successor(story: Story) -> None:
    """Xã Cẩm Hải and xã Cộng Hòa become xã Hải Hòa while the order runs."""
    order = story.until("accept_locality")
    old = story.world.commune_front
    (waiting,) = [task for task in story.tasks("accept_locality", order=order) if task.organization_id == old]
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa")
    (piece,) = reorganize(story, Change(old, new, "merge"))
    assert (piece.order_id, piece.shares, piece.tasks, piece.successor) == (order, 1, 1, new)
    moved = story.get(Task, waiting.id)
    assert (moved.organization_id, moved.holder_id, moved.state) == (new, None, "open")
    (entry,) = story.facts("task:handed_over", order_id=order)
    assert entry.facts["before"] == {"organization": old} and entry.facts["document"] == BASIS
    assert len(story.facts("assignment:handed_over", order_id=order)) == 1
    (lineage,) = story.rows(Lineage, from_id=old)
    assert (lineage.to_id, lineage.kind, lineage.document) == (new, "merge", BASIS)
    with pytest.raises((NotAllowed, NotFound)):
        story.answer("mttq.xa", "accept_locality", order, decision="accept", place="Xã Cộng Hòa")
    story.answer("haihoa", "accept_locality", order, decision="accept")
    (share,) = story.rows(Assignment, organization_id=new)
    assert share.progress == "dang_thuc_hien"
    assert [one.organization_id for one in story.tasks("assign_locality", order=order, state="open")] == [new]


def test_what_was_finished_keeps_the_old_body(story: Story) -> None:
    order = story.until("consolidate_locality")
    old = story.world.commune_front
    done = [task.id for task in story.tasks("accept_locality", order=order) if task.organization_id == old]
    definition = {one.id: one.definition_id for one in story.instances("locality", order_id=order)}
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa")
    reorganize(story, Change(old, new, "merge"))
    assert done and all(story.get(Task, one).organization_id == old for one in done)
    assert {one.id: one.definition_id for one in story.instances("locality", order_id=order)} == definition
    holders = {task.organization_id for task in story.tasks("consolidate_locality", order=order, state="open")}
    assert new in holders and old not in holders


def test_the_survey_changes_nothing(story: Story) -> None:
    order = story.until("accept_locality")
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa")
    with story.doing() as session:
        (piece,) = reorganizations.survey(session, [Change(story.world.commune_front, new, "merge")])
    assert (piece.order_id, piece.tasks) == (order, 1)
    assert story.rows(Lineage, from_id=story.world.commune_front) == []
    assert story.facts("task:handed_over", order_id=order) == []


def test_a_split_commune_is_decided_by_a_person_order_by_order(story: Story) -> None:
    order = story.until("accept_locality")
    old = story.world.commune_front
    one = add_body(story, "Ủy ban MTTQ xã Hải Hòa mới", login="haihoa")
    two = add_body(story, "Ủy ban MTTQ xã Hải Lạng", login="hailang")
    reorganize(story, Change(old, one, "split"), Change(old, two, "split"))
    assert story.facts("task:handed_over", order_id=order) == []
    triage = story.task("choose_successor", order=order)
    assert triage.offered_to_id == story.actor("quantri").person_id
    with pytest.raises(Invalid):
        story.answer("quantri", "choose_successor", order, successor=story.world.ward_front)
    story.answer("quantri", "choose_successor", order, successor=two, reason="Thôn thuộc Hải Lạng")
    story.answer("hailang", "accept_locality", order, **REFUSAL)
    assert "settle_refusal" in story.steps(order)


def test_a_body_that_ends_without_successor_waits_for_a_person_and_is_asked_about_once(story: Story) -> None:
    order = story.until("accept_locality")
    for _ in range(2):
        reorganize(story, Change(story.world.commune_front, None, "abolish"))
    assert len(story.tasks("choose_successor", order=order, state="open")) == 1


def test_the_old_body_works_until_somebody_works_at_the_new_one(story: Story) -> None:
    order = story.until("accept_locality")
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa")
    with pytest.raises(WrongState, match="successor_not_working"):
        reorganize(story, Change(story.world.commune_front, new, "merge"))
    assert story.rows(Lineage, from_id=story.world.commune_front) == []
    story.answer("mttq.xa", "accept_locality", order, decision="accept")


def test_a_successor_that_lacks_the_role_of_the_work_does_not_get_it(story: Story) -> None:
    order = story.until("accept_locality")
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa", roles=("quarter_head",))
    with pytest.raises(WrongState, match="successor_not_working"):
        reorganize(story, Change(story.world.commune_front, new, "merge"))
    story.answer("mttq.xa", "accept_locality", order, decision="accept")


def test_an_order_goes_on_when_its_issuer_and_bloc_are_replaced(story: Story) -> None:
    """01/07/2025: the city that issued the order is gone before the result is accepted."""
    order = story.until("compare_with_order")
    old = story.get(Order, order).issuer_id
    new = add_body(story, "Ủy ban nhân dân phường Cẩm Phả", login="ubnd.moi", roles=("issuer_officer", "issuer_leader"))
    reorganize(story, Change(old, new, "merge"))
    assert story.get(Order, order).issuer_id == new
    story.answer("ubnd.moi", "compare_with_order", order, proposal="dat", comparison="Đủ số liệu")
    assert story.task("nghiem_thu", order=order).organization_id == new


def test_only_the_administrator_reorganizes_and_by_a_document(story: Story) -> None:
    order = story.until("accept_locality")
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa")
    with pytest.raises(NotAllowed):
        reorganize(story, Change(story.world.commune_front, new, "merge"), who="phunu")
    with story.doing() as session, pytest.raises(Invalid):
        reorganizations.reorganize(
            session, [Change(story.world.commune_front, new, "merge")], actor=story.actor("quantri"), document=" "
        )
    with pytest.raises(NotFound):
        reorganize(story, Change("0" * 32, new, "merge"))
    with pytest.raises(Invalid):
        reorganize(story, Change(story.world.commune_front, new, "vanish"))
    assert story.facts("task:handed_over", order_id=order) == []
    assert story.rows(Instance, process_id="handover") == []
