"""When a task is due, as another tool says it: an instant, a day, a duration, or an expression over the data."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import lint
from engine.simulation import WAIT, Advance, simulate
from models.instances import Incident
from models.tasks import Task
from tests.engine.operating import begin, data
from tests.play import Story

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
DRAWN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:lt="urn:lienthong:bpmn:1"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x"><process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="ask"/>
  <userTask id="ask" name="Hỏi"/><sequenceFlow id="g" sourceRef="ask" targetRef="work"/>
  <userTask id="work" name="Làm" {said}/><sequenceFlow id="h" sourceRef="work" targetRef="e"/><endEvent id="e"/>
  </process></definitions>"""


def drawn(said: str) -> dict[str, bytes]:
    return {"p.bpmn": DRAWN.format(said=said).encode()}


@pytest.mark.parametrize(
    ("said", "on", "due"),
    [
        ('camunda:dueDate="P3D"', None, NOW + timedelta(days=3)),
        ('camunda:dueDate="2026-12-24T08:00:00+07:00"', None, datetime(2026, 12, 24, 1, tzinfo=UTC)),
        ('camunda:dueDate="${on}"', "2026-12-24", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ('camunda:dueDate="${on}"', "PT4H", NOW + timedelta(hours=4)),
        ('camunda:dueDate="${on}"', None, None),
    ],
)
def test_a_task_is_due_when_another_tool_says(said: str, on: str | None, due: datetime | None) -> None:
    ended = simulate(drawn(said), answers={"ask": {"on": on}, "work": WAIT}, now=NOW)
    assert [(one.element, one.due) for one in ended.waiting] == [("work", due)]


def test_what_is_due_fires_nothing() -> None:
    later = [Advance("P9D")]
    ended = simulate(drawn('camunda:dueDate="P3D"'), answers={"work": WAIT}, acts=later, now=NOW)
    assert (ended.outcome, [one.element for one in ended.waiting]) == ("waiting", ["work"])


@pytest.mark.parametrize("said", ["soon", "2026-13-45", "0000-01-01", "2026-12-24T08:00:00", "${clock.inDays(3)}"])
def test_what_cannot_be_read_is_named_and_does_nothing(said: str) -> None:
    files = drawn(f'camunda:dueDate="{said}"')
    kept = [one.message_en for one in lint.check(files).findings if one.rule == "foreign-kept"]
    assert len(kept) == 1 and "camunda:dueDate" in kept[0]
    assert simulate(files, answers={"work": WAIT}, now=NOW).waiting[0].due is None


def test_what_is_used_is_not_told_as_kept() -> None:
    assert not [one for one in lint.check(drawn('camunda:dueDate="P3D"')).findings if one.rule == "foreign-kept"]


def test_the_inbox_has_the_due_of_the_other_tool_and_ours_goes_first(story: Story) -> None:
    begin(story, drawn('camunda:dueDate="${on}"'))
    story.answer("thietke", "ask", on="2018-11-20")
    (work,) = story.rows(Task, element="work")
    assert work.due_at == datetime(2018, 11, 20, 10, tzinfo=UTC)
    begin(story, drawn('camunda:dueDate="P30D" lt:workingDays="2"'))
    story.answer("thietke", "ask")
    assert {one.due_at for one in story.rows(Task, element="work", state="open")} == {
        datetime(2018, 11, 20, 10, tzinfo=UTC), datetime(2018, 10, 16, 10, tzinfo=UTC),
    }  # fmt: skip


@pytest.mark.parametrize("on", ["2026-13-45", "0000-01-01", "soon", 5])
def test_data_that_tell_no_time_stop_the_task_with_an_incident_and_keep_what_was_answered(
    story: Story, on: object
) -> None:
    instance = begin(story, drawn('camunda:dueDate="${on}"'))
    story.answer("thietke", "ask", on=on)
    (incident,) = story.rows(Incident, instance_id=instance)
    assert (incident.element, data(story, instance)["on"]) == ("work", on)


ZEEBE = DRAWN.replace(
    "{said}/>", "><extensionElements><zeebe:taskSchedule {said}/></extensionElements></userTask>"
).replace("xmlns:camunda=", 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda=')


@pytest.mark.parametrize("said", ['now() + duration("P3D")', 'now() + @"P3D"', 'duration("P3D")', "P3D"])
def test_what_is_due_a_while_after_the_task_opens_is_counted_from_then(said: str) -> None:
    text = said if said == "P3D" else f"={said}".replace('"', "&quot;")
    files = {"p.bpmn": ZEEBE.format(said=f'dueDate="{text}"').encode()}
    ended = simulate(files, answers={"work": WAIT}, acts=[], now=NOW)
    assert [(one.element, one.due) for one in ended.waiting] == [("work", NOW + timedelta(days=3))]
    assert not [one for one in lint.check(files).findings if one.rule == "foreign-kept"]


@pytest.mark.parametrize(
    "said", ["now() + 3", "now() - duration(&quot;P3D&quot;)", "today() + duration(&quot;P3D&quot;)"]
)
def test_of_a_schedule_only_what_is_not_used_is_named(said: str) -> None:
    schedule = 'dueDate="P3D" followUpDate="P1D"'
    (kept,) = [one for one in lint.check({"p.bpmn": ZEEBE.format(said=schedule).encode()}).findings
               if one.rule == "foreign-kept"]  # fmt: skip
    assert kept.facts["what"] == "zeebe:taskSchedule@followUpDate"
    (kept,) = [one for one in lint.check({"p.bpmn": ZEEBE.format(said=f'dueDate="={said}"').encode()}).findings
               if one.rule == "foreign-kept"]  # fmt: skip
    assert kept.facts["what"] == "zeebe:taskSchedule@dueDate"
