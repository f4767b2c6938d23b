"""A server of its own, from nothing to its first page: prints what that took. Run by the case `start`."""

import _thread
import contextlib
import json
import resource
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
            said["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            said["job_engine"] = "dbos" in sys.modules
        finally:
            _thread.interrupt_main()

    runtime = open_runtime(Settings(home=home, secret_key="b" * 32, secure=False, port=_free_port()))
    server.migrate(runtime)
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run(runtime, ready=lambda address: threading.Thread(target=look, args=(address,)).start())
    return said


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder:
        if len(sys.argv) > 1:
            folder = sys.argv[1]  # a home that was served before
        sys.stdout.write(json.dumps(main(Path(folder))) + "\n")
