"""Where versions are in use: the nearest area decides, one version in one place, what begins by itself begins once."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from engine import definitions, suspensions, uses
from models.assignments import Assignment
from models.base import new_id
from models.definitions import Definition, DefinitionUse
from models.errors import Invalid, NotAllowed, NotFound, Rejected, WrongState
from models.instances import Instance
from models.messages import Message
from models.permissions import SYSTEM
from models.starts import StartEvent
from tests.engine.diagrams import bundle, chain, end, message, process, signal, start, timer, user
from tests.engine.test_cost import counted
from tests.play import Story

WHY = "Làm thử"


def steps(*work: str, first: str | None = None) -> dict[str, bytes]:
    return bundle(process(first or start(), *map(user, work), end(), chain("start", *work, "end")))


ONE, TWO, THREE = steps("one"), steps("one", "two"), steps("one", "two", "three")


def deploy(story: Story, files: dict[str, bytes], *places: str) -> Definition:
    areas = [story.world.ids[place] for place in places]
    with story.doing() as session:
        return definitions.deploy(session, files, actor=story.actor("thietke"), areas=areas)[0]


def use(story: Story, one: Definition, *places: str, login: str = "thietke", reason: str = WHY) -> None:
    areas = [story.world.ids.get(place, place) for place in places]
    with story.doing() as session:
        known = session.get_one(Definition, one.id)
        uses.activate(session, known, actor=story.actor(login), reason=reason, areas=areas)


def take_back(story: Story, one: Definition, place: str, *, login: str = "thietke", reason: str = WHY) -> None:
    with story.doing() as session:
        known, area = session.get_one(Definition, one.id), story.world.ids[place]
        uses.take_back(session, known, area, actor=story.actor(login), reason=reason)


def versions(story: Story, *places: str) -> list[int | None]:
    """Return the version that new work of places begins under; "" is no place."""
    with story.doing() as session:
        found = [uses.find(session, "p", area_id=story.world.ids.get(place)) for place in places]
        return [one.version if one else None for one in found]


def test_an_area_has_a_version_with_all_below_it_and_the_others_have_that_of_everywhere(story: Story) -> None:
    first, second = deploy(story, ONE), deploy(story, TWO, "ward")
    assert versions(story, "ward", "quarter1", "commune", "city", "") == [2, 2, 1, 1, 1]
    assert [story.get(Definition, one.id).retired_at for one in (first, second)] == [None, None]
    (entry,) = story.facts("definition:deployed", definition_id=second.id)
    assert entry.facts["areas"] == ["phường Cẩm Thịnh"]


def test_the_nearest_area_decides_and_what_comes_into_use_around_it_does_not_change_it(story: Story) -> None:
    first = deploy(story, ONE)
    deploy(story, TWO, "ward")
    deploy(story, THREE, "city")
    assert versions(story, "quarter1", "commune", "province") == [2, 3, 1]
    use(story, first, "quarter1")
    deploy(story, THREE)
    assert versions(story, "quarter1", "quarter2", "commune", "province") == [1, 2, 3, 3]


def test_choosing_a_version_costs_one_statement(story: Story) -> None:
    deploy(story, ONE)
    deploy(story, TWO, "ward")
    with story.doing() as session, counted(story.database) as cost:
        assert uses.active(session, "p", area_id=story.world.quarter1).version == 2
        assert len(cost.statements) == 1


def test_one_place_never_has_two_versions(story: Story) -> None:
    deploy(story, ONE)
    second = deploy(story, TWO, "ward")
    for area in (story.world.ward, None):
        twice = {"process_id": "p", "area_id": area, "definition_id": second.id, "since": story.clock.at}
        with pytest.raises(IntegrityError), story.doing() as session:
            session.execute(insert(DefinitionUse).values(id=new_id(), **twice))
    deploy(story, THREE, "ward")
    assert versions(story, "ward") == [3]
    assert len(story.rows(DefinitionUse, process_id="p")) == 2
    assert story.get(Definition, second.id).retired_at == story.clock.at


def test_a_version_that_is_widened_is_followed_everywhere_by_what_comes_next(story: Story) -> None:
    deploy(story, ONE)
    second = deploy(story, TWO, "ward", "commune")
    use(story, second)
    assert versions(story, "ward", "commune", "city") == [2, 2, 2]
    deploy(story, THREE)
    assert versions(story, "ward", "commune", "city") == [3, 3, 3]
    (entry,) = story.facts("definition:activated")
    assert (entry.facts["before"], entry.facts["after"], "area" in entry.facts) == (
        {"version": 1},
        {"version": 2},
        False,
    )


def test_a_version_that_is_taken_back_leaves_the_area_to_what_is_around_it(story: Story) -> None:
    deploy(story, ONE)
    second = deploy(story, TWO, "ward")
    take_back(story, second, "ward")
    assert versions(story, "ward", "quarter1") == [1, 1]
    assert story.get(Definition, second.id).retired_at == story.clock.at
    (entry,) = story.facts("definition:retired")
    assert (entry.facts["area"], entry.facts["before"], entry.facts["after"], entry.facts["reason"]) == (
        "phường Cẩm Thịnh",
        {"version": 2},
        {"version": 1},
        WHY,
    )
    with pytest.raises(WrongState):
        take_back(story, second, "ward")


def test_a_process_may_begin_in_one_area_alone(story: Story) -> None:
    only = deploy(story, ONE, "ward")
    assert versions(story, "quarter1", "commune", "") == [1, None, None]
    with story.doing() as session, pytest.raises(NotFound):
        uses.active(session, "p", area_id=story.world.commune)
    take_back(story, only, "ward")
    assert versions(story, "quarter1") == [None]


REFUSED: dict[str, tuple[type[Rejected], tuple[str, ...], dict[str, str]]] = {
    "no area": (Invalid, ("nowhere",), {}),
    "without a reason": (Invalid, ("commune",), {"reason": " "}),
    "without the right": (NotAllowed, ("commune",), {"login": "truong.khoi"}),
    "in use there": (WrongState, ("ward",), {}),
}


@pytest.mark.parametrize(("kind", "places", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_changes_nothing(
    story: Story, kind: type[Rejected], places: tuple[str, ...], said: dict[str, str]
) -> None:
    deploy(story, ONE)
    second = deploy(story, TWO, "ward")
    with pytest.raises(kind):
        use(story, second, *places, **said)
    assert versions(story, "ward", "commune") == [2, 1]
    assert story.facts("definition:activated") == []


def weekly(work: str) -> dict[str, bytes]:
    return steps(work, first=start("start", timer("R3/P7D", "timeCycle")))


def test_a_time_begins_once_as_the_version_in_use_where_it_begins_has_it(story: Story) -> None:
    deploy(story, weekly("sweep"))  # by the bloc, which is in the city
    story.later(days=6)
    deploy(story, weekly("rest"), "ward")
    story.later(days=1, minutes=1)
    story.pass_time()
    assert [one.element for one in story.tasks()] == ["sweep"]
    raked = deploy(story, weekly("rake"), "city")
    story.later(days=7, minutes=1)
    story.pass_time()
    assert sorted(one.element for one in story.tasks()) == ["rake", "sweep"]
    take_back(story, raked, "city")
    assert [one.definition_id for one in story.rows(StartEvent)] == [story.rows(Definition, process_id="p")[0].id]
    story.later(days=7, minutes=1)
    story.pass_time()
    assert sorted(one.element for one in story.tasks()) == ["rake", "sweep", "sweep"]


def test_a_signal_begins_the_version_in_use_where_it_begins(story: Story) -> None:
    begins = start("start", signal("Flood"))
    for work, *places in (("watch",), ("guard", "ward"), ("dam", "city")):
        files = bundle(process(begins, user(work), end(), chain("start", work, "end")), signals=("Flood",))
        deploy(story, files, *places)
    (begun,) = story.rows(StartEvent)
    assert story.get(Definition, begun.definition_id).version == 3


def news(*work: str) -> dict[str, bytes]:
    first = start("start", message("news.came"))
    return bundle(process(first, *map(user, work), end(), chain("start", *work, "end")), messages=("news.came",))


def post(story: Story, order: str, body: str, area: str) -> str:
    """Send the message to a share of an organization in an area."""
    with story.doing() as session:
        share = Assignment(
            order_id=order, organization_id=story.world.ids[body], area_id=story.world.ids[area], part="local",
            created_at=story.clock.at,
        )  # fmt: skip
        session.add(share)
        session.flush()
        sent = Message(name="news.came", assignment_id=share.id, payload={}, sent_at=story.clock.at)
        session.add(sent)
        session.flush()
        found = sent.id
    story.settle()
    return found


def version_of(story: Story, sent: str) -> int | None:
    begun = story.get(Message, sent).instance_id
    return story.get(Definition, story.get(Instance, begun).definition_id).version if begun else None


def test_a_message_begins_the_version_of_the_area_of_who_gets_it(story: Story) -> None:
    order = story.order()
    deploy(story, news("one"))
    second = deploy(story, news("one", "two"), "ward")
    sent = [post(story, order, "quarter1_body", "quarter1"), post(story, order, "commune_front", "commune")]
    assert [version_of(story, one) for one in sent] == [2, 1]
    take_back(story, second, "ward")
    assert version_of(story, post(story, order, "quarter2_body", "quarter2")) == 1
    assert version_of(story, sent[0]) == 2


def test_a_message_waits_where_no_version_begins_with_it(story: Story) -> None:
    order = story.order()
    deploy(story, ONE)
    second = deploy(story, news("two"), "ward")
    sent = post(story, order, "commune_front", "commune")
    assert (story.get(Message, sent).state, version_of(story, sent)) == ("kept", None)
    use(story, second, "commune")
    story.settle()
    assert (story.get(Message, sent).state, version_of(story, sent)) == ("delivered", 2)


def test_a_version_for_an_area_takes_no_message_from_another_process(story: Story) -> None:
    taken = bundle(
        process(start("start", message("order.placed")), user("one"), end(), chain("start", "one", "end")),
        messages=("order.placed",),
    )
    with pytest.raises(WrongState) as refused:
        deploy(story, taken, "ward")
    assert refused.value.reason == "start_message_taken"
    assert story.rows(Definition, process_id="p") == []


def test_a_suspended_version_refuses_in_its_area_only(story: Story) -> None:
    order = story.order()
    deploy(story, news("one"))
    second = deploy(story, news("one", "two"), "ward")
    with story.doing() as session:
        suspensions.suspend_definition(session, session.get_one(Definition, second.id), actor=SYSTEM, reason=WHY)
    sent = [post(story, order, "ward_front", "ward"), post(story, order, "commune_front", "commune")]
    assert [story.get(Message, one).state for one in sent] == ["kept", "delivered"]
    with story.doing() as session:
        suspensions.resume_definition(session, session.get_one(Definition, second.id), actor=SYSTEM, reason=WHY)
    story.settle()
    assert [version_of(story, one) for one in sent] == [2, 1]
