"""Texts of the audit log that stand beside its leaves: what people wrote, each under a salt of its own."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import BigInteger, FunctionElement, String, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json

MARK: Final = "#"  # in a leaf: the key of what stands in place of a text; no name of a value can be it
AS: Final = "as"  # beside it, where the text is a number
NUMBER: Final = "integer"


class AuditText(Base):
    """One text of an entry, by the path to it in the facts; deleting it is erasing it, and the leaf stays right."""

    __tablename__ = "audit_texts"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)

    __table_args__ = {"sqlite_with_rowid": False}


class Erased(str):
    """What stands where a text was erased; whoever shows it to people says so in their language."""


ERASED: Final = Erased("[erased]")


def commitment(salt: str, value: str) -> str:
    """Return what the leaf says of a text: SHA-256 over the 16 bytes of the salt and the text in UTF-8."""
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def is_said(hashed: str, salt: str, value: str) -> bool:
    """Tell whether a text is the one of which a leaf has the commitment."""
    try:
        return len(salt) == 32 and commitment(salt, value) == hashed
    except (ValueError, TypeError, AttributeError):  # no hex, no UTF-8, no text at all
        return False


def commitments(facts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give (path, commitment) of every text that stands beside, in the order of the facts."""
    if isinstance(facts, Mapping):
        if isinstance(facts.get(MARK), str):
            yield path, facts[MARK]
            return
        for name, value in facts.items():
            yield from commitments(value, below(path, name))
    elif isinstance(facts, list):
        for number, value in enumerate(facts):
            yield from commitments(value, below(path, str(number)))


def put_back(facts: Any, texts: Mapping[str, str], path: str = "") -> Any:
    """Return the facts with their texts where they belong, and `ERASED` where there is none any more."""
    if isinstance(facts, Mapping):
        if isinstance(facts.get(MARK), str):
            said = texts.get(path, ERASED)
            return int(said) if facts.get(AS) == NUMBER and said is not ERASED else said
        return {name: put_back(value, texts, below(path, name)) for name, value in facts.items()}
    if isinstance(facts, list):
        return [put_back(value, texts, below(path, str(number))) for number, value in enumerate(facts)]
    return facts


def below(path: str, name: str) -> str:
    """Return the path to a value in another: a JSON pointer (RFC 6901) without its first slash."""
    if "/" in name or "~" in name:
        name = name.replace("~", "~0").replace("/", "~1")
    return f"{path}/{name}" if path else name


class object_of(FunctionElement[Any]):  # noqa: N801 (a function of SQL)
    """Aggregate pairs of name and value into one JSON object."""

    type = Json
    inherit_cache = True
    name = "object_of"


@compiles(object_of, "sqlite")
def _embedded(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_group_object({compiler.process(element.clauses, **options)})"


@compiles(object_of, "postgresql")
def _served(element: Any, compiler: Any, **options: Any) -> str:
    return f"jsonb_object_agg({compiler.process(element.clauses, **options)})"
