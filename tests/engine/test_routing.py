"""Who gets the work: roles of organizations, and nobody rather than somebody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import organizations, routing
from models.instances import Instance
from models.organizations import Holder
from models.permissions import SYSTEM
from tests.play import Story


def instance(story: Story, organization: str | None = None, area: str | None = None) -> Instance:
    """Return an instance of an organization, not stored."""
    starter = story.actor("truong.khoi")
    return Instance(
        organization_id=organization and getattr(story.world, organization),
        area_id=area and getattr(story.world, area),
        starter_id=starter.person_id,
        starter_organization_id=starter.organization_id,
    )


def found(story: Story, one: Instance, role: str | None, **data: object) -> routing.Candidates | None:
    with story.doing() as session:
        return routing.candidates(session, one, role, data=data)


def retire(story: Story, login: str) -> None:
    """End every post of a person."""
    with story.doing() as session:
        for holder in session.scalars(select(Holder).where(Holder.person_id == story.world.person(login))):
            organizations.end(session, holder, actor=SYSTEM, reason="nghỉ hưu")


def test_a_role_is_answered_by_the_organization_of_the_instance_with_the_reason(story: Story) -> None:
    got = found(story, instance(story, "women", "city"), "lead")
    assert got is not None
    assert (got.organization_id, got.role, got.person_id) == (story.world.women, "lead", None)
    assert got.reason == {"rule": "role", "role": "lead", "organization": story.world.women}


def test_a_step_without_a_role_goes_to_who_started(story: Story) -> None:
    got = found(story, instance(story, "women"), None)
    assert got is not None
    assert got.person_id == story.world.person("truong.khoi")


@pytest.mark.parametrize("role", ["lead", "coordinator", "assignee", "bloc_head", "issuer_leader"])
def test_a_role_bound_to_one_organization_is_never_answered_by_its_neighbour(story: Story, role: str) -> None:
    assert found(story, instance(story, "inspectorate", "city"), role) is None


def test_nobody_is_nobody_also_after_the_last_holder_left(story: Story) -> None:
    retire(story, "phunu")
    assert found(story, instance(story, "women", "city"), "lead") is not None  # her colleague holds a post too
    retire(story, "phunu.2")
    assert found(story, instance(story, "women", "city"), "lead") is None


def test_a_holder_of_tomorrow_gets_nothing_today(story: Story) -> None:
    retire(story, "chqs")
    with story.doing() as session:
        body = session.get_one(organizations.Organization, story.world.military)
        post = organizations.add_post(session, body, actor=SYSTEM, name="Trợ lý", roles=("coordinator",))
        person = session.get_one(organizations.Person, story.world.person("chqs"))
        later = story.clock.at + timedelta(days=1)
        organizations.add_holder(session, person, post, actor=SYSTEM, valid_from=later)
    assert found(story, instance(story, "military", "city"), "coordinator") is None
    story.clock.at += timedelta(days=2)
    assert found(story, instance(story, "military", "city"), "coordinator") is not None


def test_a_role_of_the_place_is_looked_for_in_the_place(story: Story) -> None:
    got = found(story, instance(story, "ward_women", "ward"), "locality_signer")
    assert got is not None
    assert got.organization_id == story.world.ward_front


def test_the_assignee_is_named_by_the_data_and_offered_by_a_role_somebody_plays(story: Story) -> None:
    got = found(story, instance(story, "bloc", "city"), "assignee", assignee=story.world.quarter1_body)
    assert got is not None
    assert (got.organization_id, got.role) == (story.world.quarter1_body, "quarter_head")
    assert found(story, instance(story, "bloc", "city"), "assignee") is None


def test_the_superior_is_the_organization_above_and_at_the_top_the_issuer(story: Story) -> None:
    order = story.until("carry_out")
    above = {}
    for name in ("quarter1_body", "ward_front", "women", "bloc"):
        share = story.share(order, name)
        got = found(story, story.get(Instance, share.instance_id), "superior")
        assert got is not None
        above[name] = got.organization_id
    world = story.world
    assert above == {
        "quarter1_body": world.ward_front, "ward_front": world.women, "women": world.bloc, "bloc": world.ubnd,
    }  # fmt: skip


def test_where_the_actor_itself_plays_the_role_the_answer_is_the_same(story: Story) -> None:
    one = instance(story, "women", "city")
    with story.doing() as session:
        asked = routing.candidates(session, one, "lead", data={}, actor=story.actor("phunu"))
        assert asked == routing.candidates(session, one, "lead", data={})


def test_places_below_are_answered_by_who_is_their_focal_point(story: Story) -> None:
    with story.doing() as session:
        below = routing.areas_below(session, story.world.city)
        assert dict(below) == {
            story.world.ward: story.world.ward_front,
            story.world.commune: story.world.commune_front,
        }
        assert [routing.is_leaf(session, getattr(story.world, name)) for name in ("city", "ward", "quarter1")] == [
            False, False, True,
        ]  # fmt: skip
        assert routing.locality_code(session, story.world.quarter1) == "qn-2018-cam-pha"
        assert routing.locality_code(session, story.world.province) is None
