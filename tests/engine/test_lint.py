"""The checker says what is wrong with a definition, where, and what to do; it never falls over."""

import random
import re
from pathlib import Path

import pytest

from engine import lint
from engine.lint import texts
from engine.lint.texts import TEXTS
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    document,
    element,
    end,
    error,
    flows,
    fork,
    join,
    message,
    process,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)

ROLE = {"role": "lead"}


def found(files: dict[str, bytes], level: str | None = None) -> dict[str, lint.Finding]:
    report = lint.check(files)
    return {finding.rule: finding for finding in report.findings if level is None or finding.level == level}


def one(*parts: str, **named: tuple[str, ...]) -> dict[str, bytes]:
    """A process whose parts are joined in a line by the caller."""
    return bundle(process(start(), *parts, end()), **named)


def test_a_sound_process_is_runnable() -> None:
    report = lint.check(one(user("write", lt=ROLE), chain("start", "write", "end")))
    assert (report.outcome, report.findings, report.processes) == ("runnable", (), ("p",))


def test_every_finding_names_file_line_element_rule_and_remedy_in_both_languages() -> None:
    files = one(user("write", lt={"role": "lead", "form": "report"}), chain("start", "write", "end"))
    line = next(n for n, text in enumerate(files["p.bpmn"].decode().splitlines(), 1) if 'id="write"' in text)
    finding = found(files)["form-missing"]
    assert (finding.file, finding.line, finding.element, finding.level) == ("p.bpmn", line, "write", "refused")
    assert "report" in finding.message_vi
    assert "report" in finding.message_en
    assert "report.form.json" in finding.remedy_vi
    assert "report.form.json" in finding.remedy_en


def test_all_rules_have_sentences_and_all_sentences_a_rule() -> None:
    root = Path(lint.__file__).parent.parent
    sources = [
        *root.glob("bpmn/**/*.py"),
        *root.glob("lint/*.py"),
        *root.glob("lint/rules/*.py"),
        root / "runner/bundle.py",
        root / "runner/decisions.py",
    ]
    code = "".join(path.read_text() for path in sources)
    missing = [rule for rule in TEXTS if f'"{rule}"' not in code]
    assert missing == []
    told = set(re.findall(r'(?:"(?:refused|warning|note|draft)", |Unreadable\()"([a-z-]+)"', code))
    assert told - TEXTS.keys() == set()


SUB = sub("part", start("s1"), user("w", lt=ROLE), end("e1"), chain("s1", "w", "e1", prefix="i"))
COMPENSATION = "<bpmn:compensateEventDefinition/>"
POOL = (
    '<bpmn:collaboration id="all"><bpmn:participant id="ours" processRef="p"/><bpmn:participant id="others"/>'
    '<bpmn:messageFlow id="m1" sourceRef="{}" targetRef="{}"/></bpmn:collaboration>'
)
MI = "<bpmn:multiInstanceLoopCharacteristics {}>{}</bpmn:multiInstanceLoopCharacteristics>"

