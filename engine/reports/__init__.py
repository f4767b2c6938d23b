"""What may be done to reports: enter one, correct a figure, decide on events that two organizations recorded."""

from engine.reports.correcting import correct
from engine.reports.doubles import keep_both, merge_events
from engine.reports.reporting import report

__all__ = ["correct", "keep_both", "merge_events", "report"]
