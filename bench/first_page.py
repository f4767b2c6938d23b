"""A server of its own, from nothing to its first page: prints what that took. Run by the case `start`."""

import _thread
import contextlib
import json
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from webapp import server
from webapp.config import Settings
from webapp.runtime import open_runtime


def main(home: Path) -> dict[str, Any]:
    """Serve as `lienthong serve` does until the first page was read; return CPU seconds and peak memory."""
    said: dict[str, Any] = {}

    def look(address: str) -> None:
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=60).read()  # noqa: S310
            said["cpu"] = time.process_time()
            said["memory"] = _most_memory()
            said["job_engine"] = "dbos" in sys.modules
        finally:
            _thread.interrupt_main()

    runtime = open_runtime(Settings(home=home, secret_key="b" * 32, secure=False, port=_free_port()))
    server.migrate(runtime)
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run(runtime, ready=lambda address: threading.Thread(target=look, args=(address,)).start())
    return said


def _most_memory() -> float:
    """Return the peak of this program in MB; ru_maxrss would begin with that of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder:
        if len(sys.argv) > 1:
            folder = sys.argv[1]  # a home that was served before
        sys.stdout.write(json.dumps(main(Path(folder))) + "\n")
