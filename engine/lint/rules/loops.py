"""Rules of loops and multi-instances."""

from collections.abc import Iterator

from engine.bpmn import Loop, Node, Problem, Process, dialects
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
