"""The one clock: an instant per transaction, and an offset for worlds that live at another time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

# Checking and simulating files needs no database, and loading SQLAlchemy takes longer than both.
if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSE_OF_BUSINESS = time(17)


@dataclass
class Clock:
    """The machine's clock, shifted: the demo world of 2018 goes on from 12/10/2018 08:07."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the present instant of this world, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def outside(self) -> datetime:
        """Return the present instant on everybody else's clocks: telephones do not live in this world's time."""
        return self.now() - self.offset


@dataclass
class ManualClock(Clock):
    """A clock that stands until it is set: for building worlds and for tests."""

    at: datetime = datetime(2018, 1, 2, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def begin(session: "Session", clock: Clock) -> "Session":
    """Give the session the instant at which everything in its transaction happens."""
    session.info["now"] = clock.now()
    return session


def now(session: "Session") -> datetime:
    """Return the instant of the session's transaction."""
    at: datetime = session.info["now"]
    return at


def close_of(day: date) -> datetime:
    """Return the end of the working day in Vietnam, in UTC: what "hạn 12/10" means."""
    return datetime.combine(day, CLOSE_OF_BUSINESS, ZONE).astimezone(UTC)
