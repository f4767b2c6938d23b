"""The command `lienthong`: what is served, kept up, checked and handed over from a terminal."""

import argparse
import csv
import os
import sys
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from engine import reorganizations, settings, users
from engine.jobs import committing
from engine.organizations import actor_for, posts_of
from engine.unit import finish, unit
from engine.users import second_factors
from models import migrations
from models.errors import Invalid, NotAllowed, NotFound, Rejected
from models.orders import Order
from models.organizations import Organization
from models.permissions import SYSTEM, Actor, Permission, may
from models.storage import StorageDoubted, StorageReplaced, storage_failure
from webapp import auditing, migrating, offline, upkeep
from webapp.config import Settings, terminal_language
from webapp.runtime import Runtime, open_runtime


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; the result is the exit code: 0 done, 1 refused or broken, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except Rejected as refusal:
        print(_told(refusal), file=sys.stderr)
        return 1
    except (StorageDoubted, StorageReplaced) as trouble:
        print(_told(Rejected(f"storage_{storage_failure(trouble)}")), file=sys.stderr)
        return 1
    except FileNotFoundError as missing:
        if missing.filename is None:
            raise
        print(_told(Rejected("file_not_there", file=str(missing.filename))), file=sys.stderr)
        return 1
    except OSError as refused:
        print(
            _told(Rejected("machine_refused", file=refused.filename, why=refused.strerror or refused)), file=sys.stderr
        )
        return 1
    except DBAPIError as refused:
        if type(refused) not in (OperationalError, DatabaseError):
            raise
        print(_told(Rejected("database_refused", why=str(refused.orig).splitlines()[0])), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if "opened" in options:
            options.opened.database.close()


def _told(refusal: Rejected) -> str:
    """Return what was refused, in the language of the terminal, and after it for whoever looks for it the reason."""
    from webapp.text.refusals import REFUSALS, field_messages
    from webapp.text.refusals import refusal as in_words

    told = refusal
    if refusal.status == 404 and (
        refusal.reason not in REFUSALS or refusal.reason == "not_found"
    ):  # whose words are those of a page
        told = Rejected("nothing_such", named=", ".join(str(value) for value in refusal.facts.values()))
    words = in_words(told, tongue=terminal_language())
    text = words.text
    if refusal.reason == "invalid":  # whose own words are those of a form
        said = field_messages(refusal, tongue=terminal_language())
        text = "; ".join(f"{name}: {wrong}" for name, wrong in said.items())
    return f"lienthong: {words.title}. {text} ({refusal.reason} {refusal.facts or ''}".rstrip() + ")"


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
    moving.add_argument("file", type=Path, metavar="FILE", help="CSV: from, to (ids of organizations), kind")
    moving.add_argument("--user", required=True, metavar="NAME", help="the login of the administrator")
    moving.add_argument("--document", default="", metavar="TEXT", help="the document the reorganization is based on")
    moving.add_argument("--dry-run", action="store_true", help="only list the open work and who would take it")
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


def reorganize(options: argparse.Namespace) -> int:
    """Print what open work goes where; unless it is a dry run, hand it over in one transaction."""
    runtime = runtime_of(options)
    with unit(runtime.database, runtime.clock) as session:
        changes = _changes_in(options.file)
        if options.dry_run:
            pieces = reorganizations.survey(session, changes)
        else:
            actor = _acting(session, options.user, Permission.ORGANIZATION_MANAGE)
            pieces = reorganizations.reorganize(session, changes, actor=actor, document=options.document)
            finish(session)
            session.commit()
        for piece in pieces:
            order = session.get(Order, piece.order_id) if piece.order_id else None
            names = [session.get_one(Organization, one).name for one in piece.successors]
            body = session.get_one(Organization, piece.body_id).name
            where = order.number or order.title if order else "-"
            who = names[0] if piece.successor else f"? ({', '.join(names) or '-'})"
            print(f"{body} | {where} | {piece.shares} shares, {piece.tasks} tasks | {who}")
    return 0


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


def _changes_in(path: Path) -> list[reorganizations.Change]:
    """Read a table (CSV, UTF-8) with the columns from, to and kind; `to` is empty where nobody follows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if not {"from", "to", "kind"} <= set(table.fieldnames or ()):
            raise Invalid({"file": "columns"}, file=path.name, columns="from, to, kind")
        rows = [{name: (row[name] or "").strip() for name in ("from", "to", "kind")} for row in table]
        return [reorganizations.Change(row["from"], row["to"] or None, row["kind"]) for row in rows]


if __name__ == "__main__":
    sys.exit(main())
