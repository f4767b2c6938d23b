"""Makes the environment and the front end where they are missing or stale; takes a moment where they are not."""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
        node = [str(PYTHON), "-m", "pip", "install", "--quiet", *locked("requirements-node.txt")]
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
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    step("Cài trình cài đặt / Installing the installer", [*pip, *locked("requirements-install.txt")], folder=ROOT)
    title = "Cài thư viện Python / Installing Python packages"
    # uv needs a twelfth of pip's processor time; where packages come by settings that only pip reads, pip gets them.
    if not tried(title, [*uv, *locked(requirements)], folder=ROOT):
        step(f"{title} (pip)", [*pip, *locked(requirements)], folder=ROOT)
    step("Cài Liên Thông / Installing Liên Thông", [*pip, "--no-deps", "--no-build-isolation", "-e", "."], folder=ROOT)
    stamp.write_text(wanted)
    if requirements != "requirements.txt":
        (ENVIRONMENT / ".requirements.txt.stamp").write_text(state_of("requirements.txt"))


def locked(requirements: str) -> list[str]:
    """Return the arguments that install exactly what a lock names, and nothing that it does not."""
    return ["--no-deps", "--require-hashes", "-r", requirements]


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


def step(title: str, command: list[str], *, folder: Path, environment: dict[str, str] | None = None) -> None:
    """Run what takes seconds, saying what it is and that it goes on; end with what it said if it failed."""
    if not tried(title, command, folder=folder, environment=environment):
        sys.exit(f"Không xong / Failed: {title}")


def tried(title: str, command: list[str], *, folder: Path, environment: dict[str, str] | None = None) -> bool:
    """Run it likewise, show what it said if it failed, and return whether it did its work."""
    print(f"→ {title} …", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        while (code := _waited_for(running)) is None:
            print(f"  … {time.monotonic() - began:.0f} s", flush=True)
        if code:
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace")[-4000:])
            return False
    print(f"  {time.monotonic() - began:.1f} s", flush=True)
    return True


def _waited_for(running: "subprocess.Popen[bytes]") -> int | None:
    try:
        return running.wait(timeout=HEARTBEAT)
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    main()
