"""The register over the API: bodies with their place and posts' titles."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.clock import now
from models.organizations import Area, Organization
from models.permissions import Actor
from models.text import fold
from webapp.api.operations import Key, Out, Part, Slice, Text, table
from webapp.api.reading import sliced


class OrganizationQuery(Slice):
    """How the register is narrowed."""

    q: Annotated[Text | None, Field(max_length=200, description="Words of the name, with or without marks.")] = None
    area: Annotated[Key | None, Field(description="Only the bodies of this area.")] = None
    type: Annotated[Text | None, Field(max_length=40)] = None


class OrganizationOut(Out):
    """One body: a type of organization in an area."""

    id: str
    name: str
    short_name: str
    type: str
    area: str
    area_name: str
    level: str
    valid_from: datetime | None
    valid_to: datetime | None

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationOut":
        """Write a body down."""
        area: Area = organization.area
        return cls(
            id=organization.id, name=organization.name, short_name=organization.short_name,
            type=organization.type_code, area=area.id, area_name=area.name, level=area.level_code,
            valid_from=organization.valid_from, valid_to=organization.valid_to,
        )  # fmt: skip


@table.get("/organizations", answer=Part[OrganizationOut], query=OrganizationQuery)
def list_organizations(session: Session, actor: Actor, *, query: OrganizationQuery) -> Part[OrganizationOut]:
    """List the bodies that exist now."""
    chosen = select(Organization).where(Organization.valid_at(now(session))).options(joinedload(Organization.area))
    if query.q is not None and (words := fold(query.q)):
        chosen = chosen.where(Organization.name_fold.contains(words))
    if query.area is not None:
        chosen = chosen.where(Organization.area_id == query.area)
    if query.type is not None:
        chosen = chosen.where(Organization.type_code == query.type)
    found, after = sliced(session, chosen, Organization.id, query)
    return Part[OrganizationOut](items=[OrganizationOut.of(body) for body in found], next=after)
