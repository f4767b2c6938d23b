"""The stage of the security tests: who asks, what stands there, and the words that betray a leak."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from engine.clock import ManualClock
from models.database import Database

# Who asks: the column of the matrix and the login behind it.
ROLES = {
    "officer": "vp.ubnd",
    "leader": "lanhdao.ubnd",
    "bloc": "truong.khoi",
    "lead": "phunu",
    "coord": "thanhnien",
    "commune": "mttq.phuong",
    "sibling": "mttq.xa",
    "quarter": "truong.khu",
    "outside": "ldld",
    "foreign": "phunu.hl",
    "former": "phunu.2",
    "auditor": "thanhtra",
    "designer": "thietke",
    "admin": "quantri",
}
NOBODY = "nobody"
# Who has no part in an order of one's own city, and who has none in that of the other city.
OUTSIDE = {"ours": ("outside", "foreign"), "theirs": tuple(set(ROLES) - {"foreign", "auditor", "admin", "former"})}
SECRET = "Zeta Omega"  # the end of the other city's title: whoever reads it has seen too much
OPEN_SECRET = "Kappa Sigma"  # the end of our own title: for those who have no part in it
FOREIGN_TITLE, OWN_TITLE = f"Chiến dịch Sao Biển {SECRET}", f"Vệ sinh môi trường Chủ nhật xanh {OPEN_SECRET}"
SCENARIO = "accepted.json"  # of the process that both designs are of
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


@dataclass(frozen=True)
class Scene:
    """The keys of what stands on the stage: `scene.keys["task"]["lead"]`."""

    keys: Mapping[str, Mapping[str, str]]
    secret: frozenset[str]  # keys and words of the other city's order
    ours: frozenset[str]  # keys and words of our order
    bodies: Mapping[str, str]


@dataclass
class Person:
    """Somebody's cookie, the token of its forms, and its token for programs."""

    cookie: str = ""
    form: str = ""
    bearer: str = ""


@dataclass
class Stage:
    """The application over the played orders, who can ask, and the keys of what is there."""

    app: Flask
    database: Database
    clock: ManualClock
    people: dict[str, Person]
    scene: Scene
    home: Path
