"""Rules of work: our extensions, what a task needs to be done, its data and its script."""

import re
from collections.abc import Iterator, Set
from typing import Final

from engine import sandbox
from engine.bpmn import SUBPROCESSES, Node, Problem, Process, dialects
from engine.bpmn.model import ACTIVITIES, listed
from engine.lint.rules.expressions import of_expression
from engine.lint.rules.files import Files

EXTENSIONS: Final = frozenset(
    {
        "role", "form", "workingDays", "due", "operator", "notSameAs", "skipIfSame", "progress", "title", "decision",
        "recipients", "collect", "cutoff", "cutoffWorkingDays", "assign", "level", "posts", "seenBy",
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
    "assign": {"direct", "round_robin"},
    "seenBy": {"organization"},
}  # fmt: skip
# What says more of whoever plays a role, and says nothing without one.
_OF_A_ROLE: Final = frozenset({"assign", "level", "posts"})
_NAMED: Final = frozenset({"assignee", "superior"})  # the data or the order name the organization, at its own level
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
        if name in ext and not node.event.has("timer") and not _DAYS.fullmatch(ext[name].strip()):
            yield process.problem(node, "refused", "working-days-unclear", text=ext[name])
    if "operator" in ext and not _OPERATOR.fullmatch(ext["operator"]):
        yield process.problem(node, "refused", "operator-name", operator=ext["operator"])
    if "recipients" in ext and ext["recipients"] not in RECIPIENTS:
        yield from of_expression(process, node, ext["recipients"])
    if "collect" in ext and not (ext.keys() & {"cutoff", "cutoffWorkingDays"}):
        yield process.problem(node, "warning", "collect-without-cutoff")


def of_work(process: Process, node: Node, given: Files) -> Iterator[Problem]:
    """Yield what a task lacks to be done."""
    if node.type in ("userTask", "manualTask"):
        yield from _of_people(process, node)
        yield from _of_seers(process, node)
    if node.type == "userTask":
        yield from _of_form(process, node, given)
    elif node.type == "serviceTask" and "operator" not in node.ext:
        yield process.problem(node, "draft", "operator-missing")
    elif node.type == "businessRuleTask":
        decision = node.ext.get("decision")
        if "operator" not in node.ext and decision is None:
            yield process.problem(node, "draft", "operator-missing")
        elif "operator" not in node.ext and decision not in given.tables:
            yield process.problem(node, "refused", "decision-missing", decision=decision)
    elif node.type == "callActivity" and node.called not in given.executable:
        yield process.problem(node, "refused", _why_not_called(node.called or "", given), called=node.called or "-")
    elif node.type == "task":
        yield process.problem(node, "note", "task-abstract")
    if node.type in ACTIVITIES and not node.name and node.type not in SUBPROCESSES:
        yield process.problem(node, "note", "name-missing")


def _why_not_called(called: str, given: Files) -> str:
    if dialects.is_calculated(called):
        return "called-calculated"
    if called in given.global_tasks:
        return "called-global"
    return "called-draft" if any(one.id == called for one in given.drawn) else "called-missing"


def _of_form(process: Process, node: Node, given: Files) -> Iterator[Problem]:
    """Yield which form is missing, and what became of the one that another tool names or draws."""
    form, key, drawn = node.form_among(given.named), node.form_key, node.fields
    if form is not None:
        if form not in given.forms:
            yield process.problem(node, "refused", "form-missing", form=form)
        elif "form" not in node.ext and (drawn or key) and given.named.get(key or "") != form:
            yield process.problem(node, "note", "foreign-kept", what=key or "formData")
        return
    if drawn is None:
        if key is not None:
            yield process.problem(node, "warning", "foreign-form-missing", what=key)
        return
    if drawn.content is not None:
        yield process.problem(node, "warning", "form-generated", fields=", ".join(sorted(given.fields(node))) or "-")
    if drawn.lost:
        vietnamese, english = ("; ".join(words)[:500] for words in zip(*drawn.lost, strict=True))
        yield process.problem(node, "warning", "form-fields-lost", what=english, what_vi=vietnamese)


def _of_seers(process: Process, node: Node) -> Iterator[Problem]:
    """Yield what is counted for all although only one organization is to see it."""
    if "seenBy" in node.ext and node.ext.get("operator", "").startswith("reports."):
        yield process.problem(node, "warning", "seen-all-the-same", operator=node.ext["operator"])


def _of_people(process: Process, node: Node) -> Iterator[Problem]:
    """Yield what is unclear of who gets a task, and what contradicts itself."""
    role = node.ext.get("role") or node.lane_role
    if not role:
        if node.type == "userTask":
            yield process.problem(node, "note", "role-missing")
        for name in sorted(_OF_A_ROLE & node.ext.keys()):
            yield process.problem(node, "refused", "needs-role", attribute=name)
    elif "level" in node.ext and role in _NAMED:
        yield process.problem(node, "refused", "level-contradicts", attribute="level", role=role, at=node.ext["level"])
    kinds = listed(node.ext.get("posts", ""))
    if "posts" in node.ext and (role in kinds or not kinds):
        yield process.problem(node, "warning", "posts-say-nothing", role=role)


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
        sandbox.names_in(node.script)
    except sandbox.ScriptFailed as failed:
        yield process.problem(node, "refused", "script-unreadable", why=failed.message)
