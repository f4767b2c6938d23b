"""Designs below the doors: what two bundles differ in, and what a round trip may lose."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from lxml import etree

from engine import bpmn
from engine.designs.canonical import canonical
from engine.designs.differences import compared
from engine.designs.roundtrip import losses
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.play import PROCESSES
from tests.play import bundle as shipped

ROOT = Path(__file__).parents[1]
DIAGRAMS = sorted((ROOT / "conformance").rglob("*.bpmn")) + sorted((ROOT / "imports").glob("*.bpmn"))


def readable(paths: list[Path]) -> Iterator[tuple[Path, bytes]]:
    """Yield the diagrams that can be read at all; some cases of conformance are there because they cannot."""
    for path in paths:
        content = path.read_bytes()
        try:
            bpmn.parse(content)
        except bpmn.Unreadable:
            continue
        yield path, content


def rewritten(content: bytes) -> bytes:
    """Write a file as another library would: other white space, other prefixes, other order of attributes."""
    root = bpmn.parse(content)
    for one in root.iter():
        attributes = sorted(one.attrib.items(), reverse=True)
        one.attrib.clear()
        one.attrib.update(attributes)
    return etree.tostring(root, pretty_print=True, encoding="UTF-16", xml_declaration=True)


def changed(process_id: str, old: str, new: str, file: str | None = None) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return a shipped bundle before and after one text of a file was replaced."""
    before = shipped(process_id)
    name = file or f"{process_id}.bpmn"
    after = before | {name: before[name].replace(old.encode(), new.encode())}
    assert before != after, f"{name} has no {old!r} any more"
    return before, after


def kinds(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.name, one.before, one.after) for one in compared(before, after).differences]


# The round trip.


def test_every_diagram_says_the_same_when_another_library_writes_it() -> None:
    found = [(path.name, losses(path.name, one, rewritten(one))) for path, one in readable(DIAGRAMS)]
    assert len(found) > 100
    assert [name for name, lost in found if lost] == []
    assert [path.name for path, one in readable(DIAGRAMS) if canonical(one) != canonical(rewritten(one))] == []


@pytest.mark.parametrize("process_id", PROCESSES)
def test_every_shipped_process_says_the_same_when_another_library_writes_it(process_id: str) -> None:
    for name, content in shipped(process_id).items():
        if name.endswith((".bpmn", ".dmn")):
            assert canonical(content) == canonical(rewritten(content)), name
            assert losses(name, content, rewritten(content)) == []


HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t"><process id="p">'
)
TAIL = "</process></definitions>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<boundaryEvent id="b" attachedToRef="a" cancelActivity="true"/>',
            '<boundaryEvent id="b" attachedToRef="a"/>',
        ),
        ('<task id="a"><extensionElements/></task>', '<task id="a"/>'),
        ('<task id="a" name=" A "/>', '<task name="A" id="a"></task>'),
        (
            '<userTask id="a"><potentialOwner id="o"><resourceAssignmentExpression id="r"><formalExpression>x'
            "</formalExpression></resourceAssignmentExpression></potentialOwner></userTask>",
            '<userTask id="a"><potentialOwner id="o"><resourceAssignmentExpression id="r"><expression '
            'xsi:type="tFormalExpression"> x </expression></resourceAssignmentExpression></potentialOwner></userTask>',
        ),
        ('<task id="a"><incoming>f</incoming></task>', '<task id="a"/>'),
    ],
    ids=["defaults", "empty extensions", "white space", "expressions", "incoming"],
)
def test_two_spellings_of_one_meaning_are_equal(before: str, after: str) -> None:
    old, new = f"{HEAD}{before}{TAIL}".encode(), f"{HEAD}{after}{TAIL}".encode()
    assert canonical(old) == canonical(new)


@pytest.mark.parametrize(
    ("before", "after", "kind", "what"),
    [
        ('<task id="a" c:color="red"/>', '<task id="a"/>', "attribute", "color=red"),
        (
            '<task id="a"><extensionElements><c:io><c:in name="x"/></c:io></extensionElements></task>',
            '<task id="a"/>',
            "extension",
            "io",
        ),
        ('<receiveTask id="a" messageRef="m_1"/>', '<receiveTask id="a"/>', "reference", "messageRef=m_1"),
        (
            '<task id="a"><multiInstanceLoopCharacteristics id="l"><loopDataInputRef>things</loopDataInputRef>'
            "</multiInstanceLoopCharacteristics></task>",
            '<task id="a"><multiInstanceLoopCharacteristics id="l"/></task>',
            "reference",
            "loopDataInputRef: things",
        ),
        (
            '<task id="a"><standardLoopCharacteristics/><standardLoopCharacteristics/></task>',
            '<task id="a"><standardLoopCharacteristics/></task>',
            "repeated",
            "standardLoopCharacteristics",
        ),
        (
            '<startEvent id="a"><messageEventDefinition id="e"><documentation>x</documentation>'
            "</messageEventDefinition></startEvent>",
            '<startEvent id="a"><messageEventDefinition id="e"/></startEvent>',
            "part",
            "documentation",
        ),
        (
            '<task id="a"/><di:BPMNShape id="s" bpmnElement="a"/>',
            '<task id="a"/>',
            "drawing",
            "",
        ),
    ],
    ids=["attribute", "extension", "reference", "trap", "second loop", "misplaced words", "drawing"],
)
def test_what_vanishes_from_an_element_that_stays_is_a_loss(before: str, after: str, kind: str, what: str) -> None:
    (lost,) = losses("p.bpmn", f"{HEAD}{before}{TAIL}".encode(), f"{HEAD}{after}{TAIL}".encode())
    assert (lost.kind, lost.what) == (kind, what)
    assert lost.element


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<task id="a" c:color="red"/><task id="b"/>', '<task id="b"/>'),
        ('<task id="a"><documentation>x</documentation></task>', '<task id="a"/>'),
        ('<task id="a" c:color="red"/>', '<task id="a" c:color="blue"/>'),
        ('<task id="a" name="A"/>', '<task id="a" name="B"/>'),
        ('<startEvent id="a"><timerEventDefinition/></startEvent>', '<startEvent id="a"/>'),
    ],
    ids=["element deleted", "words deleted", "value changed", "renamed", "other event"],
)
def test_what_somebody_takes_away_or_changes_is_no_loss(before: str, after: str) -> None:
    assert losses("p.bpmn", f"{HEAD}{before}{TAIL}".encode(), f"{HEAD}{after}{TAIL}".encode()) == []


