"""The command `lienthong`: what is served, kept up, checked and handed over from a terminal."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine import settings, users
from engine.jobs import committing
from engine.organizations import actor_for, posts_of
from engine.unit import finish, unit
from engine.users import second_factors
from models import migrations
from models.errors import NotAllowed, NotFound
from models.permissions import SYSTEM, Actor, Permission, may
from webapp import auditing, migrating, offline, reorganizing, upkeep
from webapp.config import Settings
from webapp.refused import refusal_of, told
from webapp.runtime import Runtime, open_runtime


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; the result is the exit code: 0 done, 1 refused or broken, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except Exception as error:
        if (refusal := refusal_of(error)) is None:
            raise
        print(told(refusal), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if "opened" in options:
            options.opened.database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lienthong", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serving = _command(commands, "serve", serve, "serve the application and its jobs")
    demo = _command(commands, "demo", show_demo, "build the demo world once and serve it")
    for command in (serving, demo):
        command.add_argument("--port", type=int, help="8000 unless LIENTHONG_PORT says otherwise")
        command.add_argument("--host", help="127.0.0.1 unless LIENTHONG_HOST says otherwise")
    working = _command(commands, "worker", work, "do the jobs without pages, beside nodes that serve (PostgreSQL)")
    working.add_argument("--port", type=int, help="answers /healthz, /readyz and /metrics")
    demo.add_argument("--reset", action="store_true", help="begin the world anew")
    demo.add_argument("--province", action="store_true", help="one order over 54 communes and 1,452 quarters")
    founding = _command(commands, "init", found, "begin an empty database: a place, its administrator, the processes")
    founding.add_argument("--place", required=True, metavar="NAME", help="the highest place, such as Quảng Ninh")
    founding.add_argument("--kind", default="tỉnh", metavar="WORD", help="what it is called: tỉnh, thành phố, xã …")
    founding.add_argument("--level", default="tinh", choices=("tinh", "xa", "thon"), help="its level")
    founding.add_argument("--user", default="quantri", metavar="NAME", help="the login of the administrator")
    second = _command(commands, "second-factor", second_factor, "say who signs in with a number from the telephone")
    how = second.add_mutually_exclusive_group(required=True)
    how.add_argument("--require", action="store_true", help="of administrators, designers and issuing leaders")
    how.add_argument("--offer", action="store_true", help="whoever wants to")
    how.add_argument("--remove", metavar="LOGIN", help="of somebody who lost the telephone")
    _command(commands, "migrate", migrate, "bring the database to the present form")
    _add_upkeep(commands)
    _add_token(commands)
    moving = _command(commands, "reorganize", reorganize, "hand the open work of merged or split bodies to successors")
    reorganizing.add_options(moving)
    going_on = _command(
        commands, "migrate-instances", migrate_instances, "let running processes go on by a new version"
    )
    migrating.add_options(going_on)
    auditing.add_options(commands, audit)
    offline.add_to(commands)
    return parser


def _add_upkeep(commands: Any) -> None:
    doctor = _command(commands, "doctor", examine, "check that the installation can be relied on")
    verifying = _command(commands, "verify", verify, "check the invariants of everything kept")
    verifying.add_argument("--audit", action="store_true", help="the log alone, also against what is kept outside")
    verifying.add_argument("--checkpoint", type=Path, metavar="FILE", help="a signed note that somebody kept")
    verifying.add_argument("--archive", type=Path, nargs="+", metavar="FILE", help="all: do they hold what left?")
    verifying.add_argument("--only", action="append", default=[], choices=upkeep.INVARIANTS, help="repeatable")
    backup = _command(commands, "backup", back_up, "write a backup, beside people who go on working")
    backup.add_argument("--to", type=Path, required=True, metavar="DIR|FILE.tar", help="a new file, or a folder for it")
    restoring = _command(commands, "restore", restore, "restore a backup, verified before it is put in place")
    restoring.add_argument("file", type=Path, metavar="FILE.tar")
    restoring.add_argument("--drill", action="store_true", help="only try: restore aside, verify, compare, throw away")
    restoring.add_argument("--over", action="store_true", help="set aside what is in the home, and restore there")
    restoring.add_argument("--despite", action="store_true", help="put it in place though something is wrong with it")
    for command in (doctor, verifying, backup, restoring):
        command.add_argument("--json", action="store_true", help="one JSON object")


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], Any], help: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=help)
    command.add_argument("--home", type=Path, default=None, metavar="DIR", help="holds everything that lasts")
    command.set_defaults(run=run)
    return command


def _add_token(commands: Any) -> None:
    tokens = commands.add_parser("token", help="bearer tokens of the API").add_subparsers(required=True)
    create = _command(tokens, "create", create_token, "make a token and print it alone")
    create.add_argument("--user", required=True, metavar="NAME", help="the login of the person")
    create.add_argument("--post", default="", metavar="TITLE", help="which post it acts as, if the person has several")
    create.add_argument("--label", default="lienthong token create")
    create.add_argument("--days", type=int, default=90)


def settings_of(options: argparse.Namespace) -> Settings:
    """Read the settings; what stands on the command line wins over the environment."""
    given = {name: getattr(options, name) for name in ("home", "host", "port") if getattr(options, name, None)}
    return Settings.from_environment(**given)


def runtime_of(options: argparse.Namespace) -> Runtime:
    """Open the installation the command is about; `main` closes it."""
    runtime = options.opened = open_runtime(settings_of(options))
    return runtime


def serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or a signal; 1 if somebody was left without an answer."""
    from webapp import logs, server

    runtime = runtime_of(options)
    logs.configure(runtime.settings)
    server.migrate(runtime)
    return _ended(server.run(runtime, ready=_say_ready))


