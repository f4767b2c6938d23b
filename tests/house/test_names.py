"""How things are called, and that every module says what it is for."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

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


def test_what_is_left_to_do_has_an_issue() -> None:
    left = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b(?!\(#\d+\))")
    assert [name for name in files() if name.endswith((".py", ".js", ".html")) and left.search(text_of(name))] == []
