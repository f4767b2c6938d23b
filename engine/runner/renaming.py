"""The rest state under the names of another version: every token on the element that takes the place of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.runner.activities import SubProcess, Work
from engine.runner.bundle import Bundle
from engine.runner.events import Boundary, Catch, EventGateway
from engine.runner.gateways import Joining, Parallel
from engine.runner.handlers import UndoSubProcess
from engine.runner.repetition import Repetition
from engine.runner.tree import CANCELLED, FINISHED, WAITING
from engine.runner.values import Misfit

Mapped = Mapping[str, str | None]
_ROOT: Final = ">root"
# Whatever else of a loop changes, its rounds go on with what the loop has kept of them.
_KEPT_BY_A_LOOP: Final = ("kind", "collection", "items", "item", "output", "output_item")


def renamed(old: Bundle, new: Bundle, document: dict[str, Any], mapping: Mapped) -> None:
    """Rename a rest state in place; raises Misfit where something alive has no place in the new version.

    Events beside an activity that have no target wait no longer; what has passed keeps its data and loses its name.
    """
    scopes: list[_Scope] = []
    for written in document["w"]:
        if "h" not in written:
            scope = _Scope(old.specs[document["p"]], new.specs[document["p"]], new, mapping, ())
        else:
            at, number = written["h"]
            outer = scopes[at]
            host = outer.new.task_specs[document["w"][at]["t"][number][0]]
            scope = _Scope(old.specs[written["n"]], new.specs[host.spec], new, mapping, (outer, *outer.around))
            written["n"] = host.spec
        scopes.append(scope)
        scope.rename(written["t"])
        if "c" in written:
            written["c"] = scope.undoable(written["c"])


def fits(before: Any, after: Any) -> bool:
    """Tell whether what waits at one spec can wait at another."""
    return type(before) is type(after) and _kind(before) == _kind(after)


def _kind(spec: Any) -> str:
    if isinstance(spec, Catch):
        return str(spec.event.kind)
    if isinstance(spec, SubProcess):
        return str(spec.node.type) if spec.node is not None else ""
    if isinstance(spec, Work):
        return "person" if spec.kind in ("user", "manual") else spec.kind
    return ""


def repeats_alike(before: Any, after: Any) -> bool:
    """Tell whether the rounds of one loop can go on as those of another; what does not repeat is alike."""
    if not (isinstance(before, Repetition) and isinstance(after, Repetition)):
        return isinstance(before, Repetition) == isinstance(after, Repetition)
    return all(getattr(before.loop, name) == getattr(after.loop, name) for name in _KEPT_BY_A_LOOP)


class _Scope:
    """One process or sub-process under the old and under the new version."""

    def __init__(self, old: Any, new: Any, bundle: Bundle, mapping: Mapped, around: "Sequence[_Scope]") -> None:
        self.old, self.new, self.bundle, self.mapping, self.around = old, new, bundle, mapping, around

    def rename(self, rows: list[list[Any]]) -> None:
        working = {row[2] for row in rows if not row[1] & FINISHED and self._is_activity(row[0])}
        for number, row in enumerate(rows):
            spec = self.old.task_specs[row[0]]
            if row[1] & FINISHED:
                row[0] = self._passed(spec, is_at_work=number in working)
            elif self._withdraws(spec, row):
                row[:] = [_ROOT, CANCELLED, row[2], -1, 0]
            else:
                row[0] = self._alive(spec)
                self._rename_memory(spec, self.new.task_specs[row[0]], row[5] if len(row) > 5 else {})
        self._require_open_joins(rows)

    def _is_activity(self, name: str) -> bool:
        return f"{name}>border" in self.old.task_specs

    def _target(self, name: str) -> str | None:
        element, mark, part = name.partition(">")
        target = self.mapping.get(element) if element else ""
        return None if target is None else f"{target}{mark}{part}"

    def _passed(self, spec: Any, *, is_at_work: bool) -> str:
        target = self._target(spec.name)
        if target is None or not (spec.splits_border and is_at_work and target in self.new.task_specs):
            return _ROOT
        return target

    def _withdraws(self, spec: Any, row: list[Any]) -> bool:
        beside = spec.at_border or (spec.listens and row[1] == WAITING)
        return beside and self._target(spec.name) is None

    def _alive(self, spec: Any) -> str:
        target = self._target(spec.name)
        if target is None:
            raise self._misfit("migration_no_target", spec)
        found = self.new.task_specs.get(target)
        if found is None:
            raise self._misfit("migration_other_place", spec)
        if not repeats_alike(spec, found):
            raise self._misfit("migration_other_repetition", spec)
        if not fits(spec, found):
            raise self._misfit("migration_other_kind", spec)
        if isinstance(spec, Boundary) and not self._is_beside(spec, found):
            raise self._misfit("migration_other_place", spec)
        return target

    def _is_beside(self, spec: Any, found: Any) -> bool:
        split = self.new.task_specs.get(f"{self.mapping.get(spec.node.attached_to or '')}>border")
        return split is not None and found in split.targets[1:]

    def _rename_memory(self, spec: Any, found: Any, memory: dict[str, Any]) -> None:
        if isinstance(spec, EventGateway):
            memory["armed"] = self._awaited(spec, found, memory["armed"])
        elif isinstance(spec, Joining) and "via" in memory:
            memory["via"] = self._via(spec, found, memory["via"])
        for name in ("inside", "queue"):
            if name in memory:
                memory[name] = self.undoable(memory[name])

    def _awaited(self, spec: Any, found: Any, armed: dict[str, Any]) -> dict[str, Any]:
        """Rename the events of an event-based gateway; those without a target are no longer awaited."""
        kept = {}
        for name, memory in armed.items():
            if (target := self._target(name)) is None:
                continue
            event = next((one for one in found.targets if one.name == target), None)
            if event is None:
                raise self._misfit("migration_other_place", self.old.task_specs[name])
            if not fits(self.old.task_specs[name], event):
                raise self._misfit("migration_other_kind", self.old.task_specs[name])
            kept[target] = memory
        return kept

    def _via(self, spec: Any, found: Any, via: str) -> str:
        target = self._target(via)
        if target is None or target not in found._inputs:
            raise self._misfit("migration_other_join", spec)
        return target

    def _require_open_joins(self, rows: list[list[Any]]) -> None:
        """Refuse a parallel join whose last branch has arrived by the change: nothing would let it go on."""
        arrived: dict[str, set[str]] = {}
        for row in rows:
            if not row[1] & FINISHED and isinstance(self.new.task_specs[row[0]], Parallel):
                arrived.setdefault(row[0], set()).add(row[5]["via"])
        for name, inputs in arrived.items():
            join = self.new.task_specs[name]
            if len(inputs) >= len(set(join._inputs)):
                raise self._misfit("migration_other_join", join)

    def undoable(self, entries: list[list[Any]]) -> list[list[Any]]:
        scopes = (self.new, *(scope.new for scope in self.around))
        return _undoable(entries, scopes, self.bundle, self.mapping)

    def _misfit(self, reason: str, spec: Any) -> Misfit:
        return Misfit(reason, element=spec.name.partition(">")[0])


def _undoable(entries: list[list[Any]], scopes: Sequence[Any], bundle: Bundle, mapping: Mapped) -> list[list[Any]]:
    """Rename what was completed and may yet be undone; a version that undoes nothing forgets it."""
    return [_entry(entry, scopes, bundle, mapping) for entry in entries] if bundle.compensates else []


def _entry(entry: list[Any], scopes: Sequence[Any], bundle: Bundle, mapping: Mapped) -> list[Any]:
    element, own, inside = entry
    target = mapping.get(element)
    scope = next((one for one in scopes if target in one.undoing), None)
    if scope is None:
        raise Misfit("migration_not_undoable", element=element)
    undo = scope.undoing[target]
    if isinstance(undo, UndoSubProcess):
        inside = _undoable(inside, (bundle.specs[undo.spec], *scopes), bundle, mapping)
    return [target, own, inside]
