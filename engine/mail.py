"""How a letter leaves the house: composed so that nobody can smuggle headers in, handed to an SMTP server."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, parseaddr

from engine.notifications import Letter

Sender = Callable[[Letter], None]


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where mail goes: `security` is starttls, tls or none (a relay on the same machine)."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    username: str | None = None
    password: str | None = None
    timeout: float = 10


def compose(letter: Letter, *, sender: str) -> EmailMessage:
    """Make the message; its Message-ID is the same at every try, so that a receiver can drop repeats."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _one_line(sender)
    message["To"] = _one_line(letter.to)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = f"<{letter.id}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


@contextmanager
def smtp(settings: SmtpSettings) -> Iterator[Sender]:
    """Give a function that sends a letter or raises; letters share a connection, a broken one is opened anew."""
    kept: list[smtplib.SMTP] = []

    def send(letter: Letter) -> None:
        message = compose(letter, sender=settings.sender)
        if not kept:
            kept.append(_connect(settings))
        try:
            kept[0].send_message(message)
        except Exception:
            kept.pop().close()
            raise

    try:
        yield send
    finally:
        for connection in kept:
            connection.close()


def _connect(settings: SmtpSettings) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if settings.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=settings.timeout, context=trusted
        )
    else:
        connection = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
    try:
        if settings.security == "starttls":
            connection.starttls(context=trusted)
        if settings.username is not None:
            connection.login(settings.username, settings.password or "")
    except Exception:
        connection.close()
        raise
    return connection


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
