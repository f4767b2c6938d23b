"""What runs in a simulation: the instances, what is on its way between them, and the time."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic
from typing import Any, Final, NamedTuple

from engine import iso8601, runner
from engine.bpmn import Process
from engine.calendar import Calendar
from engine.runner import Bundle, Step, Stuck, Thrown, Waiting
from engine.schedules import schedule
from engine.simulation.answers import Answers
from engine.simulation.runs import Run
from engine.simulation.starts import Start, beginning, begins_plainly, playable, triggered_starts
from engine.simulation.traces import Trace
from engine.simulation.values import Act, Advance, Answer, Happen, Unusable
from models.errors import WrongState

MAX_MOVES: Final = 5_000
MAX_WRITTEN: Final = 80_000_000  # characters of all states together: what remembers every round of a loop grows with it
MAX_INSTANCES: Final = 200
_WORK: Final = frozenset({"user", "manual", "service", "rule_operator"})
_CALENDAR: Final = Calendar({})


class Endless(Stuck):
    """The diagrams throw, repeat or begin without end."""


class Sent(NamedTuple):
    """A message or signal on its way; `by` is the element that threw it, None for what came from outside."""

    kind: str
    name: str
    payload: Mapping[str, Any]
    sender: Run | None = None
    by: str | None = None


class Due(NamedTuple):
    """Something that happens at a time; `names` are what it can be called by."""

    at: datetime
    names: tuple[str | None, ...]
    fire: Callable[[], None]


class World:
    """The instances of one simulation; after `play`, `endless` says why it was stopped, if it was.

    `known` is what every instance knows when it begins. `apart`: what a process throws begins no other one of itself;
    it is meant for other participants, whom the acts play. `seconds` bounds the whole.
    """

    def __init__(
        self,
        bundle: Bundle,
        answers: Mapping[str, Any] | None,
        now: datetime,
        *,
        known: Mapping[str, Any] | None = None,
        apart: bool = False,
        seconds: float = inf,
    ) -> None:
        self.bundle, self.now = bundle, now
        self.known, self.apart, self.until = dict(known or {}), apart, monotonic() + seconds
        self.elements = {id: one for name in bundle.processes for id, one in bundle.elements(name).items()}
        self.answers, self.trace = Answers(answers), Trace(bundle)
        self.runs: list[Run] = []
        self.starts: list[Start] = []
        self.sent: deque[Sent] = deque()
        self.kept: list[Sent] = []  # messages nobody waits for yet
        self.moves = self.written = 0
        self.endless: Endless | None = None

    def play(self, processes: Sequence[str], acts: Sequence[Act]) -> None:
        """Begin the processes, then do the acts, until all is done or it turns out that it never will be."""
        self.begin(processes)
        for act in acts:
            self.do(act)

    def begin(self, processes: Sequence[str]) -> None:
        """Begin the processes named, else those that begin by themselves; raises Unusable."""
        chosen = [self._known(name) for name in processes] or beginning(self.bundle)
        try:
            # What only listens does so before anybody speaks.
            for process in sorted(chosen, key=begins_plainly):
                self._begin(process)
                self._deliver()
            self._settle()
        except Endless as endless:
            self.endless = endless

    def do(self, act: Act) -> None:
        """Do one act and all that follows from it; raises Unusable."""
        if self.endless is not None:
            return
        try:
            match act:
                case Advance():
                    self._advance(act)
                case Answer():
                    self._answer(act)
                case Happen():
                    self._happen(act)
        except Endless as endless:
            self.endless = endless

    def _known(self, name: str) -> Process:
        known = self.bundle.processes
        if name not in known:
            raise Unusable(f"no process “{name}”; the file has {', '.join(known) or 'none'}")
        return known[name]

    def _begin(self, process: Process) -> None:
        if begins_plainly(process):
            self._start(process.id, None, {}, by=process.id)
            return
        for node, event in triggered_starts(process):
            times = schedule(event.timer, now=self.now, calendar=_CALENDAR) if event.timer is not None else None
            self.starts.append(Start(process.id, node, event, times))

    def _start(self, process_id: str, at: str | None, data: Mapping[str, Any], *, by: str) -> None:
        if len(self.runs) >= MAX_INSTANCES:
            raise Endless(f"more than {MAX_INSTANCES} instances: one is started after the other", element=by)
        run = Run(process_id, {**self.known, **data})
        self.runs.append(run)
        move = partial(runner.start, self.bundle, process_id, data=run.data, now=self.now, at=at)
        self._take(run, move, by)

    def _move(self, run: Run, one: Waiting, given: runner.Input) -> None:
        if run.step is not None:
            move = partial(runner.advance, self.bundle, run.process_id, run.step.rest, given, now=self.now)
            self._take(run, move, one.element)

    def _take(self, run: Run, move: Callable[[], Step], element: str) -> None:
        self.moves += 1
        if self.moves > MAX_MOVES or self.written > MAX_WRITTEN:
            raise Endless(f"no end after {self.moves - 1} moves", element=element)
        if monotonic() > self.until:
            raise Endless("it takes too long", element=element)
        try:
            step = move()
        except WrongState as refused:
            raise Unusable(str(refused)) from None
        except Stuck as stuck:
            run.lost = stuck
            self.trace.write(run.process_id, stuck.log)
            return
        self.written += len(step.rest)
        run.take(step, now=self.now, calendar=_CALENDAR)
        self.trace.write(run.process_id, step.log, step.taken)
        self.answers.number(step)
        self.sent += (self._thrown_by(run, one) for one in step.thrown if one.kind in ("message", "signal"))

    def _thrown_by(self, run: Run, thrown: Thrown) -> Sent:
        payload = self.elements[thrown.element].payload(thrown.payload) if thrown.kind == "message" else {}
        return Sent(thrown.kind, thrown.name, payload, run, thrown.element)

    def _deliver(self) -> None:
        """Let what was thrown arrive, the oldest first, and what is thrown upon that."""
        while self.sent:
            one = self.sent.popleft()
            if one.kind == "signal":
                self._broadcast(one)
                self._trigger(one)
            elif not self._hand_over(one) and not self._trigger(one):
                self.kept.append(one)

    def _hand_over(self, sent: Sent) -> bool:
        """Give a message to the first that waits for it, never to its sender; False when nobody does."""
        for run in self._others(sent):
            for one in run.listening("message", sent.name)[:1]:
                self._move(run, one, runner.Deliver(one.key, dict(sent.payload)))
                return True
        return False

    def _others(self, sent: Sent) -> list[Run]:
        return [run for run in self.runs if run is not sent.sender]

    def _broadcast(self, sent: Sent) -> None:
        for run in self._others(sent):
            for one in run.listening("signal", sent.name):
                # What one catch does may have ended another.
                if any(one.key == still.key for still in run.waiting):
                    self._move(run, one, runner.Deliver(one.key, dict(sent.payload)))

    def _trigger(self, sent: Sent) -> bool:
        """Begin what starts with a signal, or the first process that starts with a message; False when none does."""
        found = [
            (process.id, node)
            for process in playable(self.bundle)
            for node, event in triggered_starts(process)
            if (event.kind, event.name) == (sent.kind, sent.name)
            and not (self.apart and sent.sender is not None and sent.sender.process_id == process.id)
        ]
        for process_id, node in found if sent.kind == "signal" else found[:1]:
            for start in self.starts:
                start.has_begun = start.has_begun or start.process_id == process_id
            self._start(process_id, node.id, sent.payload, by=sent.by or node.id)
        return bool(found)

    def _settle(self) -> None:
        """Deliver what was thrown, complete what is open, fire what is due, until only the outside can go on."""
        self._deliver()
        while self._work() or self._hand_over_kept() or self._fire():
            self._deliver()

    def _work(self) -> bool:
        for run in self.runs:
            for one in run.waiting:
                given = self.answers.to(one) if one.kind in _WORK else None
                if given is not None:
                    self._move(run, one, runner.Complete(one.key, given))
                    return True
        return False

    def _hand_over_kept(self) -> bool:
        for at, sent in enumerate(self.kept):
            if self._hand_over(sent):
                del self.kept[at]
                return True
        return False

    def _fire(self) -> bool:
        first = self._first_due()
        if first is None or first.at > self.now:
            return False
        first.fire()
        return True

    def _happen(self, act: Happen) -> None:
        if act.kind == "timer":
            named = [due for due in self._dues() if act.name in due.names]
            if not named:
                raise Unusable(f"no timer “{act.name}” waits")
            named[0].fire()
        else:
            self.sent.append(Sent(act.kind, act.name, act.payload))
        self._settle()

    def _answer(self, act: Answer) -> None:
        found = self.task_at(act.element)
        if found is None:
            raise Unusable(f"nothing waits at “{act.element}”")
        run, one = found
        self._move(run, one, runner.Complete(one.key, dict(act.values)))
        self._settle()

    def task_at(self, element: str) -> tuple[Run, Waiting] | None:
        """Return the first task that waits at an element, which is given by its id or its name."""
        waiting = ((run, one) for run in self.runs for one in run.waiting if one.kind in _WORK)
        return next(((run, one) for run, one in waiting if element in (one.element, one.name)), None)

    def _advance(self, act: Advance) -> None:
        try:
            until = iso8601.after(self.now, act.duration)
        except iso8601.BadTimer as bad:
            raise Unusable(f"“{act.duration}” is no ISO 8601 duration ({bad})") from None
        while (first := self._first_due()) is not None and first.at <= until:
            self.now = max(self.now, first.at)
            self._settle()
        self.now = until

    def has_timer(self, name: str) -> bool:
        """Tell whether a timer waits that is called so: by its id or its name."""
        return any(name in due.names for due in self._dues())

    def _dues(self) -> Iterator[Due]:
        for run in self.runs:
            for one in run.waiting:
                if one.key in run.due and one.kind == "timer":
                    fire = partial(self._move, run, one, runner.Fire(one.key))
                    yield Due(run.due[one.key], (one.element, one.name), fire)
        for start in self.starts:
            if start.due_at is not None:
                yield Due(start.due_at, (start.node.id, start.node.name), partial(self._start_by_time, start))

    def _first_due(self) -> Due | None:
        return min(self._dues(), key=lambda due: due.at, default=None)

    def _start_by_time(self, start: Start) -> None:
        if start.times is not None:
            start.times = start.times.following(self.now)
        for one in self.starts:
            one.has_begun = one.has_begun or one.process_id == start.process_id
        self._start(start.process_id, start.node.id, {}, by=start.node.id)
