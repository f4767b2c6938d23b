"""Everything people read can be read in both languages: no sentence without English, no text outside the tables."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from engine.audit import Fact
from tests.house.code import ROOT, Module, files, floors, module, text_of
from webapp.text import facts, refusals
from webapp.text.language import english_words, fill

VIETNAMESE = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")
WIDTH = re.compile(r"{% block width %}.*?{% endblock %}")
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
CODE = re.compile(r"<(script|code|kbd)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
ENTITY = re.compile(r"&#?\w+;")
READ_ALOUD = re.compile(r"""\b(?:aria-label|placeholder|title|alt)="([^"]+)\"""")
BOTH_LANGUAGES = {"Liên Thông", "Tiếng Việt", "English", "Cốc Cốc"}
# These have their own two languages in the same place, or are read by people who run the program.
OWN_TABLES = (
    "webapp/text/facts/*",
    "webapp/text/refusals/*",
    "webapp/text/english/*",
    "webapp/demo/*",
    "webapp/founding.py",
    "webapp/checking.py",
    "webapp/simulating.py",
    "webapp/scenarios.py",
    "webapp/text/scenarios.py",
    "webapp/cli.py",
    "webapp/auditing.py",
    "webapp/upkeep.py",
    "webapp/text/terminal.py",
    "webapp/server.py",
    "webapp/outside/*",
)
RAISES = {
    "Rejected",
    "NotFound",
    "NotAllowed",
    "WrongState",
    "Conflict",
    "NotSignedIn",
    "TooManyAttempts",
    "TooManyRequests",
    "KeyReused",
}


def templates() -> list[str]:
    """List the templates; the forms of the engine bring the words of both languages along."""
    found = (name for name in files() if name.startswith("webapp/templates/") and name.endswith(".html"))
    return [name for name in found if name != "webapp/templates/forms/fields.html"]


@cache
def parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True, extensions=["jinja2.ext.loopcontrols"]).parse(text_of(name))


def sentences_of_template(template: nodes.Template) -> Iterator[str]:
    """Yield the constants in Vietnamese, and whatever stands in `_(…)`."""
    for constant in template.find_all(nodes.Const):
        if isinstance(constant.value, str) and VIETNAMESE.search(constant.value):
            yield constant.value
    for call in template.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "html") and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const) and LETTER.search(str(first.value)):
                yield str(first.value)


def sentences_of_module(code: Module) -> Iterator[str]:
    """Yield the Vietnamese constants of a module that are no docstrings."""
    documentation = {
        id(node.body[0].value)
        for node in code.nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    pieces = {id(part) for node in code.nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    elsewhere = documentation | pieces
    for node in code.nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in elsewhere and VIETNAMESE.search(node.value):
            yield node.value


def bare_text(source: str) -> Iterator[str]:
    """Yield words that stand in a template as they are, in no language's table."""
    html = JINJA.sub("", WIDTH.sub("", source))
    yield from (said for said in READ_ALOUD.findall(html) if LETTER.search(said))
    for text in TAG.sub("\n", CODE.sub("", html)).split("\n"):
        words = ENTITY.sub(" ", text).strip()
        if LETTER.search(words) and not words.startswith("/"):
            yield words


@pytest.mark.parametrize("name", templates())
def test_every_sentence_of_a_template_has_its_english(name: str) -> None:
    wanted = {*sentences_of_template(parsed(name))} - BOTH_LANGUAGES
    assert sorted(wanted - english_words().keys()) == []


@pytest.mark.parametrize("name", templates())
def test_no_template_has_words_of_one_language_only(name: str) -> None:
    assert [text for text in bare_text(text_of(name)) if text.strip(" –·,.:") not in BOTH_LANGUAGES] == []


def test_the_rule_sees_a_bare_word() -> None:
    source = (
        '<p{% if x %} class="lead"{% endif %}>Việc {{ n }}</p><a aria-label="Đóng" href="{{ x }}">{{ _("Xem") }}</a>'
    )
    assert list(bare_text(source)) == ["Đóng", "Việc"]
    assert list(sentences_of_template(Environment(autoescape=True).parse(source))) == ["Xem"]


def test_every_vietnamese_sentence_of_the_code_has_its_english() -> None:
    missing = {
        f"{code.path}: {sentence}"
        for code in floors()
        if code.within("webapp/*") and not code.within(*OWN_TABLES)
        for sentence in sentences_of_module(code)
        if sentence not in english_words() and sentence not in BOTH_LANGUAGES
    }
    assert sorted(missing) == []


def test_english_has_the_same_values_as_the_vietnamese() -> None:
    def names(sentence: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", sentence))

    wrong = []
    for vietnamese, english in english_words().items():
        for one in english if isinstance(english, tuple) else (english,):
            if not names(one) <= names(vietnamese):
                wrong.append(vietnamese)
    assert wrong == []


def test_every_fact_has_a_sentence_in_both_languages() -> None:
    assert sorted(fact for fact in Fact if fact not in facts.SENTENCES) == []
    assert [fact for fact, said in facts.SENTENCES.items() if not (said.vi and said.en)] == []


def test_no_sentence_speaks_of_a_fact_that_does_not_exist() -> None:
    assert sorted(facts.SENTENCES.keys() - {str(fact) for fact in Fact}) == []


def reasons(code: Module) -> Iterator[str]:
    """Yield the reasons of refusals that stand in a module."""
    for call in code.calls_of(*RAISES):
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Constant):
            yield str(first.value)


def faults(code: Module) -> Iterator[str]:
    """Yield the codes of what is wrong with a field."""
    for call in code.calls_of("Invalid"):
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Dict):
            yield from (str(value.value) for value in first.values if isinstance(value, ast.Constant))


def test_every_refusal_has_a_sentence() -> None:
    said = {reason for code in floors() if not code.within(*OWN_TABLES) for reason in reasons(code)}
    assert sorted(reason for reason in said - refusals.REFUSALS.keys() if not reason.startswith("no_such_")) == []


def test_everything_wrong_with_a_field_has_a_sentence() -> None:
    said = {fault for code in floors() for fault in faults(code)}
    assert sorted(said - refusals.FIELDS.keys()) == []


def test_the_rules_see_reasons_and_faults() -> None:
    wrong = module("engine/x.py", 'raise WrongState("gone", subject=task)\nraise Invalid({field: "required"})\n')
    assert (list(reasons(wrong)), list(faults(wrong))) == (["gone"], ["required"])


def test_what_is_not_known_is_left_out_of_a_fact() -> None:
    sentence = "{who} giao {what}[, hạn {due}][: {note}]"
    assert fill(sentence, {"who": "A", "what": "B", "due": "12/10", "note": None}) == "A giao B, hạn 12/10"


def test_icons_that_are_named_are_in_the_sprite() -> None:
    known = set((ROOT / "webapp/designer/icons.txt").read_text(encoding="utf-8").split())
    named = {said.icon for said in facts.SENTENCES.values()}
    for name in templates():
        named |= set(re.findall(r"""icon\(["']([a-z0-9-]+)["']\)""", text_of(name)))
    assert sorted(named - known) == []


def test_templates_are_where_their_noun_is() -> None:
    folders = {Path(name).parent.name for name in templates()} - {"templates"}
    assert folders <= {
        "account", "audit", "auth", "definitions", "errors", "forms", "instances", "notifications", "orders",
        "organizations", "posts", "reports", "tasks", "tokens", "figures", "assignments", "incidents", "timers", "jobs",
        "designs", "regulations", "calendar",
    }  # fmt: skip
