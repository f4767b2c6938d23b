"""The work behind the requests: the sweep over business rows, and the jobs of the job engine."""

from engine.jobs.queue import Queue
from engine.jobs.registry import WORKFLOW, enqueue, job, waiting
from engine.jobs.sealing import Seal
from engine.jobs.sweeping import BATCH, committing, drain, sweep
from engine.jobs.workers import EVERY, Jobs

__all__ = [
    "BATCH",
    "EVERY",
    "WORKFLOW",
    "Jobs",
    "Queue",
    "Seal",
    "committing",
    "drain",
    "enqueue",
    "job",
    "sweep",
    "waiting",
]
