"""Who may import what: young or dangerous things hide behind one module of ours."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.code import Module, floors, module

ONLY_IN = {
    "SpiffWorkflow": ("engine/runner*", "engine/lint*", "engine/sandbox*", "engine/bpmn*"),
    "dbos": ("engine/jobs*",),
    "pydantic_monty": ("engine/sandbox*",),
    "cryptography": ("engine/audit*", "engine/users/second_factors*", "webapp/sealing*"),
    "prometheus_client": ("engine/metrics*",),
    "structlog": ("webapp/logs*",),
    "flask": ("webapp/*",),
    "flask_login": ("webapp/auth*",),
    "werkzeug": ("webapp/*",),
    "lxml": ("engine/*",),
    "docx": ("webapp/regulations/word.py",),
    "weasyprint": ("webapp/pdf.py",),
}


def strays(package: str, code: Module) -> Iterator[str]:
    if code.within(*ONLY_IN[package]):
        return
    for name, line in code.imports():
        if name.split(".")[0] == package:
            yield f"{code.path}:{line}"


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_library_is_known_only_where_it_is_hidden(package: str) -> None:
    assert [stray for code in floors() for stray in strays(package, code)] == []


@pytest.mark.parametrize("package", ONLY_IN)
def test_the_rule_sees_an_import_in_the_wrong_room(package: str) -> None:
    wrong = module("models/orders.py", f"def late():\n    from {package}.inner import thing\n")
    assert list(strays(package, wrong)) == ["models/orders.py:2"]


def test_whatever_is_installed_with_the_product_is_used_by_it() -> None:
    product = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*product["dependencies"], *(one for extra in product["optional-dependencies"].values() for one in extra)]
    # By the name of another package; in the address of a database; where the system has Pango.
    otherwise = {"pydantic-monty", "psycopg", "weasyprint"}
    brought = {
        name: {one.lower().replace("_", "-") for one in found} for name, found in packages_distributions().items()
    }
    used = {name.split(".")[0] for code in floors() for name, _ in code.imports()}
    needed = otherwise.union(*(brought.get(name, set()) for name in used))
    assert [name for one in wanted if (name := re.split(r"[^\w-]", one)[0].lower()) not in needed] == []


def test_only_the_settings_read_the_environment() -> None:
    assert [place for code in floors() for place in environment_readers(code)] == []


def test_the_rule_sees_both_ways_of_reading_the_environment() -> None:
    wrong = module("engine/orders.py", "import os\nfrom os import getenv\nos.environ['HOME']\n")
    assert list(environment_readers(wrong)) == ["engine/orders.py:2", "engine/orders.py:3"]


def environment_readers(code: Module) -> Iterator[str]:
    if code.within("webapp/config.py"):
        return
    yield from (f"{code.path}:{line}" for name, line in code.imports() if name in {"os.environ", "os.getenv"})
    for node in code.nodes:
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.putenv"}:
            yield code.at(node)
