"""What would run wrongly is refused: one smallest example per rule."""

import pytest

from engine import lint
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    condition,
    document,
    element,
    end,
    error,
    flows,
    fork,
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
from tests.engine.linting import ROLE, SUB, one

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
    "event-unsupported": one(catch("c", "<bpmn:terminateEventDefinition/>"), chain("start", "c", "end")),
    "event-condition-missing": one(catch("c", "<bpmn:conditionalEventDefinition/>"), chain("start", "c", "end")),
    "start-conditional": bundle(process(start("s", condition("x > 1")), end(), chain("s", "end"))),
    "start-parallel": bundle(
        process(
            element("startEvent", "s", message("a"), timer("P1D"), parallelMultiple="true"), end(), chain("s", "end")
        ),
        messages=("a",),
    ),
    "event-parallel": one(
        SUB,
        element("boundaryEvent", "b", error(), timer("P1D"), attachedToRef="part", parallelMultiple="true"),
        end("late"),
        flows(("start", "part"), ("part", "end"), ("b", "late")),
    ),
    "event-empty": one(catch("c"), chain("start", "c", "end")),
    "event-multiple": one(catch("c", timer("P1D"), '<bpmn:linkEventDefinition name="x"/>'), chain("start", "c", "end")),
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
    "needs-role": one(user("a", lt={"assign": "direct"}), chain("start", "a", "end")),
    "level-contradicts": one(user("a", lt={"role": "superior", "level": "above"}), chain("start", "a", "end")),
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
