"""A condition of another tool decides where it is understood; else a person does."""

from dataclasses import replace

import pytest

from engine.bpmn.foreign import leave_to_people
from engine.bpmn.model import Flow, Node, Process
from tests.imports.foreign_drawn import seen


def test_conditions_of_flows_are_read() -> None:
    texts = {
        (file, flow): (one.condition.text if one.condition else None)
        for file, flow in [
            ("camunda7_invoice", "approved"),
            ("camunda7_review", "some"),
            ("flowable_leave", "flow3"),
            ("flowable_leave", "flow5"),
            ("activiti_expense", "large"),
            ("camunda8_onboarding", "yes"),
            ("xpath_claims", "c3"),
            ("xpath_claims", "c4"),
            ("xpath_claims", "c5"),
            ("jbpm_evaluation", "_F4"),
            ("bizagi_purchase", "Id_s3"),
            ("signavio_recruiting", "sid-f3"),
        ]
        for one in [seen(file, flow)]
    }
    assert texts == {
        ("camunda7_invoice", "approved"): "approved in (True, 'true') and amount <= 5000",
        ("camunda7_review", "some"): None,
        ("flowable_leave", "flow3"): "outcome == 'approve' and days <= 20",
        ("flowable_leave", "flow5"): None,
        ("activiti_expense", "large"): "amount > 1000 and kind != 'travel'",
        ("camunda8_onboarding", "yes"): "11 <= grade <= 15 and probation == False",
        ("xpath_claims", "c3"): None,
        ("xpath_claims", "c4"): "amount >= 100",
        ("xpath_claims", "c5"): "verdict == 'refuse'",
        ("jbpm_evaluation", "_F4"): None,
        ("bizagi_purchase", "Id_s3"): None,
        ("signavio_recruiting", "sid-f3"): None,
    }


GATEWAY = Node("g", "exclusiveGateway", default="other")


def split(gateway: Node, *conditions: str | None) -> Process:
    """A gateway and its ways `f0`, `f1`, …, of which the last is called `other`."""
    names = [*(f"f{n}" for n in range(len(conditions) - 1)), "other"]
    flows = [Flow(name, gateway.id, "t", condition=one) for name, one in zip(names, conditions, strict=True)]
    return Process("p", nodes={gateway.id: replace(gateway), "t": Node("t", "task")}, flows=flows)


def test_where_a_condition_is_not_understood_a_person_chooses_among_all_ways() -> None:
    process = split(GATEWAY, None, "a > 1", None)
    assert leave_to_people(process, {"f0"}) == []
    assert [flow.condition for flow in process.flows] == [None, None, None]
    assert process.nodes["g"].default is None


def test_a_gateway_whose_conditions_are_understood_decides_itself() -> None:
    process = split(GATEWAY, "a > 1", "b > 1", None)
    assert leave_to_people(process, {"elsewhere", "other"}) == []
    assert process == split(GATEWAY, "a > 1", "b > 1", None)


@pytest.mark.parametrize(("kind", "ways"), [("inclusiveGateway", 2), ("userTask", 2), ("exclusiveGateway", 1)])
def test_where_no_person_can_choose_the_flow_is_named(kind: str, ways: int) -> None:
    process = split(Node("g", kind), *[None] * ways)
    assert leave_to_people(process, {process.flows[0].id}) == [process.flows[0]]
