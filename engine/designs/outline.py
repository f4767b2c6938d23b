"""The outline of a bundle: its steps, who does them, until when, by which form and what comes next; and its variables.

Both are read from the drawing as it is, so that they are there for one that cannot run yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine import bpmn
from engine.bpmn import Node, Process
from engine.forms import naming
from engine.lint import data_flow
from engine.lint.graph import Graph
from engine.lint.rules.files import Files
from engine.runner import decisions


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a process as the outline shows it; `node` is the whole of it."""

    id: str
    type: str
    name: str
    file: str
    process: str
    parent: str | None
    role: str | None
    working_days: str | None
    due: str | None
    form: str | None
    documentation: str | None
    node: Node
    next: tuple[tuple[str, str, str], ...]  # of each flow that leaves: its id, where it leads, its name


@dataclass(frozen=True, slots=True)
class Variable:
    """One value the processes of a bundle keep: who sets it, who asks for it, and what is odd about that.

    `trouble` is None, "unused", "unset" (asked for, set by nobody here), or "early" (asked for where it may not be set
    yet).
    """

    name: str
    process: str
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    trouble: str | None


def drawn(files: Mapping[str, bytes]) -> list[Process]:
    """Return the processes of a bundle as drawn, in the order of the files."""
    return [
        process
        for name, content in sorted(files.items())
        if name.endswith(".bpmn")
        for process in bpmn.read(name, content).processes
    ]


def steps_of(files: Mapping[str, bytes]) -> list[Step]:
    """List the elements of all processes of a bundle, in document order."""
    forms = naming.named(files)
    return [_step(process, node, forms) for process in drawn(files) for node in process.nodes.values()]


def _step(process: Process, node: Node, forms: Mapping[str, str]) -> Step:
    stem = node.form_among(forms) or node.id
    return Step(
        id=node.id,
        type=node.type,
        name=node.name or "",
        file=process.file,
        process=process.id,
        parent=node.parent,
        role=node.ext.get("role") or node.lane_role,
        working_days=node.ext.get("workingDays"),
        due=node.ext.get("due"),
        form=stem if node.type == "userTask" and stem in forms else None,
        documentation=node.documentation,
        node=node,
        next=tuple((flow.id, flow.target, flow.name or "") for flow in process.flows if flow.source == node.id),
    )


def variables_of(files: Mapping[str, bytes]) -> list[Variable]:
    """List the variables of all processes of a bundle, by name."""
    processes = drawn(files)
    given = Files(processes, files)
    found = [variable for process in processes for variable in _variables(process, given)]
    return sorted(found, key=lambda one: (one.process, one.name))


def _variables(process: Process, given: Files) -> Iterator[Variable]:
    graph = Graph(process)
    writers: dict[str, list[str]] = {}
    readers: dict[str, list[str]] = {}
    for node in process.nodes.values():
        for name in _written(node, given):
            writers.setdefault(name, []).append(node.id)
        for name in data_flow.read_by(node, graph.outgoing.get(node.id, ())):
            readers.setdefault(name, []).append(node.id)
    for name in writers.keys() | readers.keys():
        wrote, read = tuple(writers.get(name, ())), tuple(readers.get(name, ()))
        yield Variable(name, process.id, wrote, read, _trouble(graph, wrote, read))


def _written(node: Node, given: Files) -> frozenset[str]:
    answers = given.fields(node)
    return data_flow.written_by(node) | answers


def _trouble(graph: Graph, writers: tuple[str, ...], readers: tuple[str, ...]) -> str | None:
    if not readers:
        return "unused"
    if not writers:
        return "unset"
    nodes, setting = graph.process.nodes, set(writers)
    for writer in writers:  # what is set in a sub-process is taken to be set when the sub-process is over
        parent = nodes[writer].parent
        while parent is not None:
            setting.add(parent)
            parent = nodes[parent].parent
    early = graph.reached(until=setting) - setting
    return "early" if early & set(readers) else None


def messages_of(files: Mapping[str, bytes]) -> list[str]:
    """List the names of the messages that a bundle waits for or throws."""
    named = {
        event.name
        for process in drawn(files)
        for node in process.nodes.values()
        for event in node.event.each
        if event.kind == "message" and event.name
    }
    return sorted(named)


def decisions_of(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """List (id, file) of the decision tables of a bundle."""
    return sorted(
        (decision.id, name)
        for name, content in files.items()
        if name.endswith(".dmn")
        for decision in decisions.read(name, content)[0]
    )
