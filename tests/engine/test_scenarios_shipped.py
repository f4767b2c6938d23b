"""The scenarios of the shipped processes hold, and take every sequence flow together."""

import pytest

from engine import scenarios
from processes import bundle
from webapp.founding import PROCESSES

pytestmark = pytest.mark.once


@pytest.mark.parametrize("process", PROCESSES)
def test_its_scenarios_hold_and_leave_nothing_out(process: str) -> None:
    report = scenarios.run_all(bundle(process))
    assert [(one.file, one.differences) for one in report.results if not one.holds] == []
    assert (report.coverage.missed_elements, report.coverage.missed_flows) == ((), ())
    assert all(one.run.outcome == "finished" and one.run.ended_at for one in report.results)


def test_a_condition_that_was_turned_round_is_seen() -> None:
    """The planted fault: what is granted is refused and the other way round."""
    files = bundle("extension")
    drawn = files["extension.bpmn"]
    assert b"decision == 'refuse'" in drawn
    files["extension.bpmn"] = drawn.replace(b"decision == 'refuse'", b"decision != 'refuse'")
    report = scenarios.run_all(files)
    assert [[one.reason for one in result.differences] for result in report.results] == [["ended_at"], ["ended_at"]]


def test_a_scenario_that_is_missing_leaves_its_flows_out() -> None:
    """The planted fault: nobody declines."""
    files = bundle("coordination")
    del files["scenarios/declined.json"]
    report = scenarios.run_all(files)
    assert report.holds
    assert report.coverage.missed_flows == ("takes_part_to_declined",)
    assert report.coverage.missed_elements == ("declined",)
    assert 0.9 < report.covered_share < 1
