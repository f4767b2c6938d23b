"""What the trials of P9 share: people at the API of an application in this process, and a small disk that fills."""

import contextlib
import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from flask import Flask

from engine.verification import regain_trust
from models.database import Database
from tests.torture.acts import AT_ONCE, Act, Journal
from tests.torture.scenery import Scenery
from tests.torture.server import found_in
from tests.torture.trial import NotRun
from webapp import create_app
from webapp.config import Settings

FULL: Final = frozenset({503, 507})


class Door:
    """The API of an application in this process."""

    def __init__(self, database: Database, scenery: Scenery, folder: Path) -> None:
        settings = Settings(home=folder, secret_key="t" * 32, secure=False)
        self.app: Flask = create_app(settings, database=database, clock=scenery.clock)
        self.client, self.scenery, self.database = self.app.test_client(), scenery, database
        self.journal = Journal(folder / "journal")

    def _headers(self, login: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.scenery.tokens[login]}"}

    def find(self, act: Act) -> str:
        """Return the open task an act is about."""
        answer = self.client.get("/api/v1/tasks?state=open&limit=100", headers=self._headers(act.login))
        return found_in(answer.get_json()["items"], act.element, self.scenery.actors[act.login]) or ""

    def read(self) -> int:
        """Read an inbox; return the status."""
        return self.client.get("/api/v1/tasks", headers=self._headers(AT_ONCE[0].login)).status_code

    def complete(self, act: Act, task: str) -> int:
        """Complete a task under the act's key, note the outcome, return the status."""
        self.journal.say("sent", act.key)
        headers = self._headers(act.login) | {"Idempotency-Key": act.key}
        body = {"answers": dict(act.answers)}
        status = self.client.post(f"/api/v1/tasks/{task}/completion", json=body, headers=headers).status_code
        if status < 500:
            self.journal.say("acked" if status < 300 else "refused", act.key)
        return status


def ask(door: Door, tasks: Mapping[str, str], journal: Journal) -> tuple[list[str], dict[str, Any]]:
    """Let everybody complete its task once; a failure has to be answered as one of the disk."""
    door.journal = journal
    found, statuses = [], []
    for act in AT_ONCE:
        status = door.complete(act, tasks[act.key])
        statuses.append(status)
        if status != 200 and status not in FULL:
            found.append(f"{act.key} was answered {status}, not 507 or 503")
        if door.read() != 200:
            found.append("reading did not go on")
    return found, {"answers": statuses}


def ask_again(door: Door, tasks: Mapping[str, str]) -> Iterator[str]:
    """Let those who were not answered repeat, now that there is room and a server would have verified."""
    if door.database.is_doubted and not regain_trust(door.database, door.scenery.clock):
        yield "what is stored was not verified"
    for act in AT_ONCE:
        if act.key not in door.journal.acked and (status := door.complete(act, tasks[act.key])) != 200:
            yield f"{act.key} was answered {status} when there was room again"


def stuff(disk: Path, room: int) -> Path:
    """Fill a disk but for some bytes; return the file that fills it."""
    stuffing = disk / "stuffing"
    with stuffing.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        free = shutil.disk_usage(disk).free - room
        while free > 0:
            free -= file.write(bytes(min(1 << 16, free)))
    return stuffing


@contextlib.contextmanager
def small_disk(size: int) -> Iterator[Path]:
    """Mount a disk of memory that only this process and its children see."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = Path(tempfile.mkdtemp(prefix="lienthong-disk-"))
    new_mounts, private = 0x00020000, 1 << 18 | 1 << 14
    options = f"size={size}".encode()
    if (
        libc.unshare(new_mounts)
        or libc.mount(b"none", b"/", None, private, None)
        or libc.mount(b"tmpfs", os.fsencode(place), b"tmpfs", 0, options)
    ):
        raise NotRun("a small disk cannot be mounted here (only root may)")
    try:
        yield place
    finally:
        libc.umount2(os.fsencode(place), 2)
        place.rmdir()
