"""Communes of other models than that of Cẩm Phả, added to the small world."""

from engine import organizations
from models.organizations import Area
from models.permissions import SYSTEM
from tests.play import Story, report


def add_commune(story: Story, code: str, posts: list[tuple[str, str, tuple[str, ...], str]]) -> str:
    """Add a commune of the locality with a code, with one hamlet; posts: (Front or Party, title, roles, login)."""
    with story.doing() as session:
        city = session.get_one(Area, story.world.city)
        commune = organizations.add_area(
            session, f"Xã của {code}", actor=SYSTEM, level="xa", kind="xã", parent=city, code=code
        )
        hamlet = organizations.add_area(
            session, f"Thôn của {code}", actor=SYSTEM, level="thon", kind="thôn", parent=commune
        )
        made = {"party": "quan_su", "front": "mttq"}  # any type does: routing asks for roles, never for types
        bodies = {
            line: organizations.add_organization(session, f"{line} {code}", actor=SYSTEM, type_code=kind, area=commune)
            for line, kind in made.items()
        }
        head = organizations.add_organization(session, f"Thôn {code}", actor=SYSTEM, type_code="khu_pho", area=hamlet)
        session.flush()
        ids = {line: body.id for line, body in bodies.items()}
        head_id = head.id
    for line, title, roles, login in posts:
        story.give_post(ids[line], title, roles, login=login)
    story.give_post(head_id, "Trưởng thôn", ("quarter_head",), login=f"thon.{code}")
    return ids["front"]


def play_commune(story: Story, order: str, code: str, focal: str, share_out: str, **answers: object) -> None:
    """Let an added commune take its work, hand it on and consolidate."""
    story.answer(focal, "accept_locality", order, decision="accept")
    story.answer(focal, share_out, order, **answers)
    story.answer(f"thon.{code}", "carry_out", order, **report())
    story.answer(focal, "consolidate_locality", order, decision="ok", **report(env_people="20"))


def add_group(story: Story) -> None:
    """Add a level below: one residents' group in Khu 1, which so becomes a place that hands work on."""
    with story.doing() as session:
        organizations.add_level(session, "to", actor=SYSTEM, name="Tổ dân phố", rank=5)
        quarter = session.get_one(Area, story.world.quarter1)
        group = organizations.add_area(session, "Tổ 1", actor=SYSTEM, level="to", kind="tổ dân phố", parent=quarter)
        body = organizations.add_organization(session, "Tổ 1, Khu 1", actor=SYSTEM, type_code="khu_pho", area=group)
        session.flush()
        group_body = body.id
    story.give_post(group_body, "Tổ trưởng", ("quarter_head",), login="to.truong")
    story.give_post("quarter1_body", "Bí thư chi bộ khu", ("locality_focal", "locality_signer"), login="chi.bo")