REFUSED = {
    "element-unsupported": one(element("complexGateway", "g"), user("a", lt=ROLE), chain("start", "a", "end")),
    "event-subprocess-start": one(
        SUB.replace("<bpmn:subProcess", '<bpmn:subProcess triggeredByEvent="true"'), chain("start", "end")
    ),
    "event-subprocess-plain": one(
        sub(
            "aside",
            start("s1", message("m")),
            end("e1"),
            chain("s1", "e1", prefix="i"),
            "<bpmn:standardLoopCharacteristics loopMaximum='2'/>",
            triggeredByEvent="true",
        ),
        chain("start", "end"),
        messages=("m",),
    ),
    "start-trigger-place": one(user("a", lt=ROLE), start("s2", error("E")), chain("s2", "a", "end"), errors=("E",)),
    "start-without-exit": one(user("a", lt=ROLE), chain("a", "end")),
    "flow-beside": one(user("a", lt=ROLE, isForCompensation="true"), chain("start", "a", "end")),
    "compensation-handler-missing": one(
        user("a", lt=ROLE), boundary("b", "a", COMPENSATION), throw("t", COMPENSATION), chain("start", "a", "t", "end")
    ),
    "compensation-activity": one(
        throw("t", '<bpmn:compensateEventDefinition activityRef="nothing"/>'), chain("start", "t", "end")
    ),
    "compensation-nothing": one(
        user("a", lt=ROLE),
        throw("t", '<bpmn:compensateEventDefinition activityRef="a"/>'),
        chain("start", "a", "t", "end"),
    ),
    "compensation-not-awaited": one(
        throw("t", '<bpmn:compensateEventDefinition waitForCompletion="false"/>'), chain("start", "t", "end")
    ),
    "compensation-start-place": one(
        sub("undo", start("s1", COMPENSATION), end("e1"), chain("s1", "e1", prefix="i"), triggeredByEvent="true"),
        chain("start", "end"),
    ),
    "cancel-outside-transaction": one(
        end("stop", "<bpmn:cancelEventDefinition/>"),
        xor("x", "d"),
        flows(("start", "x"), ("x", "end", "", "d"), ("x", "stop", "n > 1")),
    ),
    "cancel-uncaught": one(
        element(
            "transaction", "buy", start("s1"), end("e1", "<bpmn:cancelEventDefinition/>"), chain("s1", "e1", prefix="i")
        ),
        chain("start", "buy", "end"),
    ),
    "quantity-unsupported": one(user("a", lt=ROLE, completionQuantity="2"), chain("start", "a", "end")),
    "timer-several": one(
        catch(
            "c",
            timer("P1D").replace(
                "</bpmn:timerEventDefinition>", "<bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>"
            ),
        ),
        chain("start", "c", "end"),
    ),
    "flow-crosses-pools": bundle(
        process(start("s1"), user("a", lt=ROLE), end("e1"), chain("s1", "a", "e1"), id="p"),
        process(
            start("s2"), user("b", lt=ROLE), end("e2"), flows(("s2", "b"), ("b", "e2"), ("b", "a"), prefix="q"), id="q"
        ),
    ),
    "message-flow-inside-pool": bundle(
        POOL.format("a", "b"),
        process(start(), user("a", lt=ROLE), user("b", lt=ROLE), end(), chain("start", "a", "b", "end")),
    ),
    "message-flow-end": bundle(
        POOL.format("start", "others"), process(start(), user("a", lt=ROLE), end(), chain("start", "a", "end"))
    ),
    "condition-after-event": one(user("a", lt=ROLE), flows(("start", "a", "n > 1"), ("a", "end"))),
    "event-gateway-mixed": one(
        element("eventBasedGateway", "g"),
        catch("c", message("m")),
        element("receiveTask", "r", messageRef="x_m"),
        flows(("start", "g"), ("g", "c"), ("g", "r"), ("c", "end"), ("r", "end")),
        messages=("m",),
    ),
    "event-unsupported": one(catch("c", "<bpmn:conditionalEventDefinition/>"), chain("start", "c", "end")),
    "event-empty": one(catch("c"), chain("start", "c", "end")),
    "event-multiple": one(catch("c", timer("P1D"), "<bpmn:signalEventDefinition/>"), chain("start", "c", "end")),
    "reference-unresolved": one(catch("c", message("nothing")), chain("start", "c", "end")),
    "id-twice": one(user("a", lt=ROLE), user("a", lt=ROLE), chain("start", "a", "end")),
    "id-unclear": one(user("a>b", lt=ROLE), chain("start", "a>b", "end")),
    "flow-dangling": one(user("a", lt=ROLE), flows(("start", "a"), ("a", "end"), ("a", "nowhere"))),
    "flow-crosses-border": one(SUB, flows(("start", "part"), ("part", "end"), ("start", "w"))),
    "flow-direction": one(user("a", lt=ROLE), flows(("start", "a"), ("a", "end"), ("end", "a"))),
    "unreachable": one(user("a", lt=ROLE), user("lost", lt=ROLE), chain("start", "a", "end")),
    "boundary-loose": one(
        user("a", lt=ROLE), boundary("b", "nobody", timer("P1D")), flows(("start", "a"), ("a", "end"), ("b", "end"))
    ),
    "timer-empty": one(catch("c", "<bpmn:timerEventDefinition/>"), chain("start", "c", "end")),
    "timer-unclear": one(catch("c", timer("P5X")), chain("start", "c", "end")),
    "timer-start-expression": bundle(
        process(start("begin", timer("due", "timeDate")), user("a", lt=ROLE), end(), chain("begin", "a", "end"))
    ),
    "timer-without-offset": one(catch("c", timer("2026-11-30T08:00", "timeDate")), chain("start", "c", "end")),
    "working-days-unclear": one(catch("c", timer("P1D"), lt={"workingDays": "few"}), chain("start", "c", "end")),
    "expression-unreadable": one(xor("x", "d"), flows(("start", "x"), ("x", "end", "a = 1"), ("x", "end", "", "d"))),
    "script-unreadable": one(script("s", "import os"), chain("start", "s", "end")),
    "condition-missing": one(
        xor("x", "d"),
        user("a", lt=ROLE),
        flows(("start", "x"), ("x", "end", "", "d"), ("x", "a"), ("a", "end")),
    ),
    "condition-ignored": one(
        fork("f"), user("a", lt=ROLE), flows(("start", "f"), ("f", "a", "n > 1"), ("f", "end"), ("a", "end"))
    ),
    "default-elsewhere": one(
        xor("x", "f0"),
        user("a", lt=ROLE),
        flows(("start", "x"), ("x", "end", "n > 1"), ("x", "a", "n > 2"), ("a", "end")),
    ),
    "inclusive-in-loop": one(
        element("inclusiveGateway", "j"),
        user("a", lt=ROLE),
        xor("x", "d"),
        flows(("start", "j"), ("j", "a"), ("a", "x"), ("x", "end", "done"), ("x", "j", "", "d")),
    ),
    "event-gateway-target": one(
        element("eventBasedGateway", "g"), user("a", lt=ROLE), flows(("start", "g"), ("g", "a"), ("a", "end"))
    ),
    "gateway-without-exit": one(user("a", lt=ROLE), fork("g"), flows(("start", "a"), ("a", "g"))),
    "loop-endless": one(user("a", "<bpmn:standardLoopCharacteristics/>", lt=ROLE), chain("start", "a", "end")),
    "multi-instance-source": one(user("a", MI.format("", ""), lt=ROLE), chain("start", "a", "end")),
    "multi-instance-behavior": one(
        user("a", MI.format('behavior="One"', "<bpmn:loopCardinality>2</bpmn:loopCardinality>"), lt=ROLE),
        chain("start", "a", "end"),
    ),
    "form-missing": one(user("a", lt={**ROLE, "form": "x"}), chain("start", "a", "end")),
    "operator-name": one(service("s", "rm -rf"), chain("start", "s", "end")),
    "task-unknown": one(user("a", lt={**ROLE, "notSameAs": "b"}), chain("start", "a", "end")),
    "value-unknown": one(user("a", lt={**ROLE, "progress": "xong"}), chain("start", "a", "end")),
    "called-missing": one(element("callActivity", "c", calledElement="q"), chain("start", "c", "end")),
    "called-id-twice": {
        **one(element("callActivity", "c", calledElement="q"), chain("start", "c", "end")),
        "q.bpmn": document(process(start(), end("e"), chain("start", "e", prefix="q"), id="q")),
    },
    "called-in-a-circle": one(element("callActivity", "c", calledElement="p"), chain("start", "c", "end")),
    "decision-missing": one(element("businessRuleTask", "r", lt={"decision": "d"}), chain("start", "r", "end")),
    "start-several": one(start("again"), user("a", lt=ROLE), flows(("start", "a"), ("again", "a"), ("a", "end"))),
    "start-in-subprocess": one(
        sub("part", start("s1", message("m")), end("e1"), chain("s1", "e1", prefix="i")),
        chain("start", "part", "end"),
        messages=("m",),
    ),
    "link-open": one(throw("l", '<bpmn:linkEventDefinition name="x"/>'), flows(("start", "l"))),
    "instantiating-unsupported": one(
        element("eventBasedGateway", "g", instantiate="true"), catch("c", timer("P1D")), chain("start", "g", "c", "end")
    ),
    "process-twice": {
        "a.bpmn": document(process(start(), end(), chain("start", "end"))),
        "b.bpmn": document(process(start(), end(), chain("start", "end"))),
    },
    "start-message-twice": bundle(
        *(process(start("s" + n, message("m")), end("e" + n), chain("s" + n, "e" + n, prefix=n), id=n) for n in "ab"),
        messages=("m",),
    ),
    "no-process": {"a.bpmn": document()},
    "not-bpmn": {"a.bpmn": b"<html/>"},
    "not-xml": {"a.bpmn": b"hello"},
    "not-dmn": {"a.dmn": b"<html/>"},
    "file-too-large": {"a.bpmn": b" " * 1_000_001},
    "too-many-nodes": one(
        *(user(f"u{n}", lt=ROLE) for n in range(401)), chain("start", *(f"u{n}" for n in range(401)), "end")
    ),
    "too-deep": {"a.bpmn": b"<a>" * 100 + b"</a>" * 100},
}


