"""The commands that read files and answer, and need no installation: check, simulate, scenarios."""

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from webapp import checking, simulating
from webapp.config import terminal_language

COMMANDS: Final = frozenset({"check", "simulate", "scenarios"})


def add_to(commands: Any) -> None:
    """Add their options to those of the whole command."""
    check = commands.add_parser("check", help="check files (BPMN, DMN, forms)")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="one JSON object a file, each on a line")
    check.set_defaults(run=run_check)
    trying = commands.add_parser("simulate", help="run a diagram in memory on the real runner")
    trying.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the diagram, and tables and forms of it")
    trying.add_argument("--process", action="append", default=[], metavar="ID", help="begin with this one; repeatable")
    trying.add_argument("--answers", type=Path, metavar="FILE.json", help="element id -> answers")
    trying.add_argument(
        "--event", action="append", dest="acts", type=simulating.act_of, default=[], metavar="KIND:NAME[=JSON]"
    )
    trying.add_argument("--advance", action="append", dest="acts", type=simulating.advance_of, metavar="DURATION")
    trying.add_argument("--json", action="store_true", help="one JSON object")
    trying.set_defaults(run=run_simulate)
    running = commands.add_parser("scenarios", help="run the scenarios of a bundle and say what they cover")
    running.add_argument("bundle", metavar="PROCESS|FOLDER", help="a shipped process, or a folder with its files")
    running.add_argument("--json", action="store_true", help="one JSON object")
    running.set_defaults(run=run_scenarios)


def main(arguments: list[str]) -> int:
    """Run one of them alone."""
    parser = argparse.ArgumentParser(prog="lienthong")
    add_to(parser.add_subparsers(required=True, metavar="COMMAND"))
    options = parser.parse_args(arguments)
    return int(options.run(options))


def run_check(options: argparse.Namespace) -> int:
    """Say what the checker finds in each file; 1 if one is refused."""
    language, refused = terminal_language(), False
    for answer in checking.check_all(options.files):
        print("\n".join(checking.lines_of(answer, as_json=options.json, language=language)), flush=True)
        refused = refused or answer.outcome == "refused"
    return 1 if refused else 0


def run_simulate(options: argparse.Namespace) -> int:
    """Run a diagram in memory; 0 when it ran, 1 when it is refused, 2 when an option cannot be used."""
    try:
        result = simulating.run(
            options.files,
            processes=options.process,
            answers=simulating.answers_in(options.answers),
            acts=options.acts,
        )
    except simulating.BadOption as bad:
        print(f"lienthong simulate: {bad}", file=sys.stderr)
        return 2
    print("\n".join(simulating.lines_of(result, as_json=options.json, language=terminal_language())))
    return 1 if result.outcome == "refused" else 0


def run_scenarios(options: argparse.Namespace) -> int:
    """Run all scenarios of a bundle; 0 when they hold, 1 when one differs, 2 when there is no such bundle."""
    from webapp import scenarios

    language = terminal_language()
    try:
        report = scenarios.run(scenarios.files_of(options.bundle, language), language)
    except scenarios.NoBundle as none:
        print(f"lienthong scenarios: {none}", file=sys.stderr)
        return 2
    print("\n".join(scenarios.lines_of(report, as_json=options.json, language=language)))
    return 0 if report.holds else 1
