"""The register: who belongs where, who acts as what, and that only an administrator changes it."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from engine import organizations, users
from engine.audit import Fact
from engine.calendar import local_day
from engine.clock import now
from models.audit import AuditEntry
from models.errors import NotAllowed, WrongState
from models.organizations import Area, Holder, Level, Organization, Post
from models.permissions import SYSTEM
from models.users import Person


def count_statements(session, act):
    session.connection()  # begins the transaction, which is not what is counted
    said = []
    engine = session.get_bind()
    listener = lambda *args: said.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    try:
        return act(), len(said)
    finally:
        event.remove(engine, "before_cursor_execute", listener)


def test_the_bloc_has_the_six_organizations_in_vietnamese_order(session, world):
    members = session.scalars(Organization.members_of(world.bloc, at=now(session))).all()
    assert [member.name.removesuffix(" thành phố Cẩm Phả") for member in members] == [
        "Hội Cựu chiến binh", "Hội LHPN", "Hội Nông dân", "Liên đoàn Lao động", "Thành đoàn Cẩm Phả", "Ủy ban MTTQ",
    ]  # fmt: skip


def test_a_person_acts_as_its_post_with_its_roles(session, world):
    actor, statements = count_statements(
        session, lambda: organizations.actor_for(session, world.person("mttq.phuong"), world.post("mttq.phuong"))
    )
    assert statements == 1
    assert (actor.organization_id, actor.area_id, actor.is_head) == (world.ward_front, world.ward, True)
    assert actor.roles == {"locality_focal", "locality_signer"}
    assert actor.title == "Chủ tịch Ủy ban MTTQ, Ủy ban MTTQ phường Cẩm Thịnh"


def test_nobody_acts_as_a_post_held_by_another(session, world):
    with pytest.raises(NotAllowed):
        organizations.actor_for(session, world.person("phunu"), world.post("truong.khoi"))


def test_one_person_may_hold_several_posts_and_chooses(session, world):
    person, post = session.get_one(Person, world.person("truong.khoi")), session.get_one(Post, world.post("mttq"))
    organizations.add_holder(session, person, post, actor=world.actor("quantri"))
    session.flush()
    assert [held.id for held in organizations.posts_of(session, person.id)] == [
        world.post("truong.khoi"),
        world.post("mttq"),
    ]
    assert organizations.actor_for(session, person.id, post.id).organization_id == world.front


def test_a_post_no_longer_held_gives_no_right(session, world):
    holder = session.scalars(Holder.of_person(world.person("phunu"), at=now(session))).one()
    organizations.end(session, holder, actor=world.actor("quantri"), reason="điều động")
    session.flush()
    with pytest.raises(NotAllowed):
        organizations.actor_for(session, world.person("phunu"), world.post("phunu"))
    assert organizations.posts_of(session, world.person("phunu")) == []


def test_what_has_ended_cannot_end_again(session, world):
    body = session.get_one(Organization, world.youth)
    organizations.end(session, body, actor=world.actor("quantri"), reason="sắp xếp")
    with pytest.raises(WrongState):
        organizations.end(session, body, actor=world.actor("quantri"), reason="sắp xếp")


def test_a_post_of_an_ended_organization_gives_no_right(session, world):
    organizations.end(session, session.get_one(Organization, world.youth), actor=SYSTEM, reason="sắp xếp")
    session.flush()
    with pytest.raises(NotAllowed):
        organizations.actor_for(session, world.person("thanhnien"), world.post("thanhnien"))


def test_a_substitute_acts_as_the_absent_and_both_are_named(session, world):
    post = session.get_one(Post, world.post("mttq.phuong"))
    absent, by = (session.get_one(Person, world.person(login)) for login in ("mttq.phuong", "canbo.phuong"))
    at = now(session)
    users.substitute(
        session, post, actor=world.actor("mttq.phuong"), absent=absent, by=by,
        first=local_day(at), last=local_day(at) + timedelta(days=2),
    )  # fmt: skip
    session.flush()
    actor, statements = count_statements(session, lambda: organizations.actor_for(session, by.id, post.id))
    assert statements == 2
    assert (actor.person_id, actor.on_behalf_of) == (by.id, absent.id)
    assert "locality_signer" in actor.roles
    assert [held.id for held in organizations.posts_of(session, by.id)] == [world.post("canbo.phuong"), post.id]
    session.info["now"] = at + timedelta(days=3)
    with pytest.raises(NotAllowed):
        organizations.actor_for(session, by.id, post.id)


COMMANDS = {
    "add_level": lambda s, w, a: organizations.add_level(s, "x", actor=a, name="X", rank=9),
    "add_type": lambda s, w, a: organizations.add_type(s, "x", actor=a, name="X", system="front"),
    "add_area": lambda s, w, a: organizations.add_area(s, "X", actor=a, level="thon", kind="khu"),
    "add_organization": lambda s, w, a: organizations.add_organization(
        s, "X", actor=a, type_code="khu_pho", area=s.get_one(Area, w.quarter1)
    ),
    "add_post": lambda s, w, a: organizations.add_post(s, s.get_one(Organization, w.women), actor=a, name="X"),
    "add_holder": lambda s, w, a: organizations.add_holder(
        s, s.get_one(Person, w.person("ccb")), s.get_one(Post, w.post("phunu")), actor=a
    ),
    "relate": lambda s, w, a: organizations.relate(
        s, s.get_one(Organization, w.military), actor=a, to=s.get_one(Organization, w.bloc), line="bloc"
    ),
    "end": lambda s, w, a: organizations.end(s, s.get_one(Organization, w.military), actor=a, reason="thử"),
    "record_lineage": lambda s, w, a: organizations.record_lineage(
        s, s.get_one(Area, w.commune), actor=a, to=s.get_one(Area, w.ward), kind="merge", document="NQ 1199"
    ),
}
FACTS = {
    "add_level": Fact.LEVEL_ADDED,
    "add_type": Fact.ORGANIZATION_TYPE_ADDED,
    "add_area": Fact.AREA_ADDED,
    "add_organization": Fact.ORGANIZATION_ADDED,
    "add_post": Fact.POST_ADDED,
    "add_holder": Fact.HOLDER_ADDED,
    "relate": Fact.RELATION_ADDED,
    "end": Fact.ORGANIZATION_ENDED,
    "record_lineage": Fact.LINEAGE_RECORDED,
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("login", ["lanhdao.ubnd", "truong.khoi", "thietke", "thanhtra", "truong.khu"])
def test_only_an_administrator_changes_the_register(name, login, session, world):
    with pytest.raises(NotAllowed):
        COMMANDS[name](session, world, world.actor(login))
    assert not session.new
    assert not session.dirty
    assert "audit" not in session.info


@pytest.mark.parametrize("name", COMMANDS)
def test_each_change_of_the_register_is_one_entry(name, committing, database, world):
    with committing() as session:
        COMMANDS[name](session, world, world.actor("quantri"))
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.fact, entry.person_id) == (FACTS[name], world.person("quantri"))


def test_names_are_searched_without_marks_and_kept_as_typed(session, world):
    area = organizations.add_area(
        session, "Hoà Bi\u0300nh", actor=SYSTEM, level="xa", kind="phường", parent=session.get_one(Area, world.city),
        aliases=("P. Hòa Bình",),
    )  # fmt: skip
    assert (area.name, area.name_fold) == ("Hoà Bình", "hoa binh p hoa binh")
    assert session.get_one(Level, "xa").rank == 3


def test_the_log_holds_no_name_of_a_person(database, world):
    with database.read() as session:
        said = [
            str(entry.facts) for entry in session.scalars(select(AuditEntry).where(AuditEntry.fact.like("person:%")))
        ]
        logins = session.scalars(select(Person.login)).all()
    assert said
    assert not [login for login in logins if any(login in text for text in said)]
