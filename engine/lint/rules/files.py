"""What only all files together can tell: which processes, forms and decisions there are, and how they fit."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from engine.bpmn import Node, Problem, Process
from engine.forms import naming
from engine.runner import decisions

_NOT_DATA: Final = frozenset({"textarea", "filepicker", "figures", "dynamiclist", "text", "separator"})
_MAX_DEPTH: Final = 8


class Files:
    """The files of one definition."""

    def __init__(self, drawn: list[Process], files: Mapping[str, bytes], global_tasks: Set[str] = frozenset()) -> None:
        self.drawn, self.global_tasks = drawn, global_tasks
        self.executable = {process.id: process for process in drawn if process.executable}
        self.named = naming.named(files)
        self.forms = {stem: content for name, content in files.items() if (stem := naming.stem_of(name)) is not None}
        self.tables = Counter(
            decision.id
            for name, content in files.items()
            if name.endswith(".dmn")
            for decision in decisions.read(name, content)[0]
        )

    def problems(self) -> Iterator[Problem]:
        """Yield what the files have twice, and what they call."""
        yield from self._twice()
        yield from self._calls()

    def fields(self, node: Node) -> frozenset[str]:
        """Return the keys of the form of a user task that become instance data."""
        if node.type != "userTask":
            return frozenset()
        stem, drawn = node.form_among(self.named), node.fields
        try:
            content = json.loads(self.forms.get(stem, b"{}") if stem else (drawn and drawn.content) or b"{}")
        except (ValueError, RecursionError):
            return frozenset()
        return frozenset(_keys(content))

    def _twice(self) -> Iterator[Problem]:
        seen: dict[str, Process] = {}
        starts: dict[str, Process] = {}
        for process in self.drawn:
            if process.id in seen:
                yield process.problem(process, "refused", "process-twice", first=seen[process.id].file)
            seen[process.id] = process
            if not process.executable:
                yield process.problem(process, "note" if self.executable else "draft", "not-executable")
                continue
            for node in process.scope(None):
                for event in node.event.each if node.type == "startEvent" else ():
                    if event.kind == "message" and event.name in starts:
                        facts = {"message": event.name, "other": starts[event.name].id}
                        yield process.problem(node, "refused", "start-message-twice", **facts)
                    if event.kind == "message":
                        starts[event.name] = process
        for name, count in self.tables.items():
            if count > 1:
                yield Problem("refused", "decision-twice", element=name, facts={"decision": name})

    def _calls(self) -> Iterator[Problem]:
        for key, process in self.executable.items():
            # An instance names its places by the ids of elements, wherever they are drawn.
            known = dict.fromkeys(process.nodes, process)
            for called in self._called(key):
                if called == key:
                    yield process.problem(process, "refused", "called-in-a-circle")
                    break
                for id, node in self.executable[called].nodes.items():
                    if id in known:
                        facts = {"other": known[id].name or known[id].id, "first": known[id].file}
                        yield self.executable[called].problem(node, "refused", "called-id-twice", **facts)
                    known[id] = self.executable[called]

    def _called(self, key: str) -> Iterator[str]:
        """Yield what a process calls, directly or not, each once; itself where it leads back there."""
        calls = {
            name: [node.called for node in process.nodes.values() if node.called in self.executable]
            for name, process in self.executable.items()
        }
        pending, seen = list(calls[key]), set[str | None]()
        while pending:
            called = pending.pop(0)
            if called is not None and called not in seen:
                seen.add(called)
                yield called
                pending += calls[called]


def _keys(component: Any, depth: int = 0) -> Iterator[str]:
    if not isinstance(component, dict) or depth > _MAX_DEPTH:
        return
    if isinstance(component.get("key"), str) and component.get("type") not in _NOT_DATA:
        yield component["key"]
    children = component.get("components")
    if isinstance(children, list) and component.get("type") != "dynamiclist":
        for child in children:
            yield from _keys(child, depth + 1)
