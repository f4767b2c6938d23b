"""The token tree of one instance: the library's task tree, without its predictions, clock, logging and recursion."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runner.loop_numbers import LOOP_NAMES, numbers_around
from engine.runner.values import Stuck, Thrown
from engine.sandbox import Box, ScriptFailed, names_in, names_of

FUTURE: Final[int] = TaskState.FUTURE
WAITING: Final[int] = TaskState.WAITING
READY: Final[int] = TaskState.READY
STARTED: Final[int] = TaskState.STARTED
COMPLETED: Final[int] = TaskState.COMPLETED
CANCELLED: Final[int] = TaskState.CANCELLED
FINISHED: Final[int] = TaskState.FINISHED_MASK
ALIVE: Final[int] = WAITING | READY | STARTED

MAX_STEPS: Final = 10_000
_PRUNE_EVERY: Final = 64


class Token(Task):  # type: ignore[misc]
    """A task of the library. Its data is shared with its neighbours and therefore never changed in place."""

    def __init__(self, workflow: Any, spec: Any, parent: Any = None, state: int = FUTURE, id: Any = None) -> None:
        self.id = id or str(uuid4())
        self.workflow = workflow
        self.task_spec = spec
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.choice: list[Any] | None = None
        self.partners: list[Token] = []
        self._state = state
        self._children: list[Any] = []
        self._parent = None
        workflow.tasks[self.id] = self
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    def run(self) -> None:
        """Run the step a token stands at; whatever goes wrong there says which step it was."""
        try:
            super().run()
        except Stuck as stuck:
            stuck.element = stuck.element or self.task_spec.bpmn_id
            raise
        except Exception as error:
            raise Stuck(f"{type(error).__name__}: {error}"[:500], element=self.task_spec.bpmn_id) from error

    @property
    def top(self) -> "Instance":
        top: Instance = self.workflow.top_workflow
        return top

    @property
    def children(self) -> "list[Token]":
        tasks = self.workflow.tasks
        return [tasks[child] for child in self._children]

    def _set_state(self, value: int) -> None:
        self._state = value

    def _add_child(self, task_spec: Any, state: int = FUTURE) -> "Token":
        child = Token(self.workflow, task_spec, self, state)
        if state == READY:
            child._ready()
        return child

    def _inherit_data(self) -> None:
        """Take over what the parent knows; what the token already has of its own stays."""
        inherited = self.workflow.tasks[self._parent].data if self._parent is not None else {}
        self.data = {**inherited, **self.data} if self.data else inherited

    def _ready(self) -> None:
        if not self._state & FINISHED:
            self._state = READY
            self.task_spec._on_ready(self)

    def learn(self, news: dict[str, Any]) -> None:
        if news:
            self.data = {**self.data, **news}

    def write(self, news: dict[str, Any]) -> None:
        """Learn what is said for the first time: the whole instance has it for its latest."""
        self.learn(news)
        if self.top.watches:
            self.top.latest = {**self.top.latest, **news}

    def cancel(self) -> None:
        for child in self.children:
            child.cancel()
        if self._state & FINISHED:
            return
        self._state = CANCELLED
        self.task_spec._on_cancel(self)
        for child in self.children:
            discard(child)

    def __iter__(self) -> "Iterator[Token]":
        return iter(below(self))

    def collect_log_extras(self, dct: Any = None) -> dict[str, Any]:
        return {}


def below(token: Token) -> list[Token]:
    """Return the token and everything under it, in the order of the tree."""
    found, pending = [], [token]
    while pending:
        current = pending.pop()
        found.append(current)
        pending.extend(reversed(current.children))
    return found


def discard(token: Token) -> None:
    """Take a token and everything under it out of the tree."""
    workflow = token.workflow
    parent = workflow.tasks.get(token._parent)
    if parent is not None and token.id in parent._children:
        parent._children.remove(token.id)
    for gone in below(token):
        workflow.tasks.pop(gone.id, None)
        gone.top.drop_inner(gone)
        gone._children = []


def climb(token: Token | None) -> None:
    """Remove finished tokens that lead nowhere any more, upwards from here."""
    while token is not None and token._parent is not None and token._state & FINISHED and not token._children:
        parent = token.workflow.tasks[token._parent]
        discard(token)
        token = parent


def ancestors(token: Token) -> list[Token]:
    """Return the tokens above, nearest first."""
    tasks, found = token.workflow.tasks, []
    current = tasks.get(token._parent)
    while current is not None:
        found.append(current)
        current = tasks.get(current._parent)
    return found


class _Sandboxed(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """The library's script environment: any way to evaluate past the sandbox is closed."""

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:
        raise Stuck("evaluation outside a token")

    def execute(self, script: str, context: Any, external_context: Any = None) -> Any:
        raise Stuck("execution outside a token")

    def call_service(self, context: Any, **kwargs: Any) -> Any:
        raise Stuck("service call inside the library")


