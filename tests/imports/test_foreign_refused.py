"""What another tool works out when it runs, and nobody could translate, is refused for that reason and no other."""

import pytest

from engine import lint

DRAWN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  targetNamespace="x"><message id="m" name="{name}"/><error id="failed" errorCode="{code}"/>
  <process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="one"/>{one}
  <sequenceFlow id="g" sourceRef="one" targetRef="e"/><endEvent id="e"/></process></definitions>"""
CATCH = '<intermediateCatchEvent id="one">{}</intermediateCatchEvent>'
TASK = '<userTask id="one" name="Hỏi" camunda:asyncBefore="false">{}</userTask>'
CALL = '<callActivity id="one" name="Gọi" camunda:asyncBefore="false" {}</callActivity>'
INPUT = "<dataInputAssociation><targetRef>total</targetRef>{}</dataInputAssociation>"


def refused(one: str, *, name: str = "letter", code: str = "late") -> list[tuple[str, str]]:
    report = lint.check({"p.bpmn": DRAWN.format(one=one, name=name, code=code).encode()})
    return [(each.rule, each.message_en) for each in report.findings if each.level == "refused"]


@pytest.mark.parametrize(
    "one",
    [
        CATCH.format("<conditionalEventDefinition><condition>${a.ready()}</condition></conditionalEventDefinition>"),
        CATCH.format("<timerEventDefinition><timeDuration>${clock.next()}</timeDuration></timerEventDefinition>"),
        CATCH.format("<timerEventDefinition><timeCycle>=cycle(3, d)</timeCycle></timerEventDefinition>"),
        TASK.format(
            "<standardLoopCharacteristics loopMaximum='9'><loopCondition>${a.again()}</loopCondition>"
            "</standardLoopCharacteristics>"
        ),
        TASK.format(INPUT.format("<assignment><from>${sum(a)}</from><to>total</to></assignment>")),
        TASK.format(INPUT.format("<sourceRef>a</sourceRef><transformation>${sum(a)}</transformation>")),
    ],
)
def test_an_expression_that_nobody_can_decide_instead_is_refused(one: str) -> None:
    assert [rule for rule, _ in refused(one)] == ["expression-untranslated"]


@pytest.mark.parametrize("gateway", ["inclusiveGateway", "exclusiveGateway"])
def test_a_person_decides_only_where_one_way_is_chosen(gateway: str) -> None:
    ways = (
        f'<{gateway} id="one" default="g"/><userTask id="t" name="Làm"/><endEvent id="e2"/>'
        '<sequenceFlow id="w" sourceRef="one" targetRef="t"><conditionExpression>${a.large()}</conditionExpression>'
        '</sequenceFlow><sequenceFlow id="h" sourceRef="t" targetRef="e2"/>'
    )
    assert [rule for rule, _ in refused(ways)] == (["expression-untranslated"] if gateway == "inclusiveGateway" else [])


@pytest.mark.parametrize(
    "which",
    [
        'calledElement="${which}">',
        'calledElement="${a ? x : y}">',
        '><extensionElements><zeebe:calledElement processId="=which"/></extensionElements>',
    ],
)
def test_a_call_whose_process_is_worked_out_is_refused(which: str) -> None:
    (told,) = refused(CALL.format(which))
    assert told[0] == "called-calculated"
    assert "which" in told[1] or "?" in told[1]


@pytest.mark.parametrize(("name", "rules"), [("order-${id}", ["name-calculated"]), ("=&quot;order&quot;", [])])
def test_a_message_whose_name_is_worked_out_is_refused(name: str, rules: list[str]) -> None:
    letter = CATCH.format('<messageEventDefinition messageRef="m"/>').replace(">", " camunda:asyncBefore='false'>", 1)
    assert [rule for rule, _ in refused(letter, name=name)] == rules


def test_an_error_whose_code_is_worked_out_is_refused() -> None:
    late = TASK.format("") + (
        '<boundaryEvent id="b" attachedToRef="one"><errorEventDefinition errorRef="failed"/></boundaryEvent>'
        '<endEvent id="e2"/><sequenceFlow id="h" sourceRef="b" targetRef="e2"/>'
    )
    assert [rule for rule, _ in refused(late, code="${which}")] == ["name-calculated"]
    assert refused(late) == []
