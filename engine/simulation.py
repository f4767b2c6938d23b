"""Run diagrams in memory on the real runner: instances, messages, signals and a clock that somebody advances."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from engine import lint, runner
from engine.bpmn import Node, Process
from engine.calendar import Calendar
from engine.runner import CHOSEN, Bundle, Step, Stuck, Waiting, iso8601
from models.errors import WrongState

MAX_MOVES: Final = 5_000
MAX_INSTANCES: Final = 200
WAIT: Final = "wait"  # an answer that leaves the task open
_WORK: Final = frozenset({"user", "manual", "service", "rule_operator"})
_CALENDAR: Final = Calendar({})


@dataclass(frozen=True, slots=True)
class Happen:
    """Something comes from outside: a message or signal by its name, or a timer by its element, whatever its time."""

    kind: str
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advance:
    """Time passes: an ISO 8601 duration."""

    duration: str


Act = Happen | Advance


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trace; `event` is started, completed or cancelled."""

    element: str
    type: str
    event: str


@dataclass(frozen=True, slots=True)
class Open:
    """Something that still waits."""

    element: str
    kind: str
    name: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Simulated:
    """How a run ended: finished, waiting, stuck (nothing can go on), failed or refused (and why)."""

    outcome: str
    trace: tuple[Entry, ...] = ()
    waiting: tuple[Open, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    ended_at: tuple[str, ...] = ()
    error: Mapping[str, str | None] | None = None
    findings: tuple[lint.Finding, ...] = ()


class Unusable(ValueError):
    """An option does not fit the diagram; the message says which."""


def simulate(
    files: Mapping[str, bytes],
    *,
    processes: Sequence[str] = (),
    answers: Mapping[str, Any] | None = None,
    acts: Sequence[Act] = (),
    now: datetime,
) -> Simulated:
    """Start an instance of each process named, else of each that begins by itself, then do the acts in their order.

    Tasks are completed as soon as they open, with the answers given for their id: an object, a list of them for one
    time after the other, or "wait". What only the soundness rules refuse is run as drawn. Raises Unusable.
    """
    report = lint.check(files)
    refused = [one for one in report.findings if one.level == "refused" and one.rule not in lint.SOUNDNESS]
    if refused:
        why = {"element": refused[0].element, "message": refused[0].message_en}
        return Simulated("refused", error=why, findings=report.findings)
    world = _World(Bundle(files), dict(answers or {}), now)
    world.play(processes, acts)
    return world.result(report.findings)


@dataclass(slots=True, eq=False)
class _Run:
    """One instance; `step` is its last move, `lost` why it could not make one."""

    process_id: str
    step: Step | None = None
    data: dict[str, Any] = field(default_factory=dict)
    lost: Stuck | None = None
    due: dict[str, datetime] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        return self.step.waiting if self.step is not None and self.lost is None else ()


@dataclass(slots=True)
class _Armed:
    """A start event that waits for its trigger; `due` and what follows it are for timers."""

    process_id: str
    node: Node
    due: datetime | None = None
    every: str | None = None
    left: int | None = 1
    started: bool = False


class _World:
    def __init__(self, bundle: Bundle, answers: dict[str, Any], now: datetime) -> None:
        self.bundle, self.answers, self.now = bundle, answers, now
        self.types = {
            element.id: element.type for name in bundle.processes for element in bundle.elements(name).values()
        }
        self.runs: list[_Run] = []
        self.armed: list[_Armed] = []
        self.kept: list[tuple[str, dict[str, Any], _Run | None]] = []  # messages nobody waits for yet
        self.trace: list[Entry] = []
        self.ended_at: list[str] = []
        self.moves = 0
        self.starts: Counter[str] = Counter()
        self.turns: dict[str, int] = {}  # what waits -> which run of its element it is

    def play(self, processes: Sequence[str], acts: Sequence[Act]) -> None:
        known = self.bundle.processes
        for name in processes:
            if name not in known:
                raise Unusable(f"no process “{name}”; the file has {', '.join(known) or 'none'}")
        for name in processes or self._beginning():
            self._begin(known[name])
        self._settle()
        for act in acts:
            if isinstance(act, Happen):
                self._happen(act)
            else:
                self._advance(act)

    def _beginning(self) -> list[str]:
        """Return the processes that begin by themselves; where none does, all that nobody calls."""
        known = self.bundle.processes.values()
        called = {node.called for process in known for node in process.nodes.values() if node.called}
        free = [process for process in known if process.id not in called] or list(known)
        plain = [process.id for process in free if _plain_start(process)]
        return plain or [process.id for process in free]

    def _begin(self, process: Process) -> None:
        if _plain_start(process):
            self._start(process.id, None, {})
            return
        for node in _event_starts(process):
            armed = _Armed(process.id, node)
            if node.event.timer is not None:
                self._set(armed)
            self.armed.append(armed)

    def _set(self, armed: _Armed) -> None:
        timer = armed.node.event.timer
        if timer is None:
            return
        if timer.kind == "workingDays":
            armed.due = _CALENDAR.add_working_days(self.now, timer.working_days or 1)
        elif timer.kind == "cycle":
            cycle = iso8601.cycle(timer.text, now=self.now)
            armed.due, armed.every, armed.left = cycle.first, cycle.every, cycle.times
        else:
            armed.due = iso8601.due(timer.kind, timer.text, now=self.now)

    def _start(self, process_id: str, at: str | None, data: dict[str, Any]) -> None:
        if len(self.runs) >= MAX_INSTANCES:
            raise Unusable(f"more than {MAX_INSTANCES} instances")
        run = _Run(process_id, data=data)
        self.runs.append(run)
        self._take(run, lambda: runner.start(self.bundle, process_id, data=data, now=self.now, at=at))

    def _move(self, run: _Run, what: runner.Input) -> None:
        step = run.step
        if step is not None:
            self._take(run, lambda: runner.advance(self.bundle, run.process_id, step.rest, what, now=self.now))

    def _take(self, run: _Run, move: Any) -> None:
        self.moves += 1
        try:
            step: Step = move()
        except WrongState as refused:
            raise Unusable(str(refused)) from None
        except Stuck as stuck:
            run.lost = stuck
            self._write(run, stuck.log)
            return
        run.step, run.data = step, step.data
        self._write(run, step.log)
        self._number(step)
        keys = {one.key for one in step.waiting}
        run.due = {key: due for key, due in run.due.items() if key in keys}
        for one in step.waiting:
            due = one.due
            if one.working_days is not None:
                due = run.due.get(one.key) or _CALENDAR.add_working_days(self.now, one.working_days)
            if due is not None:
                run.due[one.key] = due
        for thrown in step.thrown:
            self._throw(run, thrown)

    def _number(self, step: Step) -> None:
        """Number what opened among all runs of its element, also those that were stopped before anybody saw them."""
        opened = [one for one in step.waiting if one.key not in self.turns]
        self.starts.update(element for event, element in step.log if event == "started")
        later = Counter(one.element for one in opened)
        for one in opened:
            self.turns[one.key] = self.starts[one.element] - later[one.element]
            later[one.element] -= 1

    def _write(self, run: _Run, log: tuple[tuple[str, str], ...]) -> None:
        elements = self.bundle.elements(run.process_id)
        for event, element in log:
            self.trace.append(Entry(element, self.types.get(element, ""), event))
            if event == "completed" and element in elements and self._ends(run.process_id, element):
                self.ended_at.append(element)

    def _ends(self, process_id: str, element: str) -> bool:
        """Say whether an element is an end event of the process itself or of an event sub-process of it."""
        nodes = self.bundle.processes[process_id].nodes
        node = nodes[element]
        parent = node.parent
        while parent is not None and nodes[parent].triggered:
            parent = nodes[parent].parent
        return node.type == "endEvent" and parent is None

    def _throw(self, sender: _Run, thrown: runner.Thrown) -> None:
        if thrown.kind == "signal":
            self._signal(thrown.name, {}, sender)
        elif thrown.kind == "message":
            node = self.bundle.processes[sender.process_id].nodes.get(thrown.element)
            carried = (node.ext.get("payload", "") if node else "").replace(",", " ").split()
            self._message(thrown.name, {one: thrown.payload[one] for one in carried if one in thrown.payload}, sender)

    def _message(self, name: str, payload: dict[str, Any], sender: _Run | None) -> None:
        for run in self.runs:
            for one in run.waiting:
                if run is not sender and one.kind == "message" and one.message == name:
                    self._move(run, runner.Deliver(one.key, payload))
                    return
        if not self._starts_by("message", name, payload):
            self.kept.append((name, payload, sender))

    def _signal(self, name: str, payload: dict[str, Any], sender: _Run | None) -> None:
        listening = [run for run in self.runs if run is not sender]
        for run in listening:
            for key in [one.key for one in run.waiting if one.kind == "signal" and one.message == name]:
                if any(one.key == key for one in run.waiting):
                    self._move(run, runner.Deliver(key, payload))
        self._starts_by("signal", name, payload)

    def _starts_by(self, kind: str, name: str, payload: dict[str, Any]) -> bool:
        started = False
        for process in self.bundle.processes.values():
            for node in _event_starts(process):
                if node.event.kind == kind and node.event.name == name and not (started and kind == "message"):
                    started = True
                    for armed in self.armed:
                        armed.started = armed.started or armed.process_id == process.id
                    self._start(process.id, node.id, payload)
        return started

    def _settle(self) -> None:
        """Complete what is open, deliver what was kept, fire what is due, until only the outside can go on."""
        while self._act_once():
            if self.moves > MAX_MOVES:
                busy = next((run for run in self.runs if run.waiting), self.runs[-1])
                busy.lost = Stuck(f"no end after {MAX_MOVES} moves", element=busy.waiting[0].element)
                return

    def _act_once(self) -> bool:
        for run in self.runs:
            for one in run.waiting:
                if one.kind in _WORK and self._work(run, one):
                    return True
        for at, (name, payload, sender) in enumerate(self.kept):
            for run in self.runs:
                for one in run.waiting:
                    if run is not sender and one.kind == "message" and one.message == name:
                        del self.kept[at]
                        self._move(run, runner.Deliver(one.key, payload))
                        return True
        return self._fire(self.now)

    def _work(self, run: _Run, one: Waiting) -> bool:
        given = self.answers.get(one.element, {})
        if isinstance(given, list):
            turn = self.turns[one.key]
            given = given[turn] if turn < len(given) else {}
        if given == WAIT:
            return False
        if one.choices and not isinstance(given, Mapping):
            given = {CHOSEN: given}
        if one.choices and CHOSEN not in given:
            return False
        if not isinstance(given, Mapping):
            raise Unusable(f"the answers for “{one.element}” are not an object")
        self._move(run, runner.Complete(one.key, dict(given)))
        return True

    def _happen(self, act: Happen) -> None:
        payload = dict(act.payload)
        if act.kind == "message":
            self._message(act.name, payload, None)
        elif act.kind == "signal":
            self._signal(act.name, payload, None)
        else:
            self._fire_named(act.name)
        self._settle()

    def _fire_named(self, name: str) -> None:
        for run in self.runs:
            for one in run.waiting:
                if one.kind == "timer" and name in (one.element, one.name):
                    self._move(run, runner.Fire(one.key))
                    return
        for armed in self.armed:
            if armed.due is not None and name in (armed.node.id, armed.node.name):
                self._start_by_time(armed)
                return
        raise Unusable(f"no timer “{name}” waits")

    def _advance(self, act: Advance) -> None:
        try:
            until = iso8601.after(self.now, act.duration)
        except iso8601.BadTimer as bad:
            raise Unusable(f"“{act.duration}” is no ISO 8601 duration ({bad})") from None
        while (due := self._next_due()) is not None and due <= until and self.moves <= MAX_MOVES:
            self.now = max(self.now, due)
            self._settle()
        self.now = until

    def _dues(self) -> Iterator[datetime]:
        for run in self.runs:
            if run.waiting:
                yield from run.due.values()
        yield from (armed.due for armed in self.armed if armed.due is not None)

    def _next_due(self) -> datetime | None:
        return min(self._dues(), default=None)

    def _fire(self, now: datetime) -> bool:
        """Fire the timer that is due first, if one is."""
        first = self._next_due()
        if first is None or first > now:
            return False
        for run in self.runs:
            for one in run.waiting:
                if run.due.get(one.key) == first:
                    self._move(run, runner.Fire(one.key))
                    return True
        for armed in self.armed:
            if armed.due == first:
                self._start_by_time(armed)
                return True
        return False

    def _start_by_time(self, armed: _Armed) -> None:
        armed.left = None if armed.left is None else armed.left - 1
        again = armed.every is not None and armed.due is not None and armed.left != 0
        armed.due = iso8601.after(armed.due, armed.every) if again and armed.due and armed.every else None
        armed.started = True
        self._start(armed.process_id, armed.node.id, {})

    def result(self, findings: tuple[lint.Finding, ...]) -> Simulated:
        data: dict[str, Any] = {}
        for run in reversed(self.runs):
            data |= run.data if run.lost is None else {**run.data, **run.lost.data}
        waiting = [
            Open(one.element, one.kind, one.name, run.due.get(one.key)) for run in self.runs for one in run.waiting
        ]
        waiting += [
            Open(one.node.id, one.node.event.kind, one.node.name or one.node.id, one.due)
            for one in self.armed
            if not one.started
        ]
        outcome, error = self._outcome(bool(waiting))
        return Simulated(outcome, tuple(self.trace), tuple(waiting), data, tuple(self.ended_at), error, findings)

    def _outcome(self, waits: bool) -> tuple[str, dict[str, str | None] | None]:
        for run in self.runs:
            if run.lost is not None and not isinstance(run.lost, runner.DeadEnd):
                return "failed", {"element": run.lost.element, "message": run.lost.message}
            if run.step is not None and run.step.ended == "failed":
                return "failed", {"element": run.step.failed_at, "message": run.step.error or ""}
        for run in self.runs:
            if run.lost is not None:
                return "stuck", {"element": run.lost.element, "message": run.lost.message}
        return ("waiting" if waits else "finished"), None


def _event_starts(process: Process) -> list[Node]:
    return [node for node in process.scope(None) if node.type == "startEvent" and node.event.kind != "none"]


def _plain_start(process: Process) -> bool:
    starts = [node for node in process.scope(None) if node.type == "startEvent"]
    return not starts or any(node.event.kind == "none" for node in starts)
