"""Begins an installation: levels, kinds of bodies, holidays, indicators, the shipped processes, one administrator."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, holidays, indicators, organizations, passwords, settings, users
from engine.jobs import committing
from engine.users import second_factors
from models.errors import WrongState
from models.permissions import SYSTEM
from models.users import Person
from processes import bundle
from webapp.runtime import Runtime

LEVELS = (("tinh", "Cấp tỉnh", 1), ("huyen", "Cấp huyện", 2), ("xa", "Cấp xã", 3), ("thon", "Thôn, khu", 4))
# Since 01/07/2025 there is nothing between province and commune.
LEVELS_2025 = tuple(level for level in LEVELS if level[0] != "huyen")
TYPES = (
    ("province", "Tỉnh", "government"),
    ("party", "Cấp ủy", "party"),
    ("ubnd", "Ủy ban nhân dân", "government"),
    ("co_quan_khoi", "Cơ quan khối", "front"),
    ("mttq", "Ủy ban MTTQ", "front"),
    ("dan_van", "Ban Dân vận", "party"),
    ("phu_nu", "Hội Liên hiệp Phụ nữ", "socio_political"),
    ("nong_dan", "Hội Nông dân", "socio_political"),
    ("ccb", "Hội Cựu chiến binh", "socio_political"),
    ("thanh_nien", "Đoàn TNCS Hồ Chí Minh", "socio_political"),
    ("ldld", "Liên đoàn Lao động", "socio_political"),
    ("quan_su", "Ban Chỉ huy quân sự", "armed_forces"),
    ("khu_pho", "Thôn, khu", "community"),
    ("kiem_tra", "Cơ quan kiểm tra", "party"),
    ("van_hanh", "Quản trị hệ thống", "government"),
)
PROCESSES = (
    "order", "bloc", "lead", "coordination", "locality", "extension", "conflict", "amendment", "handover", "suspicion",
    "work",
)  # fmt: skip


def found(runtime: Runtime, *, place: str, kind: str, level: str, login: str) -> str:
    """Begin an empty database: one place, the body that runs the installation, its administrator.

    Returns the administrator's password, which is made here, shown once and changed at the first sign-in. Errors:
    WrongState where somebody has an account already; Invalid for a login that cannot be one.
    """
    password = passwords.made()
    hashed = passwords.hash_password(password)
    with committing(runtime.database, runtime.clock) as session:
        if session.scalar(select(Person.id).limit(1)) is not None:
            raise WrongState("already_founded")
        add_kinds(session, LEVELS_2025)
        holidays.seed_calendar(session, holidays.public_holidays())
        settings.put(session, second_factors.SETTING, second_factors.REQUIRED, actor=SYSTEM)
        indicators.seed(session)
        deploy_all(session)
        area = organizations.add_area(session, place, actor=SYSTEM, level=level, kind=kind)
        office = organizations.add_organization(
            session, "Bộ phận vận hành Liên Thông", actor=SYSTEM, type_code="van_hanh", area=area,
            short_name="Bộ phận vận hành",
        )  # fmt: skip
        post = organizations.add_post(
            session, office, actor=SYSTEM, name="Quản trị hệ thống", roles=("administrator",), is_head=True
        )
        person = users.add_person(
            session, login, actor=SYSTEM, name="Quản trị hệ thống", password_hash=hashed, temporary=True
        )
        organizations.add_holder(session, person, post, actor=SYSTEM)
    return password


def add_kinds(session: Session, levels: Iterable[tuple[str, str, int]]) -> None:
    """Add the levels (code, name, rank) of administration and the kinds of bodies."""
    for code, name, rank in levels:
        organizations.add_level(session, code, actor=SYSTEM, name=name, rank=rank)
    for code, name, system in TYPES:
        organizations.add_type(session, code, actor=SYSTEM, name=name, system=system)


def deploy_all(session: Session) -> None:
    """Deploy the shipped processes."""
    for process in PROCESSES:
        definitions.deploy(session, bundle(process), actor=SYSTEM, note="Bản phát hành đầu tiên")
