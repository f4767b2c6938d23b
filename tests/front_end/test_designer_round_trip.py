"""What the designer reads it writes again: every conformance diagram comes back equal in meaning and drawing."""

import json
import subprocess
from pathlib import Path

import pytest

from engine.designs import roundtrip
from tests.house.code import ROOT

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
# Of two elements with one id the library keeps the first; the checker refuses such a file by name.
REFUSED = {"same_id_twice.bpmn"}


def saved(files: list[Path]) -> dict[str, str]:
    """Return the files as the designer would save them, by their paths."""
    command = ["node", str(HERE / "save.mjs")]
    answer = subprocess.run(command, input="\n".join(map(str, files)), capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(answer.stdout)
    return found


def test_every_conformance_diagram_comes_back_equal() -> None:
    files = [file for file in sorted((ROOT / "tests/conformance").rglob("*.bpmn")) if file.name not in REFUSED]
    assert len(files) > 500
    written = saved(files)
    changed = [
        file.name
        for file in files
        if roundtrip.canonical(written[str(file)].encode()) != roundtrip.canonical(file.read_bytes())
    ]
    assert changed == []
