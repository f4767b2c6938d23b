"""Who a step goes to by what it asks for: a way of assigning, a level, other posts; told, held and undone as any."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import definitions, instances, migration, notifications, replay, routing, tasks, users, uses
from engine.calendar import local_day
from engine.verification import violations
from models.assignments import Assignment
from models.errors import Invalid
from models.instances import Incident, Instance
from models.notifications import Mail, Notification
from models.organizations import Post
from models.permissions import SYSTEM, Actor, Permission, may
from models.tasks import Task
from models.users import Person
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.play import Story


def deploy(story: Story, **lt: str) -> None:
    """Put a process of two steps for the women's union into use, the second with these attributes."""
    drawn = process(
        start(), user("one", lt={"role": "lead"}), user("two", lt={"role": "lead", **lt}), end(),
        chain("start", "one", "two", "end"),
    )  # fmt: skip
    with story.doing() as session:
        definitions.deploy(session, bundle(drawn), actor=story.actor("thietke"))


def begin(story: Story) -> Instance:
    with story.doing() as session:
        return instances.start(session, uses.active(session, "p"), actor=story.actor("phunu"))


def come_to_two(story: Story, login: str = "phunu") -> Task:
    """Begin an instance and let a person do its first step; return the second."""
    instance = begin(story)
    actor = story.actor(login)
    with story.doing() as session:
        first = session.scalars(select(Task).where(Task.instance_id == instance.id)).one()
        tasks.complete(session, first, actor=actor, answers={})
    (task,) = story.rows(Task, instance_id=instance.id, element="two")
    return task


def holder(story: Story, task: Task) -> str | None:
    """Return the login of who holds a task."""
    return story.get(Person, task.holder_id).login if task.holder_id else None


def assert_sound(story: Story, task: Task) -> None:
    """Nothing that verification asks is broken, and the log of the instance tells how it stands, with its holder."""
    with story.doing() as session:
        assert list(violations(session)) == []
        told = replay.folded_to(replay.entries_until(session, instance_id=task.instance_id))
        assert replay.differences(told, replay.present(session, instance_id=task.instance_id)) == []


def test_work_given_directly_is_held_by_the_head_who_plays_the_role(story: Story) -> None:
    deploy(story, assign="direct")
    task = come_to_two(story, "phunu.2")
    assert (holder(story, task), task.claimed_at, task.role) == ("phunu", story.clock.at, "lead")
    assert (task.reason["assign"], task.reason["why"]) == ("direct", "head")
    (entry,) = story.facts("task:assigned", subject_id=task.id)
    assert (entry.person_id, entry.facts["to"]) == (None, task.holder_id)
    (notice,) = story.notices("task:opened", task_id=task.id)
    assert (notice.person_id, notice.organization_id) == (task.holder_id, None)
    assert_sound(story, task)


def test_work_given_directly_goes_to_the_only_one_who_plays_the_role(story: Story) -> None:
    story.give_post("women", "Phó Chủ tịch", ("supervisor",), login="pho")
    deploy(story, role="supervisor", assign="direct")
    task = come_to_two(story)
    assert (holder(story, task), task.reason["why"]) == ("pho", "only")


def test_where_several_play_the_role_and_none_heads_them_it_waits_for_who_takes_it(story: Story) -> None:
    for login in ("to.1", "to.2"):
        story.give_post("women", "Ủy viên", ("supervisor",), login=login)
    deploy(story, role="supervisor", assign="direct")
    task = come_to_two(story)
    assert (task.holder_id, task.role, task.reason["why"]) == (None, "supervisor", "no_head")
    assert story.facts("task:assigned") == []
    assert [notice.role for notice in story.notices("task:opened", task_id=task.id)] == ["supervisor"]


def test_who_is_given_work_may_put_it_back_for_the_others(story: Story) -> None:
    deploy(story, assign="direct")
    task = come_to_two(story)
    with story.doing() as session:
        tasks.release(session, session.get_one(Task, task.id), actor=story.actor("phunu"))
    story.do("phunu.2", "two", {})
    assert story.get(Instance, task.instance_id).state == "finished"
    assert_sound(story, task)


def test_work_in_turn_goes_to_who_got_the_last_longest_ago(story: Story) -> None:
    deploy(story, assign="round_robin")
    given = [come_to_two(story) for _ in range(4)]
    assert [holder(story, task) for task in given] == ["phunu", "phunu.2", "phunu", "phunu.2"]
    story.give_post("women", "Cán bộ mới", ("lead",), login="moi")
    assert [holder(story, come_to_two(story)) for _ in range(3)] == ["moi", "phunu", "phunu.2"]
    assert {task.reason["why"] for task in given} == {"turn"}
    assert_sound(story, given[0])


def test_tasks_that_open_in_one_move_go_round_too(story: Story) -> None:
    many = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>\
