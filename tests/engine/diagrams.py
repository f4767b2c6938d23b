"""A small builder of BPMN text for tests: elements and flows by name, nothing about layout."""

import itertools
from typing import Any
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:lt="urn:lienthong:bpmn:1"'
    ' id="defs" targetNamespace="http://lienthong.test">\n'
)
Flow = tuple[str, ...]


def element(
    tag: str, id: str, *inner: str, name: str | None = None, lt: dict[str, str] | None = None, **attrs: str
) -> str:
    """One element; `lt` are our extension attributes."""
    given = {"id": id, **({"name": name} if name else {}), **attrs, **{f"lt:{k}": v for k, v in (lt or {}).items()}}
    listed = "".join(f" {key}={quoteattr(value)}" for key, value in given.items())
    return f"<bpmn:{tag}{listed}>{''.join(inner)}</bpmn:{tag}>\n"


def start(id: str = "start", *inner: str) -> str:
    return element("startEvent", id, *inner)


def end(id: str = "end", *inner: str) -> str:
    return element("endEvent", id, *inner)


def user(id: str, *inner: str, **attrs: str) -> str:
    return element("userTask", id, *inner, name=id.replace("_", " ").capitalize(), **attrs)


def service(id: str, operator: str = "tests.act") -> str:
    return element("serviceTask", id, lt={"operator": operator})


def script(id: str, text: str) -> str:
    return element("scriptTask", id, f"<bpmn:script>{escape(text)}</bpmn:script>")


def xor(id: str, default: str | None = None) -> str:
    return element("exclusiveGateway", id, **({"default": default} if default else {}))


def fork(id: str) -> str:
    return element("parallelGateway", id)


join = fork


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{message_id(name)}"/>'


def signal(name: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="{message_id(name)}"/>'


def error(code: str | None = None) -> str:
    return f'<bpmn:errorEventDefinition errorRef="{message_id(code)}"/>' if code else "<bpmn:errorEventDefinition/>"


def escalation(code: str) -> str:
    return f'<bpmn:escalationEventDefinition escalationRef="{message_id(code)}"/>'


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"


def condition(text: str) -> str:
    said = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:condition>'
    return f"<bpmn:conditionalEventDefinition>{said}</bpmn:conditionalEventDefinition>"


def catch(id: str, *inner: str, lt: dict[str, str] | None = None) -> str:
    return element("intermediateCatchEvent", id, *inner, lt=lt)


def throw(id: str, *inner: str, lt: dict[str, str] | None = None) -> str:
    return element("intermediateThrowEvent", id, *inner, lt=lt)


def boundary(id: str, on: str, *inner: str, interrupting: bool = True, lt: dict[str, str] | None = None) -> str:
    cancel = "true" if interrupting else "false"
    return element("boundaryEvent", id, *inner, lt=lt, attachedToRef=on, cancelActivity=cancel)


def sub(id: str, *inner: str, **attrs: str) -> str:
    return element("subProcess", id, *inner, **attrs)


def flows(*pairs: Flow, prefix: str = "f") -> str:
    """Sequence flows: (source, target), with an optional condition and an optional id."""
    lines = []
    for number, (source, target, *rest) in enumerate(pairs):
        condition = rest[0] if rest else None
        id = rest[1] if len(rest) > 1 else f"{prefix}{number}"
        inner = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{escape(condition)}</bpmn:conditionExpression>"
            if condition
            else ""
        )
        lines.append(element("sequenceFlow", id, inner, sourceRef=source, targetRef=target))
    return "".join(lines)


def chain(*ids: str, prefix: str = "c") -> str:
    """Flows that lead through the elements one after the other."""
    return flows(*itertools.pairwise(ids), prefix=prefix)


def process(*parts: str, id: str = "p", **attrs: str) -> str:
    return element("process", id, *parts, isExecutable="true", **attrs)


def message_id(name: str | None) -> str:
    return "x_" + "".join(letter if letter.isalnum() else "_" for letter in name or "")


def document(
    *parts: str,
    messages: tuple[str, ...] = (),
    signals: tuple[str, ...] = (),
    errors: tuple[str, ...] = (),
    escalations: tuple[str, ...] = (),
) -> bytes:
    """A whole BPMN file."""
    named = "".join(f'<bpmn:message id="{message_id(n)}" name={quoteattr(n)}/>\n' for n in messages)
    named += "".join(f'<bpmn:signal id="{message_id(n)}" name={quoteattr(n)}/>\n' for n in signals)
    named += "".join(
        f'<bpmn:error id="{message_id(n)}" name={quoteattr(n)} errorCode={quoteattr(n)}/>\n' for n in errors
    )
    named += "".join(
        f'<bpmn:escalation id="{message_id(n)}" name={quoteattr(n)} escalationCode={quoteattr(n)}/>\n'
        for n in escalations
    )
    return (HEAD + named + "".join(parts) + "</bpmn:definitions>\n").encode()


def bundle(*parts: str, **named: tuple[str, ...]) -> dict[str, bytes]:
    """The files of a definition with one BPMN file."""
    return {"p.bpmn": document(*parts, **named)}


def request(**ask: Any) -> dict[str, bytes]:
    """Somebody asks (`ask`: what its task is besides): where it is big an answer is waited for, else two hours."""
    return bundle(
        process(
            start(),
            user("ask", **ask),
            xor("big", "small"),
            catch("answer", message("Answer")),
            catch("pause", timer("PT2H")),
            end(),
            end("refused"),
            flows(
                ("start", "ask"),
                ("ask", "big"),
                ("big", "answer", "amount > 100"),
                ("big", "pause", "", "small"),
                ("answer", "end"),
                ("pause", "refused"),
            ),
        ),
        messages=("Answer",),
    )
