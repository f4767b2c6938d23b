"""Rules of work: our extensions, what a task needs to be done, its data and its script."""

import re
from collections.abc import Iterator, Set
from typing import Final

from engine import sandbox
from engine.bpmn import SUBPROCESSES, Node, Problem, Process
from engine.bpmn.model import ACTIVITIES
from engine.lint.rules.expressions import of_expression
from engine.lint.rules.files import Files

EXTENSIONS: Final = frozenset(
    {
        "role", "form", "workingDays", "due", "operator", "notSameAs", "skipIfSame", "progress", "title", "decision",
        "recipients", "collect", "cutoff", "cutoffWorkingDays",
    }
)  # fmt: skip
RECIPIENTS: Final = frozenset({"parent", "bloc", "lead", "coordinators", "localities", "order"})
_VALUES: Final[dict[str, Set[str]]] = {
    "progress": {
        "chua_tiep_nhan", "chua_thuc_hien", "dang_thuc_hien", "cho_xac_nhan", "thuc_hien_lai", "tam_dung",
        "hoan_thanh", "tu_choi", "huy",
    },
    "collect": {"localities", "coordinators"},
    "due": {"assignment"},
    "cutoff": {"assignment"},
}  # fmt: skip
_OPERATOR: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", re.ASCII)
_DAYS: Final = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def of_extensions(process: Process, node: Node) -> Iterator[Problem]:
    """Yield extensions that are not ours, and values that they cannot have."""
    ext, nodes = node.ext, process.nodes
    for name in ext.keys() - EXTENSIONS:
        yield process.problem(node, "warning", "extension-unknown", attribute=name)
    for name in ("notSameAs", "skipIfSame"):
        if name in ext and (ext[name] not in nodes or nodes[ext[name]].type != "userTask"):
            yield process.problem(node, "refused", "task-unknown", attribute=name, task=ext[name])
    for name, allowed in _VALUES.items():
        if name in ext and ext[name] not in allowed:
            facts = {"attribute": name, "value": ext[name], "allowed": ", ".join(sorted(allowed))}
            yield process.problem(node, "refused", "value-unknown", **facts)
    for name in ("workingDays", "cutoffWorkingDays"):
        if name in ext and node.event.timer is None and not _DAYS.fullmatch(ext[name].strip()):
            yield process.problem(node, "refused", "working-days-unclear", text=ext[name])
    if "operator" in ext and not _OPERATOR.fullmatch(ext["operator"]):
        yield process.problem(node, "refused", "operator-name", operator=ext["operator"])
    if "recipients" in ext and ext["recipients"] not in RECIPIENTS:
        yield from of_expression(process, node, ext["recipients"])
    if "collect" in ext and not (ext.keys() & {"cutoff", "cutoffWorkingDays"}):
        yield process.problem(node, "warning", "collect-without-cutoff")


def of_work(process: Process, node: Node, given: Files) -> Iterator[Problem]:
    """Yield what a task lacks to be done."""
    if node.type == "userTask":
        if not (node.ext.get("role") or node.lane_role):
            yield process.problem(node, "note", "role-missing")
        form = node.ext.get("form")
        if form is not None and form not in given.forms:
            yield process.problem(node, "refused", "form-missing", form=form)
    elif node.type == "serviceTask" and "operator" not in node.ext:
        yield process.problem(node, "draft", "operator-missing")
    elif node.type == "businessRuleTask":
        decision = node.ext.get("decision")
        if "operator" not in node.ext and decision is None:
            yield process.problem(node, "draft", "operator-missing")
        elif "operator" not in node.ext and decision not in given.tables:
            yield process.problem(node, "refused", "decision-missing", decision=decision)
    elif node.type == "callActivity" and node.called not in given.executable:
        yield process.problem(node, "refused", "called-missing", called=node.called or "-")
    elif node.type == "task":
        yield process.problem(node, "note", "task-abstract")
    if node.type in ACTIVITIES and not node.name and node.type not in SUBPROCESSES:
        yield process.problem(node, "note", "name-missing")


def of_data(process: Process, node: Node) -> Iterator[Problem]:
    """Yield data associations between what cannot be variables."""
    for one in (*node.inputs, *node.outputs):
        if not one.target.isidentifier() or (one.source is not None and not one.source.isidentifier()):
            yield process.problem(node, "refused", "data-name", source=one.source or "-", target=one.target or "-")
        if one.expression is not None:
            yield from of_expression(process, node, one.expression)


def of_script(process: Process, node: Node) -> Iterator[Problem]:
    """Yield why a script cannot be run."""
    if node.type != "scriptTask" or node.script is None:
        return
    try:
        sandbox.assigned_by(node.script)
    except sandbox.ScriptFailed as failed:
        yield process.problem(node, "refused", "script-unreadable", why=failed.message)
