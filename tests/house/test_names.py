"""How things are called, and that every module says what it is for."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from engine.audit import Fact
from tests.house.code import Module, files, floors, module, modules, text_of

HIDES_A_NOUN = re.compile(r"(Service|Manager|Helper|Helpers|Util|Utils|Handler|Repository)$", re.IGNORECASE)


def vague_names(code: Module) -> Iterator[str]:
    stem = PurePosixPath(code.path).stem
    if HIDES_A_NOUN.search(stem):
        yield code.path
    for node in code.nodes:
        if isinstance(node, ast.ClassDef) and HIDES_A_NOUN.search(node.name):
            yield f"{code.at(node)} {node.name}"


def first_sentence_missing(code: Module) -> bool:
    duty = (ast.get_docstring(code.tree) or "").split("\n\n")[0]
    return not duty.endswith(".")


def test_no_name_hides_a_missing_noun() -> None:
    assert [name for code in modules() for name in vague_names(code)] == []


def test_the_naming_rule_sees_files_and_classes() -> None:
    wrong = module("engine/order_utils.py", "class OrderService: ...\n")
    assert list(vague_names(wrong)) == ["engine/order_utils.py", "engine/order_utils.py:1 OrderService"]


def test_every_module_begins_with_its_duty() -> None:
    assert [code.path for code in modules() if first_sentence_missing(code)] == []


def test_the_duty_rule_sees_silence() -> None:
    assert first_sentence_missing(module("engine/orders.py", "import os\n"))


def test_templates_are_files() -> None:
    names = [f"{code.path}:{line}" for code in floors() for name, line in code.imports() if "template_string" in name]
    assert names == []


def facts_in(code: Module) -> set[str]:
    of_facts = (node for node in code.nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Fact")
    return {node.attr for node in of_facts}


def test_every_fact_of_the_log_is_one_the_product_speaks_of() -> None:
    in_older_logs = {"MESSAGE_KEPT"}
    assert {fact.name for fact in Fact} - set[str]().union(*map(facts_in, floors())) == in_older_logs


def test_the_rule_of_facts_sees_who_speaks_of_one() -> None:
    assert facts_in(module("engine/orders.py", "audit.record(session, actor, Fact.ORDER_SIGNED)\n")) == {"ORDER_SIGNED"}


def test_what_is_left_to_do_has_an_issue() -> None:
    left = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b(?!\(#\d+\))")
    assert [name for name in files() if name.endswith((".py", ".js", ".html")) and left.search(text_of(name))] == []
