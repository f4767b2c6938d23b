"""Scenarios: runs kept with a definition, played on the real runner and held against what they expect."""

from engine.scenarios.alone import TRIED_ALONE, Tried, try_alone
from engine.scenarios.grounds import Ground, prepare
from engine.scenarios.playing import filled, play
from engine.scenarios.reading import FOLDER, MAX_STEPS, is_scenario, name_of, read, said_of, scenario_of, write
from engine.scenarios.recording import expecting, recorded
from engine.scenarios.running import coverage_of, run, run_all
from engine.scenarios.values import Coverage, Difference, Expectation, Moment, Report, Result, Run, Scenario, Step

__all__ = [
    "FOLDER",
    "MAX_STEPS",
    "TRIED_ALONE",
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
    "coverage_of",
    "expecting",
    "filled",
    "is_scenario",
    "name_of",
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
