"""The rules a readable diagram must keep to be executed as drawn."""

from collections.abc import Iterator, Mapping, Set

from engine.bpmn import Problem, Process
from engine.lint import standard
from engine.lint.graph import Graph
from engine.lint.rules import branches, events, flows, loops, work
from engine.lint.rules.files import Files


def check(
    drawn: list[Process], regular: list[Process], files: Mapping[str, bytes], global_tasks: Set[str]
) -> list[Problem]:
    """Return every broken rule; `drawn` are processes as read, `regular` the same after normalisation."""
    given = Files(drawn, files, global_tasks)
    problems = [*given.problems(), *standard.check(drawn)]
    for process in drawn:
        problems += _as_drawn(process, given)
    for process in regular:
        problems += _as_connected(Graph(process), given)
    return problems


def _as_drawn(process: Process, given: Files) -> Iterator[Problem]:
    for node in process.nodes.values():
        yield from events.of_event(process, node)
        yield from work.of_extensions(process, node)
        yield from work.of_work(process, node, given)
        yield from loops.of_loop(process, node)
        yield from work.of_data(process, node)
        yield from events.of_boundary(process, node)
        yield from work.of_script(process, node)
    yield from events.of_starts(process)
    yield from flows.of_conditions(process)


def _as_connected(graph: Graph, given: Files) -> Iterator[Problem]:
    reached = graph.reached()
    for node in graph.process.nodes.values():
        if node.id not in reached and not node.synthetic:
            yield graph.process.problem(node, "refused", "unreachable")
        yield from flows.of_gateway(graph, node)
        yield from branches.of_split(graph, node, given)
