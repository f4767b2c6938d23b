"""The demo world of 2018: Cẩm Phả as the article tells it, built and played by engine commands."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from engine import indicators, organizations, settings
from engine.clock import ZONE, ManualClock
from engine.jobs import committing
from engine.passwords import hash_password, made
from models.database import Database
from models.errors import WrongState
from models.permissions import SYSTEM, Actor
from models.users import Person
from webapp.demo import cam_pha, environment, examples, own_work, register
from webapp.demo.play import Play
from webapp.demo.story import Story
from webapp.founding import deploy_all
from webapp.runtime import Runtime, setting

BEGINNING = datetime(2018, 1, 2, 8, tzinfo=ZONE)
AS_OF = datetime(2018, 10, 12, 8, 7, tzinfo=ZONE)
NOTE = (
    "Dữ liệu trình diễn theo ngày 12/10/2018, 08:07. Các tổng số lấy từ bài báo; hạn, chỉ tiêu và phân bổ theo địa bàn "
    "là số liệu minh hoạ."
)
ACCOUNTS = "demo-accounts.txt"


def build(runtime: Runtime, *, province: bool = False) -> None:
    """Build the world if the database is empty, and say who may sign in.

    One password for all demo people is made at the first build and kept in a file only its owner can read.
    """
    home = Path(runtime.settings.home)
    if _is_empty(runtime.database):
        password = made()
        if province:
            from webapp.demo import province as scale

            scale.build(runtime.database, hash_password(password))
        else:
            _build_2018(runtime.database, hash_password(password))
        _write_accounts(home / ACCOUNTS, password)
    elif not setting(runtime.database, "world_note"):
        raise WrongState("demo_unfinished")
    accounts = home / ACCOUNTS
    if accounts.exists():
        print(accounts.read_text(encoding="utf-8"))


def _is_empty(database: Database) -> bool:
    with database.read() as session:
        return session.scalar(select(Person.id).limit(1)) is None


def _build_2018(database: Database, password_hash: str) -> None:
    clock = ManualClock(at=BEGINNING.astimezone(UTC))
    show("Dựng sổ đăng ký đơn vị, chức danh · building the register")
    with committing(database, clock) as session:
        built = register.build(session, password_hash)
        indicators.seed(session)
        deploy_all(session)
    actors = actors_of(database, clock, built)
    play = Play(database, clock, actor=actors.__getitem__)
    told = Story(play, built)
    for part in (environment, own_work, examples):
        part.tell(told)
    told.tell(progress)
    play.at(f"{AS_OF:%Y-%m-%d %H:%M}")
    play.pass_time()
    show("Cộng số liệu · adding the figures up")
    play.fold()
    play.compare()
    finish(database, clock)


def actors_of(database: Database, clock: ManualClock, built: "register.Register") -> dict[str, Actor]:
    """Return everybody of a register acting as the post it was seated in."""
    with committing(database, clock) as session:
        return {
            login: organizations.actor_for(session, person.id, post.id)
            for login, (person, post) in built.people.items()
        }


def finish(database: Database, clock: ManualClock) -> None:
    """Leave the world's clock and its note: from now on its time goes on from where the story ended."""
    offset = (clock.now() - datetime.now(UTC)).total_seconds()
    with committing(database, clock) as session:
        settings.put(session, "clock_offset_seconds", str(int(offset)), actor=SYSTEM)
        settings.put(session, "world_note", NOTE, actor=SYSTEM)


def _write_accounts(path: Path, password: str) -> None:
    lines = [f"Mật khẩu chung của các tài khoản trình diễn · password of the demo accounts: {password}", ""]
    lines += [f"  {login}" for login in cam_pha.SHOWN]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def show(text: str) -> None:
    """Say what is being built."""
    print(text, flush=True)


def progress(done: int, whole: int) -> None:
    """Show how far the playing is."""
    if done % 25 and done != whole:
        return
    ending = "\n" if done == whole else ""
    if sys.stdout.isatty() or done == whole:
        print(f"\rDiễn lại · playing: {done}/{whole}", end=ending, flush=True)
