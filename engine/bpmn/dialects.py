"""Which tool drew a diagram, in which language its expressions are written, and what they mean in ours."""

import ast
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from lxml import etree

from engine import iso8601, sandbox
from engine.bpmn.feel import Feel, time_literal
from engine.bpmn.grammar import Outside
from engine.bpmn.juel import Juel
from engine.bpmn.model import EXTENSION
from engine.bpmn.vendors import ENGINES

_PLATFORM: Final = "{http://camunda.org/schema/modeler/1.0}executionPlatform"
_LANGUAGES: Final = {"camunda": "juel", "flowable": "juel", "activiti": "juel", "zeebe": "feel"}
_KNOWN: Final = (
    "python", "feel", "xpath", "mvel", "javascript", "ecmascript", "groovy", "juel", "uel", "java", "drools",
)  # fmt: skip
_JUEL: Final = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_BARE: Final = re.compile(r"#\{\s*(\w+)\s*\}")
_SHOWN: Final = 200
_CONSTANTS: Final = {"true": True, "false": False, "null": None}


class Remark(NamedTuple):
    """What is to be said of something drawn elsewhere: a level, a rule of the checker and its facts."""

    level: str
    rule: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as drawn, and what it means in ours; without `text` nobody could translate it."""

    drawn: str
    language: str
    text: str | None

    @property
    def is_translated(self) -> bool:
        return self.text is not None and self.language != "python"

    @property
    def evaluated(self) -> str:
        """What is evaluated; of one that is refused, what lets the rest of the diagram be checked."""
        return "None" if self.text is None else self.text


def dialect_of(root: etree._Element) -> str:
    """Return who drew a diagram: ours, camunda, flowable, activiti, zeebe, jbpm or plain.

    An import that has got attributes of ours is still the other tool's: its expressions stay in its language.
    """
    used = Counter(
        name[1:].partition("}")[0]
        for element in root.iter(etree.Element)
        for name in map(str, (element.tag, *element.attrib))
        if name.startswith("{")
    )
    engines = Counter({space: used[space] for space, (_, dialect) in ENGINES.items() if dialect != "plain"})
    space, count = engines.most_common(1)[0]
    if count:
        return ENGINES[space][1]
    declared = set(root.nsmap.values())
    if EXTENSION in used or EXTENSION in declared:
        return "ours"
    return _declared(root, declared)


def _declared(root: etree._Element, spaces: set[str]) -> str:
    """Guess from what a tool writes even where it extends nothing."""
    platform = root.get(_PLATFORM, "")
    if platform:
        return "zeebe" if platform == "Camunda Cloud" else "camunda"
    found = {ENGINES[space][1] for space in spaces if space in ENGINES}
    if root.get("targetNamespace", "").startswith("http://www.jboss.org/drools"):
        found.add("jbpm")
    return min(found, default="plain", key=("zeebe", "camunda", "flowable", "activiti", "jbpm", "plain").index)


def language_of(element: etree._Element, root: etree._Element) -> str:
    """Return the language of an expression element: python, juel, feel, or one that is never run.

    Tools write XPath as the language of the whole diagram because the standard's default is XPath, and write something
    else into it, so there it says nothing.
    """
    own = language_named(element.get("language"))
    if own:
        return own
    marked = _marked(element.text or "")
    if marked:
        return marked
    whole = language_named(root.get("expressionLanguage"))
    return whole if whole not in ("", "xpath") else "python"


def language_named(name: str | None) -> str:
    """Return the short name of a language from its name or address; empty where none is named."""
    lowered = (name or "").strip().lower()
    found = next((known for known in _KNOWN if known in lowered), lowered[:40])
    return {"uel": "juel", "ecmascript": "javascript"}.get(found, found)


def is_calculated(text: str) -> bool:
    """Say whether a name is an expression of another tool, which gives the name only when it runs."""
    return _marked(text) is not None


def _marked(text: str) -> str | None:
    """Return the language that an expression itself tells by its marks."""
    if "${" in text or "#{" in text:
        return "juel"
    return "feel" if text.lstrip().startswith("=") else None


def translated(text: str, dialect: str, *, truth: bool = False) -> str | None:
    """Return the expression of ours that means the same as one of a dialect or language, or None where none does.

    With `truth`, one that is True or False, as conditions are. Never raises.
    """
    if dialect == "jbpm":
        bare = _BARE.fullmatch(text.strip())
        return _accepted(bare.group(1)) if bare else None
    language = _marked(text) or _LANGUAGES.get(dialect, dialect)
    try:
        if language == "juel":
            braced = _JUEL.fullmatch(text)
            return _accepted(Juel(braced.group(1)).read(truth=truth)) if braced else None
        if language == "feel":
            bare_text = text.strip().removeprefix("=")
            time = None if truth else time_literal(bare_text)
            return _accepted(repr(time) if time else Feel(bare_text).read(truth=truth))
    except (Outside, RecursionError, ValueError):
        return None
    return None


def _accepted(text: str) -> str | None:
    """Return an expression that the sandbox will take."""
    return text if _is_ours(text) else None


def _is_ours(text: str) -> bool:
    try:
        sandbox.names_of(text)
    except sandbox.ScriptFailed:
        return False
    return True


def understood(
    element: etree._Element | None, dialect: str, *, truth: bool = False, time: bool = False
) -> Expression | None:
    """Return what an expression element means; None where nothing is written."""
    if element is None:
        return None
    language = language_of(element, element.getroottree().getroot())
    return meaning(element.text, dialect, language=language, truth=truth, time=time)


def assigned(element: etree._Element | None, dialect: str) -> Expression | None:
    """Return what a data assignment takes its value from; jBPM writes texts without quotes."""
    text = unicodedata.normalize("NFC", element.text or "").strip() if element is not None else ""
    if dialect == "jbpm" and text and "#{" not in text:
        return Expression(text, "python", repr(text))
    return understood(element, dialect)


def meaning(
    drawn: str | None, dialect: str, *, language: str | None = None, truth: bool = False, time: bool = False
) -> Expression | None:
    """Return what the text of an expression means; None where nothing is written. Of a `time`, literals stay."""
    text = unicodedata.normalize("NFC", drawn or "").strip()
    if not text:
        return None
    language = language or _marked(text) or "python"
    if time and iso8601.is_literal(text):
        return Expression(text, "python", text)
    if language == "feel" and dialect == "ours" and text.startswith("="):
        # Our own designers write the sign by habit; what follows is Python.
        text, language = text.removeprefix("=").strip(), "python"
    if language != "python":
        foreign = "jbpm" if dialect == "jbpm" and language == "juel" else language
        return Expression(text, language, translated(text, foreign, truth=truth))
    if dialect != "ours" and not time and _is_ours(text) and sandbox.names_of(text) & _CONSTANTS.keys():
        return Expression(text, "text", _with_constants(text))
    if time or dialect == "ours" or _is_ours(text):
        return Expression(text, language, text)
    return Expression(text, "text", None)


def _with_constants(text: str) -> str:
    """Return an expression in which true, false and null are values, as they are everywhere but in Python."""
    return ast.unparse(_Constants().visit(ast.parse(text, mode="eval")))


class _Constants(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(_CONSTANTS[node.id]) if node.id in _CONSTANTS else node


def remark(expression: Expression, *, collection: bool = False) -> Remark | None:
    """Return what is said of an expression that nobody can decide instead; nothing where it is evaluated as drawn."""
    drawn = expression.drawn[:_SHOWN]
    if expression.text is None:
        rule = "collection-untranslated" if collection else "expression-untranslated"
        return Remark("refused", rule, {"from": drawn, "language": expression.language})
    if not expression.is_translated:
        return None
    rule = "collection-translated" if collection else "condition-translated"
    return Remark("note", rule, {"from": drawn, "to": expression.text[:_SHOWN]})


def left_to_people(expression: Expression) -> Remark:
    """Return what is said of a condition that nobody could translate, where a person chooses the way."""
    facts = {"from": expression.drawn[:_SHOWN], "language": expression.language}
    return Remark("draft", "condition-untranslated", facts)
