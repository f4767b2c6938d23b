"""`lienthong simulate`: a diagram run from the command line, options in their order, one object as the answer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine.diagrams import bundle, catch, chain, end, error, message, process, request, start, timer
from tests.engine.diagrams import script as script_

REQUEST = request()


def simulate(folder: Path, files: dict[str, bytes], *options: str, code: int = 0) -> tuple[Any, str]:
    """Run the command; return what it answered and what it said besides."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-m", "webapp", "simulate", str(folder / "p.bpmn"), *options, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout) if done.stdout else None, done.stderr


def test_a_run_says_what_happened_what_waits_and_where_it_ended(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text('{"ask": {"amount": 500}}')
    said, _ = simulate(tmp_path, REQUEST, "--answers", str(answers))
    assert said["outcome"] == "waiting"
    assert said["waiting"] == [{"element": "answer", "kind": "message", "name": "answer", "due": None}]
    assert {"element": "ask", "type": "userTask", "event": "completed"} in said["trace"]
    assert (said["data"], said["ended_at"], said["error"]) == ({"amount": 500}, [], None)
    said, _ = simulate(tmp_path, REQUEST, "--answers", str(answers), "--event", 'message:Answer={"by": "post"}')
    assert (said["outcome"], said["ended_at"], said["data"]) == ("finished", ["end"], {"amount": 500, "by": "post"})


def test_options_are_applied_in_their_order_and_time_passes_only_when_told(tmp_path: Path) -> None:
    files = bundle(
        process(
            start(),
            catch("first", timer("PT1H")),
            catch("then", message("Go")),
            catch("last", timer("PT1H")),
            end(),
            chain("start", "first", "then", "last", "end"),
        ),
        messages=("Go",),
    )
    said, _ = simulate(tmp_path, files, "--advance", "PT1H", "--event", "message:Go", "--advance", "PT59M")
    assert [one["element"] for one in said["waiting"]] == ["last"]
    said, _ = simulate(tmp_path, files, "--event", "message:Go", "--advance", "PT1H")
    assert [(one["element"], one["kind"]) for one in said["waiting"]] == [("last", "timer")]


def test_what_fails_names_its_element(tmp_path: Path) -> None:
    failing = bundle(
        process(start(), script_("sum", "x = 1 // 0"), end(), chain("start", "sum", "end")),
    )
    said, _ = simulate(tmp_path, failing)
    assert (said["outcome"], said["error"]["element"]) == ("failed", "sum")
    uncaught = bundle(process(start(), end("wrong", error("E1")), chain("start", "wrong")), errors=("E1",))
    said, _ = simulate(tmp_path, uncaught)
    assert (said["outcome"], said["error"], said["ended_at"]) == (
        "failed",
        {"element": "wrong", "message": "E1"},
        ["wrong"],
    )


def test_what_would_go_on_for_ever_has_failed_as_anything_else_does(tmp_path: Path) -> None:
    files = bundle(
        process(start("begun", message("Go")), end("says", message("Go")), chain("begun", "says")), messages=("Go",)
    )
    said, _ = simulate(tmp_path, files, "--event", "message:Go")
    assert (said["outcome"], said["error"]["element"]) == ("failed", "says")


def test_a_refused_diagram_is_not_run_and_a_wrong_option_is_explained(tmp_path: Path) -> None:
    said, _ = simulate(tmp_path, {"p.bpmn": b"<nothing/>"}, code=1)
    assert (said["outcome"], said["trace"]) == ("refused", [])
    assert said["findings"][0]["rule"] == "not-bpmn"
    said, why = simulate(tmp_path, REQUEST, "--process", "another", code=2)
    assert said is None
    assert "another" in why


@pytest.mark.parametrize("option", [("--event", "mail:X"), ("--event", "message:X=[1]"), ("--event", "message:X={")])
def test_an_event_that_cannot_be_read_is_wrong_usage(
    option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    from webapp.cli import main

    with pytest.raises(SystemExit) as stopped:
        main(["simulate", "x.bpmn", *option])
    assert stopped.value.code == 2
    assert option[1].split("=")[0] in capsys.readouterr().err


@pytest.mark.parametrize("what", ["checking", "simulating"])
def test_what_reads_files_alone_loads_no_database(what: str) -> None:
    loaded = f"import sys, webapp.{what}, engine.lint; print('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout == "False\n"
