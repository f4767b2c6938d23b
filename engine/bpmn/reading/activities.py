"""Read activities: their scripts, calls and messages, their data and their repetition."""

import keyword
from collections.abc import Iterator, Mapping

from lxml import etree

from engine import iso8601
from engine.bpmn import dialects, fields
from engine.bpmn.foreign import Imported
from engine.bpmn.model import Copy, Drawn, Event, Loop, Node, Timer
from engine.bpmn.reading.events import event_of, message_of
from engine.bpmn.reading.source import Source
from engine.bpmn.reading.words import flag, tag, text_of, unprefixed


def due_of(drawn: Imported, ext: Mapping[str, str]) -> Timer | None:
    """Return when a task is due as another tool says it; what ours says goes first."""
    if drawn.due is None or drawn.due.text is None or ext.keys() & {"workingDays", "due"}:
        return None
    if not drawn.due.is_translated:
        try:
            iso8601.check("due", drawn.due.text)
        except iso8601.BadTimer:
            return None
    return Timer("due", drawn.due.text)


def form_of(node: Node, element: etree._Element, drawn: Imported, embedded: Mapping[str, Drawn]) -> Drawn | None:
    """Return the form that another tool draws at a user task, or names among those embedded in the process."""
    return fields.drawn_at(element) or embedded.get(drawn.form_key or "") if node.type == "userTask" else None


def read_activity(source: Source, node: Node, element: etree._Element, drawn: Imported) -> None:
    """Fill in what only activities have; `drawn` is what another tool says of it."""
    if node.type == "scriptTask" and drawn.script is None:
        # A script of another language, or none at all, is not run: a person confirms the step.
        node.script = text_of(element.find(tag("script")))
        if node.script is None:
            source.tell("draft", "script-missing", element)
    elif node.type == "callActivity":
        named = element.get("calledElement") or ""
        node.called = drawn.called or (named if dialects.is_calculated(named) else unprefixed(named)) or None
    elif node.type in ("sendTask", "receiveTask"):
        node.event = message_of(source, node, element)
    node.loop = _loop(source, node, element, drawn)


def copies(source: Source, element: etree._Element, name: str) -> Iterator[Copy]:
    """Read data associations; data objects are variables by their ids, also where a reference is drawn."""
    for one in element.findall(tag(name)):
        sources = [source.variable(ref.text) for ref in one.findall(tag("sourceRef"))]
        target = source.variable(getattr(one.find(tag("targetRef")), "text", None))
        transformation = source.means(dialects.understood(one.find(tag("transformation")), source.dialect), one)
        assignments = [
            (
                source.means(dialects.assigned(each.find(tag("from")), source.dialect), one),
                text_of(each.find(tag("to"))),
            )
            for each in one.findall(tag("assignment"))
        ]
        for given, wanted in assignments:
            yield Copy(source.variable(wanted), expression=given or "None")
        if transformation is not None:
            yield Copy(target, expression=transformation)
        elif not assignments and len(sources) == 1:
            yield Copy(target, source=sources[0])
        elif not assignments and sources:
            source.tell("refused", "data-sources", one)


def _loop(source: Source, node: Node, element: etree._Element, drawn: Imported) -> Loop | None:
    standard = element.find(tag("standardLoopCharacteristics"))
    if standard is not None:
        return _standard_loop(source, element, standard)
    multiple = element.find(tag("multiInstanceLoopCharacteristics"))
    return _multi_instance(source, node, multiple, drawn) if multiple is not None else None


def _standard_loop(source: Source, element: etree._Element, standard: etree._Element) -> Loop:
    maximum = (standard.get("loopMaximum") or "").strip()
    condition = dialects.understood(standard.find(tag("loopCondition")), source.dialect, truth=True)
    return Loop(
        "standard",
        condition=source.means(condition, element),
        maximum=int(maximum) if maximum.isascii() and maximum.isdigit() and len(maximum) < 10 else None,
        test_before=flag(standard, "testBefore"),
    )


def _multi_instance(source: Source, node: Node, multiple: etree._Element, drawn: Imported) -> Loop:
    behavior = multiple.get("behavior", "All").strip()
    given = drawn.collection.evaluated if drawn.collection else _variable(source, multiple, "loopDataInputRef")
    # A variable has a name; only what was written in a language of expressions is evaluated.
    is_name = (given or "").isidentifier() and not keyword.iskeyword(given or "")
    is_calculated = drawn.collection is not None and drawn.collection.language != "python" and not is_name
    return Loop(
        "sequential" if flag(multiple, "isSequential") else "parallel",
        cardinality=drawn.cardinality.evaluated if drawn.cardinality else None,
        collection=None if is_calculated else given,
        items=given if is_calculated else None,
        item=drawn.item or _item(multiple, "inputDataItem"),
        output=drawn.output or _variable(source, multiple, "loopDataOutputRef"),
        output_item=drawn.output_item or _item(multiple, "outputDataItem"),
        condition=drawn.completion.evaluated if drawn.completion else None,
        behavior=behavior,
        tells=_told_by(source, node, multiple, behavior),
    )


def _variable(source: Source, multiple: etree._Element, name: str) -> str | None:
    return source.variable(text_of(multiple.find(tag(name)))) or None


def _item(multiple: etree._Element, name: str) -> str | None:
    element = multiple.find(tag(name))
    return (element.get("id") or element.get("name") or "").strip() or None if element is not None else None


def _told_by(source: Source, node: Node, multiple: etree._Element, behavior: str) -> Event | None:
    """Return the event that a multi-instance throws at its first completion (One) or at each (None)."""
    if behavior == "All":
        return None
    definition = source.definitions.get(unprefixed(multiple.get(f"{behavior.lower()}BehaviorEventRef")))
    if behavior not in ("One", "None") or definition is None:
        source.tell("refused", "multi-instance-behavior", multiple, behavior=behavior)
        return None
    return event_of(source, node, definition)