class _ScriptEngine(PythonScriptEngine):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(environment=_Sandboxed())

    def evaluate(self, task: Token, expression: str, external_context: Any = None) -> Any:
        return task.top.evaluate(task, expression)

    def execute(self, task: Token, script: str, external_context: Any = None) -> bool:
        task.write(task.top.execute(task, script))
        return True


_ENGINE: Final = _ScriptEngine()


def _known(token: Token, names: frozenset[str]) -> dict[str, Any]:
    """Return what an expression of a token may read: its data, and in a loop the numbers of the loop."""
    return token.data if names.isdisjoint(LOOP_NAMES) else {**numbers_around(token), **token.data}


class _Scope:
    """What the instance and its inner sub-processes have in common."""

    tasks: dict[Any, Token]
    completed: bool
    data: dict[str, Any]
    completed_event: Any
    left_behind: dict[str, list[Any]]  # variable -> [was there, value at the split, value when its branch ended]
    done: list[list[Any]]  # what compensation would undo, oldest first: [element, data of its own, the same inside]

    def plant(self, spec: Any, data: dict[str, Any]) -> Token:
        self.task_tree = Token(self, spec.start, state=READY)
        self.task_tree.data = data
        return self.task_tree

    def update_waiting_tasks(self) -> None:
        for token in [t for t in self.tasks.values() if t._state == WAITING and t.task_spec.rechecked]:
            token.task_spec._update(token)

    def _task_completed_notify(self, task: Token) -> None:
        task.top.last = task.data
        if not self.completed:
            self.update_waiting_tasks()

    def finish(self, token: Token, data: dict[str, Any]) -> None:
        self.completed = True
        self.data = data
        token.top.last = data
        self.completed_event(self)

    def ready(self) -> list[Token]:
        """Return automatic tokens that can run, in the order of the tree."""
        found = [t for t in self.tasks.values() if t._state == READY and not t.task_spec.manual]
        if len(found) > 1:
            wanted = {t.id for t in found}
            found = [t for t in below(self.task_tree) if t.id in wanted]
        return found

    def collect_log_extras(self, dct: Any = None) -> dict[str, Any]:
        return {}


class Inner(_Scope, BpmnSubWorkflow):  # type: ignore[misc]
    """A sub-process or called process at work inside an instance."""

    def __init__(self, spec: Any, host: Token) -> None:
        self.host = host
        self.left_behind = {}
        self.done = []
        super().__init__(spec, host.id, host.top, deserializing=True)

    @property
    def parent_workflow(self) -> Any:
        return self.host.workflow

    def cancel(self) -> None:
        for token in list(self.tasks.values()):
            if not token._state & FINISHED:
                token._state = CANCELLED
                token.task_spec._on_cancel(token)
        self.completed = True


