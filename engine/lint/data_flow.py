"""Which variables the elements of a diagram write and read, as far as the diagram itself says."""

from collections.abc import Iterable

from engine import sandbox
from engine.bpmn import Flow, Node


def written_by(node: Node) -> frozenset[str]:
    """Return the variables an element sets by its script, its data associations and its loop."""
    names = {one.target for one in (*node.inputs, *node.outputs)}
    if node.type == "scriptTask" and node.script is not None:
        names |= _of_script(node.script)[0]
    if node.loop is not None and node.loop.output is not None:
        names.add(node.loop.output)
    return frozenset(names)


def read_by(node: Node, leaving: Iterable[Flow]) -> frozenset[str]:
    """Return the variables an element, or a condition on a flow that leaves it, asks for."""
    texts = [flow.condition for flow in leaving] + [one.expression for one in (*node.inputs, *node.outputs)]
    names = {one.source for one in (*node.inputs, *node.outputs) if one.source is not None}
    if node.loop is not None:
        texts += [node.loop.condition, node.loop.cardinality, node.loop.items]
        names |= {node.loop.collection} if node.loop.collection else set()
    if node.type == "scriptTask" and node.script is not None:
        names |= _of_script(node.script)[1]
    return frozenset(names).union(*(_of_expression(text) for text in texts if text))


def _of_script(script: str) -> tuple[frozenset[str], frozenset[str]]:
    try:
        return sandbox.assigned_by(script)
    except sandbox.ScriptFailed:
        return frozenset(), frozenset()


def _of_expression(text: str) -> frozenset[str]:
    try:
        return sandbox.names_of(text)
    except sandbox.ScriptFailed:
        return frozenset()
