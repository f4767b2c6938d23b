"""Remedies that need no decision of a person: which findings have one, and the file after it was applied."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from lxml import etree

from engine import bpmn
from engine.bpmn.model import EXTENSION, MODEL, NODES
from engine.bpmn.reading.words import flag
from engine.designs.placing import connect, place_beside
from engine.lint import Finding
from models.errors import Invalid

Fix = dict[str, Any]
Tree = etree._Element

# rule -> what is done about it; `fix_for` tells whether it can be done here.
KINDS: Final = {
    "collect-without-cutoff": "cut-off-as-assigned",
    "condition-ignored": "drop-condition",
    "condition-missing": "drop-flow",
    "default-elsewhere": "clear-default",
    "default-implied": "set-default",
    "default-missing": "choose-default",
    "default-with-condition": "drop-condition",
    "end-implied": "draw-end",
    "extension-unknown": "drop-attribute",
    "flow-twice": "drop-flow",
    "form-missing": "make-form",
    "level-contradicts": "drop-attribute",
    "needs-role": "drop-attribute",
    "not-executable": "make-executable",
    "start-implied": "draw-start",
    "task-abstract": "make-user-task",
}


def fix_for(finding: Finding, files: Mapping[str, bytes]) -> Fix | None:
    """Return the remedy of a finding as the editor sends it back, or None where a person has to decide."""
    kind = KINDS.get(finding.rule)
    if kind is None or not finding.element or finding.file not in files or finding.facts.get("twice") is False:
        return None
    found: Fix = {"kind": kind, "file": finding.file, "element": finding.element}
    for name in ("attribute", "form"):
        if isinstance(finding.facts.get(name), str):
            found[name] = finding.facts[name]
    return found


def apply(files: Mapping[str, bytes], fix: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return (name, content) of the file that a remedy changes or makes.

    Errors: Invalid where the file or the element is not there, or the remedy is not known.
    """
    file, act = str(fix.get("file")), _ACTS.get(str(fix.get("kind")))
    if file not in files or not (act or fix.get("kind") == "make-form"):
        raise Invalid({"fix": "fix_unknown"}, reason="fix_unknown")
    try:
        root = bpmn.parse(files[file])
    except bpmn.Unreadable:
        raise Invalid({"fix": "fix_unknown"}, reason="fix_unknown") from None
    element = next((one for one in root.iter() if one.get("id") == fix.get("element")), None)
    if element is None:
        raise Invalid({"fix": "fix_unknown"}, reason="fix_unknown")
    if act is None:
        return _form(files, element, str(fix.get("form") or element.get("id")))
    act(root, element, fix)
    return file, etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _form(files: Mapping[str, bytes], task: Tree, stem: str) -> tuple[str, bytes]:
    """Make the form a task names: one field for what is to be said, which anybody can go on from."""
    name = f"{stem}.form.json"
    if name in files or not stem.isidentifier():
        raise Invalid({"fix": "fix_unknown"}, reason="fix_unknown")
    label = task.get("name") or stem
    component = {"type": "textarea", "key": f"{stem}_note"[:60].lower(), "label": label}
    form = {"type": "default", "id": stem, "schemaVersion": 18, "components": [component]}
    return name, json.dumps(form, ensure_ascii=False, indent=2).encode()


def _choose_default(root: Tree, gateway: Tree, fix: Mapping[str, Any]) -> None:
    leaving = _flows(root, "sourceRef", gateway)
    if not leaving:
        raise Invalid({"fix": "fix_unknown"}, reason="fix_unknown")
    gateway.set("default", leaving[-1].get("id", ""))
    _drop_condition(root, leaving[-1], fix)


def _set_default(root: Tree, flow: Tree, fix: Mapping[str, Any]) -> None:
    source = flow.get("sourceRef")
    for element in root.iter(*_tags(NODES)):
        if element.get("id") == source:
            element.set("default", flow.get("id", ""))


def _clear_default(root: Tree, gateway: Tree, fix: Mapping[str, Any]) -> None:
    gateway.attrib.pop("default", None)


def _drop_condition(root: Tree, flow: Tree, fix: Mapping[str, Any]) -> None:
    for condition in flow.findall(f"{{{MODEL}}}conditionExpression"):
        flow.remove(condition)


def _drop_attribute(root: Tree, element: Tree, fix: Mapping[str, Any]) -> None:
    element.attrib.pop(f"{{{EXTENSION}}}{fix.get('attribute', '')}", None)


def _drop_flow(root: Tree, flow: Tree, fix: Mapping[str, Any]) -> None:
    id = flow.get("id", "")
    for element in list(root.iter()):
        parent = element.getparent()
        says_so = element.tag in _tags(("incoming", "outgoing")) and (element.text or "").strip() == id
        if parent is not None and (element is flow or says_so or element.get("bpmnElement") == id):
            parent.remove(element)


def _make_executable(root: Tree, process: Tree, fix: Mapping[str, Any]) -> None:
    process.set("isExecutable", "true")


def _make_user_task(root: Tree, task: Tree, fix: Mapping[str, Any]) -> None:
    task.tag = f"{{{MODEL}}}userTask"


def _cut_off(root: Tree, element: Tree, fix: Mapping[str, Any]) -> None:
    element.set(f"{{{EXTENSION}}}cutoff", "assignment")


def _draw_start(root: Tree, element: Tree, fix: Mapping[str, Any]) -> None:
    """Draw the start event a scope lacks, before the elements to which nothing leads, as the runner reads it."""
    led_to = {flow.get("targetRef") for flow in root.iter(f"{{{MODEL}}}sequenceFlow")}
    firsts = [node for node in element if node.tag in _BEGUN and node.get("id") not in led_to and not _is_beside(node)]
    if not firsts:
        raise Invalid({"fix": "fix_unknown"}, reason="fix_unknown")
    start = place_beside(root, firsts[0], "startEvent", after=False)
    for node in firsts:
        connect(root, start, node)


def _is_beside(node: Tree) -> bool:
    return any(flag(node, name) for name in ("triggeredByEvent", "isForCompensation"))


def _draw_end(root: Tree, element: Tree, fix: Mapping[str, Any]) -> None:
    end = place_beside(root, element, "endEvent", after=True)
    connect(root, element, end)


def _flows(root: Tree, end: str, node: Tree) -> list[Tree]:
    return [flow for flow in root.iter(f"{{{MODEL}}}sequenceFlow") if flow.get(end) == node.get("id")]


def _tags(names: Any) -> tuple[str, ...]:
    return tuple(f"{{{MODEL}}}{name}" for name in names)


_BEGUN: Final = frozenset(_tags(NODES)) - frozenset(_tags(("startEvent", "boundaryEvent")))
_ACTS: Final[dict[str, Callable[[Tree, Tree, Mapping[str, Any]], None]]] = {
    "choose-default": _choose_default,
    "clear-default": _clear_default,
    "cut-off-as-assigned": _cut_off,
    "draw-end": _draw_end,
    "draw-start": _draw_start,
    "drop-attribute": _drop_attribute,
    "drop-condition": _drop_condition,
    "drop-flow": _drop_flow,
    "make-executable": _make_executable,
    "make-user-task": _make_user_task,
    "set-default": _set_default,
}
