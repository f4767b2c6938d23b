"""script/bench: measures the hot paths and prints what each costs beside what it may cost."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from bench import baselines, completions, designing, history, log, orders, pages, province, starting
from bench.measuring import Figure, reference
from bench.stage import stage

Case = Callable[[argparse.Namespace], Iterator[Figure]]


def _completions(options: argparse.Namespace) -> Iterator[Figure]:
    with stage() as ready:
        yield from completions.measure(ready, quick=options.quick)


def _library(options: argparse.Namespace) -> Iterator[Figure]:
    yield from baselines.measure(quick=options.quick)


def _orders(options: argparse.Namespace) -> Iterator[Figure]:
    with stage() as ready:
        yield from orders.measure(ready, quick=options.quick)


def _pages(options: argparse.Namespace) -> Iterator[Figure]:
    yield from pages.measure(quick=options.quick, fill=options.fill)


def _history(options: argparse.Namespace) -> Iterator[Figure]:
    yield from history.measure(quick=options.quick)


def _start(options: argparse.Namespace) -> Iterator[Figure]:
    yield from starting.measure(quick=options.quick)


def _province(options: argparse.Namespace) -> Iterator[Figure]:
    if not options.quick or options.only:
        yield from province.measure()


def _designer(options: argparse.Namespace) -> Iterator[Figure]:
    yield from designing.measure(quick=options.quick)


def _log(options: argparse.Namespace) -> Iterator[Figure]:
    yield from log.measure(
        quick=options.quick, entries=options.entries, database=options.database, pythons=options.python
    )


CASES: dict[str, Case] = {
    "library": _library,
    "completions": _completions,
    "orders": _orders,
    "pages": _pages,
    "history": _history,
    "start": _start,
    "province": _province,
    "designer": _designer,
    "log": _log,
}


def main() -> int:
    """Run the cases asked for; 0 if every promise is kept, 1 otherwise."""
    options = _options()
    figures = [Figure(name="reference", value=reference(), note="plain Python, for comparing two runs")]
    _say(figures[0], options)
    for name, case in CASES.items():
        if not options.only or name in options.only:
            for figure in case(options):
                figures.append(figure)
                _say(figure, options)
    if options.json:
        json.dump([figure.as_json() for figure in figures], sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    return 0 if all(figure.is_kept for figure in figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="the figures as JSON, at the end")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds")
    parser.add_argument("--fill", type=int, metavar="N", help="open tasks in the inbox case, instead of its own sizes")
    parser.add_argument("--entries", type=int, metavar="N", help="of the audit log, instead of the case's own sizes")
    parser.add_argument("--python", action="append", default=[], metavar="PATH", help="another to run verify.py with")
    parser.add_argument("--database", metavar="URL", help="an empty PostgreSQL database, for the case log")
    parser.add_argument("--only", action="append", choices=sorted(CASES), metavar="NAME", help=" ".join(CASES))
    return parser.parse_args()


def _say(figure: Figure, options: argparse.Namespace) -> None:
    if options.json:
        return
    parts = [f"{figure.name:<34}{figure.value:>12,.3f} {figure.unit:<4}"]
    if figure.statements is not None:
        parts.append(f"{figure.statements:>3.0f} SQL")
    if figure.commits is not None:
        parts.append(f"{figure.commits:.0f} commit")
    if figure.limit is not None:
        parts.append(f"≤ {figure.limit:g} {'ok' if figure.is_kept else 'MISSED'}")
    if figure.note:
        parts.append(f"({figure.note})")
    sys.stdout.write("  ".join(parts).rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