</bpmn:multiInstanceLoopCharacteristics>"
    drawn = process(
        start(), user("two", many, lt={"role": "lead", "assign": "round_robin"}), end(), chain("start", "two", "end")
    )
    with story.doing() as session:
        definitions.deploy(session, bundle(drawn), actor=story.actor("thietke"))
    begin(story)
    assert [holder(story, task) for task in story.tasks("two")] == ["phunu", "phunu.2", "phunu"]


def test_who_is_away_loses_a_turn_unless_all_are(story: Story) -> None:
    deploy(story, assign="round_robin")
    lend(story, "phunu", "thanhnien")
    assert [holder(story, come_to_two(story, "phunu.2")) for _ in range(2)] == ["phunu.2", "phunu.2"]
    lend(story, "phunu.2", "thanhnien")
    assert holder(story, come_to_two(story, "phunu.2")) == "phunu"


def lend(story: Story, absent: str, substitute: str) -> None:
    """Let one person act in another's post for a week."""
    with story.doing() as session:
        users.substitute(
            session, session.get_one(Post, story.actor(absent).post_id), actor=SYSTEM,
            absent=users.require_person(session, absent), by=users.require_person(session, substitute),
            first=local_day(story.clock.at), last=local_day(story.clock.at) + timedelta(days=6),
        )  # fmt: skip


def test_who_did_the_step_that_must_be_apart_is_given_neither(story: Story) -> None:
    deploy(story, assign="direct", notSameAs="one")
    assert (holder(story, come_to_two(story, "phunu")), holder(story, come_to_two(story, "phunu.2"))) == (
        "phunu.2", "phunu",
    )  # fmt: skip
    retired: Actor = story.actor("phunu.2")
    with story.doing() as session:
        session.get_one(Person, retired.person_id).disabled_at = story.clock.at
    task = come_to_two(story, "phunu")
    assert (task.holder_id, task.reason["why"]) == (None, "nobody_left")


def test_given_directly_to_who_did_the_step_before_it_is_skipped(story: Story) -> None:
    deploy(story, assign="direct", skipIfSame="one")
    task = come_to_two(story, "phunu")
    assert task.state == "completed"
    assert come_to_two(story, "phunu.2").state == "open"
    assert_sound(story, task)


def test_a_step_without_a_way_of_assigning_waits_as_ever(story: Story) -> None:
    deploy(story)
    task = come_to_two(story)
    assert (task.holder_id, "assign" in task.reason) == (None, False)


# Levels


def at_level(story: Story, role: str, level: str, body: str, area: str, assignment: str | None = None) -> str | None:
    """Return the name in the world of the organization that gets a step for a role at a level, from a place."""
    one = Instance(
        organization_id=getattr(story.world, body), area_id=getattr(story.world, area), assignment_id=assignment,
        order_id=story.get(Assignment, assignment).order_id if assignment else None,
    )  # fmt: skip
    with story.doing() as session:
        found = routing.candidates(session, one, role, data={}, level=level)
    names = {id: name for name, id in story.world.ids.items()}
    return names[found.organization_id or ""] if found else None


def test_a_role_at_the_level_above_is_that_of_the_same_kind_of_organization(story: Story) -> None:
    assert at_level(story, "lead", "above", "ward_women", "ward") == "women"
    assert at_level(story, "lead", "above", "ward_farmers", "ward") == "farmers"
    assert at_level(story, "locality_focal", "above", "quarter1_body", "quarter1") == "ward_front"  # the only one there


def test_in_an_order_a_role_at_a_level_is_who_stands_above_in_it(story: Story) -> None:
    share = story.share(story.until("carry_out"), "quarter1_body")
    assert at_level(story, "lead", "huyen", "quarter1_body", "quarter1", share.id) == "women"
    assert at_level(story, "issuer_leader", "huyen", "quarter1_body", "quarter1", share.id) == "ubnd"
    assert at_level(story, "locality_focal", "xa", "quarter1_body", "quarter1", share.id) == "ward_front"


def test_of_many_at_a_level_none_gets_it_by_chance_and_a_level_below_is_nobodys(story: Story) -> None:
    assert at_level(story, "lead", "huyen", "quarter1_body", "quarter1") is None  # six there play it, no order
    assert at_level(story, "quarter_head", "thon", "women", "city") is None
    assert at_level(story, "lead", "above", "women", "province") is None
    assert at_level(story, "lead", "xã", "ward_women", "ward") is None


def test_a_step_for_another_level_is_offered_there_and_where_nobody_is_found_it_is_an_incident(story: Story) -> None:
    deploy(story, role="bloc_officer", level="huyen")
    task = come_to_two(story)
    assert (task.organization_id, task.role) == (story.world.bloc, "bloc_officer")
    assert task.reason == {
        "rule": "role", "role": "bloc_officer", "organization": story.world.bloc, "level": "huyen",
    }  # fmt: skip
    story.do("chuyenvien.khoi", "two", {})
    deploy(story, role="bloc_officer", level="tinh")
    instance = begin(story)
    story.do("phunu", "one", {})
    (incident,) = story.rows(Incident, instance_id=instance.id)
    assert incident.message == "nobody holds the role bloc_officer at the level tinh"


