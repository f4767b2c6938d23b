"""The project's own files and modules, as the house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("models/", "engine/", "webapp/", "processes/")


@dataclass(frozen=True)
class Module:
    """One Python file with its syntax tree."""

    path: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    def within(self, *patterns: str) -> bool:
        return any(fnmatch(self.path, pattern) for pattern in patterns)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def calls_of(self, *names: str) -> Iterator[ast.Call]:
        """Yield the calls of functions of these names, whoever they belong to."""
        for call in self.calls():
            called = call.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
            if name in names:
                yield call

    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield every dotted name that is imported, with its line."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def module(path: str, text: str) -> Module:
    return Module(path, ast.parse(text, path))


@cache
def files() -> tuple[str, ...]:
    """List what is tracked and what would be: new files are judged before they are committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted({name for name in listed if (ROOT / name).is_file()}))


@cache
def modules() -> tuple[Module, ...]:
    return tuple(_module_of(name) for name in files() if name.endswith(".py"))


def floors() -> tuple[Module, ...]:
    """The product itself, without tests and scripts."""
    return tuple(_module_of(name) for name in files() if name.endswith(".py") and name.startswith(FLOORS))


@cache
def _module_of(name: str) -> Module:
    return module(name, text_of(name))


def text_of(name: str) -> str:
    """Read a text file; pictures and the like are empty texts."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
