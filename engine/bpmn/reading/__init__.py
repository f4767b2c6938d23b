"""Read one BPMN file into processes; what is not understood becomes a problem, never a traceback."""

from collections.abc import Iterator
from functools import lru_cache

from engine.bpmn.model import Diagram, MessageFlow, Problem
from engine.bpmn.reading.processes import MAX_FLOWS, MAX_NODES, read_process
from engine.bpmn.reading.source import Source
from engine.bpmn.reading.words import clean, local, tag, unprefixed
from engine.bpmn.xml import Unreadable, parse

__all__ = ["MAX_FLOWS", "MAX_NODES", "read"]


# One page of a design asks for each of its files up to a dozen times, and reading one takes about 10 ms.
@lru_cache(maxsize=32)
def read(file: str, content: bytes) -> Diagram:
    """Understand one BPMN file; the diagram carries every problem found, and nobody changes it."""
    try:
        root = parse(content)
    except Unreadable as why:
        problem = Problem("refused", why.rule, file=file, line=why.line, facts={"detail": why.detail})
        return Diagram(file, [], [problem])
    if root.tag != tag("definitions"):
        return Diagram(file, [], [Problem("refused", "not-bpmn", file=file, line=root.sourceline)])
    return _diagram(Source(file, root))


def _diagram(source: Source) -> Diagram:
    processes = []
    for element in source.root.findall(tag("process")):
        try:
            processes.append(read_process(source, element))
        except RecursionError:
            source.tell("refused", "too-deep", element)
    if not processes and not source.problems:
        source.tell("refused", "no-process", source.root)
    for key in source.root.iter(tag("correlationKey")):
        source.tell("refused", "element-unsupported", key, tag="correlationKey")
    drawn = {source.id_of(one): one for one in source.root.iter(tag("participant"))}
    participants = {id: unprefixed(one.get("processRef")) or None for id, one in drawn.items()}
    pools = {id: name for id, one in drawn.items() if (name := clean(one.get("name")))}
    flows = list(_message_flows(source))
    tasks = frozenset(one.get("id", "") for one in source.root if local(one).startswith("global"))
    return Diagram(source.file, processes, source.problems, participants, flows, pools, tasks)


def _message_flows(source: Source) -> Iterator[MessageFlow]:
    for element in source.root.iter(tag("messageFlow")):
        ends = unprefixed(element.get("sourceRef")), unprefixed(element.get("targetRef"))
        yield MessageFlow(source.id_of(element), *ends, clean(element.get("name")), element.sourceline)
