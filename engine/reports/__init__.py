"""What may be done to reports: enter one, correct a figure, decide on events that two organizations recorded."""

from engine.reports.correcting import correct
from engine.reports.doubles import Double, keep_both, merge_events, suspected_doubles
from engine.reports.reporting import report

__all__ = ["Double", "correct", "keep_both", "merge_events", "report", "suspected_doubles"]