@pytest.mark.parametrize("rule", sorted(REFUSED))
def test_what_would_run_wrongly_is_refused(rule: str) -> None:
    report = lint.check(REFUSED[rule])
    refused = {finding.rule for finding in report.findings if finding.level == "refused"}
    assert rule in refused
    assert report.outcome == "refused"


TOLD = {
    "foreign-script": (
        "draft",
        one(
            element("scriptTask", "s", "<bpmn:script>1</bpmn:script>", scriptFormat="javascript"),
            chain("start", "s", "end"),
        ),
    ),
    "script-missing": ("draft", one(element("scriptTask", "s"), chain("start", "s", "end"))),
    "subprocess-empty": ("draft", one(sub("part"), chain("start", "part", "end"))),
    "not-executable": (
        "draft",
        bundle(process(start(), end(), chain("start", "end")).replace('"true"', '"false"')),
    ),
    "gateway-undecided": (
        "warning",
        one(xor("x"), user("a", lt=ROLE), flows(("start", "x"), ("x", "end"), ("x", "a"), ("a", "end"))),
    ),
    "compensation-unused": ("warning", one(user("a", lt=ROLE, isForCompensation="true"), chain("start", "end"))),
    "role-missing": ("note", one(user("a"), chain("start", "a", "end"))),
    "operator-missing": ("draft", one(element("serviceTask", "a", name="A"), chain("start", "a", "end"))),
    "default-missing": (
        "warning",
        one(
            xor("x"),
            user("a", lt=ROLE),
            flows(("start", "x"), ("x", "end", "n > 1"), ("x", "a", "n <= 1"), ("a", "end")),
        ),
    ),
    "condition-twice": (
        "warning",
        one(
            xor("x", "d"),
            user("a", lt=ROLE),
            user("b", lt=ROLE),
            flows(
                ("start", "x"),
                ("x", "a", "n>1"),
                ("x", "b", "n > 1"),
                ("x", "end", "", "d"),
                ("a", "end"),
                ("b", "end"),
            ),
        ),
    ),
    "extension-unknown": ("warning", one(user("a", lt={**ROLE, "frm": "x"}), chain("start", "a", "end"))),
    "collect-without-cutoff": (
        "warning",
        one(catch("c", message("m"), lt={"collect": "localities"}), chain("start", "c", "end"), messages=("m",)),
    ),
    "message-unnamed": ("warning", one(catch("c", "<bpmn:messageEventDefinition/>"), chain("start", "c", "end"))),
    "flow-twice": ("warning", one(xor("x", "d"), flows(("start", "x"), ("x", "end", "n > 1"), ("x", "end", "", "d")))),
    "file-unknown": ("warning", {**one(user("a", lt=ROLE), chain("start", "a", "end")), "x.exe": b""}),
    "split-rewritten": (
        "note",
        one(user("a", lt=ROLE), user("b", lt=ROLE), flows(("start", "a"), ("start", "b"), ("a", "end"), ("b", "end"))),
    ),
    "end-implied": ("note", bundle(process(start(), user("a", lt=ROLE), chain("start", "a")))),
    "start-implied": ("note", bundle(process(user("a", lt=ROLE), end(), chain("a", "end")))),
    "id-missing": (
        "note",
        {"p.bpmn": one(user("a", lt=ROLE), chain("start", "a", "end"))["p.bpmn"].replace(b' id="c0"', b"")},
    ),
    "error-always-interrupts": (
        "note",
        one(
            user("a", lt=ROLE),
            boundary("b", "a", error("E"), interrupting=False),
            flows(("start", "a"), ("a", "end"), ("b", "end")),
            errors=("E",),
        ),
    ),
    "data-is-documentation": ("note", one(user("a", lt=ROLE), element("dataObject", "d"), chain("start", "a", "end"))),
    "link-rewritten": (
        "note",
        one(
            user("a", lt=ROLE),
            throw("out", '<bpmn:linkEventDefinition name="L"/>'),
            catch("in", '<bpmn:linkEventDefinition name="L"/>'),
            flows(("start", "a"), ("a", "out"), ("in", "end")),
        ),
    ),
}


