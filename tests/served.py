"""Serves the demo as a stranger would, by its command, in a process of its own; or an application from this one."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import WSGIApplication

from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "import sys; from webapp.__main__ import main; sys.exit(main())"
READY = "Liên Thông: http"


@dataclass(frozen=True)
class Demo:
    """A demo that is being served."""

    address: str
    password: str
    home: Path


@contextmanager
def serving(home: Path) -> Iterator[Demo]:
    """Serve the world of 2018 from a folder, building it first if nothing is there; stop when left."""
    port = _free_port()
    command = [sys.executable, "-c", COMMAND, "demo", "--home", str(home), "--port", str(port)]
    log = home / "server.log"
    home.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with log.open("w", encoding="utf-8") as errors:
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        )
    try:
        said = _until_ready(child)
        found = re.search(r": ([0-9a-f]{4}(?:-[0-9a-f]{4}){3})", said)
        assert found, f"the demo did not start:\n{said}\n{log.read_text('utf-8')}"
        yield Demo(f"http://127.0.0.1:{port}", found[1], home)
    finally:
        child.terminate()
        child.communicate(timeout=30)


@contextmanager
def serving_copy(home: Path, folder: Path) -> Iterator[Demo]:
    """Serve a copy of a demo from a folder, which may be changed."""
    shutil.copytree(home, folder / "home")
    with serving(folder / "home") as served:
        yield served


@contextmanager
def answering(app: WSGIApplication) -> Iterator[str]:
    """Let an application answer from this process; yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _until_ready(child: "subprocess.Popen[str]") -> str:
    said = ""
    assert child.stdout is not None
    for line in child.stdout:
        said += line
        if line.startswith(READY):
            return said
    return said


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
