"""Several nodes as docs/operations.md has them: what stands there is tried, and the death of a node is survived."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ON_POSTGRES, Stock
from tests.torture import documented
from tests.torture.installation import WEB, WORKERS
from webapp import config
from webapp.config import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded installation has one node")
def test_the_death_of_a_worker_and_of_a_web_node_is_survived(stock: Stock, tmp_path: Path) -> None:
    """Two of each behind nginx, one of each killed under load; the whole of it is script/torture --only CLUSTER."""
    options = ["--quick", "--unplanted", "--only", "CLUSTER", "--seed", "7", "--keep", str(tmp_path)]
    command = [sys.executable, "-W", "ignore", "-m", "tests.torture", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.once
def test_the_documented_settings_are_ones_it_reads() -> None:
    said = documented.environment()
    assert set(said) <= set(re.findall(r"LIENTHONG_\w+", Path(config.__file__).read_text("utf-8")))
    settings = Settings.from_environment(said)
    assert (settings.secure, settings.proxies, str(settings.home)) == (True, 1, said["LIENTHONG_HOME"])
    assert settings.database_url.startswith("postgresql+psycopg://")


@pytest.mark.once
def test_the_documented_commands_start_the_documented_nodes() -> None:
    line = next(line for line in "".join(documented.blocks("Several nodes", "sh")).splitlines() if "enable" in line)
    named = [(kind, int(port)) for kind, port in re.findall(r"lienthong-(\w+)@(\d+)", line)]
    assert named == [*(("web", port) for port in WEB), *(("worker", port) for port in WORKERS)]
    assert documented.command("web", 8001) == ["serve", "--port", "8001"]
    assert documented.command("worker", 8101) == ["worker", "--port", "8101"]


@pytest.mark.once
def test_systemd_takes_the_documented_units(tmp_path: Path) -> None:
    program = documented.found("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze here: not tried")
    assert verified(program, tmp_path / "good", documented.units()) == ""
    spoilt = {name: unit.replace("RestartSec=", "RestartSecs=") for name, unit in documented.units().items()}
    assert verified(program, tmp_path / "spoilt", spoilt).count("RestartSecs") == 2


def verified(program: str, folder: Path, units: dict[str, str]) -> str:
    """Return what systemd has to say about units, whose program is not installed here."""
    folder.mkdir()
    paths = [folder / f"lienthong-{name}@.service" for name in units]
    for path, unit in zip(paths, units.values(), strict=True):
        path.write_text(unit.replace(documented.PROGRAM, sys.executable), "utf-8")
    done = subprocess.run([program, "verify", *map(str, paths)], capture_output=True, text=True)
    return done.stdout + done.stderr