# Differences.


@pytest.mark.parametrize("process_id", PROCESSES)
def test_a_bundle_does_not_differ_from_itself(process_id: str) -> None:
    assert compared(shipped(process_id), shipped(process_id)).is_nothing


def test_a_shorter_deadline_is_one_difference_and_says_from_what_to_what() -> None:
    before, after = changed(
        "lead", 'lt:operator="plans.save" lt:workingDays="5"', 'lt:operator="plans.save" lt:workingDays="3"'
    )
    assert kinds(before, after) == [("working_days", "Lập kế hoạch thực hiện", "5", "3")]


def test_a_new_name_is_one_difference_though_the_ways_lead_to_it() -> None:
    before, after = changed("lead", 'name="Tiếp nhận việc chủ trì"', 'name="Nhận việc"')
    assert kinds(before, after) == [("renamed", "Nhận việc", "Tiếp nhận việc chủ trì", "Nhận việc")]


def test_a_step_put_between_two_others_is_told_with_the_ways_that_changed() -> None:
    old = bundle(process(start(), user("one"), end(), chain("start", "one", "end")))
    new = bundle(process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end")))
    assert {(kind, name) for kind, name, *_ in kinds(old, new)} == {("added", "Two"), ("next", "One")}
    assert {(kind, name) for kind, name, *_ in kinds(new, old)} == {("removed", "Two"), ("next", "One")}


def test_a_step_put_into_a_lane_is_no_change_of_the_lane() -> None:
    before = shipped("lead")
    place, flow = "<bpmn:flowNodeRef>submit_plan</bpmn:flowNodeRef>", '<bpmn:sequenceFlow id="submit_plan_to_send_plan"'
    drawn = before["lead.bpmn"].decode().replace(place, place + place.replace("submit_plan", "review"))
    drawn = drawn.replace(flow, '<bpmn:userTask id="review" name="Thẩm định" />' + flow)
    after = before | {"lead.bpmn": drawn.encode()}
    assert kinds(before, after) == [("added", "Thẩm định", "", ""), ("role", "Thẩm định", "", "lead")]
    taken_out = before | {"lead.bpmn": before["lead.bpmn"].replace(place.encode(), b"")}
    assert kinds(before, taken_out) == [("other", "Tổ chức chủ trì", "", "")]


def test_a_field_and_its_choices_are_compared_by_their_labels() -> None:
    before, after = changed("lead", '"label": "Từ chối"', '"label": "Không nhận"', "accept_lead.form.json")
    ((kind, name, was, now),) = kinds(before, after)
    assert (kind, name, was, now) == (
        "field_changed", "accept_lead", "Nhận chủ trì, Từ chối", "Nhận chủ trì, Không nhận",
    )  # fmt: skip


def test_a_field_that_was_added_is_named() -> None:
    before = shipped("lead")
    form = json.loads(before["accept_lead.form.json"])
    form["components"].append({"type": "textfield", "key": "telephone", "label": "Điện thoại"})
    after = before | {"accept_lead.form.json": json.dumps(form).encode()}
    assert [(one.kind, one.detail) for one in compared(before, after).differences] == [("field_added", "Điện thoại")]


def test_a_row_of_a_table_is_compared() -> None:
    before = shipped("bloc")
    content = before["choose_lead.dmn"].decode()
    first = content.split("<outputEntry")[1].split("<text>")[1].split("</text>")[0]
    before, after = changed("bloc", f"<text>{first}</text>", '<text>"other"</text>', "choose_lead.dmn")
    assert {kind for kind, *_ in kinds(before, after)} == {"row_changed"}


def test_moving_a_shape_is_no_difference_of_meaning() -> None:
    content = shipped("lead")["lead.bpmn"].decode()
    bounds = content.split("<dc:Bounds ")[5].split("/>")[0]
    before, after = changed("lead", bounds, bounds.replace('x="', 'x="1'))
    assert (compared(before, after).differences, compared(before, after).drawings) == ((), ("lead.bpmn",))


def test_what_has_no_sentence_of_its_own_is_still_named() -> None:
    before, after = changed("lead", 'name="Trưởng Cơ quan khối"', 'name="Ban Thường trực"')
    assert kinds(before, after) == [("other", "Ban Thường trực", "", "")]