def work(options: argparse.Namespace) -> int:
    """Work until Ctrl-C or a signal; 1 if something was cut off."""
    from webapp import logs, server

    server.require_nodes(settings_of(options))
    runtime = runtime_of(options)
    logs.configure(runtime.settings)
    server.migrate(runtime)
    return _ended(server.work(runtime, port=options.port, ready=_say_ready))


def _ended(whole: bool) -> int:
    """Return the exit code; what was cut off ends here: its threads would go on while others begin it anew."""
    if not whole:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)
    return 0


def _say_ready(address: str) -> None:
    print(f"Liên Thông: {address}", flush=True)


def show_demo(options: argparse.Namespace) -> None:
    """Build the demo world if it is not there, say who may sign in, and serve."""
    from webapp import demo, logs, server

    asked = settings_of(options)
    server.require_free(asked.host, asked.port)  # before a world is built, not after
    if options.reset:
        server.forget(asked)
    runtime = runtime_of(options)
    logs.configure(runtime.settings, quiet=True)  # the terminal has the accounts to show
    server.migrate(runtime)
    demo.build(runtime, province=options.province)
    # The world has set its clock: what is served lives in its time.
    server.run(open_runtime(runtime.settings, runtime.database), ready=_say_ready)


def found(options: argparse.Namespace) -> None:
    """Begin an installation; print who may sign in, with a password for one use."""
    from webapp import founding, server

    runtime = runtime_of(options)
    server.migrate(runtime)
    password = founding.found(runtime, place=options.place, kind=options.kind, level=options.level, login=options.user)
    print(f"Đã khởi tạo. Đăng nhập · sign in: {options.user}")
    print(f"Mật khẩu dùng một lần · password for one use: {password}")


def second_factor(options: argparse.Namespace) -> None:
    """Ask for second factors, or no more; or remove that of one person."""
    runtime, actor = runtime_of(options), replace(SYSTEM, channel="cli")
    with committing(runtime.database, runtime.clock) as session:
        if options.remove:
            second_factors.remove(session, users.require_person(session, options.remove), actor=actor)
            return
        wanted = second_factors.REQUIRED if options.require else second_factors.OFFERED
        settings.put(session, second_factors.SETTING, wanted, actor=actor)


