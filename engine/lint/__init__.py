"""Check the files of a definition before deployment: findings with place, rule and remedy, never a traceback."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine import bpmn, forms
from engine.bpmn import Problem, Process
from engine.lint import rules, soundness, standard
from engine.lint.texts import said
from engine.runner import decisions
from engine.runner.bundle import Bundle, Unfit

_ORDER: Final = {"refused": 0, "draft": 1, "warning": 2, "note": 3}
# The runs kept beside a diagram are checked by running them (engine/scenarios).
_SCENARIO: Final = re.compile(r"scenarios/.+\.json")
MAX_FILES: Final = 200
MAX_FINDINGS: Final = 300
# What objects to the course of a diagram, not to its parts: it can still be simulated as drawn.
SOUNDNESS: Final = frozenset({"join-never", "loop-without-exit", "unreachable"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a definition. Levels: refused, draft (runs, but something is to be filled in), warning,
    note (cured by itself)."""

    level: str
    rule: str
    file: str
    line: int | None
    element: str | None
    name: str | None
    message_vi: str
    message_en: str
    remedy_vi: str
    remedy_en: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What the checker says: `outcome` is runnable, draft or refused."""

    findings: tuple[Finding, ...]
    outcome: str
    processes: tuple[str, ...]


def check(files: Mapping[str, bytes]) -> Report:
    """Check BPMN, DMN and form files together as one definition."""
    try:
        problems, processes = _problems(files)
    except Exception as error:
        # The checker is a door: whatever comes in, people get a finding. Tests fail on this rule.
        problems, processes = [Problem("refused", "check-failed", facts={"detail": type(error).__name__})], []
    unique = {(p.rule, p.file, p.line, p.element, str(p.facts)): p for p in problems}
    ordered = sorted(unique.values(), key=lambda p: (_ORDER[p.level], p.file, p.line or 0))
    findings = [*_of_forms(files), *map(_finding, ordered)]
    levels = {finding.level for finding in findings}
    outcome = "refused" if "refused" in levels else "draft" if "draft" in levels else "runnable"
    return Report(tuple(findings[:MAX_FINDINGS]), outcome, tuple(process.id for process in processes))


def _of_forms(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Say what is wrong with the forms of a bundle: a form that cannot be shown would only fail when it is opened."""
    for name, content in sorted(files.items()):
        if not name.endswith(".form.json"):
            continue
        try:
            forms.compile(content)
        except forms.FormError as error:
            remedy = "Sửa biểu mẫu rồi kiểm tra lại.", "Mend the form, then check again."
            for one in error.problems:
                place = name, None, one.component or None, None
                yield Finding("refused", one.rule or "form", *place, one.message_vi, one.message_en, *remedy)


def _problems(files: Mapping[str, bytes]) -> tuple[list[Problem], list[Process]]:
    if len(files) > MAX_FILES:
        return [Problem("refused", "too-many-files", facts={"count": len(files)})], []
    problems: list[Problem] = []
    drawn: list[Process] = []
    global_tasks: set[str] = set()
    for name, content in sorted(files.items()):
        if name.endswith(".bpmn"):
            diagram = bpmn.read(name, content)
            problems += [*diagram.problems, *standard.of_collaboration(diagram)]
            drawn += diagram.processes
            global_tasks |= diagram.global_tasks
        elif name.endswith(".dmn"):
            problems += decisions.read(name, content)[1]
        elif not name.endswith(".form.json") and not _SCENARIO.fullmatch(name):
            problems.append(Problem("warning", "file-unknown", file=name))
    regular = [bpmn.normalised(process) for process in drawn]
    for process in regular:
        problems += process.problems
    problems += rules.check(drawn, regular, files, global_tasks)
    if not any(problem.level == "refused" for problem in problems):
        try:
            Bundle(files)
        except Unfit as unfit:
            problems += unfit.problems
    problems += [problem for process in regular for problem in soundness.check(process)]
    return problems, [process for process in drawn if process.executable] or drawn


def _finding(problem: Problem) -> Finding:
    texts = said(problem.rule, {**problem.facts, "element": problem.name or problem.element or ""})
    place = problem.file, problem.line, problem.element, problem.name
    return Finding(problem.level, problem.rule, *place, *texts, problem.facts)
