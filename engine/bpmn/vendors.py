"""The extensions of other tools, as they stand in a file: whose they are, what they are called, what they are about."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from engine.bpmn.model import EXTENSION, MODEL

# By the namespace of its extensions; the prefix is the one that people know it by.
ENGINES: Final = {
    "http://camunda.org/schema/1.0/bpmn": ("camunda", "camunda"),
    "http://camunda.org/bpmn": ("camunda", "camunda"),
    "http://operaton.org/schema/1.0/bpmn": ("operaton", "camunda"),
    "http://camunda.org/schema/zeebe/1.0": ("zeebe", "zeebe"),
    "http://flowable.org/bpmn": ("flowable", "flowable"),
    "http://activiti.org/bpmn": ("activiti", "activiti"),
    "http://www.jboss.org/drools": ("drools", "jbpm"),
    "http://www.jboss.org/drools/flow/gpd": ("drools", "jbpm"),
    "http://spiffworkflow.org/bpmn/schema/1.0/core": ("spiffworkflow", "plain"),
}
_BPMN: Final = f"{{{MODEL}}}"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_ABOUT: Final = {
    "listener": ("executionListener", "taskListener", "executionListeners", "taskListeners", "eventListener"),
    "async": ("async", "asyncBefore", "asyncAfter", "asyncLeave", "exclusive", "asyncLeaveExclusive", "triggerable"),
    "retry": ("failedJobRetryTimeCycle", "retries", "retryCounter", "jobPriority", "taskPriority"),
    "service": (
        "class", "delegateExpression", "expression", "type", "topic", "connector", "taskDefinition", "taskHeaders",
        "taskName", "ruleFlowGroup", "serviceTaskOperator",
    ),
    "mapping": (
        "inputOutput", "ioMapping", "in", "out", "field", "resultVariable", "resultVariableName", "mapDecisionResult",
        "variableMappingClass", "variableMappingDelegateExpression", "subscription", "errorCodeVariable",
        "errorMessageVariable", "escalationCodeVariable", "propagateAllChildVariables", "propagateAllParentVariables",
        "elementIndexVariable", "mapException", "errorEventDefinition", "inheritVariables", "sameDeployment",
    ),
    "script": ("script", "resource", "preScript", "postScript", "onEntry-script", "onExit-script"),
    "form": (
        "formKey", "formRef", "formId", "externalReference", "formData", "formProperty",
    ),
    "embedded-form": ("userTaskForm",),
    "form-settings": ("formRefBinding", "formRefVersion", "formFieldValidation", "formHandlerClass"),
    "decision": ("decisionRef", "decisionId", "calledDecisionId"),
    "binding": (
        "calledElementBinding", "calledElementVersion", "calledElementVersionTag", "calledElementTenantId",
        "calledElementType", "decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag",
        "decisionRefTenantId", "bindingType", "caseRef", "fallbackToDefaultTenant",
    ),
    "due": ("dueDate",),
    "start-from": ("followUpDate", "businessCalendarName"),
    "priority": ("priority",),
    "history": ("historyTimeToLive", "history"),
    "starter": ("candidateStarterUsers", "candidateStarterGroups", "isStartableInTasklist"),
    "skip": ("skipExpression",),
}  # fmt: skip
ABOUT: Final = {local: what for what, names in _ABOUT.items() for local in names}
# Elements that only hold attributes, which are read as if they stood on the task itself.
_HOLDERS: Final = frozenset(
    {
        "assignmentDefinition", "taskSchedule", "formDefinition", "priorityDefinition", "loopCharacteristics",
        "calledElement", "calledDecision",
    }
)  # fmt: skip
USED: Final = frozenset(
    {
        "assignee", "candidateUsers", "candidateGroups", "initiator", "collection", "elementVariable",
        "inputCollection", "inputElement", "outputCollection", "outputElement", "processId", "userTask",
    }
)  # fmt: skip
_ORNAMENTS: Final = frozenset(
    {
        "properties", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "metaData", "packageName",
        "version", "versionTag", "diagramRelationId", "extensionId", "selectable", "import", "dg",
    }
)  # fmt: skip
# What says no more than saying nothing. A called process is always the one of the same package.
_DEFAULTS: Final = {
    "async": {"false"},
    "asyncBefore": {"false"},
    "asyncAfter": {"false"},
    "exclusive": {"true"},
    "adHoc": {"false"},
    "formFieldValidation": {"true"},
    "propagateAllParentVariables": {"true"},
    "calledElementBinding": {"latest", "deployment"},
    "decisionRefBinding": {"latest", "deployment"},
    "formRefBinding": {"latest", "deployment"},
    "bindingType": {"latest", "deployment"},
    "isStartableInTasklist": {"true"},
}


class Given(NamedTuple):
    """One extension: its name without and with the prefix of its tool, its text, and the element where it is one.

    What one element holds as attributes is named with the attribute, because one may be used and the next one not.

    A working one means something to a tool that executes diagrams; the others are ornaments.
    """

    local: str
    name: str
    text: str
    is_working: bool
    element: etree._Element | None = None


def extensions(element: etree._Element) -> Iterator[Given]:
    """Yield the extensions of other tools at an element, at its event, its repetition and its condition."""
    for part in (element, *(child for child in element if _is_part(child))):
        yield from _attributes(part)
        for holder in part.findall(f"{_BPMN}extensionElements"):
            for child in holder.iterchildren(etree.Element):
                yield from _of(child)


def local(name: object) -> str:
    """Return a name in a tree without its namespace."""
    return str(name).rpartition("}")[2]


def _is_part(child: etree._Element) -> bool:
    name = str(child.tag)
    return name.startswith(_BPMN) and name.endswith(
        ("EventDefinition", "}multiInstanceLoopCharacteristics", "}conditionExpression")
    )


def _attributes(part: etree._Element) -> Iterator[Given]:
    for name, value in part.attrib.items():
        space = _space(str(name))
        if space and space not in (MODEL, EXTENSION, _INSTANCE) and value not in _DEFAULTS.get(local(name), ()):
            yield Given(local(name), _prefixed(part, str(name)), str(value).strip(), _is_working(str(name)))


def _of(child: etree._Element) -> Iterator[Given]:
    """Yield an extension element, or what it holds where it does nothing but hold attributes."""
    name, is_working = _prefixed(child, str(child.tag)), _is_working(str(child.tag))
    if is_working and local(child.tag) in _HOLDERS:
        for key, value in child.attrib.items():
            if value not in _DEFAULTS.get(local(key), ()):
                yield Given(local(key), f"{name}@{local(key)}", str(value).strip(), is_working)
    else:
        yield Given(local(child.tag), name, (child.text or "").strip(), is_working, child)


def _is_working(name: str) -> bool:
    return _space(name) in ENGINES and local(name) not in _ORNAMENTS


def _prefixed(element: etree._Element, name: str) -> str:
    space = _space(name)
    prefix = ENGINES[space][0] if space in ENGINES else next((p for p, s in element.nsmap.items() if s == space), None)
    return f"{prefix}:{local(name)}" if prefix else local(name)


def _space(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""
