"""Messages outside of an order: processes drawn without our words for organizations talk to each other by name."""

import pytest
from sqlalchemy import select

from engine import definitions, incidents, instances, tasks, verification
from models.definitions import Definition
from models.instances import Incident, Instance
from models.tasks import Task
from tests.play import Story

ASKS = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="asks" targetNamespace="urn:test">
  <message id="question" name="Question"/><message id="answer" name="Answer"/>
  <process id="asks" name="Asks" isExecutable="true">
    <startEvent id="start"/><userTask id="ask" name="Ask"/>
    <intermediateThrowEvent id="asked"><messageEventDefinition messageRef="question"/></intermediateThrowEvent>
    <intermediateCatchEvent id="told"><messageEventDefinition messageRef="answer"/></intermediateCatchEvent>
    <userTask id="read" name="Read"/><endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="asked"/>
    <sequenceFlow id="f3" sourceRef="asked" targetRef="told"/><sequenceFlow id="f4" sourceRef="told" targetRef="read"/>
    <sequenceFlow id="f5" sourceRef="read" targetRef="end"/>
  </process>
</definitions>"""
ANSWERS = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="answers" targetNamespace="urn:test">
  <message id="question" name="Question"/><message id="answer" name="Answer"/>
  <process id="answers" name="Answers" isExecutable="true">
    <startEvent id="start"><messageEventDefinition messageRef="question"/></startEvent><userTask id="say" name="Say"/>
    <endEvent id="end"><messageEventDefinition messageRef="answer"/></endEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="say"/><sequenceFlow id="f2" sourceRef="say" targetRef="end"/>
  </process>
</definitions>"""

SILENT = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="silent" targetNamespace="urn:test">
  <message id="answer" name="Answer"/>
  <process id="silent" name="Silent" isExecutable="true">
    <startEvent id="start"/>
    <intermediateCatchEvent id="told"><messageEventDefinition messageRef="answer"/></intermediateCatchEvent>
    <userTask id="read" name="Read"/><endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="told"/><sequenceFlow id="f2" sourceRef="told" targetRef="read"/>
    <sequenceFlow id="f3" sourceRef="read" targetRef="end"/>
  </process>
</definitions>"""


def deploy(story: Story, **files: bytes) -> None:
    with story.doing() as session:
        named = {f"{name}.bpmn": content for name, content in files.items()}
        definitions.deploy(session, named, actor=story.actor("quantri"))


def begun(story: Story, process: str = "asks") -> str:
    (definition,) = story.rows(Definition, process_id=process)
    with story.doing() as session:
        return instances.start(session, session.get_one(Definition, definition.id), actor=story.actor("quantri")).id


def complete(story: Story, element: str, instance: str | None = None) -> None:
    """Complete the step that waits, of the instance where there are several, and let what it says arrive."""
    (task,) = (one for one in story.tasks(element, state="open") if instance in (None, one.instance_id))
    with story.doing() as session:
        tasks.complete(session, session.get_one(Task, task.id), actor=story.actor("quantri"), answers={})
    story.pass_time()


def test_a_message_begins_the_process_that_waits_for_it_and_the_answer_comes_back(story: Story) -> None:
    deploy(story, asks=ASKS, answers=ANSWERS)
    asked = begun(story)
    for element in ("ask", "say", "read"):
        complete(story, element)
    assert {one.state for one in story.rows(Instance)} == {"finished"}
    (said,) = story.messages("Answer")
    assert (said.instance_id, said.state) == (asked, "delivered")
    with verification.snapshot(story.database, story.clock) as session:
        assert list(verification.violations(session)) == []


def test_everybody_hears_the_answer_to_what_they_asked_themselves(story: Story) -> None:
    deploy(story, asks=ASKS, answers=ANSWERS)
    first, second = begun(story), begun(story)
    complete(story, "ask", second)
    (answering,) = (one.instance_id for one in story.tasks("say", state="open"))
    complete(story, "ask", first)
    complete(story, "say", answering)
    assert [one.instance_id for one in story.tasks("read", state="open")] == [second]
    complete(story, "say")
    assert {one.instance_id for one in story.tasks("read", state="open")} == {first, second}


def test_a_message_for_nobody_is_an_incident_and_arrives_when_the_process_is_there(story: Story) -> None:
    deploy(story, asks=ASKS)
    asked = begun(story)
    complete(story, "ask")
    assert story.get(Instance, asked).state == "incident"
    deploy(story, answers=ANSWERS)
    with story.doing() as session:
        incident = session.scalars(select(Incident)).one()
        incidents.retry(session, incident, actor=story.actor("quantri"), reason="Đã có quy trình trả lời")
    story.pass_time()
    assert len(story.tasks("say", state="open")) == 1


@pytest.mark.parametrize("waiting", [1, 2])
def test_what_nobody_asked_for_goes_to_the_only_one_who_waits_and_else_is_an_incident(
    story: Story, waiting: int
) -> None:
    plain = ANSWERS.replace(b'<messageEventDefinition messageRef="question"/>', b"", 1)
    deploy(story, silent=SILENT, answers=plain)
    for _ in range(waiting):
        begun(story, "silent")
    speaker = begun(story, "answers")
    complete(story, "say")
    assert story.get(Instance, speaker).state == ("finished" if waiting == 1 else "incident")
    assert len(story.tasks("read", state="open")) == (1 if waiting == 1 else 0)
