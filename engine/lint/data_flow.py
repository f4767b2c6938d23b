"""Which variables the elements of a diagram write and read, as far as the diagram itself says."""

from collections.abc import Iterable

from engine import sandbox
from engine.bpmn import Flow, Node


def written_by(node: Node) -> frozenset[str]:
    """Return the variables an element sets by its script, its data associations and its loop."""
    names = {one.target for one in (*node.inputs, *node.outputs)}
    if (script := _script_of(node)) is not None:
        names |= script.bound | script.changed
    if node.loop is not None and node.loop.output is not None:
        names.add(node.loop.output)
    return frozenset(names)


def read_by(node: Node, leaving: Iterable[Flow]) -> frozenset[str]:
    """Return the variables an element, or a condition on a flow that leaves it, asks for."""
    return _read(node, leaving, own=False)


def asked_by(node: Node, leaving: Iterable[Flow]) -> frozenset[str]:
    """Return the same without what the element's script binds before it reads it."""
    return _read(node, leaving, own=True)


def _read(node: Node, leaving: Iterable[Flow], *, own: bool) -> frozenset[str]:
    texts = [flow.condition for flow in leaving] + [one.expression for one in (*node.inputs, *node.outputs)]
    names = {one.source for one in (*node.inputs, *node.outputs) if one.source is not None}
    if node.loop is not None:
        texts += [node.loop.condition, node.loop.cardinality, node.loop.items]
        names |= {node.loop.collection} if node.loop.collection else set()
    if (script := _script_of(node)) is not None:
        names |= script.asked if own else script.mentioned
    return frozenset(names).union(*(_of_expression(text) for text in texts if text))


def _script_of(node: Node) -> sandbox.Names | None:
    try:
        return sandbox.names_in(node.script) if node.type == "scriptTask" and node.script is not None else None
    except sandbox.ScriptFailed:
        return None


def _of_expression(text: str) -> frozenset[str]:
    try:
        return sandbox.names_of(text)
    except sandbox.ScriptFailed:
        return frozenset()
