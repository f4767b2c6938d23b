"""BPMN files as plain nodes and flows: read safely, understood with our extensions, made regular for the runner."""

from engine.bpmn.model import (
    EXTENSION,
    SUBPROCESSES,
    Copy,
    Diagram,
    Event,
    Flow,
    Loop,
    MessageFlow,
    Node,
    Problem,
    Process,
    Timer,
)
from engine.bpmn.normalise import normalised
from engine.bpmn.reading import read
from engine.bpmn.xml import Unreadable, for_browsers, parse

__all__ = [
    "EXTENSION",
    "SUBPROCESSES",
    "Copy",
    "Diagram",
    "Event",
    "Flow",
    "Loop",
    "MessageFlow",
    "Node",
    "Problem",
    "Process",
    "Timer",
    "Unreadable",
    "for_browsers",
    "normalised",
    "parse",
    "read",
]
