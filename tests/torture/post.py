"""A mail server that refuses, hangs and breaks off, and notes the key of every letter it took."""

import os
import random
import socket
import socketserver
import time
from collections.abc import Sequence
from email import message_from_bytes
from pathlib import Path
from typing import Final

# What becomes of a letter; the last one is taken though its sender never hears of it.
MOODS: Final = ("take", "take", "refuse", "hang", "break off", "take and break off")
HANGS: Final = 0.6  # seconds; the sender's patience is less
PATIENCE: Final = 0.3


def serve(folder: Path, seed: int) -> None:
    """Take letters until killed; the address is in the file "port", the letters are in "letters"."""
    chance = random.Random(seed)
    letters = os.open(folder / "letters", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    class Speaker(socketserver.StreamRequestHandler):
        """Speaks as much SMTP as a sender asks for."""

        def handle(self) -> None:
            self._say("220 torture")
            for line in self.rfile:
                verb = line[:4].upper().strip()
                if verb == b"DATA":
                    if not self._receive():
                        return
                elif verb == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 yes")

        def _receive(self) -> bool:
            self._say("354 go on")
            lines: list[bytes] = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line)
            else:
                return False
            mood = chance.choice(MOODS) if not (folder / "kind").exists() else "take"
            if mood.startswith("take"):
                key = message_from_bytes(b"".join(lines))["Message-ID"]
                os.write(letters, f"{key.strip('<>').partition('@')[0]}\n".encode())
            if mood == "hang":
                time.sleep(HANGS)
            if mood == "refuse":
                self._say("451 later")
                return True
            if mood == "take":
                self._say("250 taken")
                return True
            self.connection.shutdown(socket.SHUT_RDWR)
            return False

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    class Door(socketserver.ThreadingTCPServer):
        """The server itself: what its senders break is no news."""

        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    with Door(("127.0.0.1", 0), Speaker) as door:
        (folder / "port.new").write_text(str(door.server_address[1]), encoding="ascii")
        (folder / "port.new").rename(folder / "port")
        door.serve_forever()


def port(folder: Path) -> int:
    """Return where it listens, as soon as it does."""
    until = time.monotonic() + 10
    while not (folder / "port").exists():
        if time.monotonic() > until:
            raise TimeoutError("the mail server did not start")
        time.sleep(0.01)
    return int((folder / "port").read_text("ascii"))


def taken(folder: Path) -> Sequence[str]:
    """Return the keys of the letters it took, in the order in which they came."""
    return (folder / "letters").read_text("ascii").split()


def be_kind(folder: Path) -> None:
    """From now on take everything."""
    (folder / "kind").touch()
