"""What happened in a simulation, in order, and where it ended."""

from engine.runner import Bundle
from engine.simulation.values import Entry


class Trace:
    """The trace of all instances together, and the end events they came to."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._types = {id: one.type for name in bundle.processes for id, one in bundle.elements(name).items()}
        self.entries: list[Entry] = []
        self.ended_at: list[str] = []
        self.taken: list[str] = []

    def write(self, process_id: str, log: tuple[tuple[str, str], ...], taken: tuple[str, ...] = ()) -> None:
        """Add what a move of an instance did, and the sequence flows it took."""
        self.taken += taken
        for event, element in log:
            self.entries.append(Entry(element, self._types.get(element, ""), event))
            if event == "completed" and self._ends(process_id, element):
                self.ended_at.append(element)

    def _ends(self, process_id: str, element: str) -> bool:
        """Say whether an element is an end event of the process itself or of an event sub-process of it."""
        nodes = self._bundle.processes[process_id].nodes
        node = nodes.get(element)
        if node is None or node.type != "endEvent":
            return False
        parent = node.parent
        while parent is not None and nodes[parent].triggered:
            parent = nodes[parent].parent
        return parent is None
