"""Says the condition of a field in words: people without JavaScript read when a field wants to be filled in."""

from collections.abc import Mapping
from typing import Any

from engine.forms.components import Component
from engine.forms.conditions import Comparison, Condition, Junction, Literal, Name, Node, negated
from engine.forms.words import page_text
from engine.notation import format_number


def shown_when(hide: Condition, known: Mapping[str, Component], locale: str) -> str:
    """Turn "hidden if" round into "fill in when"; an empty text if it would be too hard to follow."""
    return _words(negated(hide.node), known, locale)


def _words(node: Node, known: Mapping[str, Component], locale: str) -> str:
    if isinstance(node, Name):
        return page_text("when_ticked", locale, label=_label(node, known, locale))
    if isinstance(node, Junction):
        parts = [_words(part, known, locale) for part in node.parts]
        return page_text(f"when_{node.word}", locale).join(parts) if all(parts) and node.word != "not" else ""
    if not isinstance(node.left, Name) or not isinstance(node.right, Literal):
        return ""
    return _comparison(node, node.left, node.right, known, locale)


def _comparison(node: Comparison, left: Name, right: Literal, known: Mapping[str, Component], locale: str) -> str:
    label = _label(left, known, locale)
    if isinstance(right.value, bool) and not node.among:
        ticked = right.value is (node.sign == "=")
        return page_text("when_ticked" if ticked else "when_not_ticked", locale, label=label)
    if right.value is None and not node.among:
        return page_text("when_filled" if node.sign == "!=" else "when_blank", locale, label=label)
    values = [_option(known[left.key], literal.value, locale) for literal in node.among or (right,)]
    return page_text(f"when_{node.sign}", locale, label=label, value=page_text("when_or", locale).join(values))


def _label(name: Name, known: Mapping[str, Component], locale: str) -> str:
    return known[name.key].label.in_(locale)


def _option(component: Component, value: Any, locale: str) -> str:
    for option in component.options:
        if option.value == value:
            return f"«{option.label.in_(locale)}»"
    return format_number(value) if not isinstance(value, str | bool) and value is not None else f"«{value}»"