# Posts that may take it too


def supervised(story: Story, **lt: str) -> Task:
    """Begin a process whose second step is for a supervisor, and for other kinds of posts; return that step."""
    story.give_post("women", "Giám sát viên", ("supervisor",), login="giamsat")
    deploy(story, role="supervisor", **lt)
    return come_to_two(story)


def can_take(story: Story, login: str, task: Task) -> bool:
    """Tell whether a task is offered to a person, by the list and by the right, which say the same."""
    actor = story.actor(login)
    with story.doing() as session:
        listed = session.scalar(select(Task.id).where(Task.id == task.id, Task.offered_to(actor))) is not None
        assert may(actor, Permission.TASK_CLAIM, session.get_one(Task, task.id)) == listed
    return listed


def test_posts_of_the_kinds_named_may_take_it_too_within_the_organization(story: Story) -> None:
    task = supervised(story, posts="lead")
    takers = [login for login in ("giamsat", "phunu", "phunu.2", "nongdan", "thietke") if can_take(story, login, task)]
    assert takers == ["giamsat", "phunu", "phunu.2"]
    assert (task.role, task.reason["posts"]) == ("supervisor", ["lead"])
    story.do("phunu.2", "two", {})
    assert_sound(story, task)


def test_the_head_may_be_named_whatever_its_roles(story: Story) -> None:
    task = supervised(story, posts="head")
    assert [login for login in ("giamsat", "phunu", "phunu.2") if can_take(story, login, task)] == ["giamsat", "phunu"]


def test_without_the_attribute_only_the_role_may_take_it(story: Story) -> None:
    task = supervised(story)
    assert [login for login in ("giamsat", "phunu", "phunu.2") if can_take(story, login, task)] == ["giamsat"]


def test_who_may_take_it_too_is_told_of_it_and_may_be_handed_it(story: Story) -> None:
    task = supervised(story, posts="head")
    with story.doing() as session:
        for login, told in (("giamsat", True), ("phunu", True), ("phunu.2", False), ("nongdan", False)):
            notices = Notification.visible_to(story.actor(login)).where(Notification.task_id == task.id)
            assert (session.scalar(notices.limit(1)) is not None) == told, login
        session.get_one(Person, story.world.person("phunu")).email = "phunu@example.vn"
        session.get_one(Person, story.world.person("phunu.2")).email = "phunu2@example.vn"
        session.flush()
        notifications.write_mails(session)
        assert {mail.to for mail in session.scalars(select(Mail)) if "Two" in mail.body + mail.subject} == {
            "phunu@example.vn",
        }  # fmt: skip
        taken = tasks.claim(session, session.get_one(Task, task.id), actor=story.actor("giamsat"))
        to = session.get_one(Person, story.world.person("phunu.2"))
        with pytest.raises(Invalid):
            tasks.transfer(session, taken, actor=story.actor("giamsat"), to=to, reason="Nghỉ")
        to = session.get_one(Person, story.world.person("phunu"))
        tasks.transfer(session, taken, actor=story.actor("giamsat"), to=to, reason="Nghỉ")
    assert holder(story, story.get(Task, task.id)) == "phunu"


def test_given_directly_the_head_among_all_who_may_take_it_gets_it(story: Story) -> None:
    task = supervised(story, posts="lead", assign="direct")
    assert (holder(story, task), task.reason["why"]) == ("phunu", "head")


# A new version


def migrate(story: Story, task: Task, **lt: str) -> Task:
    """Let the instance of a task go on under a version with these attributes; return the task as it is then."""
    deploy(story, **lt)
    with story.doing() as session:
        instance = session.get_one(Instance, task.instance_id)
        plan = migration.planned(session, instance.definition, uses.active(session, "p"), {})
        migration.migrate(session, instance, plan, actor=story.actor("quantri"), reason="Đổi người làm")
    return story.get(Task, task.id)


def test_open_work_may_be_taken_by_the_posts_a_new_version_names_and_who_holds_it_keeps_it(story: Story) -> None:
    task = supervised(story)
    with story.doing() as session:
        tasks.claim(session, session.get_one(Task, task.id), actor=story.actor("giamsat"))
    task = migrate(story, task, role="supervisor", posts="head", seenBy="organization")
    assert (holder(story, task), task.reason["posts"], task.seen_by) == ("giamsat", ["head"], "organization")
    assert can_take(story, "phunu", task)
    assert_sound(story, task)


def test_open_work_that_a_new_version_has_at_another_level_goes_there_as_it_says(story: Story) -> None:
    task = supervised(story)
    task = migrate(story, task, role="lead", level="huyen", assign="direct")
    assert (holder(story, task), task.role, task.reason["why"]) == ("phunu", "lead", "head")
    assert_sound(story, task)
