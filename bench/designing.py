"""What the designer costs: checking a drawing of four hundred steps after a change, as the editor asks for it."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from flask import Flask

from bench.measuring import Figure, cpu, median
from webapp.designs.checks import checked

STEPS, MOST = 400, 1_000


def measure(*, quick: bool) -> Iterator[Figure]:
    """Yield the CPU of one check; every round changes a name, so that nothing is known from before."""
    drawings = [large(number) for number in range(3 if quick else 9)]
    with Flask(__name__).test_request_context():
        rounds = [cpu(partial(checked, {"large.bpmn": drawing}, {})) for drawing in drawings]
    yield Figure(name=f"designer.check.{STEPS}", value=median(rounds), limit=MOST, note="findings, outline, variables")


def large(number: int) -> bytes:
    """Draw a process of so many tasks in a line."""
    nodes = [f"step_{number}" for number in range(STEPS)]
    tasks = "".join(f'<bpmn:manualTask id="{one}" name="Bước {one} {number}"/>' for one in nodes)
    flows = "".join(f'<bpmn:sequenceFlow id="f_{a}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(nodes))
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:large">'
        f'<bpmn:process id="large" name="Lớn" isExecutable="true">{tasks}{flows}</bpmn:process></bpmn:definitions>'
    ).encode()
