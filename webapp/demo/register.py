"""The register of the 2018 world: areas, bodies, posts and role-titled people of Cẩm Phả, built by commands."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine import holidays, organizations, users
from models.organizations import Area, Organization, Post
from models.permissions import SYSTEM
from models.text import fold
from models.users import Person
from webapp import founding
from webapp.demo.cam_pha import ALIASES, CITY, COMMUNES, LOCALITIES, MEMBERS


@dataclass
class Register:
    """The built register, by the keys the story of the demo uses."""

    city: Area
    bodies: dict[str, Organization] = field(default_factory=dict)
    communes: dict[str, Organization] = field(default_factory=dict)
    quarters: dict[str, list[Organization]] = field(default_factory=dict)
    people: dict[str, tuple[Person, Post]] = field(default_factory=dict)


def build(session: Session, password_hash: str) -> Register:
    """Build the whole register with one password for all demo people; the caller commits."""
    holidays.seed_calendar(session, holidays.public_holidays())
    founding.add_kinds(session, founding.LEVELS)
    province = organizations.add_area(session, "Quảng Ninh", actor=SYSTEM, level="tinh", kind="tỉnh")
    cities = {code: _locality(session, province, code, kind, name) for code, kind, name in LOCALITIES}
    register = Register(cities["qn-2018-cam-pha"])
    people = _People(session, register, password_hash)
    _city(session, register, people)
    for kind, name, quarters in COMMUNES:
        _commune(session, register, people, kind, name, quarters)
    _keepers(session, register, people)
    session.flush()
    return register


def _locality(session: Session, province: Area, code: str, kind: str, name: str) -> Area:
    area = organizations.add_area(session, name, actor=SYSTEM, level="huyen", kind=kind, parent=province, code=code)
    if code != "qn-2018-cam-pha":
        organizations.add_organization(
            session,
            f"Cơ quan khối {kind} {name}",
            actor=SYSTEM,
            type_code="co_quan_khoi",
            area=area,
            short_name=f"Cơ quan khối {name}",
        )
    return area


class _People:
    """Adds role-titled people; the demo invents no names."""

    def __init__(self, session: Session, register: Register, password_hash: str) -> None:
        self.session, self.register, self.hash = session, register, password_hash

    def seat(
        self, login: str, body: Organization, title: str, roles: tuple[str, ...], *, person: Person | None = None
    ) -> Person:
        """Give a post of a body to a new person (named by the post), or to one who holds another already."""
        post = organizations.add_post(self.session, body, actor=SYSTEM, name=title, roles=roles, is_head=person is None)
        if person is None:
            person = users.add_person(
                self.session,
                login,
                actor=SYSTEM,
                name=f"{title}, {body.short_name}",
                password_hash=self.hash,
                email=f"{login}@example.invalid",
            )
            self.register.people[login] = (person, post)
        organizations.add_holder(self.session, person, post, actor=SYSTEM)
        return person


def _city(session: Session, register: Register, people: _People) -> None:
    for login, kind, name, short, title, roles in CITY:
        if name:
            register.bodies[kind] = organizations.add_organization(
                session,
                name,
                actor=SYSTEM,
                type_code=kind,
                area=register.city,
                short_name=short,
                aliases=ALIASES.get(kind, ()),
            )
        people.seat(login, register.bodies[kind], title, roles)
    bloc = register.bodies["co_quan_khoi"]
    for kind in MEMBERS:
        organizations.relate(session, register.bodies[kind], actor=SYSTEM, to=bloc, line="bloc")
    # One person holds several posts, as the article says of the head of the bloc agency.
    board = organizations.add_organization(
        session,
        "Ban Dân vận Thành ủy Cẩm Phả",
        actor=SYSTEM,
        type_code="dan_van",
        area=register.city,
        short_name="Ban Dân vận Thành ủy",
    )
    head = register.people["truong.khoi"][0]
    people.seat("", board, "Trưởng Ban Dân vận", ("party_head",), person=head)
    people.seat("", register.bodies["mttq"], "Chủ tịch Ủy ban MTTQ", ("front_chair",), person=head)
    people.seat("", register.bodies["mttq"], "Ủy viên", ("member",), person=register.people["phunu"][0])


def _commune(session: Session, register: Register, people: _People, kind: str, name: str, count: int) -> None:
    area = organizations.add_area(
        session, f"{kind.capitalize()} {name}", actor=SYSTEM, level="xa", kind=kind, parent=register.city
    )
    front = organizations.add_organization(
        session,
        f"Ủy ban MTTQ {kind} {name}",
        actor=SYSTEM,
        type_code="mttq",
        area=area,
        short_name=f"MTTQ {kind} {name}",
        aliases=(f"Uỷ ban MTTQ {kind} {name}",),
    )
    register.communes[name] = front
    login = "mttq.phuong" if name == "Quang Hanh" else f"mttq.{slug(name)}"
    people.seat(login, front, "Chủ tịch Ủy ban MTTQ", ("locality_focal", "locality_signer"))
    organizations.relate(session, front, actor=SYSTEM, to=register.bodies["mttq"], line="front")
    if name == "Cẩm Thịnh":
        organizations.add_organization(
            session,
            "Hội Phụ nữ phường Cẩm Thịnh",
            actor=SYSTEM,
            type_code="phu_nu",
            area=area,
            short_name="Hội Phụ nữ phường Cẩm Thịnh",
            aliases=("Hội LHPN phường Cẩm Thịnh",),
        )
    quarter = "Khu" if kind == "phường" else "Thôn"
    register.quarters[name] = [
        _quarter(session, people, area, f"{quarter} {n}", f"{kind} {name}", name) for n in range(1, count + 1)
    ]


def _quarter(
    session: Session, people: _People, commune: Area, name: str, where: str, commune_name: str
) -> Organization:
    kind = name.split()[0].lower()
    area = organizations.add_area(session, name, actor=SYSTEM, level="thon", kind=kind, parent=commune)
    body = organizations.add_organization(
        session, f"{name}, {where}", actor=SYSTEM, type_code="khu_pho", area=area, short_name=name
    )
    login = quarter_login(commune_name, int(name.split()[1]))
    person = people.seat(login, body, f"Trưởng {name.split()[0].lower()}", ("quarter_head",))
    if login == "truong.khu":
        board = organizations.add_organization(
            session,
            f"Ban Công tác Mặt trận {name.lower()}, {where}",
            actor=SYSTEM,
            type_code="mttq",
            area=area,
            short_name=f"Ban Công tác Mặt trận {name.lower()}",
        )
        people.seat("", board, "Trưởng ban", ("member",), person=person)
    return body


def _keepers(session: Session, register: Register, people: _People) -> None:
    """Seat those who keep the installation: designer, auditor, administrator."""
    office = organizations.add_organization(
        session,
        "Bộ phận vận hành Liên Thông",
        actor=SYSTEM,
        type_code="van_hanh",
        area=register.city,
        short_name="Bộ phận vận hành",
    )
    control = organizations.add_organization(
        session,
        "Ủy ban Kiểm tra Thành ủy Cẩm Phả",
        actor=SYSTEM,
        type_code="kiem_tra",
        area=register.city,
        short_name="Ủy ban Kiểm tra",
    )
    people.seat("thietke", office, "Người thiết kế quy trình", ("designer",))
    people.seat("thanhtra", control, "Cán bộ kiểm tra", ("auditor",))
    people.seat("quantri", office, "Quản trị hệ thống", ("administrator",))


def slug(name: str) -> str:
    """Return a name as a part of a login: cam-binh."""
    return fold(name).replace(" ", "-")


def quarter_login(commune: str, number: int) -> str:
    """Return the login of the head of a quarter."""
    if (commune, number) == ("Quang Hanh", 7):
        return "truong.khu"
    kind = next(kind for kind, name, _ in COMMUNES if name == commune)
    return f"{'khu' if kind == 'phường' else 'thon'}{number}.{slug(commune)}"
