"""The token engine as a pure function: definition, rest state and input in; new rest state and what happened out."""

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from engine.runner import alarms, codec
from engine.runner.activities import CHOSEN
from engine.runner.bundle import Bundle, Unfit, hash_of
from engine.runner.ears import Ear
from engine.runner.migration import migrate
from engine.runner.prune import prune
from engine.runner.rest import dump, load
from engine.runner.throws import throw_up
from engine.runner.tree import FINISHED, READY, WAITING, Instance, Token, below, discard
from engine.runner.values import (
    Ask,
    Cancel,
    Complete,
    DeadEnd,
    Deliver,
    Element,
    Fail,
    Fire,
    Input,
    Migrated,
    Misfit,
    MoveTo,
    NotWaiting,
    SequenceFlow,
    SetData,
    Step,
    Stuck,
    Thrown,
    Waiting,
    Wake,
)
from engine.runner.waiting import all_waiting, waiting_in
from engine.sandbox import NotPlain

if version("spiffworkflow") != "3.2.0":
    raise ImportError("the runner is made for SpiffWorkflow 3.2.0 (engine.md §5 lists what it corrects)")

__all__ = [
    "CHOSEN",
    "Ask",
    "Bundle",
    "Cancel",
    "Complete",
    "DeadEnd",
    "Deliver",
    "Element",
    "Fail",
    "Fire",
    "Input",
    "Migrated",
    "Misfit",
    "MoveTo",
    "NotPlain",
    "NotWaiting",
    "SequenceFlow",
    "SetData",
    "Step",
    "Stuck",
    "Thrown",
    "Unfit",
    "Waiting",
    "Wake",
    "advance",
    "compile_bundle",
    "hash_of",
    "look",
    "migrate",
    "start",
]


def compile_bundle(files: Mapping[str, bytes]) -> Bundle:
    """Compile the files of one definition; raises Unfit. Keep the result: it is shared by all instances."""
    return Bundle(files)


def start(
    bundle: Bundle,
    process_id: str,
    *,
    data: dict[str, Any],
    now: datetime,
    message: str | None = None,
    at: str | None = None,
    skipping: frozenset[str] = frozenset(),
) -> Step:
    """Start an instance, by the start event of `message`, or the one with the id `at`; raises Stuck or NotPlain.

    `skipping` as for `advance`.
    """
    first = at
    if message is not None:
        first = bundle.start_events[process_id].get(message)
        if first is None:
            raise Stuck(f"“{process_id}” has no start event for message “{message}”")
    given = codec.checked(data)
    with bundle.lock:
        instance = Instance(bundle.specs[process_id], bundle.specs, now=_aware(now))
        try:
            instance.first, instance.skipping = first, skipping
            instance.plant(instance.spec, given)
            instance.last = instance.latest = given
            return _settled(instance, {})
        except Stuck as stuck:
            _tell_how_far(stuck, instance)
            raise
        finally:
            instance.close()


def advance(
    bundle: Bundle,
    process_id: str,
    rest: str,
    input: Input,
    *,
    now: datetime,
    skipping: frozenset[str] = frozenset(),
) -> Step:
    """Apply one input; raises NotWaiting, Stuck or NotPlain, and then nothing has happened.

    Scripts and rules named in `skipping` pass without doing anything: an operator's way out of an incident.
    """
    with bundle.lock:
        instance = load(bundle, process_id, rest, now=_aware(now))
        instance.skipping = skipping
        try:
            before = {key: token for key, token, _ in waiting_in(instance)}
            _apply(instance, input)
            return _settled(instance, before, still=isinstance(input, SetData) and input.still)
        except RecursionError:
            raise Stuck("the diagram is nested too deeply") from None
        except Stuck as stuck:
            _tell_how_far(stuck, instance)
            raise
        finally:
            instance.close()


def look(bundle: Bundle, process_id: str, rest: str, *, now: datetime) -> tuple[Waiting, ...]:
    """Return what waits in a rest state, without moving it; raises Stuck when the definition does not fit it."""
    with bundle.lock:
        return all_waiting(load(bundle, process_id, rest, now=_aware(now)))


def _tell_how_far(stuck: Stuck, instance: Instance) -> None:
    stuck.log, stuck.data = tuple(instance.log), dict(instance.last)


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a naive instant")
    return now


