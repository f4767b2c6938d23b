"""A telephone with an authenticator, written from RFC 6238 with the standard library alone."""

import hmac
from base64 import b32decode
from datetime import datetime

from bs4 import BeautifulSoup


class Telephone:
    """Makes numbers from the key that a page shows."""

    def __init__(self, page: BeautifulSoup) -> None:
        shown = page.select_one("code.user-select-all")
        assert shown is not None
        self.key = b32decode(shown.text.replace(" ", ""))

    def number(self, at: datetime) -> str:
        """Return the six digits shown at an instant."""
        mac = hmac.digest(self.key, (int(at.timestamp()) // 30).to_bytes(8), "sha1")
        start = mac[-1] & 15
        return f"{(int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF) % 10**6:06d}"
