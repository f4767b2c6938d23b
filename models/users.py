"""Persons who sign in, their sessions, tokens, attempts and substitutes."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed
from models.organizations import Named


class Person(Keyed, Named, Base):
    """Somebody who signs in; the name is a title in the demo world and never stands in the audit log."""

    __tablename__ = "persons"
    login: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Somebody else knows it: it is changed before anything else is done.
    password_temporary: Mapped[bool] = mapped_column(default=False, server_default=false())
    email: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    last_post_id: Mapped[str | None] = mapped_column(ForeignKey("posts.id"))
    disabled_at: Mapped[datetime | None]

    @classmethod
    def by_login(cls, login: str) -> Select["Person"]:
        """Select the person with a login name."""
        return select(cls).where(cls.login == login)


class SecondFactor(Base):
    """The sealed key of the numbers a person's telephone makes, and the last step a number was used of."""

    __tablename__ = "second_factors"
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    sealed_key: Mapped[str] = mapped_column(String(300))
    enrolled_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(BigInteger)


class WebSession(Keyed, Base):
    """A browser that signed in: the cookie holds a random number, the row its hash, so that log-out really ends it."""

    __tablename__ = "web_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    post_id: Mapped[str | None] = mapped_column(ForeignKey("posts.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str | None] = mapped_column(String(200))
    # The person said "this is my own device": such a session lives longer.
    trusted: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person] = relationship()


class ApiToken(Keyed, Base):
    """A bearer token a person made: acts as one post, until it expires or is revoked."""

    __tablename__ = "api_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"))
    label: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Keyed, Base):
    """One attempt to sign in, for throttling by account and address."""

    __tablename__ = "sign_in_attempts"
    login: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    succeeded: Mapped[bool]

    __table_args__ = (Index("ix_attempts_login", "login", "at"), Index("ix_attempts_address", "address", "at"))


class Substitution(Keyed, Base):
    """One person acts in another's post for some days (ủy quyền khi vắng mặt)."""

    __tablename__ = "substitutions"
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"))
    absent_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    substitute_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]


class IdempotencyKey(Base):
    """The answer once given to a key, so that a repeated request gets it again and does nothing twice."""

    __tablename__ = "idempotency_keys"
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(String(500))
    body: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)
