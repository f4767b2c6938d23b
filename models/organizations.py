"""Areas, levels, organizations, posts and who holds them: all with validity, none identified by name."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, and_, literal, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import BindParameter

from models.base import Base, Json, Key, Keyed
from models.text import fold, nfc, sort_key


class Valid:
    """A half-open interval [valid_from, valid_to) in which the row is true; open ends mean always."""

    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]

    @classmethod
    def valid_at(cls, at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
        """Return the condition that the row is true at an instant."""
        return and_(or_(cls.valid_from.is_(None), cls.valid_from <= at), or_(cls.valid_to.is_(None), cls.valid_to > at))


class Named:
    """A name stored as typed (NFC), with a column to search in and one to sort by."""

    name: Mapped[str] = mapped_column(String(300))
    name_fold: Mapped[str] = mapped_column(String(600))
    name_sort: Mapped[str] = mapped_column(String(1500))

    def rename(self, name: str, *aliases: str) -> None:
        """Set the name and the two columns made from it; aliases can be searched, not read."""
        self.name = nfc(name)
        self.name_fold = fold(" ".join((name, *aliases)))
        self.name_sort = sort_key(name)


class Level(Valid, Base):
    """A tier of administration (tỉnh, thành phố, xã/phường, thôn/khu): data, never a constant in code."""

    __tablename__ = "levels"
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    rank: Mapped[int]


class Area(Keyed, Named, Valid, Base):
    """A place of one level; the same name may be another place at another time."""

    __tablename__ = "areas"
    level_code: Mapped[str] = mapped_column(ForeignKey("levels.code"))
    kind: Mapped[str] = mapped_column(String(40))
    code: Mapped[str | None] = mapped_column(String(60))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("areas.id"), index=True)
    parent: Mapped["Area | None"] = relationship(remote_side="Area.id")

    @classmethod
    def below(cls, area_id: str, *, at: datetime) -> Select["Area"]:
        """Select the areas directly below one, in Vietnamese order."""
        return select(cls).where(cls.parent_id == area_id, cls.valid_at(at)).order_by(cls.name_sort)

    @classmethod
    def line(cls, area_id: str | BindParameter[str]) -> Select[str, int]:
        """Select (id, steps up) of the area and of all above it."""
        own = select(cls.id, cls.parent_id, literal(0).label("steps")).where(cls.id == area_id)
        up = own.cte("line", recursive=True)
        above = select(cls.id, cls.parent_id, up.c.steps + 1).join(up, cls.id == up.c.parent_id)
        up = up.union_all(above)
        return select(up.c.id, up.c.steps)

    @classmethod
    def within(cls, *chosen: ColumnElement[bool]) -> Select[str]:
        """Select the ids of the areas that conditions choose, and of all below them."""
        down = select(cls.id).where(*chosen).cte(recursive=True)
        return select(down.union(select(cls.id).join(down, cls.parent_id == down.c.id)).c.id)


class Lineage(Keyed, Base):
    """What became of an area or organization: merged, split, part, renamed, upgraded, abolished, re-parented."""

    __tablename__ = "lineages"
    from_id: Mapped[str] = mapped_column(Key, index=True)
    to_id: Mapped[str | None] = mapped_column(Key, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    document: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime]


class OrganizationType(Base):
    """A kind of organization (Hội LHPN, UBND, Cơ quan khối …) that exists at several levels."""

    __tablename__ = "organization_types"
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    system: Mapped[str] = mapped_column(String(30))


class Organization(Keyed, Named, Valid, Base):
    """A body: an organization type in an area; it has posts, an inbox and relations to other bodies."""

    __tablename__ = "organizations"
    type_code: Mapped[str] = mapped_column(ForeignKey("organization_types.code"))
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), index=True)
    short_name: Mapped[str] = mapped_column(String(200))
    aliases: Mapped[list[Any]] = mapped_column(Json, default=list)
    type: Mapped[OrganizationType] = relationship()
    area: Mapped[Area] = relationship()

    __table_args__ = (Index("ix_organizations_area_type", "area_id", "type_code"),)

    @classmethod
    def members_of(cls, bloc_id: str, *, at: datetime) -> Select["Organization"]:
        """Select the organizations of a bloc agency, in Vietnamese order."""
        member = (
            select(Relation.from_id)
            .where(Relation.to_id == bloc_id, Relation.line == "bloc", Relation.valid_at(at))
            .scalar_subquery()
        )
        return select(cls).where(cls.id.in_(member), cls.valid_at(at)).order_by(cls.name_sort)

    @classmethod
    def bloc_in(cls, area_id: str, *, at: datetime) -> Select["Organization"]:
        """Select the bloc agency of an area: the body others are members of."""
        blocs = select(Relation.to_id).where(Relation.line == "bloc", Relation.valid_at(at))
        return select(cls).where(cls.area_id == area_id, cls.id.in_(blocs), cls.valid_at(at)).limit(1)


class Relation(Keyed, Valid, Base):
    """A line between two bodies: Party, government, Front, or membership of a bloc; a body may have several parents."""

    __tablename__ = "relations"
    from_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), index=True)
    to_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), index=True)
    line: Mapped[str] = mapped_column(String(20))


class Post(Keyed, Named, Valid, Base):
    """A position in an organization; work belongs to posts, persons hold them."""

    __tablename__ = "posts"
    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), index=True)
    contact: Mapped[str | None] = mapped_column(String(100))
    is_head: Mapped[bool] = mapped_column(default=False)
    organization: Mapped[Organization] = relationship()
    roles: Mapped[list["PostRole"]] = relationship(cascade="all, delete-orphan")


class PostRole(Base):
    """A role of processes or of the product that a post plays (`lead`, `locality_focal`, `designer` …)."""

    __tablename__ = "post_roles"
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class Holder(Keyed, Valid, Base):
    """A person in a post, from one day to another."""

    __tablename__ = "holders"
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), index=True)
    post: Mapped[Post] = relationship()

    __table_args__ = (UniqueConstraint("person_id", "post_id", "valid_from"),)

    @classmethod
    def of_person(cls, person_id: str, *, at: datetime) -> Select["Holder"]:
        """Select what a person holds at an instant."""
        return (
            select(cls)
            .join(Post)
            .where(cls.person_id == person_id, cls.valid_at(at), Post.valid_at(at))
            .order_by(Post.is_head.desc(), Post.id)
        )
