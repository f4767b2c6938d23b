"""What an element says in the extensions of other tools: what ours uses, and what is kept without effect.

Nothing is dropped: the file stays as it is, and every extension that ours does not execute is named in
`Imported.not_executed`. Nothing of another tool is ever run: neither its scripts nor its classes.
"""

import ast
import re
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from engine import sandbox
from engine.bpmn.dialects import Expression, Remark, language_named, meaning, remark, translated, understood
from engine.bpmn.feel import from_now
from engine.bpmn.model import MODEL, Flow, Process
from engine.bpmn.performers import Performers, performers, task_inputs
from engine.bpmn.vendors import ABOUT, USED, Given, extensions, local

_FORM: Final = re.compile(
    r"(?:[\w-]+:)?(?:(?:app|deployment|bpmn):)?(?:[^:]*/)?([^/:]+?)(?:(?:\.form)?\.(?:form|json|x?html?|jsp))?"
)
_FORMS: Final = ("formKey", "formRef", "formId", "externalReference")
_DECISIONS: Final = ("decisionRef", "decisionId", "calledDecisionId")
_CALLS: Final = ("class", "delegateExpression", "topic", "expression", "type", "ruleFlowGroup", "taskName")
# These are told in words of their own.
_TOLD: Final = frozenset({"skip"})
_SCRIPTS: Final = frozenset({"bpmn:script", "zeebe:script"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What one element says in the extensions of another tool.

    `not_executed` are pairs of what it is about and its name in the file; `kept` are ornaments, which do nothing
    anywhere. `service` is what an automatic step would have called: its name in the file and its text. `script` is the
    language of a script that is not ours.
    """

    ext: dict[str, str] = field(default_factory=dict)
    performers: Performers = field(default_factory=Performers)
    form_key: str | None = None
    due: Expression | None = None
    follow_up: Expression | None = None
    priority: str | None = None
    called: str | None = None
    decision: str | None = None
    service: tuple[str, str] | None = None
    script: str | None = None
    collection: Expression | None = None
    item: str | None = None
    output: str | None = None
    output_item: str | None = None
    cardinality: Expression | None = None
    completion: Expression | None = None
    condition: Expression | None = None
    not_executed: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def assignee(self) -> str | None:
        return self.performers.assignee

    @property
    def candidate_users(self) -> tuple[str, ...]:
        return self.performers.users

    @property
    def candidate_groups(self) -> tuple[str, ...]:
        return self.performers.groups

    @property
    def mappings(self) -> tuple[str, ...]:
        return tuple(name for what, name in self.not_executed if what == "mapping")


def imported(element: etree._Element, dialect: str) -> Imported:
    """Read what another tool wrote at an activity, an event, a flow or a process."""
    found = list(extensions(element))
    engine = [one for one in found if one.is_working]
    texts: dict[str, str] = {}
    for one in engine:
        texts.setdefault(one.local, one.text)
    inputs = task_inputs(element) if dialect == "jbpm" else {}
    who = performers(element, texts, dialect)
    script = _script(element, engine, dialect)
    loop = _Loop(element, texts, dialect)
    idle = [*_idle(engine), *([("script", "bpmn:script")] if script else [])]
    return Imported(
        ext={"role": who.role} if who.role else {},
        performers=who,
        form_key=_form_key(next((texts[name] for name in _FORMS if texts.get(name)), inputs.get("TaskName"))),
        due=_due(texts.get("dueDate"), dialect),
        follow_up=meaning(texts.get("followUpDate"), dialect, time=True),
        priority=texts.get("priority") or inputs.get("Priority"),
        called=constant(texts.get("processId")) or texts.get("processId"),
        decision=constant(next((texts[name] for name in _DECISIONS if texts.get(name)), _table(engine))),
        service=_service(engine),
        script=script,
        collection=loop.collection,
        item=loop.item,
        output=loop.output,
        output_item=loop.output_item,
        cardinality=loop.cardinality,
        completion=loop.completion,
        condition=understood(
            next((child for child in element if local(child.tag) in ("conditionExpression", "condition")), None),
            dialect,
            truth=True,
        ),
        not_executed=tuple(dict.fromkeys(idle)),
        kept=tuple(dict.fromkeys(one.name for one in found if not one.is_working)),
    )


def remarks(seen: Imported, *, has_role: bool = False, executed: Container[str] = ()) -> Iterator[Remark]:
    """Yield what is to be said of an element; what the caller executes itself is left out, by what it is about.

    Whoever has a role of ours, of the step or of its lane, needs no proposal. The condition of a flow has a remark of
    its own.
    """
    if seen.service and seen.service[0].endswith(":type") and seen.service[1].lower() == "shell":
        yield Remark("refused", "shell-refused", {})
    if seen.script:
        yield Remark("draft", "foreign-script", {"language": seen.script})
    if any(what == "skip" for what, _ in seen.not_executed):
        yield Remark("warning", "skip-ignored", {})
    if seen.performers.drawn and not has_role:
        yield Remark("warning", "assignment-proposed", {"who": seen.performers.drawn})
    for expression, is_collection in ((seen.collection, True), (seen.cardinality, False), (seen.completion, False)):
        told = remark(expression, collection=is_collection) if expression else None
        if told:
            yield told
    kept = dict.fromkeys(
        name
        for what, name in seen.not_executed
        if what not in executed and what not in _TOLD and not (seen.script and name in _SCRIPTS)
    )
    if kept:
        yield Remark("note", "foreign-kept", {"what": ", ".join(kept)})


def leave_to_people(process: Process, untranslated: Collection[str]) -> list[Flow]:
    """Let a person choose where an exclusive gateway has a flow whose condition nobody could translate.

    Without its condition such a flow would be taken for the default, or be taken always. Return the flows at which no
    person can choose, because they leave no gateway or one that takes several ways.
    """
    stuck = []
    for flow in process.flows:
        source = process.nodes.get(flow.source)
        if flow.id not in untranslated or (source is not None and flow.id == source.default):
            continue
        ways = process.outgoing(flow.source)
        if source is None or source.type != "exclusiveGateway" or len(ways) < 2:
            stuck.append(flow)
            continue
        source.default = None
        for way in ways:
            way.condition = None
    return stuck


def _idle(engine: Sequence[Given]) -> Iterator[tuple[str, str]]:
    """Yield what has no effect in ours, and the scripts inside of it."""
    for one in engine:
        if one.local not in USED:
            yield ABOUT.get(one.local, "other"), one.name
        if one.element is not None:
            inner = (child for child in one.element.iterdescendants(etree.Element) if local(child.tag) == "script")
            yield from (("script", f"{one.name.partition(':')[0]}:script") for _ in inner)


def _script(element: etree._Element, engine: Sequence[Given], dialect: str) -> str | None:
    """Return the language of a script that ours does not run; None where it is Python, or there is none."""
    if local(element.tag) != "scriptTask":
        return None
    language, elsewhere = language_named(element.get("scriptFormat")), {one.local for one in engine}
    if "script" in elsewhere:
        return "feel"
    if elsewhere & {"resource", "taskDefinition"}:
        return language or ("resource" if "resource" in elsewhere else "job")
    if language not in ("", "python"):
        return language
    text = element.findtext(f"{{{MODEL}}}script") or ""
    if dialect == "ours" or not text.strip():
        return None
    try:
        said = sandbox.names_in(text)
    except sandbox.ScriptFailed:
        # What says that it is Python is told as unreadable Python.
        return None if language else "juel" if "${" in text else "unnamed"
    # Camunda's Python is Jython, which speaks to the engine's own objects.
    return "jython" if "execution" in said.mentioned - said.bound else None


def _service(engine: Sequence[Given]) -> tuple[str, str] | None:
    for one in engine:
        if one.local == "taskDefinition" and one.element is not None:
            return one.name, one.element.get("type", "")
        if one.local == "connector" and one.element is not None:
            inner = next((child for child in one.element if local(child.tag) == "connectorId"), None)
            return one.name, (inner.text or "").strip() if inner is not None else ""
    by_name = {one.local: one for one in engine if one.element is None}
    called = next((by_name[name] for name in _CALLS if name in by_name), None)
    return (called.name, called.text) if called else None


def _table(engine: Sequence[Given]) -> str | None:
    """Return the decision that a Flowable task of type dmn names in a field."""
    for one in engine:
        if one.local == "field" and one.element is not None and one.element.get("name") == "decisionTableReferenceKey":
            return one.element.get("stringValue") or "".join(map(str, one.element.itertext())).strip() or None
    return None


def constant(text: str | None) -> str | None:
    """Return a text that is written out; None where it is calculated."""
    if not text or "{" in text:
        return None
    if not text.startswith("="):
        return text
    try:
        value = ast.literal_eval(translated(text, "zeebe") or "")
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, str) else None


def _due(text: str | None, dialect: str) -> Expression | None:
    """Return when a task is due; what is counted from now is the duration, because it is asked when the task opens."""
    found = meaning(text, dialect, time=True)
    if found is None or found.language != "feel":
        return found
    span = from_now(found.drawn.removeprefix("="))
    return found if span is None else replace(found, text=repr(span))


def _form_key(text: str | None) -> str | None:
    """Return the bare name of a form: `embedded:app:forms/approve.html` is the form approve."""
    bare = constant(text)
    found = _FORM.fullmatch(bare) if bare else None
    return found.group(1) if found else bare


class _Loop:
    """What other tools write at a multi-instance."""

    def __init__(self, element: etree._Element, texts: dict[str, str], dialect: str) -> None:
        several = element.find(f"{{{MODEL}}}multiInstanceLoopCharacteristics")
        given = several if several is not None else etree.Element("nothing")
        drawn = texts.get("collection") or texts.get("inputCollection") or _inner(element, given, "Input", dialect)
        self.collection = meaning(drawn, dialect)
        self.item = texts.get("elementVariable") or texts.get("inputElement")
        self.output = texts.get("outputCollection") or _inner(element, given, "Output", dialect)
        each = meaning(texts.get("outputElement"), dialect)
        self.output_item = (each.text if each.text and each.text.isidentifier() else each.drawn) if each else None
        self.cardinality = understood(given.find(f"{{{MODEL}}}loopCardinality"), dialect)
        self.completion = understood(given.find(f"{{{MODEL}}}completionCondition"), dialect, truth=True)
        if dialect == "jbpm":
            self.item = self.item or _name(given, "inputDataItem")
            self.output_item = self.output_item or _name(given, "outputDataItem")


def _inner(element: etree._Element, several: etree._Element, way: str, dialect: str) -> str | None:
    """Return the collection that the standard's own element names by an expression, or as jBPM does: by a data input
    of the task, behind which the variable stands."""
    ref = (several.findtext(f"{{{MODEL}}}loopData{way}Ref") or "").strip()
    near, far = ("targetRef", "sourceRef") if way == "Input" else ("sourceRef", "targetRef")
    for association in element.findall(f"{{{MODEL}}}data{way}Association") if dialect == "jbpm" else ():
        if (association.findtext(f"{{{MODEL}}}{near}") or "").strip() == ref:
            return (association.findtext(f"{{{MODEL}}}{far}") or "").strip() or None
    return ref if "{" in ref else None


def _name(several: etree._Element, kind: str) -> str | None:
    item = several.find(f"{{{MODEL}}}{kind}")
    return (item.get("name") or item.get("id")) if item is not None else None
