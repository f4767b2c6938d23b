"""Rules of loops and multi-instances."""

from collections.abc import Iterator

from engine.bpmn import Loop, Node, Problem, Process, dialects
from engine.lint import data_flow
from engine.lint.rules.expressions import of_expression


def of_loop(process: Process, node: Node) -> Iterator[Problem]:
    """Yield why the repetition of an activity would not end, or what it lacks."""
    loop = node.loop
    if loop is None:
        return
    for text in (loop.condition, loop.cardinality, loop.items):
        if text:
            yield from of_expression(process, node, text)
    if loop.kind != "standard":
        yield from _of_multi_instance(process, node, loop)
    elif loop.condition is None and loop.maximum is None:
        yield process.problem(node, "refused", "loop-endless")


def _of_multi_instance(process: Process, node: Node, loop: Loop) -> Iterator[Problem]:
    if (loop.cardinality is None) == (loop.collection is None and loop.items is None):
        yield process.problem(node, "refused", "multi-instance-source")
    for name in (loop.collection, loop.item, loop.output, loop.output_item):
        if name is not None and not name.isidentifier():
            rule = "multi-instance-calculated" if dialects.is_calculated(name) else "multi-instance-name"
            yield process.problem(node, "refused", rule, variable=name)
    if (loop.output is None) != (loop.output_item is None):
        yield process.problem(node, "refused", "multi-instance-output")
    elif loop.output is None:
        yield process.problem(node, "warning", "multi-instance-answers-lost")
        if loop.kind == "parallel":
            yield from _of_counters(process, node)


def _of_counters(process: Process, node: Node) -> Iterator[Problem]:
    """What parallel rounds read and then write, as a counter, would be left with the step of one of them."""
    inside = [one for one in process.nodes.values() if node.id in _around(process, one)]
    asked = {one.id: data_flow.asked_by(one, process.outgoing(one.id)) for one in inside}
    writes = {one.id: data_flow.written_by(one) for one in inside}
    own = frozenset().union(*(writes[one.id] - asked[one.id] for one in inside), {node.loop and node.loop.item})
    for one in inside:
        for name in sorted((asked[one.id] & writes[one.id]) - own):
            yield process.problem(one, "refused", "multi-instance-counter", field=name)


def _around(process: Process, node: Node) -> Iterator[str]:
    """Yield an element and the sub-processes it lies in."""
    while True:
        yield node.id
        if node.parent is None:
            return
        node = process.nodes[node.parent]
