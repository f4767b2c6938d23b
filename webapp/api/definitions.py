"""Process definitions over the API: list the active ones, deploy a bundle."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import designs, uses
from models.definitions import Definition, DefinitionUse
from models.errors import Invalid
from models.permissions import Actor
from webapp.api.operations import In, Out, Part, Slice, Text, Upload, table
from webapp.api.reading import sliced


class DefinitionQuery(Slice):
    """How the list of definitions is narrowed."""

    process: Annotated[Text | None, Field(max_length=100, description="All versions of this process.")] = None


class DefinitionOut(Out):
    """One version of a process."""

    id: str
    process: str
    name: str
    version: int
    hash: str
    starts_on: list[str] = Field(description="The messages that start it.")
    startable: bool
    is_draft: bool
    deployed_at: datetime
    retired_at: datetime | None
    suspended_at: datetime | None
    everywhere: bool = Field(description="Whether new work begins under it wherever no other version is in use.")
    areas: list[str] = Field(description="The ids of the areas, with all below them, that it is in use for.")

    @classmethod
    def of(cls, definition: Definition, uses: Iterable[DefinitionUse]) -> "DefinitionOut":
        """Write a version down, and where it is in use."""
        areas = [use.area_id for use in uses if use.definition_id == definition.id]
        same = ("id", "name", "version", "hash", "starts_on", "startable", "is_draft", "deployed_at", "retired_at",
                "suspended_at")  # fmt: skip
        return cls(
            process=definition.process_id,
            everywhere=None in areas,
            areas=[area for area in areas if area is not None],
            **{name: getattr(definition, name) for name in same},
        )


def outs_of(session: Session, found: Sequence[Definition]) -> list[DefinitionOut]:
    """Write versions down, with one query for where they are in use."""
    in_use = uses.uses_of(session, *(one.id for one in found))
    return [DefinitionOut.of(one, in_use) for one in found]


@table.get("/definitions", answer=Part[DefinitionOut], query=DefinitionQuery)
def list_definitions(session: Session, actor: Actor, *, query: DefinitionQuery) -> Part[DefinitionOut]:
    """List the versions that are in use, or all versions of one process."""
    chosen = select(Definition).where(Definition.retired_at.is_(None))
    if query.process is not None:
        chosen = Definition.versions_of(query.process)
    found, after = sliced(session, chosen, Definition.id, query)
    return Part[DefinitionOut](items=outs_of(session, found), next=after)


class Deployed(Out):
    """The processes of a bundle as they now stand."""

    items: list[DefinitionOut]


def _places(wrong: Invalid, locale: str) -> dict[str, str]:
    """Say what the checker found, by file, line and element."""
    said: dict[str, str] = {}
    for finding in wrong.facts.get("findings", ()):
        place = ":".join(str(part) for part in (finding.file, finding.line, finding.element) if part) or "files"
        words = finding.message_en if locale == "en" else finding.message_vi
        said[place] = f"{said[place]} {words}" if place in said else words
    return said or wrong.fields


class Bundle(In):
    """The files of a bundle, why it is deployed, and where it is to be used."""

    files: list[Upload]
    note: str | None = None
    areas: list[Text] = Field(default=[], description="Ids of areas, each with all below it; none is everywhere.")


@table.post("/definitions", answer=Deployed, body=Bundle, uploads=True, status=201)
def deploy_definitions(session: Session, actor: Actor, *, body: Bundle) -> Deployed:
    """Check a bundle of BPMN, DMN and form files and make its processes the active versions."""
    files = {file.name: file.content for file in body.files}
    if len(files) < len(body.files):
        raise Invalid({"files": "name_twice"})
    try:
        deployed = designs.deploy(session, files, actor=actor, note=body.note, areas=body.areas)
    except Invalid as wrong:
        raise Invalid(_places(wrong, actor.locale), reason=wrong.reason) from None
    return Deployed(items=outs_of(session, deployed))
