"""Activities that run once for each item of what an expression of another tool gives."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine import lint
from engine.simulation import Simulated, simulate

DRAWN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="x"><process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="ask"/>
  <userTask id="ask" name="Hỏi"/><sequenceFlow id="g" sourceRef="ask" targetRef="work"/>
  <scriptTask id="work" name="Làm" scriptFormat="python"><multiInstanceLoopCharacteristics {said}
  </multiInstanceLoopCharacteristics><script>{script}</script></scriptTask>
  <sequenceFlow id="h" sourceRef="work" targetRef="e"/><endEvent id="e"/></process></definitions>"""
ORDER = {"items": [{"price": 3}, {"price": 4}], "shelves": {"a": {"price": 5}}, "count": 3}
CAMUNDA = 'camunda:collection="{}" camunda:elementVariable="one">'
ZEEBE = (
    '><extensionElements><zeebe:loopCharacteristics inputCollection="{}" inputElement="one"'
    ' outputCollection="paid" outputElement="=price"/></extensionElements>'
)
STANDARD = 'flowable:elementVariable="one"><loopDataInputRef>{}</loopDataInputRef>'
COUNTED = 'camunda:asyncBefore="false"><loopCardinality>{}</loopCardinality>'


def drawn(said: str, script: str = "price = one['price']") -> dict[str, bytes]:
    return {"p.bpmn": DRAWN.format(said=said, script=script).encode()}


def run(files: dict[str, bytes], answers: dict[str, Any]) -> Simulated:
    return simulate(files, answers={"ask": answers}, now=datetime(2026, 11, 2, 1, tzinfo=UTC))


def rounds(ended: Simulated) -> int:
    return len([one for one in ended.trace if (one.element, one.event) == ("work", "completed")])


@pytest.fixture(params=["parallel", "sequential"])
def way(request: pytest.FixtureRequest) -> str:
    """How the rounds follow each other."""
    return "isSequential='true' " if request.param == "sequential" else ""


@pytest.mark.parametrize(
    ("said", "paid"),
    [
        ("=order.items", [3, 4]),
        ("=order.shelves", [5]),
        ("=if order.count &gt; 5 then order.items else order.others", [8]),
        ("=[first, second]", [1, 2]),
        ("=others", [9]),
    ],
)
def test_each_item_of_what_an_expression_gives_has_its_round(way: str, said: str, paid: Any) -> None:
    order = {**ORDER, "others": [{"price": 8}]}
    answers = {"order": order, "others": [{"price": 9}], "first": {"price": 1}, "second": {"price": 2}}
    ended = run(drawn(way + ZEEBE.format(said)), answers)
    assert ended.outcome == "finished"
    given = ended.data["paid"]
    assert (list(given.values()) if isinstance(given, dict) else given) == paid


@pytest.mark.parametrize("said", [CAMUNDA.format("${order.items}"), STANDARD.format("${order['items']}")])
def test_a_collection_of_juel_is_evaluated(way: str, said: str) -> None:
    ended = run(drawn(way + said), {"order": ORDER})
    assert (ended.outcome, rounds(ended), ended.data["price"]) == ("finished", 2, 4)


@pytest.mark.parametrize("given", [{"items": 5}, {"items": None}, {}, None])
def test_what_gives_no_list_stops_the_activity_and_says_so(given: Any) -> None:
    ended = run(drawn(CAMUNDA.format("${order.items}")), {"order": given})
    assert ended.outcome in ("stuck", "failed")
    assert ended.error is not None and ended.error["element"] == "work"


@pytest.mark.parametrize("said", ["=null", "=true"])
def test_a_constant_is_the_name_of_no_collection(said: str) -> None:
    ended = run(drawn(ZEEBE.format(said)), {"order": ORDER})
    assert ended.error is not None
    assert "named" not in ended.error["message"]


def test_the_number_of_rounds_may_be_calculated(way: str) -> None:
    files = drawn(way + COUNTED.format("${order.count - 1}"), "x = 1")
    ended = run(files, {"order": ORDER})
    assert (ended.outcome, rounds(ended)) == ("finished", 2)


def test_the_checker_tells_how_it_is_read_and_asks_for_nothing() -> None:
    found = {one.rule: one for one in lint.check(drawn(CAMUNDA.format("${order.items}"))).findings}
    assert not [one for one in found.values() if one.level == "refused"]
    assert "order.get('items')" in found["collection-translated"].message_en


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (CAMUNDA.format("${orders.all()}"), "collection-untranslated"),
        (CAMUNDA.format("${orders.stream().filter(o -> o.open).toList()}"), "collection-untranslated"),
        (ZEEBE.format("=orders[item.total &gt; 3]"), "collection-untranslated"),
        (ZEEBE.format("=orders[total &gt; 3]"), "collection-untranslated"),
        (ZEEBE.format("=for one in orders return one.total"), "collection-untranslated"),
        (ZEEBE.format("=1..3"), "collection-untranslated"),
        (ZEEBE.format("=append(orders, 1)"), "collection-untranslated"),
        (COUNTED.format("${orders.all()}"), "expression-untranslated"),
        (COUNTED.format("= sum(orders)"), "expression-untranslated"),
        (COUNTED.format("3") + "<completionCondition>${enough()}</completionCondition>", "expression-untranslated"),
        (ZEEBE.format("=orders").replace('"=price"', '"=price + 1"'), "multi-instance-calculated"),
        (CAMUNDA.format("order-items"), "multi-instance-name"),
        (CAMUNDA.format("order.items"), "multi-instance-name"),
    ],
)
def test_what_cannot_be_translated_is_refused_for_that_reason_only(said: str, rule: str) -> None:
    found = [one for one in lint.check(drawn(said)).findings if one.level == "refused"]
    assert [one.rule for one in found] == [rule]
