"""The command `lienthong check`: each file in a process of its own, bounded, answered in one object or a few lines."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from webapp.bounded import MEMORY, bounded

MOST_SECONDS = 5
LEVELS = {"refused": "error", "draft": "warning", "warning": "warning", "note": "note"}
COLOURS = {"error": "31", "warning": "33", "note": "36", "refused": "31", "draft": "33", "runnable": "32"}
# What these rules are about stays in the file and is not run.
NOT_EXECUTED = (
    "foreign-element",
    "data-is-documentation",
    "extension-unknown",
    "condition-ignored",
    "foreign-kept",
    "correlation-ignored",
    "foreign-form-missing",
    "form-fields-lost",
    "foreign-script",
    "skip-ignored",
    "assignment-proposed",
    "condition-untranslated",
)
COMPANIONS = (".dmn", ".json")
WORDS = {
    "refused": ("không chạy được", "refused"),
    "draft": ("bản nháp", "draft"),
    "runnable": ("chạy được", "runnable"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one file; `findings` in both languages."""

    file: str
    outcome: str
    processes: Sequence[str]
    findings: Sequence[Mapping[str, Any]]

    def said(self, language: str) -> dict[str, Any]:
        """Return the object that is printed."""
        findings = [
            {
                "level": LEVELS[one["level"]],
                "rule": one["rule"],
                "element": one["element"],
                "name": one["name"],
                "line": one["line"],
                "message": one[f"message_{language}"],
                "remedy": one[f"remedy_{language}"],
            }
            for one in self.findings
        ]
        kept = dict.fromkeys(
            _kept(one) or str(one[f"message_{language}"]) for one in self.findings if one["rule"] in NOT_EXECUTED
        )
        return {
            "file": self.file,
            "outcome": self.outcome,
            "processes": list(self.processes),
            "findings": findings,
            "not_executed": list(kept),
        }


def check_all(paths: Sequence[Path]) -> Iterator[Answer]:
    """Check each file; decision tables and forms given beside a diagram are known to it."""
    companions = {path.name: path for path in paths if path.suffix in COMPANIONS}
    for path in paths:
        beside = companions if path.suffix not in COMPANIONS else {}
        yield _bounded(path, list(beside.values()))


def lines_of(answer: Answer, *, as_json: bool, language: str) -> Iterator[str]:
    """Yield what is said of a file: one JSON object on one line, or lines for people, coloured on a terminal."""
    said = answer.said(language)
    if as_json:
        yield json.dumps(said, ensure_ascii=False)
        return
    for one in said["findings"]:
        where = ":".join(str(part) for part in (answer.file, one["line"]) if part)
        about = " ".join(str(part) for part in (one["element"], f"«{one['name']}»" if one["name"] else "") if part)
        head = coloured(f"{one['level']} {one['rule']}", one["level"])
        yield f"{where}: {head} {about}: {one['message']} {one['remedy']}".replace(" : ", ": ").rstrip()
    word = WORDS[answer.outcome][0 if language == "vi" else 1]
    yield f"{answer.file}: {coloured(word, answer.outcome)}"


def _kept(finding: Mapping[str, Any]) -> str:
    """Name what stays in the file without effect: the element, and what of it."""
    facts = finding.get("facts") or {}
    what = next((str(facts[name]) for name in ("what", "tag", "attribute", "language", "who") if facts.get(name)), "")
    return ": ".join(str(part) for part in (finding["element"] or finding["name"], what) if part)


def coloured(text: str, kind: str) -> str:
    """Colour a text by its kind where a terminal shows it."""
    return f"\033[{COLOURS[kind]}m{text}\033[0m" if sys.stdout.isatty() else text


def _bounded(path: Path, beside: Sequence[Path]) -> Answer:
    answer = bounded(partial(_look, path, beside), seconds=MOST_SECONDS)
    return answer or _failed(path, "check-too-costly", _TOO_COSTLY)


def file_name(path: Path) -> str:
    """Return under which name a file is part of a definition: other tools save diagrams as .xml or .bpmn20.xml too."""
    return path.name if path.suffix in (".bpmn", *COMPANIONS) else f"{path.name}.bpmn"


def _look(path: Path, beside: Sequence[Path]) -> Answer:
    from dataclasses import asdict

    from engine import lint

    try:
        files = {one.name: one.read_bytes() for one in beside}
        content = path.read_bytes()
    except OSError as error:
        return _failed(path, "file-unreadable", (*_why(error), *_CHECK_PATH))
    name = file_name(path)
    report = lint.check({**files, name: content})
    findings = [asdict(one) for one in report.findings if one.file in (name, "")]
    return Answer(str(path), report.outcome, report.processes, findings)


def _why(error: OSError) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        return "Không có tệp này.", "There is no such file."
    if isinstance(error, IsADirectoryError):
        return "Đây là một thư mục, không phải tệp.", "This is a folder, not a file."
    if isinstance(error, PermissionError):
        return "Không có quyền đọc tệp này.", "This file may not be read."
    return "Không đọc được tệp.", "The file cannot be read."


_CHECK_PATH = ("Xem lại đường dẫn và quyền đọc.", "Check the path and the right to read it.")
_TOO_COSTLY = (
    f"Tệp làm bộ kiểm tra tốn quá {MOST_SECONDS} giây hoặc {MEMORY // 2**20} MB.",
    f"Checking the file took more than {MOST_SECONDS} seconds or {MEMORY // 2**20} MB.",
    "Chia nhỏ sơ đồ.",
    "Divide the diagram.",
)


def _failed(path: Path, rule: str, words: tuple[str, str, str, str]) -> Answer:
    said = dict(zip(("message_vi", "message_en", "remedy_vi", "remedy_en"), words, strict=True))
    finding = {"level": "refused", "rule": rule, "element": None, "name": None, "line": None, **said}
    return Answer(str(path), "refused", [], [finding])
