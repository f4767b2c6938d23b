"""Erasing texts of the audit log over the API."""

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy.orm import Session

from engine.audit import erasing
from models.errors import Invalid
from models.permissions import Actor
from webapp.api.operations import In, Key, Line, Out, Reason, table


class Erasure(In):
    """Which texts: of one entry, or of all entries about a subject."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["entry"]}, {"required": ["about"]}]})

    entry: Annotated[int | SkipJsonSchema[None], Field(ge=1, le=2**53, description="The number of an entry.")] = None
    paths: Annotated[list[Line], Field(max_length=100, description="Only these texts of it; all, if left out.")] = []
    about: Annotated[
        Key | SkipJsonSchema[None], Field(description="Instead: the key of a person or another subject.")
    ] = None
    basis: Annotated[Reason, Field(max_length=2000, description="The law, and the request.")]
    reason: Annotated[Reason, Field(max_length=2000)]


class Erased(Out):
    """What was erased; the entries and their proofs stay."""

    texts: int


@table.post("/audit/erasures", answer=Erased, body=Erasure, errors=(403, 404))
def erase_texts(session: Session, actor: Actor, *, body: Erasure) -> Erased:
    """Erase texts of the log under the law."""
    said = {"basis": body.basis, "reason": body.reason}
    if body.entry is not None and body.about is None:
        return Erased(texts=erasing.erase_texts(session, body.entry, actor=actor, paths=body.paths, **said))
    if body.about is not None and body.entry is None:
        return Erased(texts=erasing.erase_about(session, body.about, actor=actor, **said))
    raise Invalid({"entry": "entry_or_subject"})
