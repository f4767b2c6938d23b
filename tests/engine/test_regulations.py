"""What a process rules is read from its drawing: the order of its steps, who has which part, what leaves the course."""

import random
from importlib.resources import files

import pytest
from lxml import etree

from engine.designs.drawing import Drawing, drawings_of
from engine.designs.metafiles import metafile
from engine.designs.regulations import Detour, Rules, rules_of
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    element,
    end,
    escalation,
    flows,
    fork,
    message,
    process,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)

pytestmark = pytest.mark.once

SHIPPED = sorted(one.name for one in files("processes").iterdir() if one.is_dir() and not one.name.startswith("_"))


def ruled(*parts: str, **named: tuple[str, ...]) -> Rules:
    """Return what a process of these parts rules."""
    (rules,) = rules_of(bundle(*parts, **named))
    return rules


def steps(rules: Rules) -> list[str]:
    return [step.node.id for step in rules.steps]


def parts(rules: Rules, step: str) -> tuple[list[str], list[str]]:
    """Return who coordinates in a step and who is informed of it."""
    (found,) = (one for one in rules.steps if one.node.id == step)
    return [one.code for one in found.coordinating], [one.code for one in found.informed]


def detours(rules: Rules, kind: str) -> list[Detour]:
    return [one for one in rules.detours if one.kind == kind]


def test_steps_come_in_the_order_of_the_flow_whatever_the_order_of_the_file() -> None:
    drawn = [
        start(), user("draft"), sub("review", start("in"), user("read"), user("judge"), end("out"),
        chain("in", "read", "judge", "out", prefix="r")), xor("good", default="yes"), user("publish"), end(),
        chain("start", "draft", "review", "good"), flows(("good", "publish", "", "yes"), ("good", "draft", "x > 1"),
        prefix="g"), chain("publish", "end", prefix="e"),
    ]  # fmt: skip
    for seed in range(20):
        random.Random(seed).shuffle(drawn)
        assert steps(ruled(process(*drawn))) == ["draft", "read", "judge", "publish"], seed


def test_a_sub_process_in_which_nothing_is_drawn_is_a_step() -> None:
    rules = ruled(
        process(start(), user("one"), sub("closed"), user("two"), end(), chain("start", "one", "closed", "two", "end"))
    )
    assert steps(rules) == ["one", "closed", "two"]


def test_branches_come_before_what_joins_them() -> None:
    rules = ruled(
        process(
            start(), fork("split"), user("one"), user("two"), fork("joined"), user("three"), end(),
            chain("start", "split", "one", "joined", "three", "end"), chain("split", "two", "joined", prefix="d"),
        )
    )  # fmt: skip
    assert steps(rules) == ["one", "two", "three"]


def test_who_is_told_and_who_is_heard_is_said_of_the_step_beside() -> None:
    rules = ruled(
        process(
            start(), user("plan", lt={"role": "lead"}),
            throw("ask", message("asked"), lt={"recipients": "coordinators"}),
            catch("answers", message("answered"), lt={"collect": "coordinators", "cutoffWorkingDays": "3"}),
            user("submit", lt={"role": "lead"}), throw("send", message("sent"), lt={"recipients": "parent"}),
            element("callActivity", "publish", calledElement="press"), end(),
            chain("start", "plan", "ask", "answers", "submit", "send", "publish", "end"),
        ),
        messages=("asked", "answered", "sent"),
    )  # fmt: skip
    assert parts(rules, "plan") == ([], ["coordinators"])
    assert parts(rules, "submit") == (["coordinators"], ["parent"])
    assert parts(rules, "publish") == (["press"], [])
    (cutoff,) = detours(rules, "cutoff")
    assert (cutoff.name, cutoff.working_days, cutoff.waited and cutoff.waited.code) == ("answers", "3", "coordinators")


def test_pools_that_are_drawn_have_their_part() -> None:
    others = (
        element("participant", "own", processRef="p"), element("participant", "press", name="Báo chí"),
        element("messageFlow", "f1", sourceRef="tell", targetRef="press"),
        element("messageFlow", "f2", sourceRef="press", targetRef="hear"),
    )  # fmt: skip
    rules = ruled(
        element("collaboration", "all", *others),
        process(
            start(), user("write"), throw("tell", message("told")), catch("hear", message("heard")), user("read"),
            end(), chain("start", "write", "tell", "hear", "read", "end"),
        ),
        messages=("told", "heard"),
    )  # fmt: skip
    assert parts(rules, "write") == ([], ["Báo chí"])
    assert parts(rules, "read") == (["Báo chí"], [])


def test_a_way_back_informs_nobody_of_what_comes_later_and_is_told_as_a_return() -> None:
    rules = ruled(
        process(
            start(), user("draft"), user("check"), xor("good", default="yes"), throw("back", message("returned"),
            lt={"recipients": "lead"}), end(), chain("start", "draft", "check", "good"),
            flows(("good", "end", "", "yes"), ("good", "back", "x > 1"), ("back", "draft"), prefix="g"),
        ),
        messages=("returned",),
    )  # fmt: skip
    assert parts(rules, "draft") == ([], [])
    assert parts(rules, "check") == ([], ["lead"])
    (back,) = detours(rules, "return")
    assert (back.at, back.to) == (("Check",), ("Draft",))
    assert [(way.to.id, way.returns) for way in rules.steps[1].ways] == [("end", False), ("draft", True)]


