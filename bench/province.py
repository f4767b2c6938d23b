"""What an order through a whole province costs: 54 communes and 1,452 quarters, opened and reported."""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from bench.measuring import Figure, cpu
from engine import indicators
from engine.clock import ManualClock
from engine.jobs import committing
from models.base import Base
from models.database import open_database
from webapp import demo, founding, server
from webapp.demo import province
from webapp.demo.play import Play

MOST_SECONDS = 10.0


def measure() -> Iterator[Figure]:
    """Yield the CPU to open everything, and that of one report with what follows from it."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder, contextlib.redirect_stdout(io.StringIO()):
        database = open_database(f"sqlite:///{Path(folder) / 'province.db'}")
        Base.metadata.create_all(database.writer)
        clock = ManualClock(at=province.BEGINNING.astimezone(UTC))
        with committing(database, clock) as session:
            built = province._register(session, "no password")
            indicators.seed(session)
            founding.deploy_all(session)
        play = Play(database, clock, actor=demo.actors_of(database, clock, built).__getitem__)
        orders: list[str] = []
        reports: list[int] = []
        server.leave_to_no_collector()
        opened = cpu(lambda: orders.append(province._open(play, built)))
        reported = cpu(lambda: reports.append(province._report(play, built, orders[0])))
        folded = cpu(play.fold)
        database.close()
    yield Figure(name="province.open", value=round(opened / 1000, 2), unit="s", limit=MOST_SECONDS)
    yield Figure(name="province.report", value=round(reported / reports[0], 2), note=f"each of {reports[0]:,}")
    yield Figure(name="province.fold", value=round(folded / 1000, 2), unit="s", note="all totals of all levels")
