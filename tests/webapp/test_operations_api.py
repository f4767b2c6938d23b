"""Programs of operators do what operators do, with a reason."""

from typing import Any

import pytest
from flask import Flask

from engine.audit import Fact
from models.definitions import Definition
from models.timers import Timer
from tests.engine.operating import REASON, SCRIPTED, TIMED, begin, state, the
from tests.play import Story
from tests.webapp.doors import Program, app, story
from tests.webapp.operating import stuck

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def test_a_program_finds_what_is_stuck_mends_the_data_and_tries_again(app: Flask, story: Story) -> None:
    found, incident = stuck(story, note="Ghi chú")
    program = Program(app, story, "quantri")
    assert [one["id"] for one in program.get("/incidents").json["items"]] == [incident]
    whole = program.get(f"/incidents/{incident}").json
    assert (whole["element"], whole["data"]["note"], whole["can_skip"]) == ("which", "Ghi chú", False)
    act = {"reason": REASON, "version": whole["version"]}
    edited = program.post(f"/instances/{found}/data", {**act, "data": {"size": 8}})
    assert (edited.status_code, edited.json["version"] > whole["version"]) == (200, True)
    late = program.post(f"/incidents/{incident}/retry", act)
    assert (late.status_code, late.json["reason"]) == (409, "changed_meanwhile")
    done = program.post(f"/incidents/{incident}/retry", {"reason": REASON, "version": edited.json["version"]})
    assert (done.json["state"], [task["element"] for task in done.json["tasks"]]) == ("running", ["big"])
    again = program.post(f"/incidents/{incident}/retry", {"reason": REASON})
    assert (again.status_code, again.content_type, again.json["reason"]) == (
        409, "application/problem+json", "incident_resolved",
    )  # fmt: skip
    assert the(story, Fact.INCIDENT_RESOLVED).channel == "api"


def test_a_program_skips_moves_stops_and_ends_an_instance(app: Flask, story: Story) -> None:
    found = begin(story, SCRIPTED, size=1)
    program = Program(app, story, "quantri")
    (place,) = program.get(f"/instances/{found}").json["places"]
    moved = program.post(f"/instances/{found}/move", {"key": place["key"], "element": "two", "reason": REASON})
    assert [one["element"] for one in moved.json["places"]] == ["two"]
    stopped = program.post(f"/instances/{found}/suspension", {"reason": REASON})
    assert stopped.json["state"] == "suspended"
    key = moved.json["places"][0]["key"]
    refused = program.post(f"/instances/{found}/skip", {"key": key, "reason": REASON})
    assert (refused.status_code, refused.json["reason"]) == (409, "instance_suspended")
    assert REASON in refused.json["detail"]
    assert program.post(f"/instances/{found}/resumption", {"reason": REASON}).json["state"] == "running"
    assert program.post(f"/instances/{found}/skip", {"key": key, "reason": REASON}).json["state"] == "finished"
    other = begin(story, SCRIPTED)
    once = [program.post(f"/instances/{other}/cancellation", {"reason": REASON}, key="cancel-it") for _ in range(2)]
    assert [answer.json["state"] for answer in once] == ["cancelled", "cancelled"]
    assert len(story.facts(Fact.INSTANCE_CANCELLED)) == 1


