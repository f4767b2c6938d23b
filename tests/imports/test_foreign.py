"""What another tool drew is read as it meant it, and nothing is dropped in silence."""

from collections.abc import Iterator

import pytest
from lxml import etree

from engine.bpmn.dialects import Expression, Remark
from engine.bpmn.foreign import Imported, imported, remarks
from engine.lint.texts import TEXTS, said
from tests.imports.foreign_drawn import FOLDER, drawn, lone, seen, told

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

SHAPE = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"

FILES = sorted(path.stem for path in FOLDER.glob("*.bpmn"))


def flow_elements(file: str) -> Iterator[etree._Element]:
    for process in drawn(file)[0].iter(f"{BPMN}process"):
        yield process
        yield from process.iterdescendants(f"{BPMN}*")


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
        told_of = {name.partition("@")[0] for _, name in one.not_executed} | set(one.kept)
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
        ("refused", "collection-untranslated"),
        ("note", "condition-translated"),
    ]


def test_an_output_that_is_calculated_stays_as_it_is_drawn() -> None:
    loop = '<zeebe:loopCharacteristics inputCollection="=xs" outputCollection="ys" outputElement="=x.y + 1"/>'
    extended = f"<extensionElements>{loop}</extensionElements>"
    task = f"<userTask><multiInstanceLoopCharacteristics>{extended}</multiInstanceLoopCharacteristics></userTask>"
    one = lone(task, "zeebe")
    assert (one.output, one.output_item) == ("ys", "=x.y + 1")


def test_called_processes_and_decisions_are_read_where_they_are_written_out() -> None:
    assert seen("camunda8_onboarding", "mentor").called == "mentoring"
    assert seen("camunda8_onboarding", "grade").decision == "salary_grade"
    assert seen("camunda7_invoice", "classify").decision == "invoice_approver"
    assert seen("flowable_delivery", "choose_carrier").decision == "carrier"

    def called(process: str) -> Imported:
        extended = f"<extensionElements><zeebe:calledElement processId='{process}'/></extensionElements>"
        return lone(f"<callActivity>{extended}</callActivity>", "zeebe")

    assert called('="mentoring"').called == "mentoring"
    assert called("=which").called == "=which"
