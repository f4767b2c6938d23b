"""What another tool would have executed is kept, told once, and never run."""

import pytest

from engine.bpmn.foreign import Imported
from tests.imports.foreign_drawn import lone, seen, told


@pytest.mark.parametrize(
    ("file", "element", "language"),
    [
        ("camunda7_review", "count_remarks", "javascript"),
        ("camunda8_order", "sum_up", "feel"),
        ("flowable_delivery", "reckon", "groovy"),
        ("activiti_expense", "close_books", "juel"),
        ("spiffarena_loan", "rate", None),
    ],
)
def test_a_script_in_another_language_is_never_run(file: str, element: str, language: str | None) -> None:
    assert seen(file, element).script == language
    one = told(file, element).get("foreign-script")
    assert (one and (one.level, one.facts)) == (("draft", {"language": language}) if language else None)


@pytest.mark.parametrize(
    ("attributes", "text", "dialect", "language"),
    [
        ('scriptFormat="python"', "a = 1", "camunda", None),
        ('scriptFormat="python"', "execution.setVariable('a', 1)", "camunda", "jython"),
        ('scriptFormat="python"', "a = = 1", "camunda", None),
        ('scriptFormat="jython"', "a = 1", "camunda", "jython"),
        ('scriptFormat="http://www.java.com/java"', "a();", "jbpm", "java"),
        ('scriptFormat="python" camunda:resource="deployment://x.py"', "", "camunda", "python"),
        ('camunda:resource="deployment://x.js"', "", "camunda", "resource"),
        ("", "a = 1", "plain", None),
        ("", "var a = 1;", "plain", "unnamed"),
        ("", "${a.b()}", "flowable", "juel"),
        ("", "var a = 1;", "ours", None),
    ],
)
def test_only_python_of_ours_counts_as_a_script_of_ours(
    attributes: str, text: str, dialect: str, language: str | None
) -> None:
    assert lone(f"<scriptTask {attributes}><script>{text}</script></scriptTask>", dialect).script == language


def test_a_script_that_a_worker_would_run_is_not_taken_for_an_empty_one() -> None:
    extended = '<extensionElements><zeebe:taskDefinition type="js"/></extensionElements>'
    assert lone(f"<scriptTask>{extended}</scriptTask>", "zeebe").script == "job"


def test_scripts_inside_of_listeners_and_mappings_are_named() -> None:
    assert ("script", "camunda:script") in seen("camunda7_invoice", "approved").not_executed
    assert ("script", "camunda:script") in seen("camunda7_review", "tell_author").not_executed
    assert ("script", "drools:script") in seen("jbpm_evaluation", "_SELF").not_executed
    assert ("script", "spiffworkflow:preScript") in seen("spiffarena_loan", "enter").not_executed


@pytest.mark.parametrize(
    ("file", "element", "service"),
    [
        ("camunda7_invoice", "archive", ("camunda:topic", "archive-invoice")),
        ("camunda7_review", "tell_author", ("camunda:connector", "http-connector")),
        ("camunda8_order", "charge", ("zeebe:taskDefinition", "io.camunda:http-json:1")),
        ("flowable_leave", "book", ("flowable:expression", "${calendarService.book(employee, days)}")),
        ("flowable_delivery", "send_mail", ("flowable:type", "mail")),
        ("activiti_expense", "pay", ("activiti:class", "example.expense.Pay")),
        ("jbpm_evaluation", "_BONUS", ("drools:ruleFlowGroup", "bonus")),
        ("camunda7_invoice", "approve", None),
    ],
)
def test_what_an_automatic_step_would_have_called_is_known_by_name(
    file: str, element: str, service: tuple[str, str] | None
) -> None:
    assert seen(file, element).service == service


def test_a_command_of_the_operating_system_is_refused() -> None:
    assert told("flowable_delivery", "print_label")["shell-refused"].level == "refused"
    assert "shell-refused" not in told("flowable_delivery", "send_mail")


def test_a_step_that_would_be_skipped_elsewhere_is_told() -> None:
    assert told("flowable_leave", "amend")["skip-ignored"].level == "warning"


def test_what_is_kept_is_told_once_an_element() -> None:
    one = told("camunda7_invoice", "archive")["foreign-kept"]
    assert one.level == "note"
    assert one.facts["what"].split(", ") == [
        "camunda:asyncBefore", "camunda:type", "camunda:topic", "camunda:failedJobRetryTimeCycle",
    ]  # fmt: skip
    about = dict.fromkeys(what for what, _ in seen("camunda7_invoice", "archive").not_executed)
    assert list(about) == ["async", "service", "retry"]


def test_a_script_is_told_once() -> None:
    assert list(told("camunda8_order", "sum_up")) == ["foreign-script"]
    assert told("camunda7_review", "count_remarks")["foreign-kept"].facts == {"what": "camunda:resultVariable"}


def test_what_the_caller_executes_itself_is_not_told() -> None:
    names = told("camunda7_invoice", "approve", executed={"form", "due"})["foreign-kept"].facts["what"].split(", ")
    assert names == ["camunda:followUpDate", "camunda:priority", "camunda:taskListener", "camunda:inputOutput"]


def test_mappings_are_named() -> None:
    assert seen("camunda7_review", "publish").mappings == ("camunda:in", "camunda:out")
    assert seen("camunda8_onboarding", "prepare").mappings == ("zeebe:ioMapping",)
    assert seen("camunda7_invoice", "invoice_receipt").not_executed == (
        ("history", "camunda:historyTimeToLive"),
        ("starter", "camunda:candidateStarterGroups"),
    )


def test_what_says_no_more_than_nothing_is_not_told() -> None:
    assert lone('<userTask camunda:asyncBefore="false" camunda:exclusive="true"/>').not_executed == ()
    assert lone('<userTask camunda:asyncBefore="true"/>').not_executed == (("async", "camunda:asyncBefore"),)
    assert lone('<userTask lt:role="lead" lt:workingDays="2"/>') == Imported()
