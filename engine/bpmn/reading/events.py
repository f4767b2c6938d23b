"""Read events: what they wait for or throw, and when their timers fire."""

from lxml import etree

from engine.bpmn import dialects, foreign
from engine.bpmn.model import Event, Node, Timer
from engine.bpmn.reading.source import Source
from engine.bpmn.reading.words import clean, flag, is_bpmn, local, tag, unprefixed, unquoted
from engine.bpmn.vendors import extensions


def read_event(source: Source, node: Node, element: etree._Element) -> None:
    """Fill in what only events have."""
    found = _definitions(source, element)
    if found:
        parts = tuple(event_of(source, node, one) for one in found)
        together = flag(element, "parallelMultiple")
        several = Event("multiple", node.name or node.id, parts=parts, together=together)
        node.event = several if len(parts) > 1 else parts[0]
    if node.type == "startEvent":
        node.interrupting = _interrupts(node, element, "isInterrupting")
    if node.type == "boundaryEvent":
        node.attached_to = unprefixed(element.get("attachedToRef")) or None
        node.interrupting = _interrupts(node, element, "cancelActivity")
        if node.interrupting and not flag(element, "cancelActivity", default=True):
            source.tell("note", "error-always-interrupts", element)


def _definitions(source: Source, element: etree._Element) -> list[etree._Element]:
    found = [child for child in element if is_bpmn(child) and local(child).endswith("EventDefinition")]
    for one in element.findall(tag("eventDefinitionRef")):
        ref = unprefixed(one.text)
        definition = source.definitions.get(ref)
        if definition is None:
            source.tell("refused", "reference-unresolved", element, ref=ref)
        else:
            source.tell("note", "event-definition-inlined", element, ref=ref)
            found.append(definition)
    return found


def _interrupts(node: Node, element: etree._Element, attribute: str) -> bool:
    return flag(element, attribute, default=True) or node.event.has("error")


def message_of(source: Source, node: Node, element: etree._Element) -> Event:
    """Return the message that a task sends or receives."""
    ref = element.get("messageRef")
    if ref is not None:
        return Event("message", _name_of(source, "message", element, ref, node))
    definition = element.find(tag("messageEventDefinition"))
    if definition is not None:
        return event_of(source, node, definition)
    if node.type == "sendTask" and node.id not in source.joined:
        source.tell("warning", "message-unnamed", element, message=node.name or node.id)
    return Event("message", source.joined.get(node.id) or node.name or node.id)


def event_of(source: Source, node: Node, definition: etree._Element) -> Event:
    """Return what an event definition says; without a name of its own it is called as the node is."""
    kind, name = local(definition).removesuffix("EventDefinition"), node.name or node.id
    if kind in ("message", "signal"):
        return Event(kind, _name_of(source, kind, definition, definition.get(f"{kind}Ref"), node))
    if kind in ("error", "escalation"):
        return _coded(source, kind, definition, node)
    if kind == "timer":
        return Event("timer", name, timer=_timer(source, node, definition))
    if kind == "conditional":
        return Event(kind, name, condition=_condition(source, definition))
    if kind == "compensate":
        if not flag(definition, "waitForCompletion", default=True):
            source.tell("refused", "compensation-not-awaited", definition)
        about = unprefixed(definition.get("activityRef")) or None
        return Event("compensation", name, activity=about)
    if kind == "link":
        return Event("link", clean(definition.get("name")) or name)
    return Event(kind, name)


def _name_of(source: Source, kind: str, where: etree._Element, ref: str | None, node: Node) -> str:
    if not ref and kind == "message" and node.id in source.joined:
        return source.joined[node.id]
    if not ref:
        source.tell("warning", "message-unnamed", where, message=node.name or node.id)
        return node.name or node.id
    found = source.named(kind, ref)
    if found is None:
        source.tell("refused", "reference-unresolved", where, ref=unprefixed(ref))
        return node.name or node.id
    if any(one.local == "subscription" for one in extensions(found)):
        source.tell("warning", "correlation-ignored", where)
    return _given(source, found, "name") or unprefixed(ref)


def _given(source: Source, found: etree._Element, attribute: str) -> str | None:
    """Return a name or code as it is written out; one that other tools work out when they run is refused."""
    text = clean(found.get(attribute))
    if text is None or source.dialect == "ours" or not dialects.is_calculated(text):
        return text
    written_out = foreign.constant(text)
    if written_out is None:
        source.tell("refused", "name-calculated", found, expression=text)
    return written_out or text


def _coded(source: Source, kind: str, definition: etree._Element, node: Node) -> Event:
    ref = definition.get(f"{kind}Ref")
    found = source.named(kind, ref) if ref else None
    if ref and found is None:
        source.tell("refused", "reference-unresolved", definition, ref=unprefixed(ref))
    if found is None:
        return Event(kind, node.name or node.id)
    name = clean(found.get("name")) or unprefixed(ref)
    return Event(kind, name, code=_given(source, found, f"{kind}Code") or name)


def _condition(source: Source, definition: etree._Element) -> str | None:
    said = dialects.understood(definition.find(tag("condition")), source.dialect, truth=True)
    text = source.means(said, _named(definition))
    if text is None:
        source.tell("refused", "event-condition-missing", _named(definition))
    return text


def _named(definition: etree._Element) -> etree._Element:
    """Return what people know of a definition: itself where it has an id, else the event that it stands in."""
    event = definition.getparent()
    return definition if definition.get("id") or event is None else event


def _timer(source: Source, node: Node, definition: etree._Element) -> Timer | None:
    days = node.ext.get("workingDays")
    if days is not None:
        if days.strip().isascii() and days.strip().isdigit() and 0 < int(days) <= 1000:
            return Timer("workingDays", working_days=int(days))
        source.tell("refused", "working-days-unclear", definition, text=days)
        return None
    given = [
        _time(source, definition, one, kind)
        for name, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle"))
        for one in definition.findall(tag(name))
        if (one.text or "").strip()
    ]
    if len(given) != 1:
        source.tell("refused", "timer-several" if given else "timer-empty", _named(definition))
    return given[0] if given else None


def _time(source: Source, definition: etree._Element, element: etree._Element, kind: str) -> Timer | None:
    found = dialects.understood(element, source.dialect, time=True)
    text = source.means(found, definition)
    return Timer(kind, unquoted(text or "")) if found is None or found.text is not None else None
