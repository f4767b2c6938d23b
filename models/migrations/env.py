"""Tells Alembic which models there are, which connection to use and how our column types are written."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from models.base import ExactDecimal, UTCDateTime
from models.tables import Base


def is_ours(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave alone what the job engine keeps in the same database."""
    return not (kind == "table" and reflected and compared is None)


def rendered(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types by their names."""
    if kind == "type" and isinstance(item, UTCDateTime | ExactDecimal):
        autogen.imports.add("from models import base")
        return f"base.{type(item).__name__}()"
    if kind == "type" and isinstance(item, JSON):
        autogen.imports.add("from models import base")
        return "base.Json"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_object=is_ours,
    render_item=rendered,
)
with context.begin_transaction():
    context.run_migrations()
