"""A world of scale: the province of 2025, 54 communes and 1.452 quarters, one order through all of them."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from engine import indicators, orders, organizations, users
from engine.clock import ZONE, ManualClock
from engine.indicators import codes_of
from engine.jobs import committing
from models.database import Database
from models.organizations import Organization
from models.permissions import SYSTEM
from webapp import demo, founding
from webapp.demo.play import Play
from webapp.demo.register import Register, slug
from webapp.demo.story import PLAN, Draft, event_on

BEGINNING = datetime(2026, 1, 5, 8, tzinfo=ZONE)
QUARTERS = 1452
UNITS = {
    "phường": (
        "An Sinh, Đông Triều, Bình Khê, Mạo Khê, Hoàng Quế, Yên Tử, Vàng Danh, Uông Bí, Đông Mai, "
        "Hiệp Hòa, Quảng Yên, Hà An, Phong Cốc, Liên Hòa, Tuần Châu, Việt Hưng, Bãi Cháy, Hà Tu, Hà Lầm, "
        "Cao Xanh, Hồng Gai, Hạ Long, Hoành Bồ, Mông Dương, Quang Hanh, Cẩm Phả, Cửa Ông, Móng Cái 1, "
        "Móng Cái 2, Móng Cái 3"
    ),
    "xã": (
        "Quảng La, Thống Nhất, Hải Hòa, Tiên Yên, Điền Xá, Đông Ngũ, Hải Lạng, Lương Minh, Kỳ Thượng, "
        "Ba Chẽ, Quảng Tân, Đầm Hà, Quảng Hà, Đường Hoa, Quảng Đức, Hoành Mô, Lục Hồn, Bình Liêu, "
        "Hải Sơn, Hải Ninh, Vĩnh Thực, Cái Chiên"
    ),
    "đặc khu": ("Vân Đồn, Cô Tô"),
}
CITY = (
    ("vp.ubnd", "ubnd", "UBND tỉnh Quảng Ninh", "UBND tỉnh", "Chuyên viên VP UBND", ("issuer_officer",)),
    ("lanhdao.ubnd", "ubnd", "", "", "Lãnh đạo UBND", ("issuer_leader",)),
    (
        "truong.khoi",
        "co_quan_khoi",
        "Cơ quan khối tỉnh Quảng Ninh",
        "Cơ quan khối",
        "Trưởng Cơ quan khối",
        ("bloc_head",),
    ),
    ("phunu", "phu_nu", "Hội LHPN tỉnh Quảng Ninh", "Hội LHPN tỉnh", "Cán bộ phụ trách", ("lead", "coordinator")),
    ("thanhnien", "thanh_nien", "Tỉnh đoàn Quảng Ninh", "Tỉnh đoàn", "Cán bộ phụ trách", ("lead", "coordinator")),
    ("quantri", "van_hanh", "Bộ phận vận hành Liên Thông", "Bộ phận vận hành", "Quản trị hệ thống", ("administrator",)),
    ("thanhtra", "kiem_tra", "Ủy ban Kiểm tra Tỉnh ủy", "Ủy ban Kiểm tra", "Cán bộ kiểm tra", ("auditor",)),
    ("thietke", "van_hanh", "", "", "Người thiết kế quy trình", ("designer",)),
)


def communes() -> list[tuple[str, str]]:
    """Return (kind, name) of the 54 communes of 01/07/2025."""
    return [(kind, name) for kind, names in UNITS.items() for name in names.split(", ")]


def build(database: Database, password_hash: str) -> None:
    """Build the province, run one order down to every quarter, let most of them report, and print what it cost."""
    clock = ManualClock(at=BEGINNING.astimezone(UTC))
    with committing(database, clock) as session:
        built = _register(session, password_hash)
        indicators.seed(session)
        founding.deploy_all(session)
    actors = demo.actors_of(database, clock, built)
    play = Play(database, clock, actor=actors.__getitem__)
    opened = time.process_time()
    order = _open(play, built)
    opened = time.process_time() - opened
    reported = time.process_time()
    count = _report(play, built, order)
    play.fold()
    reported = time.process_time() - reported
    demo.show(f"Mở 54 xã và {QUARTERS} khu · opened 54 communes and {QUARTERS} quarters: {opened:.1f} s CPU")
    demo.show(f"{count} báo cáo và cộng dồn · {count} reports and the roll-up: {reported:.1f} s CPU")
    demo.finish(database, clock)


def _register(session: Session, password_hash: str) -> Register:
    founding.add_kinds(session, founding.LEVELS_2025)
    province = organizations.add_area(session, "Quảng Ninh", actor=SYSTEM, level="tinh", kind="tỉnh", code="qn-2025")
    built = Register(province)
    for login, kind, name, short, title, roles in CITY:
        if name:
            built.bodies[kind] = organizations.add_organization(
                session, name, actor=SYSTEM, type_code=kind, area=province, short_name=short
            )
        _seat(session, built, password_hash, login, built.bodies[kind], title, roles)
    for kind in ("phu_nu", "thanh_nien"):
        organizations.relate(session, built.bodies[kind], actor=SYSTEM, to=built.bodies["co_quan_khoi"], line="bloc")
    each, more = divmod(QUARTERS, len(communes()))
    for n, (kind, name) in enumerate(communes()):
        _commune(session, built, password_hash, kind, name, each + (n < more))
    session.flush()
    return built


def _seat(
    session: Session,
    built: Register,
    password_hash: str,
    login: str,
    body: Organization,
    title: str,
    roles: tuple[str, ...],
) -> None:
    post = organizations.add_post(session, body, actor=SYSTEM, name=title, roles=roles, is_head=True)
    person = users.add_person(
        session, login, actor=SYSTEM, name=f"{title}, {body.short_name}", password_hash=password_hash
    )
    organizations.add_holder(session, person, post, actor=SYSTEM)
    built.people[login] = (person, post)


def _commune(session: Session, built: Register, password_hash: str, kind: str, name: str, count: int) -> None:
    area = organizations.add_area(
        session, f"{kind.capitalize()} {name}", actor=SYSTEM, level="xa", kind=kind, parent=built.city
    )
    front = organizations.add_organization(
        session, f"Ủy ban MTTQ {kind} {name}", actor=SYSTEM, type_code="mttq", area=area, short_name=f"MTTQ {name}"
    )
    built.communes[f"{kind} {name}"] = front
    login = f"mttq.{slug(kind)}.{slug(name)}"
    _seat(session, built, password_hash, login, front, "Chủ tịch Ủy ban MTTQ", ("locality_focal", "locality_signer"))
    for n in range(1, count + 1):
        below = organizations.add_area(session, f"Khu {n}", actor=SYSTEM, level="thon", kind="khu", parent=area)
        body = organizations.add_organization(
            session, f"Khu {n}, {kind} {name}", actor=SYSTEM, type_code="khu_pho", area=below, short_name=f"Khu {n}"
        )
        _seat(
            session,
            built,
            password_hash,
            f"khu{n}.{slug(kind)}.{slug(name)}",
            body,
            f"Trưởng khu {n}",
            ("quarter_head",),
        )


def _open(play: Play, built: Register) -> str:
    """Let an order travel from its draft down to every quarter."""
    draft = Draft(
        "scale", "Ngày chủ nhật xanh toàn tỉnh", "environment", "31/03/2026", tuple(codes_of("ORD-2")),
        "Hội LHPN tỉnh chủ trì (minh hoạ)", "Ra quân vệ sinh môi trường tại tất cả khu dân cư",
        targets={"green_turns": "60.000"},
    )  # fmt: skip
    with play.doing() as session:
        order = orders.create(session, actor=play.actor("vp.ubnd"))
        order.illustrative = "Toàn bộ số liệu là minh hoạ."
        key = order.id
    play.do("vp.ubnd", "draft_order", draft.answers(), order=key)
    play.do("lanhdao.ubnd", "sign_order", {"decision": "sign"}, order=key)
    play.do("truong.khoi", "accept_order", {"decision": "accept"}, order=key)
    play.do("truong.khoi", "assign_lead", {"lead": built.bodies["phu_nu"].id, "coordinators": []}, order=key)
    play.do("phunu", "accept_lead", {"decision": "accept"}, order=key)
    play.do("phunu", "draft_plan", PLAN, order=key)
    play.do("phunu", "submit_plan", {}, order=key)
    play.do("truong.khoi", "approve_plan", {"decision": "approve"}, order=key)
    play.do("phunu", "roll_out", {}, order=key)
    for kind, name in communes():
        login = f"mttq.{slug(kind)}.{slug(name)}"
        play.do(login, "accept_locality", {"decision": "accept"}, order=key)
        play.do(login, "assign_locality", {}, order=key)
    return key


def _report(play: Play, built: Register, order: str) -> int:
    """Let every quarter but each twentieth report one Sunday."""
    logins = [login for login in built.people if login.startswith("khu")]
    count = 0
    for n, login in enumerate(logins):
        if n % 20 == 19:
            continue
        figures = {
            "green_turns": Decimal(20 + n % 40),
            "green_roads": Decimal(n % 3),
            "green_waste_t": Decimal(n % 9) / 10,
        }
        record = event_on(date(2026, 1, 4), figures)
        play.do(login, "carry_out", {"records": [record]}, order=order)
        count += 1
        demo.progress(count, len(logins) - len(logins) // 20)
    return count