def test_what_comes_in_between_says_what_stops_and_what_follows() -> None:
    rules = ruled(
        process(
            start(), user("work"), boundary("late", "work", timer("P3D"), interrupting=False), user("urge"),
            boundary("refused", "work", escalation("no")), user("decide"), end(), end("told"), end("decided"),
            sub("withdrawn", element("startEvent", "taken_back", message("withdrawal"), isInterrupting="true"),
                user("tidy"), end("tidied"), chain("taken_back", "tidy", "tidied", prefix="t"),
                triggeredByEvent="true"),
            chain("start", "work", "end"), chain("late", "urge", "told", prefix="l"),
            chain("refused", "decide", "decided", prefix="d"),
        ),
        messages=("withdrawal",), escalations=("no",),
    )  # fmt: skip
    late, refused = detours(rules, "boundary")
    assert (late.at, late.to, late.stops, late.event and late.event.kind) == (("Work",), ("Urge",), False, "timer")
    assert (refused.to, refused.stops) == (("Decide",), True)
    (beside,) = detours(rules, "beside")
    assert (beside.to, beside.stops) == (("Tidy",), True)
    assert steps(rules)[0] == "work" and set(steps(rules)) == {"work", "urge", "decide", "tidy"}


def test_who_may_not_do_both_is_said() -> None:
    rules = ruled(
        process(start(), user("draft"), user("sign", lt={"notSameAs": "draft"}), end(),
                chain("start", "draft", "sign", "end"))
    )  # fmt: skip
    (apart,) = detours(rules, "apart")
    assert (apart.name, apart.at) == ("Sign", ("Draft",))


def test_steps_nothing_leads_to_are_not_forgotten() -> None:
    rules = ruled(process(start(), end(), chain("start", "end"), user("one"), user("two"), chain("one", "two", "one")))
    assert set(steps(rules)) == {"one", "two"}


@pytest.mark.timeout(10)
def test_a_tangle_of_gateways_is_read_at_once() -> None:
    many = [f"g{number}" for number in range(40)]
    tangle = flows(*((one, other, "x > 1") for one in many for other in many if one != other), prefix="t")
    rules = ruled(process(start(), user("one"), *map(xor, many), user("two"), end(),
                          chain("start", "one", "g0"), tangle, chain("g39", "two", "end", prefix="e")))  # fmt: skip
    assert steps(rules) == ["one", "two"]
    assert {back.to for back in detours(rules, "return")} == {("Two",)}


def test_what_cannot_be_read_rules_nothing() -> None:
    assert rules_of({"p.bpmn": b"<broken", "q.bpmn": b"<!DOCTYPE x><x/>"}) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shape_and_every_name_of_a_shipped_process_is_drawn(name: str) -> None:
    content = (files("processes") / name / f"{name}.bpmn").read_bytes()
    root, drawings = etree.fromstring(content), drawings_of(content)
    meant = {
        one.get("id"): one.get("name") for one in root.iter() if one.get("id") and "BPMN/20100524/MODEL" in one.tag
    }
    placed = sorted(id for one in root.iter("{*}BPMNShape", "{*}BPMNEdge") if (id := one.get("bpmnElement")) in meant)
    groups = [group for drawing in drawings for group in grouped(drawing)]
    assert placed and sorted(group.get("data-element") for group in groups) == placed
    for group in groups:
        assert said(group) == (meant[group.get("data-element")] or ""), group.get("data-element")


def grouped(drawing: Drawing) -> list[etree._Element]:
    return [one for one in etree.fromstring(drawing.svg).iter("{*}g") if one.get("data-element")]


def said(group: etree._Element) -> str:
    return " ".join(text.text or "" for text in group.iter("{*}text"))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_metafile_has_every_part_and_every_letter_of_the_drawing(name: str) -> None:
    for drawing in drawings_of((files("processes") / name / f"{name}.bpmn").read_bytes()):
        content = metafile(drawing.svg)
        kinds = [kind for kind, _ in records(content)]
        tags = [etree.QName(one).localname for one in etree.fromstring(drawing.svg).iter()]
        for tag, kind in {"rect": 44, "circle": 42, "polyline": 4, "polygon": 3, "text": 84}.items():
            assert kinds.count(kind) == tags.count(tag), tag
        texts = [one.text for one in etree.fromstring(drawing.svg).iter("{*}text")]
        assert [letters(body) for kind, body in records(content) if kind == 84] == texts


def records(content: bytes) -> list[tuple[int, bytes]]:
    """Read a metafile as its format says: the size of each record leads to the next, the head counts them all."""
    found, at = [], 0
    while at < len(content):
        kind, size = (int.from_bytes(content[at + place : at + place + 4], "little") for place in (0, 4))
        found.append((kind, content[at : at + size]))
        at += size
    head = found[0][1]
    assert (found[0][0], found[-1][0], head[40:44]) == (1, 14, b" EMF")
    assert (int.from_bytes(head[48:52], "little"), int.from_bytes(head[52:56], "little")) == (len(content), len(found))
    return found


def letters(record: bytes) -> str:
    """Return the text of a record, and see that every letter has its step."""
    count, begins, steps_at = (int.from_bytes(record[place : place + 4], "little") for place in (44, 48, 72))
    assert len(record) == steps_at + 4 * count
    return record[begins : begins + 2 * count].decode("utf-16-le")