def test_a_program_takes_a_move_back_once(app: Flask, story: Story) -> None:
    found = begin(story, SCRIPTED, size=1)
    program = Program(app, story, "quantri")
    (place,) = program.get(f"/instances/{found}").json["places"]
    program.post(f"/instances/{found}/move", {"key": place["key"], "element": "two", "reason": REASON})
    history = program.get(f"/instances/{found}/history").json["items"]
    entries = {entry["fact"]: entry["seq"] for entry in history}
    back = program.post(f"/instances/{found}/undo", {"entry": entries[Fact.TOKEN_MOVED], "reason": REASON})
    assert [one["element"] for one in back.json["places"]] == ["one"]
    again = program.post(f"/instances/{found}/undo", {"entry": entries[Fact.TOKEN_MOVED], "reason": REASON})
    assert (again.status_code, again.json["reason"]) == (409, "changed_since")
    started = program.post(f"/instances/{found}/undo", {"entry": entries[Fact.INSTANCE_STARTED], "reason": REASON})
    assert (started.status_code, started.json["reason"]) == (409, "cannot_be_undone")


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_a_program_gives_a_reason_too(app: Flask, story: Story, reason: str | None) -> None:
    found = begin(story, SCRIPTED)
    body = {} if reason is None else {"reason": reason}
    answer = Program(app, story, "quantri").post(f"/instances/{found}/suspension", body)
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["reason"])
    assert state(story, found) == "running"


def test_a_program_stops_and_resumes_a_version(app: Flask, story: Story) -> None:
    work = story.rows(Definition, process_id="work")[-1].id
    program = Program(app, story, "quantri")
    assert program.post(f"/definitions/{work}/suspension", {"reason": REASON}).json["suspended_at"] is not None
    refused = program.post("/instances", {"process": "work"})
    assert (refused.status_code, refused.json["reason"]) == (409, "definition_suspended")
    assert program.post(f"/definitions/{work}/resumption", {"reason": REASON}).json["suspended_at"] is None
    assert program.post("/instances", {"process": "work"}).status_code == 201


def test_a_program_reschedules_and_fires_timers(app: Flask, story: Story) -> None:
    found = begin(story, TIMED)
    program = Program(app, story, "quantri")
    (row,) = program.get("/timers", instance=found).json["items"]
    assert program.get("/timers", due_before="2018-10-12T00:00:00Z").json["items"] == []
    naive = program.post(f"/timers/{row['id']}/reschedule", {"due_at": "2018-10-20T08:00:00", "reason": REASON})
    assert naive.status_code == 422  # a time without its offset
    later = {"due_at": "2018-10-20T08:00:00+07:00", "reason": REASON, "seen": row["due_at"]}
    moved = program.post(f"/timers/{row['id']}/reschedule", later)
    assert moved.json["due_at"] == "2018-10-20T01:00:00Z"
    assert program.post(f"/timers/{row['id']}/fire", {"reason": REASON, "seen": row["due_at"]}).status_code == 409
    assert program.post(f"/timers/{row['id']}/fire", {"reason": REASON}).json["state"] == "running"
    assert story.steps() == {"then"}


def test_only_operators_programs_may(app: Flask, story: Story) -> None:
    found, incident = stuck(story)
    begin(story, TIMED)
    row = story.rows(Timer)[0].id
    auditor, stranger = Program(app, story, "thanhtra"), Program(app, story, "phunu")
    for path in ("/incidents", f"/incidents/{incident}", "/timers", "/jobs"):
        assert auditor.get(path).status_code == 403, path
    why = {"reason": REASON}
    acts: dict[str, dict[str, Any]] = {
        f"/incidents/{incident}/retry": why, f"/incidents/{incident}/skip": why, f"/timers/{row}/fire": why,
        f"/instances/{found}/suspension": why, f"/instances/{found}/data": {**why, "data": {"size": 1}},
    }  # fmt: skip
    for path, body in acts.items():
        assert auditor.post(path, body).status_code == 403, path
        assert stranger.post(path, body).status_code == 404, path
    assert stranger.get(f"/incidents/{incident}").status_code == 404
    assert auditor.get(f"/instances/{found}").json["places"] == []
    assert state(story, found) == "incident"


def test_a_program_sees_the_queue_before_anything_was_queued(app: Flask, story: Story) -> None:
    program = Program(app, story, "quantri")
    assert program.get("/jobs", state="failed").json == {"items": [], "next": None}
    missing = program.post(f"/jobs/{'0' * 32}/retry", {"reason": REASON})
    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")