def migrate(options: argparse.Namespace) -> None:
    """Bring the database to the present form."""
    runtime = runtime_of(options)
    runtime.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrations.upgrade(runtime.database)
    print("database: up to date")


def examine(options: argparse.Namespace) -> int:
    """Print one line per check; 1 if one fails."""
    return _tell(upkeep.doctor(runtime_of(options), as_json=options.json))


def verify(options: argparse.Namespace) -> int:
    """Check the invariants and print what breaks one; 1 if something does."""
    if options.audit or options.checkpoint or options.archive:
        given = {"file": options.checkpoint, "archives": options.archive}
        return _tell(upkeep.verify_log(runtime_of(options), **given, as_json=options.json, watch=_Progress()))
    return _tell(upkeep.verify(runtime_of(options), only=options.only, as_json=options.json, watch=_Progress()))


def back_up(options: argparse.Namespace) -> int:
    """Write a backup beside people who go on working; 1 if files were missing."""
    return _tell(upkeep.back_up(runtime_of(options), options.to, as_json=options.json))


def restore(options: argparse.Namespace) -> int:
    """Restore a backup, or try whether it could be; 1 if something is wrong with it."""
    how = {"drill": options.drill, "over": options.over, "despite": options.despite}
    return _tell(upkeep.restore(options.file, settings_of(options), **how, as_json=options.json, watch=_Progress()))


def _tell(said: Generator[str, None, int]) -> int:
    """Print lines as they come; what the generator returns is the exit code."""
    while True:
        try:
            print(next(said), flush=True)
        except StopIteration as end:
            return int(end.value)


class _Progress:
    """Says on stderr, now and then, how far long work is."""

    def __init__(self) -> None:
        self.said = time.monotonic()

    def __call__(self, what: str, count: int) -> None:
        if time.monotonic() - self.said > 2:
            self.said = time.monotonic()
            print(f"{what}: {count} rows", file=sys.stderr, flush=True)


def create_token(options: argparse.Namespace) -> None:
    """Print a new bearer token, alone on its line."""
    runtime = runtime_of(options)
    with unit(runtime.database, runtime.clock) as session:
        person = users.require_person(session, options.user)
        posts = posts_of(session, person.id)
        wanted = [post for post in posts if options.post.casefold() in post.name.casefold()]
        if not wanted:
            raise NotFound("no_such_post", login=options.user)
        own = next((post for post in wanted if post.id == person.last_post_id), wanted[0])
        text = users.create_token(session, person, own, actor=SYSTEM, label=options.label, days=options.days)
        finish(session)
        session.commit()
    print(text)


def reorganize(options: argparse.Namespace) -> None:
    """Print what open work goes where; unless it is a dry run, hand it over."""
    actor = partial(_acting, login=options.user, right=Permission.ORGANIZATION_MANAGE)
    for line in reorganizing.reorganize(runtime_of(options), options, actor=actor):
        print(line)


def migrate_instances(options: argparse.Namespace) -> int:
    """Let what runs under one version go on under another; 1 where an instance does not go."""
    actor = partial(_acting, login=options.user, right=Permission.INSTANCE_OPERATE)
    return _tell(migrating.migrate(runtime_of(options), options, actor=actor, watch=_Progress()))


def audit(options: argparse.Namespace) -> int:
    """Sign the log, prove something of it, or witness another; 1 where something does not fit."""
    acting = partial(_acting, right=Permission.ORGANIZATION_MANAGE)
    return _tell(auditing.act(options, runtime_of, acting))


def _acting(session: Session, login: str, right: Permission) -> Actor:
    """Return a person acting as the post by which it has a right, or NotAllowed."""
    person = users.require_person(session, login)
    posts = [actor_for(session, person.id, post.id, channel="cli") for post in posts_of(session, person.id)]
    actor = next((one for one in posts if may(one, right)), None)
    if actor is None:
        raise NotAllowed("not_allowed", login=login, permission=right)
    return actor


if __name__ == "__main__":
    sys.exit(main())
