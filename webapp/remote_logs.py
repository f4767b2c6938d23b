"""Another installation's log as a witness asks it: over the API, or from a file that was sent."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlencode, urlsplit

from engine.audit.following import path_of
from engine.audit.notes import BadNote, Note, PublicKey
from models.errors import Conflict, Invalid
from webapp.config import LOOPBACK

_PREFIX: Final = "/api/v1/audit/"
_PATIENCE: Final = 30.0
_LARGEST: Final = 1024 * 1024


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: the token is for this address."""

    def redirect_request(self, *given: Any) -> NoReturn:
        raise Conflict("log_unreachable", why="redirected")


@dataclass(frozen=True, slots=True)
class RemoteLog:
    """A log behind an address, asked with a token of somebody who may witness it."""

    address: str
    token: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        # Plain http would show the token to everybody on the way.
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise Invalid({"log": "not_https"}, reason="log_unreachable", why="https://")

    def latest(self) -> tuple[Note, list[Note]]:
        """Return the newest checkpoint, and the changes of keys."""
        said = self._asked("checkpoints/latest")
        return Note.read(said["note"]), [Note.read(one) for one in said["key_changes"]]

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """Return the proof that one size continues another."""
        return path_of(self._asked("consistency?" + urlencode({"from": old, "to": new}))["path"])

    def give_back(self, note: Note, key: PublicKey) -> Mapping[str, Any]:
        """Give the log what was signed of it."""
        return self._asked("cosignatures", {"note": str(note), "key": str(key)})

    def _asked(self, path: str, sent: Mapping[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = None if sent is None else json.dumps(sent).encode()
        asked = urllib.request.Request(self.address.rstrip("/") + _PREFIX + path, body, headers)  # noqa: S310
        try:
            with urllib.request.build_opener(_Straight).open(asked, timeout=_PATIENCE) as answer:
                return _object(answer.read(_LARGEST))
        except urllib.error.HTTPError as error:
            said = error.read(_LARGEST).decode("utf-8", "replace")
            raise Conflict("log_unreachable", why=f"{error.code} {said[:300]}") from None
        except OSError as error:
            raise Conflict("log_unreachable", why=str(error)) from None


@dataclass(frozen=True, slots=True)
class SentLog:
    """A log in a file, as `lienthong audit consistency` writes it: two checkpoints and the proof between them."""

    said: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> "SentLog":
        """Read the file; BadNote where it is something else."""
        return cls(_object(path.read_bytes()))

    def latest(self) -> tuple[Note, list[Note]]:
        """Return the newer of the two checkpoints, and the changes of keys."""
        return Note.read(str(self.said["new"])), [Note.read(one) for one in self.said.get("key_changes", [])]

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """Return the proof, which is for these two sizes or for none."""
        sizes = tuple(Note.read(str(self.said[name])).checkpoint.size for name in ("old", "new"))
        if sizes != (old, new):
            raise Invalid({"log": "not_in_this_size"}, reason="no_such_proof")
        return path_of(self.said["path"])


def _object(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise BadNote("not_a_proof")
    return said
