"""`lienthong scenarios`: the scenarios of a shipped process or of a folder, with what they cover."""

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from webapp.cli import main

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a shipped process that may be broken."""
    with as_file(files("processes").joinpath("extension")) as shipped:
        return Path(shutil.copytree(shipped, tmp_path / "extension"))


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    assert main(["scenarios", *arguments]) == code
    printed = capsys.readouterr()
    return printed.out or printed.err


def test_a_shipped_process_is_named_and_its_table_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "conflict", code=0).splitlines()
    assert lines[0].startswith("✓ Quá hạn, bên đặt hàng quyết") and "đã kết thúc  settled_above" in lines[0]
    assert lines[-1] == "Độ phủ: 6/6 phần tử, 4/4 đường nối (100%)"


def test_a_machine_gets_one_object(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    told: dict[str, Any] = json.loads(said(capsys, str(folder), "--json", code=0))
    assert told["holds"] is True
    assert told["coverage"] == {"share": 1.0, "elements": 5, "flows": 4, "missed_elements": [], "missed_flows": []}
    assert {one["file"] for one in told["scenarios"]} == {"scenarios/granted.json", "scenarios/refused.json"}


def test_a_changed_process_differs_and_the_words_say_how(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = folder / "extension.bpmn"
    drawing.write_text(drawing.read_text(encoding="utf-8").replace("== 'refuse'", "== 'no'"), encoding="utf-8")
    out = said(capsys, str(folder), code=1)
    assert "✗ Không đồng ý gia hạn" in out
    assert "Kết thúc ở extension_granted, cần extension_refused." in out
    assert "Chưa đi qua: is_granted_to_extension_refused" in out
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "It ends at extension_granted, expected is extension_refused." in said(capsys, str(folder), code=1)


def test_a_wrong_file_names_its_step_and_the_remedy(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    wrong = {"name": "x", "process": "extension", "steps": [{"advance": "mai"}]}
    (folder / "scenarios" / "granted.json").write_text(json.dumps(wrong), encoding="utf-8")
    out = said(capsys, str(folder), code=1)
    assert "scenarios/granted.json, bước 1: «mai» không phải khoảng thời gian ISO 8601. Ví dụ: P5D" in out


@pytest.mark.parametrize("name", ["nothing", "../order", "/", "a/b"])
def test_what_is_no_bundle_is_wrong_usage(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert said(capsys, name, code=2).startswith(f"lienthong scenarios: {name}: ")


def test_a_folder_without_a_diagram_or_without_scenarios_is_told_apart(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    shutil.rmtree(folder / "scenarios")
    assert said(capsys, str(folder), code=0).splitlines()[0] == "Không có kịch bản nào."
    (folder / "extension.bpmn").unlink()
    assert "không có tệp .bpmn" in said(capsys, str(folder), code=2)
