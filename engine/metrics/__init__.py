"""What is counted and measured while the product works, for Prometheus: bounded labels, and nothing names anybody."""

import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from engine import audit
from engine.audit import Fact
from engine.sandbox import killed
from models.database import Database

disable_created_metrics()  # type: ignore[no-untyped-call]  # the instant of a first count is nobody's question, and doubles the lines
REGISTRY: Final = CollectorRegistry()
_SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LONG = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86400)

ACTS = Counter("lienthong_acts", "Committed acts, by their fact in the audit log", ["fact"], registry=REGISTRY)
COMPLETIONS = Counter("lienthong_completions", "Tasks completed by people", registry=REGISTRY)
FAILED_SIGN_INS = Counter("lienthong_sign_ins_failed", "Sign-ins with a wrong password", registry=REGISTRY)
CONFLICTS = Counter(
    "lienthong_conflicts", "Acts somebody else was faster than: refused, or done anew", ["outcome"], registry=REGISTRY
)
EVALUATOR_KILLS = Counter(
    "lienthong_evaluator_kills", "Expressions whose worker died or ran into a limit", ["why"], registry=REGISTRY
)
LOCK_WAIT = Histogram(
    "lienthong_lock_wait_seconds", "Wait for the write lock, or for locked rows", buckets=_SHORT, registry=REGISTRY
)
COMMIT = Histogram("lienthong_commit_seconds", "Time a commit took", buckets=_SHORT, registry=REGISTRY)
TIMER_LATENESS = Histogram(
    "lienthong_timer_lateness_seconds", "How late timers fired", buckets=_LONG, registry=REGISTRY
)
DELIVERY_AGE = Histogram(
    "lienthong_delivery_age_seconds", "Age of messages when they were first delivered", buckets=_LONG, registry=REGISTRY
)
REQUESTS = Histogram(
    "lienthong_request_seconds", "Time to answer a request", ["noun", "method", "status"], buckets=_SHORT,
    registry=REGISTRY,
)  # fmt: skip
ProcessCollector(registry=REGISTRY)
_COUNTED = {Fact.TASK_COMPLETED: COMPLETIONS, Fact.SESSION_REFUSED: FAILED_SIGN_INS}
# So that what has not happened yet reads 0, and does not look as if nobody counted it.
for _outcome in ("refused", "repeated"):
    CONFLICTS.labels(_outcome)
for _why in ("crash", "limit"):
    EVALUATOR_KILLS.labels(_why)
killed.hear(lambda why: EVALUATOR_KILLS.labels(why).inc())


def watch(database: Database) -> None:
    """Measure how long its locks are waited for."""
    database.on_wait = LOCK_WAIT.observe


def later(session: Session, measured: Histogram, value: float) -> None:
    """Note a value that counts if the transaction is committed."""
    session.info.setdefault("measured", []).append((measured, value))


@event.listens_for(Session, "before_commit")
def _begin_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info["commit_began"] = time.perf_counter()


@event.listens_for(Session, "after_commit")
def _count(session: Session) -> None:
    if session.in_nested_transaction():
        return
    COMMIT.observe(time.perf_counter() - session.info.pop("commit_began"))
    for measured, value in session.info.pop("measured", ()):
        measured.observe(value)
    for entry in audit.appended(session):
        ACTS.labels(entry["fact"]).inc()
        if entry["fact"] in _COUNTED:
            _COUNTED[entry["fact"]].inc()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    if undone.parent is None:
        session.info.pop("measured", None)
