"""The form of a task, as another tool names it or draws its fields."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine import lint
from engine.scenarios.grounds import prepare
from models.errors import Invalid
from models.tasks import Task
from tests.engine.operating import begin, data
from tests.play import Story
from webapp.checking import check_all

DRAWN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:lt="urn:lienthong:bpmn:1" targetNamespace="x">
  <process id="p" isExecutable="true">{whole}
  <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="ask"/>
  <userTask id="ask" name="Hỏi" {named}><extensionElements>{fields}</extensionElements></userTask>
  <sequenceFlow id="h" sourceRef="ask" targetRef="then"/><userTask id="then" name="Rồi"/>
  <sequenceFlow id="g" sourceRef="then" targetRef="e"/><endEvent id="e"/></process></definitions>"""
CAMUNDA = """<camunda:formData>
  <camunda:formField id="days" label="Số ngày" type="long" defaultValue="3"><camunda:validation>
    <camunda:constraint name="required"/><camunda:constraint name="min" config="1"/>
    <camunda:constraint name="max" config="30"/><camunda:constraint name="validator" config="x.Y"/>
  </camunda:validation></camunda:formField>
  <camunda:formField id="customerName" label="Tên" type="string"><camunda:validation>
    <camunda:constraint name="minlength" config="2"/><camunda:constraint name="maxlength" config="5"/>
  </camunda:validation></camunda:formField>
  <camunda:formField id="kind" label="Loại" type="enum" defaultValue="b"><camunda:value id="a" name="A"/>
    <camunda:value id="b" name="B"/></camunda:formField>
  <camunda:formField id="urgent" label="Gấp" type="boolean" defaultValue="true"/>
  <camunda:formField id="since" label="Từ" type="date" defaultValue="${{today}}"/>
  <camunda:formField id="by" label="Bởi" type="string"><camunda:validation>
    <camunda:constraint name="readonly"/></camunda:validation></camunda:formField>
</camunda:formData>"""
FLOWABLE = """<flowable:formProperty id="days" name="Số ngày" type="long" required="true" default="3"/>
  <flowable:formProperty id="kind" type="enum"><flowable:value id="a" name="A"/></flowable:formProperty>
  <flowable:formProperty id="cost" type="double" variable="price"/>
  <flowable:formProperty id="seen" writable="false"/><flowable:formProperty id="order" type="string"/>"""
SHOWN = {"type": "default", "id": "Form_1", "components": [{"type": "number", "key": "days", "label": "Số ngày"}]}
EMBEDDED = f'<extensionElements><zeebe:userTaskForm id="F">{json.dumps(SHOWN)}</zeebe:userTaskForm></extensionElements>'
KEYED = '<zeebe:formDefinition formKey="camunda-forms:bpmn:F"/>'


def drawn(fields: str = "", *, named: str = "", whole: str = "") -> dict[str, bytes]:
    return {
        "p.bpmn": DRAWN.format(fields=fields.replace("{{", "{").replace("}}", "}"), named=named, whole=whole).encode()
    }


def told(files: dict[str, bytes]) -> dict[str, str]:
    report = lint.check(files)
    assert report.outcome != "refused", report.findings
    return {one.rule: one.message_en for one in report.findings}


def shown(files: dict[str, bytes]) -> dict[str, Any]:
    """The fields of the form of the task, by key."""
    ground = prepare(files)
    element = ground.element("ask")
    assert element is not None
    form = ground.form_at(element)
    return {one.key: one for one in form.components} if form is not None else {}


def test_drawn_fields_become_a_form_with_their_types_and_constraints() -> None:
    fields = shown(drawn(CAMUNDA))
    assert [(one.key, one.type, one.label.vi) for one in fields.values()] == [
        ("days", "number", "Số ngày"), ("customerName", "textfield", "Tên"), ("kind", "select", "Loại"),
        ("urgent", "checkbox", "Gấp"), ("since", "datetime", "Từ"),
    ]  # fmt: skip
    days, name = fields["days"], fields["customerName"]
    assert (days.required, days.min, days.max, days.decimals, days.default) == (True, 1, 30, 0, 3)
    assert (name.required, name.min_length, name.max_length) == (False, 2, 5)
    assert ([one.value for one in fields["kind"].options], fields["kind"].default) == (["a", "b"], "b")
    assert fields["urgent"].default is True


