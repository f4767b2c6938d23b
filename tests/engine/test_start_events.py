"""What begins by itself: at a time, and at a signal that anybody throws; and who hears a signal."""

from datetime import timedelta

import pytest

from engine import definitions, uses
from models.definitions import Definition
from models.errors import Invalid
from models.instances import Instance
from models.messages import Message
from models.starts import StartEvent
from tests.engine.diagrams import bundle, catch, chain, element, end, process, signal, start, throw, timer, user
from tests.play import Story
from tests.world import NOW


def deploy(story: Story, files: dict[str, bytes]) -> None:
    with story.doing() as session:
        definitions.deploy(session, files, actor=story.actor("thietke"))


def weekly(work: str = "sweep") -> dict[str, bytes]:
    first = start("at", timer("R3/P7D", "timeCycle"))
    return bundle(process(first, user(work), end(), chain("at", work, "end")))


def begin(story: Story, process_id: str) -> None:
    from engine import instances

    with story.doing() as session:
        instances.start(session, uses.active(session, process_id), actor=story.actor("thietke"))


def test_a_process_begins_at_the_times_its_diagram_names_and_its_steps_go_to_who_deployed_it(story: Story) -> None:
    deploy(story, weekly())
    story.pass_time()
    assert story.rows(Instance) == []
    for week in (1, 2, 3):
        story.later(days=7, minutes=1)
        story.pass_time()
        story.pass_time()
        assert len(story.rows(Instance)) == week
    story.later(days=40)
    story.pass_time()
    assert len(story.rows(Instance)) == 3
    assert {one.offered_to_id for one in story.tasks("sweep")} == {story.world.person("thietke")}


def test_rounds_that_were_missed_while_nothing_ran_are_not_made_up_for(story: Story) -> None:
    deploy(story, weekly())
    story.later(days=15)
    story.pass_time()
    story.pass_time()
    assert len(story.rows(Instance)) == 1
    assert [one.due_at for one in story.rows(StartEvent)] == [NOW + timedelta(days=21)]


def test_a_start_at_a_time_that_must_be_worked_out_is_not_deployed(story: Story) -> None:
    first = start("at", timer("due", "timeDate"))
    with pytest.raises(Invalid) as refused:
        deploy(story, bundle(process(first, end(), chain("at", "end"))))
    assert [one.rule for one in refused.value.facts["findings"] if one.level == "refused"] == ["timer-start-expression"]
    assert story.rows(Definition, process_id="p") == []
    assert story.rows(StartEvent) == []


def test_a_new_version_takes_over_the_times_of_the_old_one(story: Story) -> None:
    deploy(story, weekly("sweep"))
    deploy(story, weekly("rake"))
    story.later(days=7, minutes=1)
    story.pass_time()
    assert story.steps() == {"rake"}


CALL = bundle(
    process(
        start(),
        throw("call", signal("Flood")),
        catch("own", signal("Flood")),
        end(),
        chain("start", "call", "own", "end"),
        id="caller",
    ),
    signals=("Flood",),
)
HEAR = bundle(
    process(
        start(), catch("ear", signal("Flood")), user("help"), end(), chain("start", "ear", "help", "end"), id="helper"
    ),
    signals=("Flood",),
)
ALARM = bundle(
    process(start("rung", signal("Flood")), user("watch"), end(), chain("rung", "watch", "end"), id="alarm"),
    signals=("Flood",),
)


def test_a_signal_is_heard_by_all_who_wait_for_it_and_begins_what_starts_with_it(story: Story) -> None:
    for files in (CALL, HEAR, ALARM):
        deploy(story, files)
    begin(story, "helper")
    begin(story, "helper")
    begin(story, "caller")
    story.pass_time()
    assert sorted(one.process_id for one in story.rows(Instance)) == ["alarm", "caller", "helper", "helper"]
    assert story.steps() == {"help", "watch"}
    assert {one.state for one in story.rows(Message)} == {"delivered"}


def test_a_signal_that_nobody_waits_for_is_gone(story: Story) -> None:
    for files in (CALL, HEAR):
        deploy(story, files)
    begin(story, "caller")
    begin(story, "helper")
    story.pass_time()
    assert story.steps() == set()
    assert [one for one in story.rows(Message) if one.kind == "signal"] == []


def test_a_message_of_the_same_name_is_no_signal(story: Story) -> None:
    told = bundle(
        process(
            start(),
            element(
                "intermediateThrowEvent",
                "tell",
                '<bpmn:messageEventDefinition messageRef="m1"/>',
                lt={"recipients": "order"},
            ),
            end(),
            chain("start", "tell", "end"),
            id="teller",
        ),
    )
    told["p.bpmn"] = told["p.bpmn"].replace(b"<bpmn:process", b'<bpmn:message id="m1" name="Flood"/><bpmn:process', 1)
    for files in (told, HEAR):
        deploy(story, files)
    begin(story, "helper")
    begin(story, "teller")
    story.pass_time()
    assert story.steps() == set()
