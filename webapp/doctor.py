"""Checks that an installation can be relied on, and says for whatever is wrong what to do about it."""

import os
import platform
import stat
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from engine import audit, nodes, sandbox
from engine.audit import checkpoints
from engine.clock import ZONE, begin
from models import migrations
from models.tables import Base
from models.tasks import Attachment
from webapp import readiness
from webapp.config import LOOPBACK, SHORTEST_KEY
from webapp.runtime import Runtime

State = Literal["ok", "warn", "FAIL"]
_OLDEST_PYTHON: Final = (3, 11)
_SYNCS: Final = 5
_SLOW_SYNC, _QUICK_SYNC = 0.1, 0.00002
_FEWEST_DIFFERENT: Final = 10
_ATTACHMENTS: Final = 50
_SHORTEST_PASSWORD: Final = 12
_LONGEST_UNSIGNED: Final = timedelta(days=1)
# Where locks and syncs of other machines cannot be relied on, and what is gone with the power.
_NETWORK: Final = ("nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs")
_VOLATILE: Final = ("tmpfs", "ramfs")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, how it stands, and what to do where it does not stand well."""

    about: str
    said: str
    state: State = "ok"
    remedy: str = ""

    def __str__(self) -> str:
        advice = f" — {self.remedy}" if self.remedy and self.state != "ok" else ""
        return f"{self.state:4} {self.about}: {self.said}{advice}"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def examine(runtime: Runtime) -> Iterator[Finding]:
    """Check everything; nothing is changed. The audit log is read only where the rest is sound."""
    sound = True
    for check in CHECKS:
        for finding in check(runtime):
            sound = sound and finding.state != "FAIL"
            yield finding
    if sound:
        yield _log(runtime)
        yield _checkpoint(runtime)


def _judged(about: str, said: str, good: bool, remedy: str, *, otherwise: State = "FAIL") -> Finding:
    return Finding(about, said, "ok" if good else otherwise, remedy)


def versions(runtime: Runtime) -> Iterator[Finding]:
    """Say what runs here."""
    yield Finding("Liên Thông", version("lienthong"))
    new = tuple(map(int, platform.python_version_tuple()[:2])) >= _OLDEST_PYTHON
    yield _judged("Python", platform.python_version(), new, "install Python 3.11 or newer")
    yield Finding("SpiffWorkflow", version("spiffworkflow"))


def database(runtime: Runtime) -> Iterator[Finding]:
    """Look at the library and at what its connections really have."""
    try:
        said, reliable = runtime.database.library()
        settings = runtime.database.in_force()
    except SQLAlchemyError as error:
        yield Finding("database", f"cannot be opened: {type(error).__name__}", "FAIL", "check LIENTHONG_DATABASE_URL")
        return
    cure = "older WAL code can corrupt: install pysqlite3 0.6.1 or newer; PostgreSQL from 15 on"
    yield _judged("library", said, reliable, cure)
    for one in settings:
        cure = f"it has to be {one.wanted}"
        yield _judged(f"{one.name} ({one.connection})", one.value, one.is_right, cure)


def tables(runtime: Runtime) -> Iterator[Finding]:
    """Compare the form of the database with the one this code knows."""
    try:
        there = set(inspect(runtime.database.reader).get_table_names())
        missing = sorted(set(Base.metadata.tables) - there)
        current = not missing and migrations.is_current(runtime.database)
    except SQLAlchemyError as error:
        yield Finding("tables", f"cannot be read: {type(error).__name__}", "FAIL", "check LIENTHONG_DATABASE_URL")
        return
    said = f"missing: {', '.join(missing[:5])}" if missing else f"{len(there)}" if current else "of another release"
    yield _judged("tables", said, current, "run `lienthong migrate`, after a backup")


def disk(runtime: Runtime) -> Iterator[Finding]:
    """Look at the disk the home is on: room, kind, and whether a sync takes as long as one does."""
    home = runtime.settings.home
    if not home.is_dir():
        yield Finding("home", f"{home} is not there", "FAIL", "run `lienthong migrate --home DIR`")
        return
    free = readiness.free_share(home)
    yield _judged("disk", f"{free:.0%} free", free > readiness.LEAST_DISK, "make room")
    kind = file_system(home)
    local = kind not in _NETWORK or not runtime.database.is_sqlite
    yield _judged("file system", kind, local, "SQLite needs a local disk: locks over a network are not kept")
    if kind in _VOLATILE:
        yield Finding("file system", kind, "warn", "everything is gone when the machine stops")
    took = statistics.median(readiness.sync(home) for _ in range(_SYNCS))
    said = f"{took * 1000:.2f} ms"
    yield _judged("fsync", said, took < _SLOW_SYNC, "every act waits for one: take a faster disk", otherwise="warn")
    if took < _QUICK_SYNC:
        cure = "no disk is so quick: see that the machine does not pretend (write cache, virtual disk)"
        yield Finding("fsync", said, "warn", cure)


def file_system(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Return the kind of file system a folder is on; empty where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        point = Path(left.split()[4].replace("\\040", " "))
        if folder.resolve().is_relative_to(point) and len(point.parts) > best:
            best, kind = len(point.parts), right.split()[0]
    return kind


def files(runtime: Runtime) -> Iterator[Finding]:
    """See that the process may write where it must, and that nobody else reads there."""
    settings = runtime.settings
    store = settings.files if settings.files.exists() else settings.home
    yield _judged("file store", str(store), os.access(store, os.W_OK), "let the user that serves own the home")
    for path in (settings.home, settings.keys, *settings.keys.glob("*")):
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        closed = mode & 0o077 == 0
        yield _judged(f"rights on {path.name}", f"{mode:o}", closed, f"others get in: chmod go= {path}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Finding("user", "root", "warn", "serve as a user of its own")
    accounts = settings.home / "demo-accounts.txt"
    if accounts.exists():
        yield Finding("accounts", "those of the demo", "warn", "their password is printed: no real work in this home")


def attachments(runtime: Runtime) -> Iterator[Finding]:
    """See that the newest attachments are in the store here: what another node took in has to be there as well."""
    newest = select(Attachment.sha256).where(Attachment.removed_at.is_(None)).order_by(Attachment.id.desc())
    try:
        with runtime.database.read() as session:
            known = list(session.scalars(newest.limit(_ATTACHMENTS)))
    except SQLAlchemyError:
        return  # no tables yet
    missing = [sha256 for sha256 in known if not runtime.files.path(sha256).exists()]
    said = f"{len(missing)} of the newest {len(known)} are not here" if missing else f"the newest {len(known)} are here"
    yield _judged("attachments", said, not missing, "let all nodes share one home, or bring files/ back from a backup")


def cluster(runtime: Runtime) -> Iterator[Finding]:
    """Name the nodes that live now; those of several machines need what one alone finds in its home."""
    if runtime.database.is_sqlite:
        return
    try:
        with runtime.database.read() as session:
            living = nodes.living(session)
    except SQLAlchemyError:
        return  # it was said already that the database cannot be opened
    machines = {nodes.machine_of(node) for node in living}
    yield Finding("nodes", f"{len(living)} on {len(machines)} machines")
    if machines - {nodes.machine_of(nodes.new_name())} and not runtime.settings.secret_key:
        cure = "let all have one home, or say LIENTHONG_SECRET_KEY: else who signs in at one is unknown to others"
        yield Finding("nodes", "they sign with the key in the home", "warn", cure)


def clock(runtime: Runtime) -> Iterator[Finding]:
    """See that the clock can be right, and that Vietnam's time is known."""
    try:
        wrong = readiness.on_time(runtime)
    except SQLAlchemyError:
        wrong = None  # no tables yet: nothing has happened that it could stand before
    said = wrong or runtime.clock.now().isoformat(timespec="seconds")
    yield _judged("clock", said, wrong is None, "run an NTP client")
    known = datetime(2026, 1, 1, tzinfo=ZONE).utcoffset() == timedelta(hours=7)
    cure = "the time zone data is wrong: install tzdata"
    yield _judged("time zone", f"{ZONE.key} (the machine: {time.tzname[0]})", known, cure)


