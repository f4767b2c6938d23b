"""The selects of the inbox, each made so that one index answers it; made once per shape, filled in per request."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Label,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from models.orders import Order, Watch
from models.organizations import Holder, Organization, Post, PostRole
from models.permissions import HEAD, Actor, Permission
from models.tasks import FAR, OWN, SavedView, Task, TaskPost
from models.text import fold
from webapp.tasks.filters import DUES, Filters, Moments

PAGE = 50
MOST_COUNTED = 1000
Conditions = Sequence[ColumnElement[bool]]
Parameters = dict[str, Any]

# What a line of the inbox shows; the order of the columns is that of a union.
LINE: tuple[InstrumentedAttribute[Any] | Label[Any], ...] = (
    Task.id, Task.title, Task.order_number, Task.part, Task.place, Task.holder_id, Task.holder_title, Task.progress,
    Task.state, Task.due_at, Task.closed_at, Task.comments, Task.files, Task.drafted, Task.urged_at,
    select(Order.title).where(Order.id == Task.order_id).correlate(Task).scalar_subquery().label("order_title"),
)  # fmt: skip

_TIME = Task.due_sort.type
_EDGES = (None, "now", "tomorrow", "soon_ends", "far", None)


def _of_actor(name: str) -> Any:
    return bindparam(name)


# Whoever asks, as parameters: so that the conditions of the models can stand in a statement that is made once.
ANYBODY = Actor(_of_actor("me"), None, _of_actor("ours"))
READER = Actor(_of_actor("me"), None, _of_actor("ours"), roles=frozenset({"auditor"}))


def _branches(filters: Filters, *, reads_everything: bool) -> list[Conditions]:
    """Return the view as sets of conditions, each answered by one index: an OR over two indexes uses none."""
    is_open = Task.state == "open"
    me, ours = ANYBODY.person_id, ANYBODY.organization_id
    # An expression, so that the index of the holder answers: a body may have thousands of tasks, a person has some.
    body = func.coalesce(Task.organization_id, "")
    here = body.in_(bodies_of(me, at=_time("now"))) if filters.posts == "all" else body == ours
    if filters.view == "mine":
        return [
            (Task.holder_id == me, is_open, here),
            (Task.helper_id == me, is_open, here, or_(Task.holder_id.is_(None), Task.holder_id != me)),
            (Task.offered_to_id == me, is_open, here, Task.holder_id.is_(None), Task.helper_id.is_(None)),
        ]
    seen = or_(Task.seen_by != OWN, Task.organization_id == ours)
    if filters.view == "given":
        return [(Task.assigner_id == ours, is_open, seen)]
    if filters.view == "watched":
        followed = select(Watch.order_id).join(Order, Order.id == Watch.order_id)
        visible = Order.is_visible_to(READER if reads_everything else ANYBODY)
        return [(Task.order_id.in_(followed.where(Watch.person_id == me, visible)), is_open, seen)]
    if filters.view == "done":
        return [(Task.holder_id == me, Task.state == "completed", here)]
    mine_by_role = or_(
        Task.role.is_(None),
        Task.role.in_(bindparam("roles", expanding=True)),
        TaskPost.fits(Task.id, bindparam("kinds", expanding=True)),
    )
    for_us = or_(and_(Task.offered_to_id.is_(None), mine_by_role), Task.offered_to_id == me)
    part = (Task.part == "coordinating",) if filters.view == "coordinating" else ()
    return [(Task.organization_id == ours, is_open, for_us, *part)]


def _narrowing(filters: Filters, place: int) -> list[ColumnElement[bool]]:
    """Return the conditions of everything chosen beside the view, as parameters of one list among several."""
    chosen: list[ColumnElement[bool]] = []
    if filters.due:
        first, last = _EDGES[DUES.index(filters.due)], _EDGES[DUES.index(filters.due) + 1]
        chosen += [Task.due_sort >= _time(first)] if first else []
        chosen += [Task.due_sort < _time(last)] if last else []
    if filters.order:
        chosen.append(Task.order_id == bindparam(f"chosen_order_{place}"))
    if filters.organization:
        chosen.append(Task.organization_id == bindparam(f"chosen_organization_{place}"))
    if filters.part:
        chosen.append(Task.part == bindparam(f"chosen_part_{place}"))
    if filters.q:
        chosen.append(Task.search.like(bindparam(f"chosen_q_{place}"), escape="/"))
    return chosen


def _time(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=_TIME)


def _shape(filters: Filters) -> Filters:
    """Return a list without its values: what decides how its statement looks."""
    names = ("order", "organization", "part", "q", "after")
    said: dict[str, Any] = {name: "*" for name in names if getattr(filters, name)}
    if "q" in said and not fold(filters.q):
        del said["q"]
    return Filters(view=filters.view, due=filters.due, sort=filters.sort, posts=filters.posts, **said)


def parameters(actor: Actor, moments: Moments, lists: Sequence[Filters]) -> Parameters:
    """Return the values for a statement about these lists."""
    values: Parameters = {
        "me": actor.person_id, "ours": actor.organization_id, "roles": sorted(actor.roles),
        "kinds": sorted(actor.kinds), "far": FAR, "now": moments.now, "tomorrow": moments.tomorrow,
        "soon_ends": moments.soon_ends,
    }  # fmt: skip
    for place, filters in enumerate(lists):
        values[f"chosen_order_{place}"] = filters.order
        values[f"chosen_organization_{place}"] = filters.organization
        values[f"chosen_part_{place}"] = filters.part
        values[f"chosen_q_{place}"] = f"%{fold(filters.q)}%"
    return values


def _sorting(filters: Filters) -> tuple[list[ColumnElement[Any]], bool]:
    """Return what a list is sorted by, and whether the newest comes first."""
    if filters.view == "done":
        return [Task.closed_at, Task.id], True  # type: ignore[list-item]
    if filters.sort == "newest":
        return [Task.id], True  # type: ignore[list-item]
    if filters.sort == "order":
        return [func.coalesce(Task.order_number, ""), Task.due_sort, Task.id], False  # type: ignore[list-item]
    return [Task.due_sort, Task.id], False  # type: ignore[list-item]


def keys_of(actor: Actor, task_id: str, filters: Filters) -> Select[Any]:
    """Select where a task one may see stands in a list: what the next page begins after."""
    return Task.visible_to(actor).where(Task.id == task_id).with_only_columns(*_sorting(filters)[0])


def bodies_of(person_id: str | None, *, at: Any) -> Select[Any]:
    """Select the bodies in which a person holds a post: who left one sees nothing of it any more."""
    held = select(Post.organization_id).join(Holder, Holder.post_id == Post.id)
    return held.where(Holder.person_id == person_id, Holder.valid_at(at))


def held_elsewhere(person_id: str | None, task_id: str, *, at: datetime) -> Select[Any]:
    """Select a task the person has as another of its posts."""
    mine = or_(Task.holder_id == person_id, Task.helper_id == person_id, Task.offered_to_id == person_id)
    return select(Task.id).where(Task.id == task_id, mine, Task.organization_id.in_(bodies_of(person_id, at=at)))


def lines(actor: Actor, filters: Filters) -> Select[Any]:
    """Select one page of a list and one line more, after the keys `after_0`, `after_1` … if it is a later page."""
    return _lines(_shape(filters), reads_everything=_reads_everything(actor))


def first_two(actor: Actor, filters: Filters) -> Select[str]:
    """Select the first two tasks of a list, of which one may be the task that was just completed."""
    return _lines(_shape(filters), reads_everything=_reads_everything(actor), first_two=True)


@lru_cache(maxsize=512)
def _lines(filters: Filters, *, reads_everything: bool, first_two: bool = False) -> Select[Any]:
    columns, most = ((Task.id,), 2) if first_two else (LINE, PAGE + 1)
    sorting, newest = _sorting(filters)
    chosen = _narrowing(filters, 0)
    if filters.after:
        here = tuple_(*sorting)
        there = tuple_(*(bindparam(f"after_{n}", type_=key.type) for n, key in enumerate(sorting)))
        chosen.append(here < there if newest else here > there)
    keys = [key.desc() for key in sorting] if newest else sorting
    named = [key.label(f"key_{n}") for n, key in enumerate(sorting)]
    branches = _branches(filters, reads_everything=reads_everything)
    parts = [select(*columns, *named).where(*branch, *chosen).order_by(*keys).limit(most) for branch in branches]
    if len(parts) == 1:
        return parts[0]
    whole = union_all(*(select(part.subquery()) for part in parts)).subquery()
    merged = [whole.c[f"key_{n}"] for n in range(len(sorting))]
    return select(whole).order_by(*(key.desc() if newest else key for key in merged)).limit(most)


def counts(actor: Actor, lists: Sequence[Filters]) -> Select[Any]:
    """Select the number of tasks in each list, exact below the most that is counted."""
    return _counts(tuple(_shape(one) for one in lists), reads_everything=_reads_everything(actor))


@lru_cache(maxsize=512)
def _counts(lists: tuple[Filters, ...], *, reads_everything: bool) -> Select[Any]:
    numbers: list[Any] = [
        _total(_branches(one, reads_everything=reads_everything), _narrowing(one, place)).label(f"n{place}")
        for place, one in enumerate(lists)
    ]
    return select(*numbers)


def news(actor: Actor, filters: Filters) -> Select[Any]:
    """Select the number of tasks of a list that were opened after `since`."""
    branches = _branches(_shape(filters), reads_everything=_reads_everything(actor))
    later = Task.opened_at > _time("since")
    return select(_total(branches, [*_narrowing(_shape(filters), 0), later]))


def _total(branches: list[Conditions], chosen: Conditions) -> ColumnElement[int]:
    parts = [_number(select(Task.id).where(*branch, *chosen)) for branch in branches]
    total: Any = parts[0]
    for part in parts[1:]:
        total = total + part
    return cast(ColumnElement[int], total)


def _number(query: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(query.limit(MOST_COUNTED).subquery()).scalar_subquery()


def _reads_everything(actor: Actor) -> bool:
    return Permission.EVERYTHING_READ in actor.grants


def saved_views(actor: Actor) -> Select[SavedView]:
    """Select the saved lists an actor sees."""
    return SavedView.visible_to(actor).where(SavedView.page == "tasks")


def waiting_for(post: Post, *, at: datetime) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Return how much waits for a post, and how much of that is late."""
    roles = select(PostRole.role).where(PostRole.post_id == post.id)
    also = (roles, [HEAD]) if post.is_head else (roles,)
    waits = select(Task.id).where(
        Task.organization_id == post.organization_id,
        Task.state == "open",
        or_(Task.role.is_(None), Task.role.in_(roles), *(TaskPost.fits(Task.id, kinds) for kinds in also)),
    )
    return _number(waits), _number(waits.where(Task.due_sort < at))


def orders_in(actor: Actor) -> Select[str, str | None, str]:
    """Select the numbered orders an actor may choose among, the newest first."""
    return (
        select(Order.id, Order.number, Order.title)
        .where(Order.is_visible_to(actor), Order.number.is_not(None))
        .order_by(Order.id.desc())
        .limit(100)
    )


def organizations_given_work(actor: Actor) -> Select[str, str]:
    """Select the bodies that hold open work the actor's organization gave out."""
    held = select(Task.organization_id).where(Task.assigner_id == actor.organization_id, Task.state == "open")
    query = select(Organization.id, Organization.name).where(Organization.id.in_(held))
    return query.order_by(Organization.name_sort).limit(200)
