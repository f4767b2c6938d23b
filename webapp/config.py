"""The settings of one installation: frozen, and the only reader of the environment."""

import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from models.errors import Rejected

MIB = 1024 * 1024
SHORTEST_KEY = 32
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("json", "text")
SHORTEST_TOKEN = 16
# What an address may begin with; of a value nothing is said back, it may hold a password.
DATABASES = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
POSTS = ("smtp", "smtps", "relay")
BOUNDS = {"LIENTHONG_PORT": (1, 65_535)}


class BadSetting(Rejected, ValueError):
    """A variable of the environment, or an option, that nothing can be done with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs between installations; the defaults run everything embedded under `home`, for this machine only."""

    home: Path
    database_url: str = ""
    secret_key: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    # Plain http is for the own machine alone: everywhere else the cookie is Secure and HSTS is on.
    secure: bool = True
    proxies: int = 0
    upload_limit: int = 25 * MIB
    smtp_url: str = ""
    mail_from: str = ""
    public_url: str = ""
    log_level: str = "INFO"
    log_format: str = "json"
    # Who may read /metrics from another machine says this as its bearer token; without one nobody may.
    metrics_token: str = ""
    # One person's, in one process; 0 sets no bound. Tests ask faster than any person.
    requests_per_second: int = 100
    testing: bool = False

    def __post_init__(self) -> None:
        for name, said, least in (
            ("LIENTHONG_SECRET_KEY", self.secret_key, SHORTEST_KEY),
            ("LIENTHONG_METRICS_TOKEN", self.metrics_token, SHORTEST_TOKEN),
        ):
            if said and len(said) < least:
                raise BadSetting("setting_too_short", name=name, least=least)
        for name, value, choices in (
            ("LIENTHONG_LOG_LEVEL", self.log_level, LEVELS),
            ("LIENTHONG_LOG_FORMAT", self.log_format, FORMATS),
        ):
            if value not in choices:
                raise BadSetting("setting_no_choice", name=name, value=value, choices=", ".join(choices))
        _require_number("LIENTHONG_PORT", self.port)
        _require_number("LIENTHONG_REQUESTS_PER_SECOND", self.requests_per_second)
        if self.database_url and not _is_of(self.database_url, DATABASES):
            raise BadSetting("setting_no_address", name="LIENTHONG_DATABASE_URL", example=DATABASES[-1] + "://…")
        if self.smtp_url and not _is_of(self.smtp_url, POSTS):
            raise BadSetting("setting_no_address", name="LIENTHONG_SMTP_URL", example=POSTS[0] + "://mail.example")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> "Settings":
        """Read LIENTHONG_* variables; what is given by name wins."""
        found = os.environ if environment is None else environment
        host = given.get("host") or found.get("LIENTHONG_HOST", "127.0.0.1")
        proxies = _require_number("LIENTHONG_PROXIES", found.get("LIENTHONG_PROXIES", "0"))
        read: dict[str, Any] = {
            "home": Path(found.get("LIENTHONG_HOME", "var")),
            "database_url": found.get("LIENTHONG_DATABASE_URL", ""),
            "secret_key": found.get("LIENTHONG_SECRET_KEY", ""),
            "host": host,
            "port": _require_number("LIENTHONG_PORT", found.get("LIENTHONG_PORT", "8000")),
            # Behind a proxy of this machine people come from elsewhere all the same.
            "secure": found.get("LIENTHONG_INSECURE", "") != "1" and (host not in LOOPBACK or proxies > 0),
            "proxies": proxies,
            "smtp_url": found.get("LIENTHONG_SMTP_URL", ""),
            "mail_from": found.get("LIENTHONG_MAIL_FROM", ""),
            "public_url": found.get("LIENTHONG_PUBLIC_URL", ""),
            "log_level": found.get("LIENTHONG_LOG_LEVEL", "INFO").upper(),
            "log_format": found.get("LIENTHONG_LOG_FORMAT", "json").lower(),
            "metrics_token": found.get("LIENTHONG_METRICS_TOKEN", ""),
            "requests_per_second": _require_number(
                "LIENTHONG_REQUESTS_PER_SECOND", found.get("LIENTHONG_REQUESTS_PER_SECOND", "100")
            ),
        }
        return cls(**(read | given))

    @property
    def url(self) -> str:
        """Return the address of the database: the embedded one unless another is named."""
        return self.database_url or f"sqlite:///{self.home / 'lienthong.db'}"

    @property
    def files(self) -> Path:
        return self.home / "files"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def checkpoints(self) -> Path:
        return self.home / "checkpoints"

    def signing_key(self) -> str:
        """Return the key that signs cookies: the given one, or one made at the first start and kept under `home`."""
        if self.secret_key:
            return self.secret_key
        path = self.keys / "secret-key"
        if not path.exists():
            _make_key(path)
        return path.read_text(encoding="ascii")


def _require_number(name: str, said: str | int) -> int:
    """Return a whole number that the setting may be, or BadSetting."""
    least, most = BOUNDS.get(name, (0, 1_000_000))
    try:
        number = int(said)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise BadSetting("setting_no_number", name=name, value=said, least=least, most=most)
    return number


def _is_of(address: str, schemes: Sequence[str]) -> bool:
    """Tell whether an address has one of the schemes and, where it is one of the network, a port that can be."""
    try:
        parts = urlsplit(address)
        port = parts.port  # raises where it is no number or too large
    except ValueError:
        return False
    return parts.scheme in schemes and "://" in address and port != 0


def _make_key(path: Path) -> None:
    """Write a new key, whole or not at all: of several nodes that begin together the first one's is everybody's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(made, path)
    os.unlink(made)


def terminal_language() -> str:
    """Return the language a terminal asks for: English where its locale says so, else Vietnamese."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "en" if said.startswith("en") else "vi"
