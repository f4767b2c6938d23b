"""Read one BPMN file into processes; what is not understood becomes a problem, never a traceback."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.bpmn import dialects, foreign
from engine.bpmn.dialects import Expression, Remark
from engine.bpmn.foreign import Imported
from engine.bpmn.model import (
    ACTIVITIES,
    EVENTS,
    EXTENSION,
    MODEL,
    NODES,
    SUBPROCESSES,
    Copy,
    Diagram,
    Event,
    Flow,
    Loop,
    MessageFlow,
    Node,
    Problem,
    Process,
    Timer,
)
from engine.bpmn.xml import Unreadable, parse

MAX_NODES: Final = 400
MAX_FLOWS: Final = 2_000

# Present in drawings, without effect on execution: kept in the file, not read.
_ID: Final = re.compile(r"[^\W\d][\w.\-]{0,199}")
_SILENT: Final = frozenset(
    {
        "documentation", "extensionElements", "laneSet", "incoming", "outgoing", "textAnnotation", "association",
        "group", "category", "auditing", "monitoring", "property", "ioSpecification", "dataInputAssociation",
        "dataOutputAssociation", "dataObject", "dataObjectReference", "dataStoreReference", "supports",
        "correlationSubscription", "resourceRole", "performer", "humanPerformer", "potentialOwner", "rendering",
        "ioBinding", "artifact", "script", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
        "loopCharacteristics", "completionCondition", "eventDefinitionRef", "condition",
    }
)  # fmt: skip
_DATA: Final = frozenset({"dataObject", "dataStoreReference"})
_UNSUPPORTED: Final = frozenset(
    {
        "complexGateway", "adHocSubProcess", "callChoreography", "choreographyTask", "subChoreography",
        "implicitThrowEvent", "event",
    }
)  # fmt: skip


def read(file: str, content: bytes) -> Diagram:
    """Understand one BPMN file; the diagram carries every problem found."""
    try:
        root = parse(content)
    except Unreadable as why:
        problem = Problem("refused", why.rule, file=file, line=why.line, facts={"detail": why.detail})
        return Diagram(file, [], [problem])
    if root.tag != f"{{{MODEL}}}definitions":
        return Diagram(file, [], [Problem("refused", "not-bpmn", file=file, line=root.sourceline)])
    return _Reader(file, root).diagram()


class _Reader:
    def __init__(self, file: str, root: etree._Element) -> None:
        self.file = file
        self.root = root
        self.problems: list[Problem] = []
        self.dialect = dialects.dialect_of(root)
        self.untranslated: set[str] = set()
        self.named = {
            kind: {element.get("id"): element for element in root.findall(_tag(kind))}
            for kind in ("message", "signal", "error", "escalation")
        }
        self.definitions = {
            element.get("id"): element for element in root.iter() if _local(element).endswith("EventDefinition")
        }
        self.taken = {element.get("id") for element in root.iter() if element.get("id")}
        self.data = {
            one.get("id"): _unprefixed(one.get("dataObjectRef")) for one in root.iter(_tag("dataObjectReference"))
        }
        self.seen: dict[str, int | None] = {}
        self.generated = 0
        self.flows_left = True

    def diagram(self) -> Diagram:
        processes = []
        for element in self.root.findall(_tag("process")):
            try:
                processes.append(self._process(element))
            except RecursionError:
                self._tell("refused", "too-deep", element)
        if not processes and not self.problems:
            self._tell("refused", "no-process", self.root)
        participants = {
            self._id(one): _unprefixed(one.get("processRef")) or None for one in self.root.iter(_tag("participant"))
        }
        return Diagram(self.file, processes, self.problems, participants, list(self._message_flows()))

    def _message_flows(self) -> Iterator[MessageFlow]:
        for element in self.root.iter(_tag("messageFlow")):
            ends = _unprefixed(element.get("sourceRef")), _unprefixed(element.get("targetRef"))
            yield MessageFlow(self._id(element), *ends, _clean(element.get("name")), element.sourceline)

    def _tell(self, level: str, rule: str, element: etree._Element, **facts: object) -> None:
        self.problems.append(
            Problem(
                level,
                rule,
                file=self.file,
                line=element.sourceline,
                element=element.get("id"),
                name=_clean(element.get("name")),
                facts=dict(facts),
            )
        )

    def _remark(self, said: Remark, element: etree._Element) -> None:
        self._tell(said.level, said.rule, element, **said.facts)

    def _means(self, found: Expression | None, where: etree._Element) -> str | None:
        """Return what is evaluated for an expression, and tell what became of the one that was drawn."""
        said = dialects.remark(found) if found else None
        if said:
            self._remark(said, where)
        return found.text if found else None

    def _id(self, element: etree._Element) -> str:
        given = (element.get("id") or "").strip()
        if given and not _ID.fullmatch(given):
            self._tell("refused", "id-unclear", element)
        if given and given not in self.seen:
            self.seen[given] = element.sourceline
            return given
        if given:
            self._tell("refused", "id-twice", element, first=self.seen[given])
        else:
            self._tell("note", "id-missing", element)
        while True:
            self.generated += 1
            fresh = f"{_local(element)}_{self.generated}"
            if fresh not in self.taken:
                self.seen[fresh] = element.sourceline
                return fresh

    def _process(self, element: etree._Element) -> Process:
        process = Process(
            id=self._id(element),
            name=_clean(element.get("name")),
            file=self.file,
            line=element.sourceline,
            executable=element.get("isExecutable", "true").strip() != "false",
            documentation=_documentation(element),
        )
        for said in foreign.remarks(foreign.imported(element, self.dialect)):
            self._remark(said, element)
        lanes = dict(self._lanes(element))
        self._scope(process, element, None, lanes)
        for flow in foreign.leave_to_people(process, self.untranslated):
            facts = {"gateway": flow.source}
            self.problems.append(
                Problem("refused", "condition-missing", self.file, flow.line, flow.id, flow.name, facts)
            )
        self._bind_compensation(process, element)
        if len(process.nodes) > MAX_NODES:
            self._tell("refused", "too-many-nodes", element, count=len(process.nodes), limit=MAX_NODES)
        return process

    def _bind_compensation(self, process: Process, element: etree._Element) -> None:
        """Find what compensates an activity: an association leads there from the event at its border."""
        nodes = process.nodes
        pairs = [
            (_unprefixed(one.get("sourceRef")), _unprefixed(one.get("targetRef")))
            for one in element.iter(_tag("association"))
        ]
        handlers = {
            source: target
            for one, other in pairs
            for source, target in ((one, other), (other, one))
            if target in nodes and nodes[target].compensates
        }
        for node in nodes.values():
            host = nodes.get(node.attached_to or "")
            if node.event.kind == "compensation" and host is not None and node.id in handlers:
                host.undone_by = handlers[node.id]

    def _lanes(self, element: etree._Element) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
        for lane in element.iter(_tag("lane")):
            role, name = lane.get(f"{{{EXTENSION}}}role"), _clean(lane.get("name"))
            for ref in lane.findall(_tag("flowNodeRef")):
                yield (ref.text or "").strip(), (name, role)

    def _scope(
        self,
        process: Process,
        element: etree._Element,
        parent: str | None,
        lanes: dict[str, tuple[str | None, str | None]],
    ) -> None:
        for child in element:
            local = _local(child)
            if not _is_bpmn(child):
                self._tell("note", "foreign-element", child, tag=local)
            elif local in NODES:
                self._node(process, child, parent, lanes)
            elif local == "sequenceFlow":
                if len(process.flows) < MAX_FLOWS:
                    process.flows.append(self._flow(child, parent))
                elif self.flows_left:
                    self.flows_left = False
                    self._tell("refused", "too-many-flows", child, limit=MAX_FLOWS)
            elif local in _UNSUPPORTED:
                self._tell("refused", "element-unsupported", child, tag=local)
                self._id(child)
            elif local in _DATA:
                self._tell("note", "data-is-documentation", child, tag=local)
            elif local not in _SILENT and not local.endswith("EventDefinition"):
                self._tell("refused", "element-unsupported", child, tag=local)

    def _node(
        self,
        process: Process,
        element: etree._Element,
        parent: str | None,
        lanes: dict[str, tuple[str | None, str | None]],
    ) -> None:
        local, node_id = _local(element), self._id(element)
        lane, lane_role = lanes.get(node_id, (None, None))
        if lane is None and parent is not None:
            lane, lane_role = process.nodes[parent].lane, process.nodes[parent].lane_role
        drawn = foreign.imported(element, self.dialect)
        ext = {**drawn.ext, **_extension(element)}
        node = Node(
            id=node_id,
            type=local,
            name=_clean(element.get("name")),
            parent=parent,
            line=element.sourceline,
            documentation=_documentation(element),
            ext=ext,
            lane=lane,
            lane_role=lane_role,
            default=element.get("default"),
        )
        process.nodes[node_id] = node
        for said in foreign.remarks(drawn, has_role=bool(ext.get("role") or lane_role)):
            self._remark(said, element)
        node.inputs = tuple(self._copies(element, "dataInputAssociation"))
        node.outputs = tuple(self._copies(element, "dataOutputAssociation"))
        if local in EVENTS:
            self._read_event(node, element)
        elif local in ACTIVITIES:
            self._read_activity(node, element, drawn)
        node.compensates = element.get("isForCompensation") == "true"
        for quantity in ("startQuantity", "completionQuantity"):
            if (element.get(quantity) or "1").strip() != "1":
                self._tell("refused", "quantity-unsupported", element, attribute=quantity)
        if element.get("eventGatewayType", "Exclusive") != "Exclusive" or element.get("instantiate") == "true":
            self._tell("refused", "instantiating-unsupported", element)
        if local in SUBPROCESSES:
            node.triggered = element.get("triggeredByEvent") == "true"
            self._scope(process, element, node_id, lanes)

    def _copies(self, element: etree._Element, tag: str) -> Iterator[Copy]:
        """Read data associations; data objects are variables by their ids, also where a reference is drawn."""
        for one in element.findall(_tag(tag)):
            sources = [self._variable(ref.text) for ref in one.findall(_tag("sourceRef"))]
            target = self._variable(getattr(one.find(_tag("targetRef")), "text", None))
            transformation = self._means(dialects.understood(one.find(_tag("transformation")), self.dialect), one)
            assignments = [
                (
                    self._means(dialects.assigned(each.find(_tag("from")), self.dialect), one),
                    _text(each.find(_tag("to"))),
                )
                for each in one.findall(_tag("assignment"))
            ]
            for given, wanted in assignments:
                yield Copy(self._variable(wanted), expression=given or "None")
            if transformation is not None:
                yield Copy(target, expression=transformation)
            elif not assignments and len(sources) == 1:
                yield Copy(target, source=sources[0])
            elif not assignments and sources:
                self._tell("refused", "data-sources", one)

    def _variable(self, ref: str | None) -> str:
        name = _unprefixed(ref)
        return self.data.get(name) or name

    def _read_activity(self, node: Node, element: etree._Element, drawn: Imported) -> None:
        local = node.type
        if local == "scriptTask":
            # A script of another language, or none at all, is not run: a person confirms the step.
            node.script = _text(element.find(_tag("script")))
            if drawn.script is not None:
                node.script = None
            elif node.script is None:
                self._tell("draft", "script-missing", element)
        elif local == "callActivity":
            node.called = drawn.called or _unprefixed(element.get("calledElement")) or None
        elif local in ("sendTask", "receiveTask"):
            node.event = self._message_of_task(node, element)
        node.loop = self._loop(node, element, drawn)

    def _message_of_task(self, node: Node, element: etree._Element) -> Event:
        ref = element.get("messageRef")
        if ref is not None:
            return Event("message", self._name_of("message", element, ref, node))
        definition = element.find(_tag("messageEventDefinition"))
        if definition is not None:
            return self._event_of(node, definition)
        if node.type == "sendTask":
            self._tell("warning", "message-unnamed", element, message=node.name or node.id)
        return Event("message", node.name or node.id)

    def _read_event(self, node: Node, element: etree._Element) -> None:
        found = [child for child in element if _is_bpmn(child) and _local(child).endswith("EventDefinition")]
        for ref in element.findall(_tag("eventDefinitionRef")):
            definition = self.definitions.get(_unprefixed(ref.text))
            if definition is None:
                self._tell("refused", "reference-unresolved", element, ref=_unprefixed(ref.text))
            else:
                self._tell("note", "event-definition-inlined", element, ref=_unprefixed(ref.text))
                found.append(definition)
        if len(found) > 1:
            self._tell("refused", "event-multiple", element)
        elif found:
            node.event = self._event_of(node, found[0])
        if node.type == "startEvent":
            drawn = element.get("isInterrupting", "true").strip() != "false"
            node.interrupting = drawn or node.event.kind == "error"
        if node.type == "boundaryEvent":
            node.attached_to = _unprefixed(element.get("attachedToRef")) or None
            drawn_interrupting = element.get("cancelActivity", "true").strip() != "false"
            node.interrupting = drawn_interrupting or node.event.kind == "error"
            if node.interrupting and not drawn_interrupting:
                self._tell("note", "error-always-interrupts", element)

    def _event_of(self, node: Node, definition: etree._Element) -> Event:
        kind = _local(definition).removesuffix("EventDefinition")
        if kind in ("message", "signal"):
            return Event(kind, self._name_of(kind, definition, definition.get(f"{kind}Ref"), node))
        if kind in ("error", "escalation"):
            return self._coded(kind, definition, node)
        if kind == "timer":
            return Event("timer", node.name or node.id, timer=self._timer(node, definition))
        if kind == "compensate":
            if definition.get("waitForCompletion", "true").strip() == "false":
                self._tell("refused", "compensation-not-awaited", definition)
            about = _unprefixed(definition.get("activityRef")) or None
            return Event("compensation", node.name or node.id, activity=about)
        if kind == "link":
            return Event("link", _clean(definition.get("name")) or node.name or node.id)
        return Event(kind, node.name or node.id)

    def _name_of(self, kind: str, where: etree._Element, ref: str | None, node: Node) -> str:
        if not ref:
            self._tell("warning", "message-unnamed", where, message=node.name or node.id)
            return node.name or node.id
        found = self.named[kind].get(_unprefixed(ref))
        if found is None:
            self._tell("refused", "reference-unresolved", where, ref=_unprefixed(ref))
            return node.name or node.id
        return _clean(found.get("name")) or _unprefixed(ref)

    def _coded(self, kind: str, definition: etree._Element, node: Node) -> Event:
        ref = definition.get(f"{kind}Ref")
        if not ref:
            return Event(kind, node.name or node.id, code=None)
        found = self.named[kind].get(_unprefixed(ref))
        if found is None:
            self._tell("refused", "reference-unresolved", definition, ref=_unprefixed(ref))
            return Event(kind, node.name or node.id)
        name = _clean(found.get("name")) or _unprefixed(ref)
        return Event(kind, name, code=_clean(found.get(f"{kind}Code")) or name)

    def _timer(self, node: Node, definition: etree._Element) -> Timer | None:
        days = node.ext.get("workingDays")
        if days is not None:
            if days.strip().isascii() and days.strip().isdigit() and 0 < int(days) <= 1000:
                return Timer("workingDays", working_days=int(days))
            self._tell("refused", "working-days-unclear", definition, text=days)
            return None
        given = [
            Timer(kind, _unquoted(self._means(dialects.understood(element, self.dialect, time=True), definition) or ""))
            for tag, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle"))
            for element in definition.findall(_tag(tag))
            if (element.text or "").strip()
        ]
        if len(given) != 1:
            self._tell("refused", "timer-several" if given else "timer-empty", definition)
        return given[0] if given else None

    def _flow(self, element: etree._Element, parent: str | None) -> Flow:
        for said in foreign.remarks(foreign.imported(element, self.dialect)):
            self._remark(said, element)
        condition = dialects.understood(element.find(_tag("conditionExpression")), self.dialect, truth=True)
        flow_id = self._id(element)
        if condition is not None and condition.text is None:
            self.untranslated.add(flow_id)
        return Flow(
            id=flow_id,
            source=_unprefixed(element.get("sourceRef")),
            target=_unprefixed(element.get("targetRef")),
            name=_clean(element.get("name")),
            condition=self._means(condition, element),
            parent=parent,
            line=element.sourceline,
        )

    def _loop(self, node: Node, element: etree._Element, drawn: Imported) -> Loop | None:
        standard = element.find(_tag("standardLoopCharacteristics"))
        if standard is not None:
            maximum = (standard.get("loopMaximum") or "").strip()
            return Loop(
                "standard",
                condition=self._means(
                    dialects.understood(standard.find(_tag("loopCondition")), self.dialect, truth=True), element
                ),
                maximum=int(maximum) if maximum.isascii() and maximum.isdigit() and len(maximum) < 10 else None,
                test_before=standard.get("testBefore") == "true",
            )
        multiple = element.find(_tag("multiInstanceLoopCharacteristics"))
        if multiple is None:
            return None
        behavior = multiple.get("behavior", "All").strip()
        return Loop(
            "sequential" if multiple.get("isSequential") == "true" else "parallel",
            cardinality=drawn.cardinality.text if drawn.cardinality else None,
            collection=drawn.collection.text
            if drawn.collection
            else self._variable(_text(multiple.find(_tag("loopDataInputRef")))) or None,
            item=drawn.item or _item(multiple.find(_tag("inputDataItem"))),
            output=drawn.output or self._variable(_text(multiple.find(_tag("loopDataOutputRef")))) or None,
            output_item=drawn.output_item or _item(multiple.find(_tag("outputDataItem"))),
            condition=drawn.completion.text if drawn.completion else None,
            behavior=behavior,
            tells=self._told_by(node, multiple, behavior),
        )

    def _told_by(self, node: Node, multiple: etree._Element, behavior: str) -> Event | None:
        """Return the event that a multi-instance throws at its first completion (One) or at each (None)."""
        if behavior == "All":
            return None
        ref = _unprefixed(multiple.get(f"{behavior.lower()}BehaviorEventRef"))
        definition = self.definitions.get(ref)
        if behavior not in ("One", "None") or definition is None:
            self._tell("refused", "multi-instance-behavior", multiple, behavior=behavior)
            return None
        return self._event_of(node, definition)


def _tag(local: str) -> str:
    return f"{{{MODEL}}}{local}"


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _is_bpmn(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{MODEL}}}")


def _clean(text: str | None) -> str | None:
    return " ".join(unicodedata.normalize("NFC", text).split()) or None if text else None


def _text(element: etree._Element | None) -> str | None:
    return (unicodedata.normalize("NFC", element.text or "").strip() or None) if element is not None else None


def _item(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    return (element.get("id") or element.get("name") or "").strip() or None


def _unprefixed(ref: str | None) -> str:
    return (ref or "").strip().rpartition(":")[2]


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text


def _documentation(element: etree._Element) -> str | None:
    return _text(element.find(_tag("documentation")))


def _extension(element: etree._Element) -> dict[str, str]:
    prefix = f"{{{EXTENSION}}}"
    return {
        str(name).removeprefix(prefix): str(value)
        for name, value in element.attrib.items()
        if str(name).startswith(prefix)
    }
