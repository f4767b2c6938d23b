"""How processes begin in a simulation: by themselves, or at start events that wait for their trigger."""

from dataclasses import dataclass
from datetime import datetime

from engine.bpmn import Event, Node, Process
from engine.runner import Bundle
from engine.schedules import Schedule
from engine.simulation.values import Open


@dataclass(slots=True)
class Start:
    """A start event that waits for one of its triggers; `times` are those of a timer."""

    process_id: str
    node: Node
    event: Event
    times: Schedule | None = None
    has_begun: bool = False

    @property
    def due_at(self) -> datetime | None:
        return self.times.due_at if self.times is not None else None

    def told(self) -> Open:
        """Return how a start event that nothing has triggered is listed."""
        part_of = self.node.id if self.node.event.parts else None
        name = self.node.name or self.node.id
        return Open(self.node.id, self.event.kind, name, self.due_at, self.event.name, part_of)


def playable(bundle: Bundle) -> list[Process]:
    """Return the processes that may begin without being named: drafts only where there is nothing else."""
    known = list(bundle.processes.values())
    return [process for process in known if process.executable] or known


def beginning(bundle: Bundle) -> list[Process]:
    """Return the processes that begin by themselves; where none does, all that nobody calls."""
    known = playable(bundle)
    called = {node.called for process in known for node in process.nodes.values() if node.called}
    free = [process for process in known if process.id not in called] or known
    return [process for process in free if begins_plainly(process)] or free


def begins_plainly(process: Process) -> bool:
    starts = _starts(process)
    return not starts or any(node.event.kind == "none" for node in starts)


def triggered_starts(process: Process) -> list[tuple[Node, Event]]:
    """Return each trigger of the start events."""
    return [(node, event) for node in _starts(process) for event in node.event.each if event.kind != "none"]


def _starts(process: Process) -> list[Node]:
    return [node for node in process.scope(None) if node.type == "startEvent"]
