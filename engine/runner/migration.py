"""An instance under another version of its definition: its tokens stay where they are, what is beside them follows."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from engine.runner import codec, ears
from engine.runner.bundle import Bundle
from engine.runner.events import Catch, EventGateway
from engine.runner.handlers import EventSubProcess, UndoSubProcess
from engine.runner.lean import Lean
from engine.runner.prune import prune
from engine.runner.renaming import Mapped, renamed
from engine.runner.rest import dump, load
from engine.runner.tree import COMPLETED, FINISHED, STARTED, WAITING, Inner, Instance, Token, below
from engine.runner.values import Migrated, Misfit, Waiting
from engine.runner.waiting import all_waiting

_WORK: Final = ("user", "manual", "service", "rule_operator")
_JOINING: Final = ("collect", "cutoff", "cutoffWorkingDays")


def migrate(old: Bundle, new: Bundle, process_id: str, rest: str, mapping: Mapped, *, now: datetime) -> Migrated:
    """Put a rest state under another version; `mapping` names for each element what takes its place, or nothing.

    Tokens do not move. Events that the new version adds beside an active element begin now, those it drops wait no
    longer; a timer that changed begins anew. Errors: Misfit; Stuck where a new timer cannot be computed.
    """
    with old.lock:
        before = all_waiting(load(old, process_id, rest, now=now))
    document = codec.loads(rest)
    renamed(old, new, document, mapping)
    with new.lock:
        instance = load(new, process_id, codec.dumps(document), now=now)
        try:
            changed = _mend(old, instance, mapping)
        finally:
            instance.close()
        prune(instance)
        made = dump(instance)
        proven = load(new, process_id, made, now=now)
        waiting = all_waiting(proven)
        standing = tuple((scope.spec.name, tuple(_standing(scope))) for scope in proven.scopes())
    return Migrated(made, before, waiting, _keys(before, waiting, mapping, changed), standing)


def _keys(
    before: Collection[Waiting], after: Collection[Waiting], mapping: Mapped, changed: set[str]
) -> dict[str, str]:
    """Return the key now of everything that waits on; raises Misfit if work does not wait where the mapping says."""
    now = {_unnumbered(one.key): one for one in after}
    keys = {}
    for one in before:
        place, mark, part = _unnumbered(one.key).partition("#")
        token, arm, event = place.partition(":")
        of = f"{token}:{mapping.get(event)}" if arm else token
        place = f"{of}{mark}{part}"
        if place in now and of not in changed:
            keys[one.key] = now[place].key
        if one.kind in _WORK and (place not in now or now[place].element != mapping.get(one.element)):
            raise Misfit("migration_no_target", element=one.element)
    return keys


def _unnumbered(key: str) -> str:
    """Return a key without the round of its timer."""
    return key.partition("~")[0]


def _mend(old: Bundle, instance: Instance, mapping: Mapped) -> set[str]:
    """Let everything beside the active elements begin that is new; return the keys of what waits anew."""
    changed: set[str] = set()
    awaited, taken = _awaited(old, mapping), frozenset(mapping.values())
    for scope in instance.scopes():
        for token in [token for token in scope.tasks.values() if not token._state & FINISHED]:
            if isinstance(token.task_spec, EventGateway):
                changed |= _mend_gateway(token, awaited)
            elif isinstance(token.task_spec, Catch):
                changed |= _mend_catch(token, awaited)
            _begin_at_border(token, taken)
        _begin_beside(scope, taken)
    return changed


def _awaited(old: Bundle, mapping: Mapped) -> dict[str | None, Any]:
    """Return what each element waited for under the old version, by what takes its place."""
    specs = [spec for process in old.specs.values() for spec in process.task_specs.values() if isinstance(spec, Catch)]
    return {mapping.get(str(spec.bpmn_id)): _awaits(spec) for spec in specs}


def _awaits(spec: Any) -> Any:
    event, ext = spec.event, spec.node.ext
    triggers = tuple((one.kind, one.timer or one.condition or one.name, one.code) for one in event.each)
    return triggers, event.together, *(ext.get(name) for name in _JOINING)


def _mend_gateway(token: Token, awaited: Mapping[str | None, Any]) -> set[str]:
    armed = token.internal_data["armed"]
    events = {event.name: event for event in token.task_spec.targets}
    changed = {name for name in armed if awaited.get(name) != _awaits(events[name])}
    for name, event in events.items():
        if name in changed or name not in armed:
            armed[name] = ears.armed(token, event.event)
    return {f"{token.id}:{name}" for name in changed}


def _mend_catch(token: Token, awaited: Mapping[str | None, Any]) -> set[str]:
    spec = token.task_spec
    if token._state != WAITING or awaited.get(spec.node.id) == _awaits(spec):
        return set()
    token.internal_data = {name: 1 for name in ("armed", "in") if name in token.internal_data}
    token.internal_data |= ears.armed(token, spec.event)
    return {str(token.id)}


def _begin_at_border(token: Token, taken: Collection[str | None]) -> None:
    """Let the events at the border of an active element begin that the old version did not have."""
    split = token.workflow.spec.task_specs.get(f"{token.task_spec.name}>border")
    if split is None:
        return
    above = token.workflow.tasks[token._parent]
    if above.task_spec is not split:
        above = _between(above, token, split)
    for event in split.targets[1:]:
        if event.name not in taken:
            _listen(above, event)


def _listen(above: Token, event: Catch) -> None:
    if len(above._children) == 1:
        # What a single way had come from was not kept: what is known now is where the two begin to differ.
        above.data = next((token.data for token in below(above)[1:] if token.data), {})
    event._update(above._add_child(event, WAITING))


def _between(above: Token, token: Token, split: Lean) -> Token:
    """Put the split of a border between an active element and what it came from."""
    made = Token(token.workflow, split, state=COMPLETED)
    made.data, made._parent, made._children = token.data, above.id, [token.id]
    above._children[above._children.index(token.id)] = made.id
    token._parent = made.id
    return made


def _begin_beside(scope: Any, taken: Collection[str | None]) -> None:
    """Let event sub-processes listen that the old version did not have, unless one has interrupted the scope."""
    if isinstance(scope, Inner) and isinstance(scope.host.task_spec, UndoSubProcess):
        return
    at_work = [t.task_spec for t in scope.tasks.values() if t._state == STARTED]
    if any(isinstance(spec, EventSubProcess) and spec.interrupting for spec in at_work):
        return
    for event in scope.spec.handlers:
        if event.name not in taken:
            _listen(scope.task_tree, event)


def _standing(scope: Any) -> Iterator[tuple[str, str | None]]:
    for token in scope.tasks.values():
        spec = token.task_spec
        # What has a name of ours stands within an element: the rounds of a loop, what is being undone, the end.
        if not (token._state & FINISHED or spec.at_border or spec.listens or ">" in spec.name):
            yield spec.name, token.internal_data.get("via")