class Instance(_Scope, BpmnWorkflow):  # type: ignore[misc]
    """One process instance during one move."""

    def __init__(self, spec: Any, specs: dict[str, Any], *, now: datetime) -> None:
        self.now = now
        self.left_behind = {}
        self.done = []
        self.thrown: list[Thrown] = []
        self.log: list[tuple[str, str]] = []  # started, completed, cancelled: each with the element
        self.taken: list[str] = []
        self.last: dict[str, Any] = {}
        self.outcome: str | None = None
        self.error: str | None = None
        self.failed_at: str | None = None
        self.skipping: frozenset[str] = frozenset()
        self.first: str | None = None
        self.steps = 0
        self.watches = any(one.watches for one in specs.values())
        self.latest: dict[str, Any] = {}  # what was written last under each name, where conditions ask for it
        self.asked: dict[int, Any] = {}  # memory of a condition -> that memory, and the data it was asked over
        self._box: Box | None = None
        super().__init__(spec, specs, script_engine=_ENGINE, deserializing=True)

    def close(self) -> None:
        if self._box is not None:
            self._box.close()

    @property
    def box(self) -> Box:
        if self._box is None:
            self._box = Box(now=self.now)
        return self._box

    def evaluate(self, token: Token, expression: str) -> Any:
        return self._in_box(token, lambda box: box.evaluate(expression, _known(token, names_of(expression))))

    def evaluate_with(self, token: Token, expression: str, extra: dict[str, Any]) -> Any:
        return self._in_box(token, lambda box: box.evaluate(expression, {**token.data, **extra}))

    def execute(self, token: Token, script: str) -> dict[str, Any]:
        result: dict[str, Any] = self._in_box(
            token, lambda box: box.execute(script, _known(token, names_in(script).mentioned))
        )
        return result

    def _in_box(self, token: Token, act: Callable[[Box], Any]) -> Any:
        try:
            return act(self.box)
        except ScriptFailed as failure:
            message = f"{failure.message} ({failure.source[:200]})" if failure.source else failure.message
            raise Stuck(message, element=token.task_spec.bpmn_id) from failure

    def scopes(self) -> "list[Inner | Instance]":
        """Return everything at work, the innermost first."""
        inner = [sub for sub in self.subprocesses.values() if not sub.completed]
        return [*sorted(inner, key=lambda sub: -int(sub.depth)), self]

    def open_inner(self, host: Token, name: str) -> Inner:
        inner = Inner(self.subprocess_specs[name], host)
        self.subprocesses[host.id] = inner
        return inner

    def drop_inner(self, host: Token) -> None:
        inner = self.subprocesses.pop(host.id, None)
        if inner is not None:
            inner.cancel()

    def get_task_from_id(self, task_id: Any) -> Token | None:
        for scope in (self, *self.subprocesses.values()):
            if task_id in scope.tasks:
                found: Token = scope.tasks[task_id]
                return found
        return None

    def fail(self, code: str, element: str | None) -> None:
        """End the whole instance by an error that nobody caught."""
        self.outcome, self.error, self.failed_at = "failed", code, element
        self.stop()

    def stop(self) -> None:
        for token in list(self.tasks.values()):
            if not token._state & FINISHED:
                token._state = CANCELLED
                token.task_spec._on_cancel(token)
        self.completed = True

    def settle(self) -> None:
        """Run everything automatic until only the outside can go on."""
        self.watch()
        while not self.outcome:
            ran = sum(self._pass_over(scope) for scope in self.scopes())
            if not ran:
                return

    def watch(self) -> None:
        """Let conditional events happen, where the definition has any."""
        if self.watches and not self.outcome:
            from engine.runner.conditions import watch

            watch(self)

    def _pass_over(self, scope: Any) -> int:
        count = 0
        while ready := scope.ready():
            for token in ready:
                if token._state == READY and token.id in scope.tasks and not self.outcome:
                    self._run(token)
                    count += 1
            if scope is self:
                break
            if scope.completed:
                break
        return count

    def _run(self, token: Token) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Stuck(f"more than {MAX_STEPS} steps in one move", element=token.task_spec.bpmn_id)
        token.run()
        self.watch()
        if self.steps % _PRUNE_EVERY == 0:
            from engine.runner.prune import prune

            prune(self)