def secrets(runtime: Runtime) -> Iterator[Finding]:
    """See that what is secret is long enough; nothing of it is shown."""
    settings = runtime.settings
    made = settings.keys / "secret-key"
    key = settings.secret_key or (made.read_text(encoding="ascii") if made.exists() else "")
    cure = "give LIENTHONG_SECRET_KEY 48 random characters, or none: one is made then"
    if key:
        strong = len(key) >= SHORTEST_KEY and len(set(key)) >= _FEWEST_DIFFERENT
        yield _judged("signing key", f"{len(key)} characters, {len(set(key))} different", strong, cure)
    else:
        yield Finding("signing key", "made at the first start")
    url = make_url(runtime.database.url)
    if not runtime.database.is_sqlite and url.host and url.host not in LOOPBACK and not url.host.startswith("/"):
        password = str(url.password or "")
        strong = len(password) >= _SHORTEST_PASSWORD and password != url.username
        cure = f"give the database's role a password of {_SHORTEST_PASSWORD} characters or more"
        yield _judged("database password", f"{len(password)} characters", strong, cure, otherwise="warn")


def proxy(runtime: Runtime) -> Iterator[Finding]:
    """See that what stands before us and what we believe of it fit together."""
    settings = runtime.settings
    said = f"{settings.host}:{settings.port}, {settings.proxies} announced, {'https' if settings.secure else 'http'}"
    if settings.host not in LOOPBACK and not settings.proxies:
        cure = "plain http is refused from elsewhere: put a proxy with TLS before it and say LIENTHONG_PROXIES=1"
        yield Finding("proxy", said, "FAIL" if settings.secure else "warn", cure)
    elif settings.host not in LOOPBACK and settings.proxies:
        cure = "whoever reaches the port itself can say any address: listen on 127.0.0.1, or let a firewall close it"
        yield Finding("proxy", said, "warn", cure)
    else:
        yield Finding("proxy", said)
    if settings.smtp_url and not settings.public_url.startswith("https://"):
        cure = "letters cannot lead anywhere: say LIENTHONG_PUBLIC_URL=https://…"
        yield Finding("public address", settings.public_url or "none", "warn", cure)


