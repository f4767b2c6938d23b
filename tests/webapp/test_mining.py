"""Process mining with pm4py: it reads our event logs without a complaint and counts what our pages show."""

import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from models.audit import AuditEntry
from tests.play import Story
from tests.webapp.doors import app, signed_in, story
from tests.webapp.test_audit_analysis import COUNTED, rows

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what its own dependencies deprecate is not about our files
    pm4py = pytest.importorskip("pm4py", reason="pm4py is not installed: script/mining installs and runs this")

# It advises a faster reader.
pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore:Install the optional requirement:UserWarning")]

__all__ = ["app", "story"]


def read(app: Flask, format: str, folder: Path, by: Any) -> Any:
    """Let pm4py read an export of everything."""
    file = folder / f"log.{'xes' if format == 'xes' else 'jsonocel'}"
    file.write_bytes(signed_in(app, "thanhtra").get(f"/audit/exports/{format}").get_data())
    return by(str(file))


def played(app: Flask, story: Story) -> str:
    """Play an order to its plan, which somebody claims and gives back."""
    order = story.until("approve_plan")
    signed_in(app, "truong.khoi").post(f"/tasks/{story.task('approve_plan').id}/claim")
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="Thiếu mốc thời gian")
    story.pass_time()
    return order


def test_its_event_log_has_the_counts_of_the_analysis(app: Flask, story: Story, tmp_path: Path) -> None:
    played(app, story)
    shown = rows(signed_in(app, "thanhtra").read("/audit/analysis"), "steps-1")
    log = read(app, "xes", tmp_path, pm4py.read_xes)
    steps = log[log["concept:name"] != log["lienthong:fact"]]
    counts = Counter(zip(steps["concept:name"], steps["lifecycle:transition"], strict=True))
    assert {name: tuple(map(int, cells[:3])) for name, cells in shown.items()} == {
        name: tuple(counts[name, kind] for kind in COUNTED) for name in set(steps["concept:name"])
    }
    assert str(log["time:timestamp"].dtype).startswith("datetime64")


def test_its_variants_are_the_ways_that_orders_went(app: Flask, story: Story, tmp_path: Path) -> None:
    order = played(app, story)
    log = read(app, "xes", tmp_path, pm4py.read_xes)
    done = log[(log["lienthong:fact"] == "task:completed") & (log["case:concept:name"] == order)]
    (variant,) = pm4py.get_variants(done)
    assert list(variant) == [one.title for one in sorted(story.tasks(order=order), key=completed) if one.closed_at]


def completed(task: Any) -> Any:
    """Return when a task was completed, those that are open last."""
    return task.closed_at is None, task.closed_at


def test_its_object_log_has_every_entry_and_object(app: Flask, story: Story, tmp_path: Path) -> None:
    played(app, story)
    log = read(app, "ocel", tmp_path, pm4py.read_ocel2_json)
    entries = story.rows(AuditEntry)
    assert Counter(log.events["ocel:activity"]) == Counter(one.fact for one in entries)
    orders = {one.order_id for one in entries if one.order_id}
    assert set(log.objects[log.objects["ocel:type"] == "order"]["ocel:oid"]) == orders