def test_the_fields_of_flowable_are_read_alike() -> None:
    fields = shown(drawn(FLOWABLE))
    assert [(one.key, one.type, one.required) for one in fields.values()] == [
        ("days", "number", True), ("kind", "select", False), ("cost", "number", False),
    ]  # fmt: skip
    assert fields["cost"].decimals is None


def test_what_is_generated_and_what_is_lost_of_it_is_told() -> None:
    camunda, flowable = told(drawn(CAMUNDA)), told(drawn(FLOWABLE))
    assert "customerName, days, kind, since, urgent" in camunda["form-generated"]
    for lost in ("days: validator=x.Y", "since: default=${today}", "by: readonly"):
        assert lost in camunda["form-fields-lost"]
    for lost in ("cost: variable", "seen: readonly", "“order”"):
        assert lost in flowable["form-fields-lost"]
    assert "foreign-kept" not in camunda | flowable


def test_a_form_embedded_in_the_diagram_is_the_form_of_the_task_that_names_it() -> None:
    files = drawn(KEYED, whole=EMBEDDED)
    assert list(shown(files)) == ["days"]
    assert not told(files).keys() & {"foreign-kept", "foreign-form-missing", "form-fields-lost"}


def test_an_embedded_form_that_cannot_be_shown_is_told_and_refuses_nothing() -> None:
    files = drawn(KEYED, whole=EMBEDDED.replace('"number"', '"iframe"'))
    assert shown(files) == {}
    (lost,) = [one for one in lint.check(files).findings if one.rule == "form-fields-lost"]
    assert "iframe" in lost.message_en and "is not supported" in lost.message_en
    assert "iframe" in lost.message_vi and "không dùng được; các loại" in lost.message_vi


@pytest.mark.parametrize("file", ["approve.form.json", "other.form.json"])
def test_a_named_form_of_the_bundle_is_the_form_of_the_task(file: str) -> None:
    form = json.dumps({**SHOWN, "id": "approve"}).encode()
    files = {**drawn(CAMUNDA, named='camunda:formKey="embedded:app:forms/approve.html"'), file: form}
    assert list(shown(files)) == ["days"]
    assert not told(files).keys() & {"foreign-kept", "foreign-form-missing", "form-generated"}


def test_ours_goes_first_and_the_other_stays_named() -> None:
    forms = {name: json.dumps(SHOWN | {"id": name}).encode() for name in ("ours.form.json", "theirs.form.json")}
    files = {**drawn(named='camunda:formKey="theirs" lt:form="ours"'), **forms}
    assert prepare(files).element("ask").form == "ours"  # type: ignore[union-attr]
    assert "camunda:formKey" in told(files)["foreign-kept"]


def test_a_named_form_that_is_not_there_is_told_and_refuses_nothing(tmp_path: Path) -> None:
    files = drawn(named='camunda:formKey="approve"')
    assert shown(files) == {}
    assert "approve" in told(files)["foreign-form-missing"]
    (tmp_path / "p.bpmn").write_bytes(files["p.bpmn"])
    (answer,) = check_all([tmp_path / "p.bpmn"])
    assert answer.said("en")["not_executed"] == ["ask: approve"]


def test_the_task_is_answered_with_the_drawn_form(story: Story) -> None:
    instance = begin(story, drawn(CAMUNDA))
    (task,) = story.rows(Task, element="ask")
    assert task.form == "ask"
    with pytest.raises(Invalid):
        story.answer("thietke", "ask", days=31)
    assert story.rows(Task, element="ask", state="open")
    story.answer("thietke", "ask", days=30, customerName="Lan")
    known = data(story, instance)
    assert (known["days"], known["customerName"]) == (30, "Lan")
