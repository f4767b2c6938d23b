"""Brings a server to its end: nothing new is accepted, and what was begun is answered first."""

import os
import signal
import time
from types import FrameType
from typing import Any, Final

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]

from webapp.runtime import Runtime

PATIENCE: Final = 30.0
_TURN: Final = 0.1
# A request whose rest does not come is not waited for: whoever sends it has no answer to lose.
_LATE_BYTES: Final = 5.0
Sockets = dict[int, Any]


def on_signal(runtime: Runtime, sockets: Sockets) -> None:
    """Take SIGTERM and Ctrl-C as the wish to stop; a second one is obeyed at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        if runtime.stopping.is_set():
            os._exit(1)  # leaving by the door would wait for every job that runs
        runtime.stopping.set()
        for listener in _listeners(sockets):
            listener.pull_trigger()  # so that the loop wakes

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)


def serve(runtime: Runtime, sockets: Sockets) -> None:
    """Answer until the process is told to stop; who listens nowhere waits for that."""
    if not sockets:
        runtime.stopping.wait()
    while not runtime.stopping.is_set():
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)


def drain(sockets: Sockets, *, until: float) -> int:
    """Close the door, answer whoever is inside, and return how many were left without an answer at `until`."""
    for listener in _listeners(sockets):
        wasyncore.dispatcher.close(listener)  # the socket alone: its trigger still wakes the loop
    # What had arrived before is read once more: a request on its way in is not cut off.
    wasyncore.loop(timeout=_TURN, use_poll=True, map=sockets, count=1)
    while busy := _busy(sockets):
        if time.monotonic() >= until:
            return len(busy)
        wasyncore.loop(timeout=_TURN, use_poll=True, map=sockets, count=1)
    return 0


def _listeners(sockets: Sockets) -> list[BaseWSGIServer]:
    return [one for one in list(sockets.values()) if isinstance(one, BaseWSGIServer)]


def _busy(sockets: Sockets) -> list[HTTPChannel]:
    """Return the connections on which something is being read, done or answered; close the others."""
    channels = [one for one in list(sockets.values()) if isinstance(one, HTTPChannel)]
    busy = [one for one in channels if one.requests or one.total_outbufs_len or _is_arriving(one)]
    for idle in (one for one in channels if one not in busy):
        idle.will_close = True
        idle.handle_write()
    return busy


def _is_arriving(channel: HTTPChannel) -> bool:
    return channel.request is not None and time.time() - channel.last_activity < _LATE_BYTES
