"""Diagrams of other tools tell who, when and what was meant; what ours does not do is kept, named and never run."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.bpmn import parse
from engine.bpmn.dialects import Expression, Remark, dialect_of
from engine.bpmn.foreign import Imported, imported, leave_to_people, remarks
from engine.bpmn.model import Flow, Node, Process
from engine.bpmn.performers import ROLES
from engine.lint.texts import TEXTS, said
from models.permissions import TECHNICAL
from webapp.text import words

FOLDER = Path(__file__).parent
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHAPE = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"
FILES = sorted(path.stem for path in FOLDER.glob("*.bpmn"))
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:flowable="http://flowable.org/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:lt="urn:lienthong:bpmn:1">'
)


@cache
def drawn(file: str) -> tuple[etree._Element, str]:
    root = parse((FOLDER / f"{file}.bpmn").read_bytes())
    return root, dialect_of(root)


def seen(file: str, element: str) -> Imported:
    root, dialect = drawn(file)
    return imported(next(one for one in root.iter(etree.Element) if one.get("id") == element), dialect)


def told(file: str, element: str, **given: Any) -> dict[str, Remark]:
    return {one.rule: one for one in remarks(seen(file, element), **given)}


def lone(text: str, dialect: str = "camunda") -> Imported:
    """What one element says that stands alone in a process."""
    root = parse(f"{HEAD}<process id='p'>{text}</process></definitions>".encode())
    return imported(root[0][-1], dialect)


def flow_elements(file: str) -> Iterator[etree._Element]:
    for process in drawn(file)[0].iter(f"{BPMN}process"):
        yield process
        yield from process.iterdescendants(f"{BPMN}*")


# The collection.


def test_the_collection_is_large_enough_and_each_diagram_is_drawn() -> None:
    assert len(FILES) >= 12
    for file in FILES:
        root = drawn(file)[0]
        shapes = {shape.get("bpmnElement") for shape in root.iter(SHAPE)}
        nodes = {one.get("id") for one in flow_elements(file) if one.find(f"{BPMN}incoming") is not None}
        assert shapes
        assert nodes - shapes == set()


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_dropped_in_silence(file: str) -> None:
    """Each name of a tool that executes diagrams is either used, or told as not executed, or an ornament."""
    root, dialect = drawn(file)
    spaces = {uri: prefix for prefix, uri in root.nsmap.items() if prefix in WORKING}
    for element in flow_elements(file):
        if element.find(f"{BPMN}extensionElements") is None and not any(str(n).startswith("{") for n in element.attrib):
            continue
        owner = owner_of(element)
        one = imported(owner, dialect)
        told_of = {name for _, name in one.not_executed} | set(one.kept)
        for name in names_at(element, spaces):
            assert name in told_of or name.partition(":")[2] in USED or (file, name) in SAYS_NOTHING, (owner, name)


WORKING = {"camunda", "zeebe", "flowable", "activiti", "drools", "spiffworkflow"}
USED = {
    "assignee", "candidateUsers", "candidateGroups", "initiator", "collection", "elementVariable", "userTask",
    "assignmentDefinition", "calledElement", "loopCharacteristics",
}  # fmt: skip
SAYS_NOTHING = {
    ("camunda7_review", "camunda:calledElementBinding"),
    ("camunda7_review", "camunda:formRefBinding"),
    ("flowable_leave", "flowable:exclusive"),
    ("flowable_leave", "flowable:formFieldValidation"),
    ("jbpm_evaluation", "drools:adHoc"),
}


def owner_of(element: etree._Element) -> etree._Element:
    parts = ("LoopCharacteristics", "EventDefinition", "conditionExpression", "completionCondition")
    while str(element.tag).endswith(parts):
        parent = element.getparent()
        assert parent is not None
        element = parent
    return element


def names_at(element: etree._Element, spaces: dict[str, str | None]) -> Iterator[str]:
    tags = [str(name) for name in element.attrib]
    tags += [str(child.tag) for holder in element.findall(f"{BPMN}extensionElements") for child in holder]
    for tag in tags:
        space, _, name = tag[1:].partition("}")
        if tag.startswith("{") and space in spaces:
            yield f"{spaces[space]}:{name}"


@pytest.mark.parametrize("file", FILES)
def test_every_remark_has_its_sentences_with_the_facts_in_them(file: str) -> None:
    dialect = drawn(file)[1]
    for element in flow_elements(file):
        for one in remarks(imported(element, dialect)):
            assert one.rule in TEXTS
            sentences = said(one.rule, one.facts)
            for fact in one.facts.values():
                assert str(fact)[:300] in sentences[0]
                assert str(fact)[:300] in sentences[1]
            assert "-" not in {part.strip("“”.,:;()") for part in " ".join(sentences).split()}


@pytest.mark.parametrize("file", ["bpmnio_pizza", "signavio_recruiting"])
def test_of_a_mere_drawing_nothing_is_told(file: str) -> None:
    dialect = drawn(file)[1]
    assert [one for element in flow_elements(file) for one in remarks(imported(element, dialect))] == []


def test_vendors_drawings_are_kept_without_a_word() -> None:
    assert seen("signavio_recruiting", "sid-sift").kept == ("signavio:signavioMetaData", "signavio:signavioLabel")
    assert seen("bizagi_purchase", "Id_start").kept == ("bizagi:BizagiExtensions",)
    assert seen("camunda7_invoice", "archive").kept == ("camunda:properties",)
    assert seen("camunda8_order", "charge").kept[0] == "zeebe:modelerTemplate"


# Who.


def test_a_group_that_is_a_role_of_ours_is_that_role() -> None:
    one = seen("flowable_leave", "approve_leave")
    assert (one.ext, one.candidate_groups) == ({"role": "bloc_head"}, ("bloc_head",))
    assert "assignment-proposed" not in told("flowable_leave", "approve_leave")
    assert lone('<userTask camunda:candidateGroups=" Quarter-Head "/>').ext == {"role": "quarter_head"}


@pytest.mark.parametrize(
    ("file", "element", "who"),
    [
        ("camunda7_invoice", "approve", "assignee: ${approver}; groups: accounting, management"),
        ("camunda7_review", "put_online", "groups: webmasters"),
        ("camunda8_onboarding", "prepare", "groups: it, facilities"),
        ("camunda8_onboarding", "introduce", "assignee: =colleague.id"),
        ("activiti_expense", "check_receipts", "users: auditor1; groups: accountants, controllers"),
        ("activiti_expense", "sign", "users: director1, director2"),
        ("jbpm_evaluation", "_SELF", "users: #{employee}; groups: staff, HR"),
        ("bizagi_purchase", "Id_offers", "groups: Buyer"),
        ("bizagi_purchase", "Id_order", "groups: Buyer"),
        ("xpath_claims", "judge", "assignee: judge1"),
    ],
)
def test_whom_nobody_here_knows_is_proposed_and_the_step_stays_runnable(file: str, element: str, who: str) -> None:
    one = told(file, element)["assignment-proposed"]
    assert (one.level, one.facts) == ("warning", {"who": who})
    assert seen(file, element).ext == {}


def test_a_role_is_taken_only_where_a_single_group_is_meant() -> None:
    assert lone('<userTask camunda:candidateGroups="lead,bloc_head"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="lead" camunda:assignee="an"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="lead" camunda:candidateUsers="an"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="${lead}"/>').ext == {}
    assert lone('<userTask camunda:candidateGroups="administrator"/>').ext == {}


def test_the_roles_are_those_that_posts_can_hold() -> None:
    assert set(words.ROLES) - {"system", "superior", "assignee"} - TECHNICAL == ROLES


def test_a_role_of_ours_makes_the_proposal_superfluous() -> None:
    assert told("camunda7_kept_by_ours", "answer")["assignment-proposed"].facts == {"who": "groups: hosts"}
    assert told("camunda7_kept_by_ours", "answer", has_role=True) == {}


@pytest.mark.parametrize(("file", "element"), [("camunda7_invoice", "clarify"), ("flowable_leave", "amend")])
def test_the_starter_does_what_is_assigned_to_the_starter(file: str, element: str) -> None:
    assert seen(file, element).performers.is_starter
    assert "assignment-proposed" not in told(file, element)


def test_another_variable_is_not_the_starter() -> None:
    assert not lone('<userTask camunda:assignee="${boss}"/>').performers.is_starter
    assert lone('<userTask camunda:assignee="${initiator}"/>').performers.is_starter


# What is asked, when, how often.


@pytest.mark.parametrize(
    ("file", "element", "form"),
    [
        ("camunda7_invoice", "invoice_received", "receive-invoice"),
        ("camunda7_invoice", "approve", "approve-invoice"),
        ("camunda7_review", "put_online", "put_online"),
        ("camunda8_onboarding", "prepare", "prepare_workplace"),
        ("camunda8_onboarding", "pick", "UserTaskForm_prepare"),
        ("flowable_leave", "approve_leave", "approve_leave"),
        ("jbpm_evaluation", "_SELF", "PerformanceEvaluation"),
        ("activiti_expense", "sign", None),
    ],
)
def test_a_form_is_found_by_its_bare_name(file: str, element: str, form: str | None) -> None:
    assert seen(file, element).form_key == form


def test_times_and_priority_are_read() -> None:
    approve = seen("camunda7_invoice", "approve")
    assert approve.due == Expression("${dueAt}", "juel", "dueAt")
    assert approve.follow_up == Expression("P2D", "python", "P2D")
    assert approve.priority == "50"
    prepare = seen("camunda8_onboarding", "prepare")
    assert prepare.due == Expression("=dueAt", "feel", "dueAt")
    assert prepare.follow_up == Expression("2026-12-01T08:00:00+07:00", "python", "2026-12-01T08:00:00+07:00")
    assert prepare.priority == "80"
    assert seen("flowable_leave", "approve_leave").due == Expression("P3D", "python", "P3D")


def test_repetitions_of_every_tool_are_read() -> None:
    review = seen("camunda7_review", "review")
    assert (review.collection, review.item) == (Expression("${reviewers}", "juel", "reviewers"), "reviewer")
    assert review.completion
    assert review.completion.text == "nrOfCompletedInstances / nrOfInstances >= 0.5"
    load = seen("flowable_delivery", "load")
    assert (load.collection, load.item) == (Expression("parcels", "python", "parcels"), "parcel")
    introduce = seen("camunda8_onboarding", "introduce")
    assert introduce.collection
    assert introduce.collection.text == "team.get('members')"
    assert (introduce.item, introduce.output, introduce.output_item) == ("colleague", "impressions", "impression")
    assert introduce.completion
    assert introduce.completion.text == "len(impressions) >= 3"
    peer = seen("jbpm_evaluation", "_PEER")
    assert (peer.collection, peer.item) == (Expression("peers", "python", "peers"), "peer")


def test_repetitions_of_the_standard_are_left_to_the_standards_reader() -> None:
    comment = seen("activiti_expense", "comment")
    assert (comment.collection, comment.item) == (None, None)
    assert comment.completion
    assert comment.completion.text == "nrOfCompletedInstances >= 2"


def test_a_collection_of_the_standard_may_be_an_expression() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>{}</loopDataInputRef></multiInstanceLoopCharacteristics>"
    )
    given = lone(f"<userTask>{loop.format('${order.items}')}</userTask>", "flowable").collection
    assert given
    assert given.text == "order.get('items')"
    assert lone(f"<userTask>{loop.format('items')}</userTask>", "flowable").collection is None


def test_what_a_repetition_means_is_told() -> None:
    assert told("camunda7_review", "review")["collection-translated"] == Remark(
        "note", "collection-translated", {"from": "${reviewers}", "to": "reviewers"}
    )
    assert "condition-translated" in told("camunda7_review", "review")
    assert "collection-translated" not in told("flowable_delivery", "load")
    loop = '<multiInstanceLoopCharacteristics camunda:collection="${f(x)}"><loopCardinality>${n}</loopCardinality>'
    one = lone(f"<userTask>{loop}</multiInstanceLoopCharacteristics></userTask>")
    assert [(r.level, r.rule) for r in remarks(one)] == [
        ("draft", "condition-untranslated"),
        ("note", "condition-translated"),
    ]


def test_an_output_that_is_calculated_is_not_executed() -> None:
    loop = '<zeebe:loopCharacteristics inputCollection="=xs" outputCollection="ys" outputElement="=x.y + 1"/>'
    extended = f"<extensionElements>{loop}</extensionElements>"
    task = f"<userTask><multiInstanceLoopCharacteristics>{extended}</multiInstanceLoopCharacteristics></userTask>"
    one = lone(task, "zeebe")
    assert (one.output, one.output_item) == ("ys", None)
    assert ("mapping", "zeebe:loopCharacteristics") in one.not_executed


def test_called_processes_and_decisions_are_read_where_they_are_written_out() -> None:
    assert seen("camunda8_onboarding", "mentor").called == "mentoring"
    assert seen("camunda8_onboarding", "grade").decision == "salary_grade"
    assert seen("camunda7_invoice", "classify").decision == "invoice_approver"
    assert seen("flowable_delivery", "choose_carrier").decision == "carrier"

    def called(process: str) -> Imported:
        extended = f"<extensionElements><zeebe:calledElement processId='{process}'/></extensionElements>"
        return lone(f"<callActivity>{extended}</callActivity>", "zeebe")

    assert called('="mentoring"').called == "mentoring"
    assert called("=which").called is None
    assert called("=which").not_executed == (("called", "zeebe:calledElement"),)


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


# What is not run.


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
