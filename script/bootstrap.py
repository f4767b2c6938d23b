"""Makes the environment and the front end where they are missing or stale; takes a moment where they are not."""

import fcntl
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import front_end

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
HEARTBEAT = 10.0
NO_VENV = """Python này thiếu mô-đun venv; trên Debian, cài gói python3-venv rồi chạy lại.
This Python lacks the venv module; on Debian, install the package python3-venv and try again."""


def main() -> None:
    """Prepare for the demo, or with `--test` for the checks too."""
    with Path(__file__).open() as ourselves:
        fcntl.flock(ourselves, fcntl.LOCK_EX)  # two scripts started together must not install over each other
        prepare(testing="--test" in sys.argv[1:])


def prepare(*, testing: bool) -> None:
    requirements = "requirements-test.txt" if testing else "requirements.txt"
    if front_end.has_node():
        # The two need nothing of each other.
        with ThreadPoolExecutor(1) as other:
            building = other.submit(front_end.build, ROOT, run=step)
            ensure_environment(requirements)
            building.result()
        return
    ensure_environment(requirements)
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), str(PYTHON.parent)])
    if not front_end.has_node():
        node = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-node.txt"]
        step("Cài Node để dựng giao diện / Installing Node for the front end", node, folder=ROOT)
    front_end.build(ROOT, run=step)


def ensure_environment(requirements: str) -> None:
    """Install what the lock names, and ourselves in place; the test lock holds everything that the other one does."""
    stamp = ENVIRONMENT / f".{requirements}.stamp"
    wanted = state_of(requirements)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not works(PYTHON):
        if importlib.util.find_spec("ensurepip") is None:
            sys.exit(NO_VENV)
        make = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
        step("Tạo môi trường Python / Making the Python environment", make, folder=ROOT)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    with tempfile.TemporaryDirectory() as folder:
        # Python compiles what it imports; compiling all of it here costs a quarter of the whole installation.
        installs = [
            [*pip, "--no-compile", "--require-hashes", "-r", str(half)] for half in halves(requirements, Path(folder))
        ]
        title = "Cài thư viện Python (một, hai phút) / Installing Python packages (a minute or two)"
        step(title, *installs, folder=ROOT)
    step("Cài Liên Thông / Installing Liên Thông", [*pip, "--no-build-isolation", "-e", "."], folder=ROOT)
    stamp.write_text(wanted)
    if requirements != "requirements.txt":
        (ENVIRONMENT / ".requirements.txt.stamp").write_text(state_of("requirements.txt"))


def halves(requirements: str, folder: Path) -> list[Path]:
    """Write the lock's packages into two files: pip uses one core, and the lock leaves it nothing to resolve."""
    packages = re.split(r"\n(?=[^\s#])", (ROOT / requirements).read_text(encoding="utf-8"))
    paths = [folder / f"{number}.txt" for number in range(2)]
    for number, path in enumerate(paths):
        path.write_text("\n".join(packages[number::2]) + "\n", encoding="utf-8")
    return paths


def state_of(requirements: str) -> str:
    whole = hashlib.sha256(str(ROOT).encode())
    for name in (requirements, "pyproject.toml"):
        whole.update((ROOT / name).read_bytes())
    return whole.hexdigest()


def works(python: Path) -> bool:
    """Say whether the environment's own Python still runs (its base may have been removed) and is new enough."""
    check = "import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def step(title: str, *commands: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    """Run what takes seconds side by side, saying what it is, that it goes on, and what it said if it failed."""
    print(f"→ {title} …", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        given: dict[str, Any] = {"cwd": folder, "env": environment, "stdout": output, "stderr": output}
        running = [subprocess.Popen(command, **given) for command in commands]
        codes = [_waited_for(one, began) for one in running]
        if any(codes):
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace")[-4000:])
            sys.exit(f"Không xong / Failed: {title}")
    print(f"  {time.monotonic() - began:.1f} s", flush=True)


def _waited_for(running: "subprocess.Popen[bytes]", began: float) -> int:
    while True:
        try:
            return running.wait(timeout=HEARTBEAT)
        except subprocess.TimeoutExpired:
            print(f"  … {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
