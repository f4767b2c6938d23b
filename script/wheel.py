"""Builds the wheel, installs it into a clean environment, starts it, and asserts that our names are ours alone."""

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECK = """
import importlib, importlib.metadata, pathlib, sys
owners = importlib.metadata.packages_distributions()
for floor in ("engine", "models", "webapp", "processes"):
    assert set(owners[floor]) == {"lienthong"}, (floor, owners[floor])
    home = pathlib.Path(importlib.import_module(floor).__file__)
    assert home.is_relative_to(sys.prefix), home
webapp = pathlib.Path(importlib.import_module("webapp").__file__).parent
assert (webapp / "static/built/manifest.json").exists(), "the front end is missing"
assert list((webapp / "templates").rglob("*.html")), "the templates are missing"
assert not (webapp / "designer").exists(), "the npm sources were packed"
processes = pathlib.Path(importlib.import_module("processes").__file__).parent
assert list(processes.rglob("*.bpmn")), "the processes are missing"
assert list(processes.rglob("scenarios/*.json")), "the scenarios are missing"
models = pathlib.Path(importlib.import_module("models").__file__).parent
assert list((models / "migrations").rglob("*.py")), "the migrations are missing"
"""


def main() -> None:
    """Run the whole smoke test in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wheel = build(place)
        python = install(wheel, place / "environment")
        run([str(python), "-c", CHECK], place)
        command = str(python.parent / "lienthong")
        run([command, "migrate", "--home", "home"], place)
        run([command, "doctor", "--home", "home"], place)
    print(f"{wheel.name}: built, installed, started")


def build(place: Path) -> Path:
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)], ROOT)
    return next(place.glob("lienthong-*.whl"))


def install(wheel: Path, environment: Path) -> Path:
    """Install the wheel alone; the libraries are lent by the environment that runs us."""
    run([sys.executable, "-m", "venv", "--without-pip", str(environment)], environment.parent)
    python = environment / "bin" / "python"
    own = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(own) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for command in Path(sysconfig.get_path("scripts")).glob("*monty*"):  # the sandbox's workers are a program
        (python.parent / command.name).symlink_to(command)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", str(wheel)], environment.parent)
    return python


def run(command: list[str], folder: Path) -> None:
    """Run quietly; what it said appears only if it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[:2])} …\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
