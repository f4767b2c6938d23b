"""What the designer reads it writes again: every conformance diagram comes back equal in meaning and drawing."""

import json
import subprocess
from pathlib import Path

import pytest

from engine import bpmn
from engine.designs import roundtrip
from tests.house.code import ROOT

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
# Of two elements with one id the library keeps the first, and paths into messages it writes under another name: the
# checker refuses both, and saving the second tells what would be lost.
REFUSED = {"same_id_twice.bpmn", "correlation_by_data.bpmn"}


def saved(files: list[Path]) -> dict[str, str]:
    """Return the files as the designer would save them, by their paths."""
    command = ["node", str(HERE / "save.mjs")]
    answer = subprocess.run(command, input="\n".join(map(str, files)), capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(answer.stdout)
    return found


def test_every_conformance_diagram_comes_back_equal(tmp_path: Path) -> None:
    drawn = [file for file in sorted((ROOT / "tests/conformance").rglob("*.bpmn")) if file.name not in REFUSED]
    assert len(drawn) > 500
    # As the server keeps them for browsers.
    kept = bpmn.for_browsers({str(file): file.read_bytes() for file in drawn})
    for number, (name, content) in enumerate(list(kept.items())):
        if content != Path(name).read_bytes():
            (tmp_path / f"{number}.bpmn").write_bytes(kept.pop(name))
            kept[str(tmp_path / f"{number}.bpmn")] = content
    written = saved(list(map(Path, kept)))
    changed = [name for name in kept if roundtrip.canonical(written[name].encode()) != roundtrip.canonical(kept[name])]
    assert not changed, " ".join(changed)