def evaluator(runtime: Runtime) -> Iterator[Finding]:
    """Let the sandbox compute something it cannot know."""
    try:
        good = sandbox.evaluate("sum([n * n for n in range(4)])", {}, now=runtime.clock.now()) == 14
    except Exception as error:  # whatever it is, it is the finding
        yield Finding("evaluator", type(error).__name__, "FAIL", "expressions cannot run: install pydantic-monty again")
        return
    yield _judged("evaluator", "computes", good, "install pydantic-monty again")


def _log(runtime: Runtime) -> Finding:
    with runtime.database.read() as session:
        found = audit.verify(begin(session, runtime.clock))
    said = f"{found.size} entries" if found.is_sound else f"broken at entry {found.broken_seq}"
    return _judged("audit log", said, found.is_sound, "run `lienthong verify`; keep this database as it is")


def _checkpoint(runtime: Runtime) -> Finding:
    with runtime.database.read() as session:
        waited = checkpoints.waiting(begin(session, runtime.clock))
        newest = session.scalars(checkpoints.newest().limit(1)).first()
    age = "none yet" if newest is None else f"{readiness.duration(runtime.clock.now() - newest.at)} old"
    said = f"{age}; entries have been waiting for {readiness.duration(waited)}" if waited else age
    cure = "nothing outside protects them: look into the log of the server, or run `lienthong audit checkpoint`"
    late: State = "FAIL" if waited > _LONGEST_UNSIGNED else "warn"
    return _judged("checkpoint", said, waited <= checkpoints.LATE, cure, otherwise=late)


CHECKS: Final[tuple[Callable[[Runtime], Iterator[Finding]], ...]] = (
    versions, database, tables, disk, files, attachments, cluster, clock, secrets, proxy, evaluator,
)  # fmt: skip
