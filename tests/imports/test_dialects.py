"""A diagram is known by its tool, and an expression by the language it is written in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine import sandbox
from engine.bpmn import parse
from engine.bpmn.dialects import assigned, dialect_of, language_of, meaning, remark, understood

FOLDER = Path(__file__).parent

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


@pytest.fixture(scope="module", autouse=True)
def _pool() -> Iterator[None]:
    yield
    sandbox.close()


DRAWN_BY = {
    "activiti_expense": "activiti",
    "bizagi_purchase": "plain",
    "bpmnio_pizza": "plain",
    "camunda7_invoice": "camunda",
    "camunda7_kept_by_ours": "camunda",
    "camunda7_review": "camunda",
    "camunda8_onboarding": "zeebe",
    "camunda8_order": "zeebe",
    "flowable_delivery": "flowable",
    "flowable_leave": "flowable",
    "jbpm_evaluation": "jbpm",
    "signavio_recruiting": "plain",
    "spiffarena_loan": "plain",
    "xpath_claims": "plain",
}


def test_every_diagram_of_the_collection_is_known_by_its_tool() -> None:
    seen = {path.stem: dialect_of(parse(path.read_bytes())) for path in FOLDER.glob("*.bpmn")}
    assert seen == DRAWN_BY


def test_our_own_diagrams_are_ours() -> None:
    paths = list((FOLDER.parents[1] / "processes").glob("*/*.bpmn"))
    assert paths
    assert {dialect_of(parse(path.read_bytes())) for path in paths} == {"ours"}


@pytest.mark.parametrize(
    ("attributes", "dialect"),
    [
        ('xmlns:m="http://camunda.org/schema/modeler/1.0" m:executionPlatform="Camunda Cloud"', "zeebe"),
        ('xmlns:m="http://camunda.org/schema/modeler/1.0" m:executionPlatform="Camunda Platform"', "camunda"),
        ('xmlns:flowable="http://flowable.org/bpmn"', "flowable"),
        ('xmlns:o="http://operaton.org/schema/1.0/bpmn" o:x="1"', "camunda"),
        ('targetNamespace="http://www.jboss.org/drools"', "jbpm"),
        ('xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:lt="urn:lienthong:bpmn:1"', "ours"),
        ('xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" s:x="1" xmlns:lt="urn:lienthong:bpmn:1"', "ours"),
        ("", "plain"),
    ],
)
def test_a_tool_that_extends_nothing_is_known_by_what_else_it_writes(attributes: str, dialect: str) -> None:
    assert dialect_of(etree.fromstring(f'<definitions xmlns="{BPMN}" {attributes}/>')) == dialect


@pytest.mark.parametrize(
    ("of_all", "own", "text", "language"),
    [
        ("", "", "a == 1", "python"),
        ("http://www.w3.org/1999/XPath", "", "a == 1", "python"),
        ("http://www.w3.org/1999/XPath", "", "${a}", "juel"),
        ("http://www.mvel.org/2.0", "", "a == 1", "mvel"),
        ("", "http://www.w3.org/1999/XPath", "a = 1", "xpath"),
        ("", "http://www.java.com/java", "return a;", "java"),
        ("", "http://www.omg.org/spec/FEEL/20140401", "a = 1", "feel"),
        ("", "http://www.javascript.com/javascript", "a", "javascript"),
        ("", "groovy", "a", "groovy"),
        ("", "Python", "a", "python"),
        ("", "brainwave", "a", "brainwave"),
        ("", "", "= a", "feel"),
        ("", "", "  #{a}", "juel"),
    ],
)
def test_the_language_is_what_is_written_not_what_tools_write_by_habit(
    of_all: str, own: str, text: str, language: str
) -> None:
    root = etree.Element("definitions", expressionLanguage=of_all)
    element = etree.SubElement(root, "conditionExpression", language=own)
    element.text = text
    assert language_of(element, root) == language


def test_an_expression_keeps_what_was_drawn_and_says_what_became_of_it() -> None:
    def told(text: str, dialect: str, language: str | None = None) -> tuple[Any, ...]:
        found = meaning(text, dialect, language=language, truth=True)
        assert found is not None
        said = remark(found)
        return found.drawn, found.text, said and (said.level, said.rule)

    translated_note, left = ("note", "condition-translated"), ("refused", "expression-untranslated")
    assert told(" ${a > 1} ", "camunda") == ("${a > 1}", "a > 1", translated_note)
    assert told("${f(a)}", "camunda") == ("${f(a)}", None, left)
    assert told("a > 1", "camunda") == ("a > 1", "a > 1", None)
    assert told("a is very large", "plain") == ("a is very large", None, left)
    assert told("a is very large", "ours") == ("a is very large", "a is very large", None)
    assert told("= a == 'x'", "ours") == ("a == 'x'", "a == 'x'", None)
    assert told("a > 1", "plain", "groovy") == ("a > 1", None, left)
    assert meaning("  ", "camunda") is None
    assert understood(None, "camunda") is None


@pytest.mark.parametrize(
    ("text", "dialect", "ours"),
    [
        ("staff,HR", "jbpm", "'staff,HR'"),
        ("it's", "jbpm", '"it\'s"'),
        ("#{employee}", "jbpm", "employee"),
        ("#{employee.boss}", "jbpm", None),
        ("amount + 1", "plain", "amount + 1"),
        ("${amount}", "camunda", "amount"),
        ("", "jbpm", None),
    ],
)
def test_a_text_that_jbpm_assigns_without_quotes_is_a_text(text: str, dialect: str, ours: str | None) -> None:
    element = etree.Element("from")
    element.text = text
    found = assigned(element, dialect)
    assert (found.text if found else None) == ours
    assert found is None or remark(found) is None or found.language != "python"


def test_a_literal_of_time_is_no_expression() -> None:
    for text in ("P3D", "R3/PT1H", "2026-11-30T08:00:00+07:00"):
        found = meaning(text, "camunda", time=True)
        assert found is not None
        assert (found.text, remark(found)) == (text, None)
