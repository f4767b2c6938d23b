"""The command `lienthong scenarios`: all scenarios of a bundle run, with what they cover, as lines or one object."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from engine import scenarios
from engine.scenarios import Report, Result
from processes import bundle
from webapp.bounded import bounded
from webapp.checking import coloured
from webapp.text.scenarios import difference, outcome

SECONDS, MEMORY = 120, 1024 * 1024 * 1024
WORDS = {
    "holds": ("đạt", "holds"),
    "differs": ("không đạt", "differs"),
    "covered": ("Độ phủ", "Coverage"),
    "elements": ("phần tử", "elements"),
    "flows": ("đường nối", "flows"),
    "missed": ("Chưa đi qua", "Not taken"),
    "none": ("Không có kịch bản nào.", "There are no scenarios."),
    "nothing": (
        "không có quy trình này, cũng không có thư mục này",
        "there is neither such a process nor such a folder",
    ),
    "no_diagram": ("trong thư mục không có tệp .bpmn", "there is no .bpmn file in the folder"),
    "unreadable": ("không đọc được", "cannot be read"),
    "costly": ("tốn quá nhiều thời gian hoặc bộ nhớ", "it took too much time or memory"),
}


class NoBundle(ValueError):
    """What was named is no bundle; the message says why."""


def files_of(name: str, language: str) -> dict[str, bytes]:
    """Return the files of a shipped process or of a folder; raises NoBundle."""
    folder = Path(name)
    try:
        if folder.is_dir():
            found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files_in(folder)}
        else:
            found = bundle(name) if name.isidentifier() else {}
    except FileNotFoundError:
        found = {}
    except OSError as error:
        raise NoBundle(f"{name}: {_word('unreadable', language)} ({error.strerror})") from None
    if not any(one.endswith(".bpmn") for one in found):
        raise NoBundle(f"{name}: {_word('no_diagram' if folder.is_dir() else 'nothing', language)}")
    return found


def _files_in(folder: Path) -> Iterator[Path]:
    beside = (path for path in folder.iterdir() if path.suffix in (".bpmn", ".dmn", ".json"))
    yield from sorted(path for path in (*beside, *folder.glob("scenarios/*.json")) if path.is_file())


def run(files: Mapping[str, bytes], language: str) -> Report:
    """Run all scenarios within bounds; raises NoBundle where they cost too much."""
    report = bounded(partial(scenarios.run_all, files, locale=language), seconds=SECONDS, memory=MEMORY)
    if report is None:
        raise NoBundle(_word("costly", language))
    return report


def said(report: Report, language: str) -> dict[str, Any]:
    """Return the object that is printed."""
    coverage = report.coverage
    return {
        "holds": report.holds,
        "scenarios": [_said_result(result, language) for result in report.results],
        "coverage": {
            "share": round(report.covered_share, 4),
            "elements": len(coverage.elements),
            "flows": len(coverage.flows),
            "missed_elements": list(coverage.missed_elements),
            "missed_flows": list(coverage.missed_flows),
        },
    }


def _said_result(result: Result, language: str) -> dict[str, Any]:
    return {
        "file": result.file,
        "name": result.name,
        "holds": result.holds,
        "outcome": result.run.outcome,
        "ended_at": list(result.run.ended_at),
        "differences": [
            {"reason": one.reason, "step": one.step, "message": difference(one, language)} for one in result.differences
        ],
    }


def lines_of(report: Report, *, as_json: bool, language: str) -> Iterator[str]:
    """Yield one JSON object on one line, or a table for people with what is not covered."""
    told = said(report, language)
    if as_json:
        yield json.dumps(told, ensure_ascii=False, default=str)
        return
    if not report.results:
        yield _word("none", language)
    width = max((len(result.name) for result in report.results), default=0)
    for result in report.results:
        word = _word("holds" if result.holds else "differs", language)
        sign = "✓" if result.holds else "✗"
        ended = ", ".join(result.run.ended_at)
        line = f"{sign} {result.name:<{width}}  {word}  {outcome(result.run.outcome, language)}  {ended}"
        yield coloured(line.rstrip(), "runnable" if result.holds else "error")
        yield from (f"    {difference(one, language)}" for one in result.differences)
    yield from _covered(report, language)


def _covered(report: Report, language: str) -> Iterator[str]:
    coverage = report.coverage
    counted = [
        f"{len(drawn) - len(missed)}/{len(drawn)} {_word(what, language)}"
        for what, drawn, missed in (
            ("elements", coverage.elements, coverage.missed_elements),
            ("flows", coverage.flows, coverage.missed_flows),
        )
    ]
    yield f"{_word('covered', language)}: {', '.join(counted)} ({report.covered_share:.0%})"
    for one in (*coverage.missed_elements, *coverage.missed_flows):
        yield f"  {_word('missed', language)}: {one}"


def _word(code: str, language: str) -> str:
    return WORDS[code][0 if language == "vi" else 1]
