"""Files that mean harm, or are broken, get a finding: the checker never falls over."""

import random
import re

import pytest

from engine import lint
from tests.engine.diagrams import boundary, flows, timer, user, xor
from tests.engine.linting import ROLE, one

SOUND = one(
    user("a", lt=ROLE),
    xor("x", "d"),
    boundary("b", "a", timer("P1D"), interrupting=False),
    flows(("start", "a"), ("a", "x"), ("x", "end", "n > 1"), ("x", "a", "", "d"), ("b", "end")),
)["p.bpmn"]

HOSTILE = {
    "external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>',
    "parameter entity": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost/x">%p;]><x/>',
    "internal entity": b'<!DOCTYPE x [<!ENTITY e "boom">]><x>&e;</x>',
    "external dtd": b'<!DOCTYPE x SYSTEM "http://localhost/x.dtd"><x/>',
    "billion laughs": b'<!DOCTYPE l [<!ENTITY a "'
    + b"ha" * 50
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><l>&j;</l>",
    "utf-16 doctype": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY e "a">]><x>&e;</x>'.encode(
        "utf-16"
    ),
    "deep": b"<a>" * 5000 + b"</a>" * 5000,
    "long attribute": b'<a b="' + b"x" * 20_000_000 + b'"/>',
    "orphans": SOUND.replace(b"</bpmn:process>", b"<bpmn:task/>" * 60_000 + b"</bpmn:process>")[:990_000],
    "many idless": SOUND.replace(b"</bpmn:process>", b"<bpmn:sequenceFlow/>" * 20_000 + b"</bpmn:process>"),
    "namespace per level": b"".join(b'<n%d:a xmlns:n%d="u%d">' % (n, n, n) for n in range(50)),
    "empty": b"",
    "nul": b"\0" * 100,
    "binary": bytes(range(256)) * 10,
    "bad encoding": b'<?xml version="1.0" encoding="utf-8"?><a>\xff\xfe</a>',
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "ebcdic": '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"),
    "long condition": SOUND.replace(b"n &gt; 1", b"+".join([b"n"] * 100_000)),
    "deep condition": SOUND.replace(b"n &gt; 1", b"(" * 400 + b"n" + b")" * 400),
    "unary chain": SOUND.replace(b"n &gt; 1", b"not " * 240 + b"n"),
    "huge loop maximum": SOUND.replace(
        b'name="A"', b'name="A"><bpmn:standardLoopCharacteristics loopMaximum="9' + b"9" * 5000 + b'"/><x a="'
    ),
    "attached to itself": SOUND.replace(b'attachedToRef="a"', b'attachedToRef="b"'),
    "process in process": SOUND.replace(
        b"</bpmn:process>",
        SOUND[SOUND.index(b"<bpmn:process") : SOUND.index(b"</bpmn:definitions>")] + b"</bpmn:process>",
    ),
    "format fields in names": SOUND.replace(b'name="A"', b'name="{0.__class__} {element.x} {"'),
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_files_get_a_finding_and_no_traceback(kind: str) -> None:
    for name in ("x.bpmn", "x.dmn"):
        report = lint.check({name: HOSTILE[kind]})
        assert "check-failed" not in {finding.rule for finding in report.findings}
        assert report.outcome == "refused" or kind in ("format fields in names", "unary chain")
        assert all(finding.message_vi and finding.message_en for finding in report.findings)


def test_damaged_files_get_a_finding_and_no_traceback() -> None:
    chance = random.Random(7)
    words = re.findall(rb"[\w:]+", SOUND)
    for _ in range(300):
        damaged = bytearray(SOUND)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(damaged))
            cut = damaged[at : at + chance.randint(0, 40)]
            damaged[at : at + len(cut)] = chance.choice(
                [b"", chance.choice(words), cut * 2, bytes([chance.randrange(256)])]
            )
        report = lint.check({"x.bpmn": bytes(damaged)})
        assert "check-failed" not in {finding.rule for finding in report.findings}, bytes(damaged)
