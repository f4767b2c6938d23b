"""Writes the numbers for Prometheus: those counted since the start, and how things stand now."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from engine import backlog
from engine.clock import Clock, begin
from engine.metrics import REGISTRY
from models.database import Database

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4


def written(database: Database, clock: Clock) -> bytes:
    """Write all numbers in the text form of Prometheus; what is in the database is read now."""
    present = CollectorRegistry()
    present.register(_Present(database, clock))
    return generate_latest(REGISTRY) + generate_latest(present)


class _Present(Collector):
    """Reads how things stand when it is asked."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        depth = GaugeMetricFamily("lienthong_queue_depth", "Rows that wait to be worked on", labels=["queue"])
        age = GaugeMetricFamily("lienthong_queue_age_seconds", "Age of the oldest of them", labels=["queue"])
        with self.database.read() as session:
            for name, queue in backlog.queues(begin(session, self.clock)).items():
                depth.add_metric([name], queue.count)
                age.add_metric([name], queue.age(self.clock.now()))
        yield depth
        yield age
        yield GaugeMetricFamily("lienthong_wal_bytes", "Length of the write-ahead log", value=self.database.wal_bytes())
