"""What the tests of the checker share: a small process to put parts into, and what the checker says of it."""

from engine import lint
from tests.engine.diagrams import bundle, chain, end, process, start, sub, user

ROLE = {"role": "lead"}
SUB = sub("part", start("s1"), user("w", lt=ROLE), end("e1"), chain("s1", "w", "e1", prefix="i"))


def found(files: dict[str, bytes], level: str | None = None) -> dict[str, lint.Finding]:
    report = lint.check(files)
    return {finding.rule: finding for finding in report.findings if level is None or finding.level == level}


def one(*parts: str, **named: tuple[str, ...]) -> dict[str, bytes]:
    """A process whose parts are joined in a line by the caller."""
    return bundle(process(start(), *parts, end()), **named)
