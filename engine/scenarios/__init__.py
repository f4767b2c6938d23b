"""Scenarios: runs kept with a definition, played on the real runner and held against what they expect."""

from engine.scenarios.alone import Tried, can_be_tried, try_alone
from engine.scenarios.grounds import Ground, prepare
from engine.scenarios.playing import filled, play
from engine.scenarios.reading import FOLDER, MAX_STEPS, is_scenario, read, said_of, scenario_of, write
from engine.scenarios.recording import expecting, recorded
from engine.scenarios.running import coverage_of, run, run_all
from engine.scenarios.values import Coverage, Difference, Expectation, Moment, Report, Result, Run, Scenario, Step

__all__ = [
    "FOLDER",
    "MAX_STEPS",
    "Coverage",
    "Difference",
    "Expectation",
    "Ground",
    "Moment",
    "Report",
    "Result",
    "Run",
    "Scenario",
    "Step",
    "Tried",
    "can_be_tried",
    "coverage_of",
    "expecting",
    "filled",
    "is_scenario",
    "play",
    "prepare",
    "read",
    "recorded",
    "run",
    "run_all",
    "said_of",
    "scenario_of",
    "try_alone",
    "write",
]
