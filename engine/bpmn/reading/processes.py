"""Read a process: its nodes and flows, scope by scope, the lanes they lie in, and what compensates what."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.bpmn import dialects, fields, foreign
from engine.bpmn.dialects import Expression
from engine.bpmn.model import ACTIVITIES, EVENTS, EXTENSION, NODES, SUBPROCESSES, Flow, Node, Process
from engine.bpmn.reading.activities import copies, due_of, form_of, read_activity
from engine.bpmn.reading.events import read_event
from engine.bpmn.reading.source import Source
from engine.bpmn.reading.words import clean, documentation_of, extension_of, flag, is_bpmn, local, tag, unprefixed

MAX_NODES: Final = 400
MAX_FLOWS: Final = 2_000

# Present in drawings, without effect on execution: kept in the file, not read.
_SILENT: Final = frozenset(
    {
        "documentation", "extensionElements", "laneSet", "incoming", "outgoing", "textAnnotation", "association",
        "group", "category", "auditing", "monitoring", "property", "ioSpecification", "dataInputAssociation",
        "dataOutputAssociation", "dataObject", "dataObjectReference", "dataStoreReference", "supports",
        "resourceRole", "performer", "humanPerformer", "potentialOwner", "rendering",
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


def read_process(source: Source, element: etree._Element) -> Process:
    """Understand one process with all that is in it."""
    return _Reader(source, element).read()


class _Reader:
    def __init__(self, source: Source, element: etree._Element) -> None:
        self.source = source
        self.element = element
        self.process = Process(
            id=source.id_of(element),
            name=clean(element.get("name")),
            file=source.file,
            line=element.sourceline,
            executable=flag(element, "isExecutable", default=True),
            documentation=documentation_of(element),
        )
        self.lanes = dict(self._lanes())
        self.embedded = fields.embedded_in(element)
        self.untranslated: dict[str, tuple[Expression, etree._Element]] = {}
        self.flows_left = True

    def read(self) -> Process:
        process, source = self.process, self.source
        self._scope(self.element, None)
        shown = {node.form_key for node in process.nodes.values() if node.fields is not None}
        executed = {"embedded-form"} if self.embedded.keys() <= shown else set[str]()
        for said in foreign.remarks(source.imported(self.element), executed=executed):
            source.remark(said, self.element)
        self._leave_to_people()
        self._bind_compensation()
        if len(process.nodes) > MAX_NODES:
            source.tell("refused", "too-many-nodes", self.element, count=len(process.nodes), limit=MAX_NODES)
        return process

    def _lanes(self) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
        for lane in self.element.iter(tag("lane")):
            role, name = lane.get(f"{{{EXTENSION}}}role"), clean(lane.get("name"))
            for ref in lane.findall(tag("flowNodeRef")):
                yield (ref.text or "").strip(), (name, role)

    def _scope(self, element: etree._Element, parent: str | None) -> None:
        for child in element:
            name = local(child)
            if not is_bpmn(child):
                self.source.tell("note", "foreign-element", child, tag=name)
            elif name in NODES:
                self._node(child, parent)
            elif name == "sequenceFlow":
                self._add_flow(child, parent)
            elif name in _UNSUPPORTED:
                self.source.tell("refused", "element-unsupported", child, tag=name)
                self.source.id_of(child)
            elif name in _DATA:
                self.source.tell("note", "data-is-documentation", child, tag=name)
                if parent is not None and name == "dataObject":
                    self.process.nodes[parent].holds |= {child.get("id") or ""}
            elif name not in _SILENT and not name.endswith("EventDefinition"):
                self.source.tell("refused", "element-unsupported", child, tag=name)

    def _node(self, element: etree._Element, parent: str | None) -> None:
        source, node_id = self.source, self.source.id_of(element)
        lane, lane_role = self.lanes.get(node_id, (None, None))
        if lane is None and parent is not None:
            lane, lane_role = self.process.nodes[parent].lane, self.process.nodes[parent].lane_role
        drawn = source.imported(element)
        node = Node(
            id=node_id,
            type=local(element),
            name=clean(element.get("name")),
            parent=parent,
            line=element.sourceline,
            documentation=documentation_of(element),
            ext={**drawn.ext, **extension_of(element)},
            lane=lane,
            lane_role=lane_role,
            default=element.get("default"),
        )
        self.process.nodes[node_id] = node
        node.due = due_of(drawn, node.ext) if node.type in ("userTask", "manualTask") else None
        node.fields = form_of(node, element, drawn, self.embedded)
        executed = {"due"} if node.due is not None else set[str]()
        if node.type == "userTask":
            # Whether the form is there only the bundle tells: the checker says what became of it.
            node.form_key = drawn.form_key
            executed |= set() if "form" in node.ext else {"form"}
        for said in foreign.remarks(drawn, has_role=bool(node.ext.get("role") or lane_role), executed=executed):
            source.remark(said, element)
        node.inputs = tuple(copies(source, element, "dataInputAssociation"))
        node.outputs = tuple(copies(source, element, "dataOutputAssociation"))
        if node.type in EVENTS:
            read_event(source, node, element)
        elif node.type in ACTIVITIES:
            read_activity(source, node, element, drawn)
        node.compensates = flag(element, "isForCompensation")
        self._refuse_attributes(element)
        if node.type in SUBPROCESSES:
            node.triggered = flag(element, "triggeredByEvent")
            self._scope(element, node_id)

    def _refuse_attributes(self, element: etree._Element) -> None:
        for quantity in ("startQuantity", "completionQuantity"):
            if (element.get(quantity) or "1").strip() != "1":
                self.source.tell("refused", "quantity-unsupported", element, attribute=quantity)
        if element.get("eventGatewayType", "Exclusive") != "Exclusive" or flag(element, "instantiate"):
            self.source.tell("refused", "instantiating-unsupported", element)

    def _add_flow(self, element: etree._Element, parent: str | None) -> None:
        if len(self.process.flows) < MAX_FLOWS:
            self.process.flows.append(self._flow(element, parent))
        elif self.flows_left:
            self.flows_left = False
            self.source.tell("refused", "too-many-flows", element, limit=MAX_FLOWS)

    def _flow(self, element: etree._Element, parent: str | None) -> Flow:
        source = self.source
        for said in foreign.remarks(source.imported(element)):
            source.remark(said, element)
        condition = dialects.understood(element.find(tag("conditionExpression")), source.dialect, truth=True)
        flow_id = source.id_of(element)
        if condition is not None and condition.text is None:
            self.untranslated[flow_id] = condition, element
        else:
            source.means(condition, element)
        return Flow(
            id=flow_id,
            source=unprefixed(element.get("sourceRef")),
            target=unprefixed(element.get("targetRef")),
            name=clean(element.get("name")),
            condition=condition.evaluated if condition else None,
            parent=parent,
            line=element.sourceline,
        )

    def _leave_to_people(self) -> None:
        """Tell of every condition that nobody could translate who decides instead, or that nobody can."""
        stuck = foreign.leave_to_people(self.process, self.untranslated)
        for flow in self.process.flows:
            if flow.id not in self.untranslated:
                continue
            condition, element = self.untranslated[flow.id]
            if flow in stuck:
                self.source.means(condition, element)
            elif flow.condition is None:
                self.source.remark(dialects.left_to_people(condition), element)

    def _bind_compensation(self) -> None:
        """Find what compensates an activity: an association leads there from the event at its border."""
        nodes = self.process.nodes
        pairs = [
            (unprefixed(one.get("sourceRef")), unprefixed(one.get("targetRef")))
            for one in self.element.iter(tag("association"))
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
