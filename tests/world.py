"""A small named world for tests: the city, its bloc, two communes with their quarters, and role-titled people."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from engine import organizations, users
from engine.holidays import seed_calendar
from engine.passwords import hash_password
from models.organizations import Area, Organization
from models.permissions import SYSTEM, Actor

ON_POSTGRES = os.environ.get("LIENTHONG_TEST_DATABASE") == "postgres"
NOW = datetime(2018, 10, 12, 1, 7, tzinfo=UTC)
PASSWORD = "tre xanh ben dong"  # of every account of the world

LEVELS = {"tinh": "Tỉnh", "huyen": "Huyện, thị xã, thành phố", "xa": "Xã, phường, thị trấn", "thon": "Thôn, khu"}

# name in tests: (level, kind, name, parent, code)
AREAS = {
    "province": ("tinh", "tỉnh", "Quảng Ninh", None, None),
    "city": ("huyen", "thành phố", "Cẩm Phả", "province", "qn-2018-cam-pha"),
    "ward": ("xa", "phường", "Cẩm Thịnh", "city", None),
    "commune": ("xa", "xã", "Cộng Hòa", "city", None),
    "quarter1": ("thon", "khu", "Khu 1", "ward", None),
    "quarter2": ("thon", "khu", "Khu 2", "ward", None),
    "quarter3": ("thon", "khu", "Khu 3", "ward", None),
    "hamlet1": ("thon", "thôn", "Thôn 1", "commune", None),
    "hamlet2": ("thon", "thôn", "Thôn 2", "commune", None),
}

TYPES = {
    "ubnd": ("Ủy ban nhân dân", "government"),
    "co_quan_khoi": ("Cơ quan khối", "party"),
    "mttq": ("Ủy ban Mặt trận Tổ quốc", "front"),
    "phu_nu": ("Hội Liên hiệp Phụ nữ", "front"),
    "nong_dan": ("Hội Nông dân", "front"),
    "thanh_nien": ("Đoàn TNCS Hồ Chí Minh", "front"),
    "ccb": ("Hội Cựu chiến binh", "front"),
    "ldld": ("Liên đoàn Lao động", "front"),
    "quan_su": ("Ban Chỉ huy Quân sự", "government"),
    "thanh_tra": ("Thanh tra", "government"),
    "khu_pho": ("Thôn, khu", "front"),
}

# name in tests: (type, area, name)
ORGANIZATIONS = {
    "ubnd": ("ubnd", "city", "UBND thành phố Cẩm Phả"),
    "bloc": ("co_quan_khoi", "city", "Cơ quan khối thành phố Cẩm Phả"),
    "front": ("mttq", "city", "Ủy ban MTTQ thành phố Cẩm Phả"),
    "women": ("phu_nu", "city", "Hội LHPN thành phố Cẩm Phả"),
    "farmers": ("nong_dan", "city", "Hội Nông dân thành phố Cẩm Phả"),
    "youth": ("thanh_nien", "city", "Thành đoàn Cẩm Phả"),
    "veterans": ("ccb", "city", "Hội Cựu chiến binh thành phố Cẩm Phả"),
    "labour": ("ldld", "city", "Liên đoàn Lao động thành phố Cẩm Phả"),
    "military": ("quan_su", "city", "Ban CHQS thành phố Cẩm Phả"),
    "inspectorate": ("thanh_tra", "city", "Thanh tra thành phố Cẩm Phả"),
    "ward_front": ("mttq", "ward", "Ủy ban MTTQ phường Cẩm Thịnh"),
    "ward_women": ("phu_nu", "ward", "Hội LHPN phường Cẩm Thịnh"),
    "ward_farmers": ("nong_dan", "ward", "Hội Nông dân phường Cẩm Thịnh"),
    "commune_front": ("mttq", "commune", "Ủy ban MTTQ xã Cộng Hòa"),
    "commune_women": ("phu_nu", "commune", "Hội LHPN xã Cộng Hòa"),
    "quarter1_body": ("khu_pho", "quarter1", "Khu 1, phường Cẩm Thịnh"),
    "quarter2_body": ("khu_pho", "quarter2", "Khu 2, phường Cẩm Thịnh"),
    "quarter3_body": ("khu_pho", "quarter3", "Khu 3, phường Cẩm Thịnh"),
    "hamlet1_body": ("khu_pho", "hamlet1", "Thôn 1, xã Cộng Hòa"),
    "hamlet2_body": ("khu_pho", "hamlet2", "Thôn 2, xã Cộng Hòa"),
}
MEMBERS = ("front", "women", "farmers", "youth", "veterans", "labour")
RELATIONS = [
    *((member, "bloc", "bloc") for member in MEMBERS),
    *((quarter, "ward_front", "front") for quarter in ("quarter1_body", "quarter2_body", "quarter3_body")),
    *((hamlet, "commune_front", "front") for hamlet in ("hamlet1_body", "hamlet2_body")),
    ("ward_front", "front", "front"),
    ("commune_front", "front", "front"),
    ("ward_women", "women", "front"),
    ("commune_women", "women", "front"),
    ("ward_farmers", "farmers", "front"),
    ("bloc", "ubnd", "government"),
    ("military", "ubnd", "government"),
    ("inspectorate", "ubnd", "government"),
]

_ORGANIZATION = ("lead", "coordinator", "member_org")
# login: (organization, title, roles, is head); the post has the login as its name in tests
PEOPLE = {
    "vp.ubnd": ("ubnd", "Chuyên viên Văn phòng UBND", ("issuer_officer",), False),
    "lanhdao.ubnd": ("ubnd", "Phó Chủ tịch UBND", ("issuer_leader",), True),
    "truong.khoi": ("bloc", "Trưởng Cơ quan khối", ("bloc_head",), True),
    "chuyenvien.khoi": ("bloc", "Chuyên viên Cơ quan khối", ("bloc_officer",), False),
    "mttq": ("front", "Cán bộ phụ trách", (*_ORGANIZATION, "supervisor"), True),
    "phunu": ("women", "Cán bộ phụ trách", _ORGANIZATION, True),
    "phunu.2": ("women", "Cán bộ", _ORGANIZATION, False),
    "nongdan": ("farmers", "Cán bộ phụ trách", (*_ORGANIZATION, "evaluator"), True),
    "thanhnien": ("youth", "Cán bộ phụ trách", _ORGANIZATION, True),
    "ccb": ("veterans", "Cán bộ phụ trách", _ORGANIZATION, True),
    "ldld": ("labour", "Cán bộ phụ trách", _ORGANIZATION, True),
    "chqs": ("military", "Cán bộ phụ trách", ("coordinator",), True),
    "mttq.phuong": ("ward_front", "Chủ tịch Ủy ban MTTQ", ("locality_focal", "locality_signer"), True),
    "canbo.phuong": ("ward_front", "Cán bộ đầu mối", ("locality_focal",), False),
    "phunu.phuong": ("ward_women", "Chủ tịch Hội LHPN", ("commune_org",), True),
    "nongdan.phuong": ("ward_farmers", "Chủ tịch Hội Nông dân", ("commune_org",), True),
    "mttq.xa": ("commune_front", "Chủ tịch Ủy ban MTTQ", ("locality_focal", "locality_signer"), True),
    "phunu.xa": ("commune_women", "Chủ tịch Hội LHPN", ("commune_org",), True),
    "truong.khu": ("quarter1_body", "Trưởng khu", ("quarter_head",), True),
    "truong.khu2": ("quarter2_body", "Trưởng khu", ("quarter_head",), True),
    "truong.khu3": ("quarter3_body", "Trưởng khu", ("quarter_head",), True),
    "truong.thon": ("hamlet1_body", "Trưởng thôn", ("quarter_head",), True),
    "truong.thon2": ("hamlet2_body", "Trưởng thôn", ("quarter_head",), True),
    "thietke": ("bloc", "Người thiết kế quy trình", ("designer",), False),
    "thanhtra": ("inspectorate", "Thanh tra viên", ("auditor",), False),
    "quantri": ("ubnd", "Quản trị hệ thống", ("administrator",), False),
}
HOLIDAYS = [
    {"date_iso": "2018-12-31", "kind": "holiday", "name_vi": "Ngày nghỉ (thay cho ngày 05/01/2019)", "basis": "test"},
    {"date_iso": "2019-01-01", "kind": "holiday", "name_vi": "Tết Dương lịch", "basis": "test"},
    {"date_iso": "2019-01-05", "kind": "working_weekend", "name_vi": "Ngày làm bù (hoán đổi)", "basis": "test"},
]


@dataclass(frozen=True)
class World:
    """The ids of the world by name: `world.city`, `world.women`, `world.person("phunu")`; actors by login."""

    ids: dict[str, str]
    actors: dict[str, Actor]

    def __getattr__(self, name: str) -> str:
        try:
            return vars(self)["ids"][name]  # not `self.ids`: a world that is being unpickled has none yet
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, login: str) -> Actor:
        """Return the person of a login, acting as its post."""
        return self.actors[login]

    def person(self, login: str) -> str:
        """Return the id of a person."""
        return self.actors[login].person_id or ""

    def post(self, login: str) -> str:
        """Return the id of the post a person holds."""
        return self.actors[login].post_id or ""


def build(session: Session) -> World:
    """Build the world by the commands an administrator has."""
    areas, bodies = _places(session), {}
    for code, (name, system) in TYPES.items():
        organizations.add_type(session, code, actor=SYSTEM, name=name, system=system)
    for key, (type_code, area, name) in ORGANIZATIONS.items():
        bodies[key] = organizations.add_organization(session, name, actor=SYSTEM, type_code=type_code, area=areas[area])
    session.flush()
    for lower, upper, line in RELATIONS:
        organizations.relate(session, bodies[lower], actor=SYSTEM, to=bodies[upper], line=line)
    seed_calendar(session, HOLIDAYS)
    ids = {key: subject.id for key, subject in (*areas.items(), *bodies.items())}
    return World(ids, _people(session, bodies))


def _places(session: Session) -> dict[str, Area]:
    areas: dict[str, Area] = {}
    for rank, (code, name) in enumerate(LEVELS.items(), start=1):
        organizations.add_level(session, code, actor=SYSTEM, name=name, rank=rank)
    for key, (level, kind, name, parent, code) in AREAS.items():
        areas[key] = organizations.add_area(
            session, name, actor=SYSTEM, level=level, kind=kind, parent=areas[parent] if parent else None, code=code
        )
    return areas


def _people(session: Session, bodies: dict[str, Organization]) -> dict[str, Actor]:
    password_hash = hash_password(PASSWORD)
    held = {}
    for login, (body, title, roles, is_head) in PEOPLE.items():
        person = users.add_person(
            session, login, actor=SYSTEM, name=f"{title}, {bodies[body].name}", password_hash=password_hash
        )
        post = organizations.add_post(session, bodies[body], actor=SYSTEM, name=title, roles=roles, is_head=is_head)
        held[login] = (person, post)
    session.flush()
    for person, post in held.values():
        person.last_post_id = post.id
        organizations.add_holder(session, person, post, actor=SYSTEM)
    session.flush()
    return {login: organizations.actor_for(session, person.id, post.id) for login, (person, post) in held.items()}