@pytest.mark.parametrize("rule", sorted(TOLD))
def test_what_is_cured_or_incomplete_is_told(rule: str) -> None:
    level, files = TOLD[rule]
    report = lint.check(files)
    assert rule in {finding.rule for finding in report.findings if finding.level == level}
    assert report.outcome == ("draft" if level == "draft" else "runnable")


def test_parallel_tasks_that_answer_the_same_field_are_told_before_they_get_stuck() -> None:
    form = b'{"type":"default","components":[{"type":"select","key":"decision"},{"type":"textarea","key":"reason"}]}'
    files = one(
        fork("f"),
        user("a", lt=ROLE),
        user("b", lt=ROLE),
        join("j"),
        flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "end")),
    )
    finding = found({**files, "a.form.json": form, "b.form.json": form})["same-field-in-parallel"]
    assert "decision" in finding.message_en
    assert "reason" not in finding.message_en


def test_a_form_of_the_tasks_name_needs_no_mention() -> None:
    files = {**one(user("a", lt=ROLE), chain("start", "a", "end")), "a.form.json": b'{"components": []}'}
    assert lint.check(files).outcome == "runnable"


def test_decision_tables_are_checked_cell_by_cell() -> None:
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d"><decision id="pick" name="Pick">'
        '<decisionTable id="t" hitPolicy="{}"><input id="i"><inputExpression id="ie"><text>kind</text>'
        '</inputExpression></input><output id="o" name="lead"/><rule id="r1"><inputEntry id="x"><text>{}</text>'
        "</inputEntry>"
        '<outputEntry id="y"><text>"hlhpn"</text></outputEntry></rule></decisionTable></decision></definitions>'
    )
    rule = one(element("businessRuleTask", "r", name="R", lt={"decision": "pick"}), chain("start", "r", "end"))
    assert lint.check({**rule, "d.dmn": table.format("FIRST", '"env"').encode()}).outcome == "runnable"
    assert "hit-policy" in found({**rule, "d.dmn": table.format("PRIORITY", '"env"').encode()}, "refused")
    assert "expression-unreadable" in found({**rule, "d.dmn": table.format("FIRST", "1 +").encode()}, "refused")


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


def test_each_rule_is_said_in_one_table() -> None:
    tables = [texts.elements, texts.events, texts.files, texts.flows, texts.imported, texts.soundness]
    tables += [texts.standard, texts.tables, texts.work]
    assert sum(len(table.TEXTS) for table in tables) == len(TEXTS)