def _apply(instance: Instance, given: Input) -> None:
    if instance.outcome or instance.completed:
        raise NotWaiting(getattr(given, "key", "-"))
    match given:
        case Complete(key, answers):
            token = _work(instance, key)
            token.task_spec.take(token, codec.checked(answers))
            token.run()
        case Fail(key, code):
            token = _work(instance, key)
            _fail(instance, token, code)
        case Deliver(key, payload):
            news = codec.checked(payload)
            instance.latest = {**instance.latest, **news}
            _ear(instance, key).hear(news)
        case Fire(key):
            _ear(instance, key).hear({})
        case Wake():
            for key in [key for key, _, ear in waiting_in(instance) if ear is not None and _is_due(instance, ear)]:
                for ear in [ear for other, _, ear in waiting_in(instance) if other == key and ear is not None]:
                    ear.hear({})
                    instance.settle()
        case Ask():
            pass  # settling asks
        case SetData(data):
            news = codec.checked(data)
            for scope in instance.scopes():
                for token in scope.tasks.values():
                    if not token._state & FINISHED:
                        token.learn(news)
            instance.last, instance.latest = {**instance.last, **news}, {**instance.latest, **news}
        case MoveTo(key, element):
            _move(instance, _found(instance, key)[0], element)
        case Cancel():
            instance.outcome = "cancelled"
            instance.stop()


def _move(instance: Instance, token: Token, element: str) -> None:
    while token._parent is not None:
        parent = token.workflow.tasks[token._parent]
        if not (parent.task_spec.splits_border or parent.task_spec.repeats):
            break
        token = parent
    specs = token.workflow.spec.task_specs
    spec = specs.get(f"{element}>border") or specs.get(element)
    if spec is None or spec.at_border or spec.listens or token._parent is None:
        raise Stuck(f"“{element}” is not in the same part of the diagram", element=element)
    data, above = token.data, token.workflow.tasks[token._parent]
    for gone in below(token):
        gone.cancel()
    discard(token)
    moved = above._add_child(spec)
    moved.data = data
    spec._update(moved)


def _fail(instance: Instance, token: Token, code: str) -> None:
    from engine.bpmn import Event

    if not throw_up(token, Event("error", code, code), token.data, here=True):
        instance.fail(code, token.task_spec.bpmn_id)


def _is_due(instance: Instance, ear: Ear) -> bool:
    due = alarms.due_of(ear.memory)
    return due is not None and due <= instance.now


def _work(instance: Instance, key: str) -> Token:
    token, ear = _found(instance, key)
    if ear is not None:
        raise NotWaiting(key)
    return token


def _ear(instance: Instance, key: str) -> Ear:
    _, ear = _found(instance, key)
    if ear is None:
        raise NotWaiting(key)
    return ear


def _found(instance: Instance, key: str) -> tuple[Token, Ear | None]:
    for other, token, ear in waiting_in(instance):
        if other == key:
            return token, ear
    raise NotWaiting(key)


def _settled(instance: Instance, before: dict[str, Token], *, still: bool = False) -> Step:
    if instance.task_tree._state == READY and not instance.task_tree._children:
        instance.task_tree.run()
    if not still:
        instance.settle()
    if instance.completed and not instance.outcome:
        instance.outcome = "finished"
    if not instance.outcome:
        prune(instance)
    waiting = () if instance.outcome else all_waiting(instance)
    if not waiting and not instance.outcome:
        raise DeadEnd("no way on: nothing waits, and the process has not ended", element=_somebody(instance))
    keys = {one.key for one in waiting}
    return Step(
        rest=dump(instance),
        waiting=waiting,
        opened=tuple(one for one in waiting if one.key not in before),
        closed=tuple(key for key in before if key not in keys),
        thrown=tuple(
            Thrown(one.element, one.kind, one.name, one.recipients, codec.copied(one.payload))
            for one in instance.thrown
        ),
        log=tuple(instance.log),
        ended=instance.outcome,
        error=instance.error,
        data=codec.copied(instance.last),
        taken=tuple(instance.taken),
        failed_at=instance.failed_at,
    )


def _somebody(instance: Instance) -> str | None:
    for scope in instance.scopes():
        for token in scope.tasks.values():
            if token._state == WAITING and token.task_spec.bpmn_id:
                return str(token.task_spec.bpmn_id)
    return None
