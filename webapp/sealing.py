"""Seals what a database or a page keeps for us: who has no key of the installation neither reads nor makes it."""

import base64
import json
from functools import cache
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

MINUTES = 60


def seal(purpose: str, said: dict[str, Any]) -> str:
    """Return values as a text that only `unseal` reads, for the same purpose."""
    return _box(cast(str, current_app.secret_key), purpose).encrypt(json.dumps(said).encode()).decode()


def unseal(purpose: str, sealed: str, *, minutes: int | None = None) -> dict[str, Any] | None:
    """Return what was sealed; None if it was not sealed here, for something else, or more than so many minutes ago."""
    box = _box(cast(str, current_app.secret_key), purpose)
    try:
        return cast(dict[str, Any], json.loads(box.decrypt(sealed, ttl=minutes and minutes * MINUTES)))
    except (InvalidToken, ValueError):
        return None


@cache
def _box(secret: str, purpose: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=f"lienthong {purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
