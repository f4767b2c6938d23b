"""What `lienthong doctor`, `verify`, `backup` and `restore` say: lines for people, or one object for programs."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Generator
from functools import partial
from pathlib import Path
from typing import Any, Final

from engine import verification
from engine.audit.notes import Note
from models import migrations
from webapp.config import Settings
from webapp.runtime import Runtime
from webapp.text.terminal import broken, either

INVARIANTS: Final = tuple(verification.CHECKS)
Watch = Callable[[str, int], None]
# Lines to print one after the other; what it returns is the exit code.
Said = Generator[str, None, int]
_MOST: Final = 200


def doctor(runtime: Runtime, *, as_json: bool) -> Said:
    """Say how everything stands that was checked."""
    from webapp.doctor import examine

    found = []
    for finding in examine(runtime):
        found.append(finding)
        if not as_json:
            yield str(finding)
    failed = any(finding.state == "FAIL" for finding in found)
    if as_json:
        yield _object(sound=not failed, findings=[finding.as_dict() for finding in found])
    return int(failed)


def verify(runtime: Runtime, *, only: Collection[str], as_json: bool, watch: Watch) -> Said:
    """Say what breaks an invariant, which hold, and what could not be examined."""
    if not migrations.is_current(runtime.database):
        yield (
            _object(sound=False, why="another release")
            if as_json
            else either(
                "cơ sở dữ liệu của bản phát hành khác: hãy migrate", "the database is of another release: migrate"
            )
        )
        return 1
    with verification.snapshot(runtime.database, runtime.clock) as session:
        found: Counter[str] = Counter()
        shown = []
        for violation in verification.violations(session, only=only, watch=watch):
            found[violation.invariant] += 1
            if as_json and found.total() <= _MOST:
                shown.append(violation.as_dict())
            elif not as_json:
                yield str(violation)
        left_out = list(verification.left_out(session, only=only))
    looked = [name for name in INVARIANTS if not only or name in only]
    if as_json:
        yield _object(
            sound=not found,
            invariants={name: found[name] for name in looked},
            violations=shown,
            not_run=[{"invariant": name, "why": why} for name, why in left_out],
        )
    else:
        for name in looked:
            wrong = either(f"{found[name]} chỗ sai", f"{found[name]} violations")
            yield f"{name}: {wrong if found[name] else either('đúng', 'holds')}"
        yield from (either(f"{name}: chưa kiểm tra: {why}", f"{name}: not run: {why}") for name, why in left_out)
    if not found and not only:
        runtime.database.trust()
    return int(bool(found))


def verify_log(
    runtime: Runtime, *, file: Path | None, archives: Collection[Path] | None, as_json: bool, watch: Watch
) -> Said:
    """Say whether the log is whole, in itself and against what is kept outside the database.

    That are checkpoints, one in a file that somebody kept, and the archives, if they are given.
    """
    from engine.audit import sealed
    from webapp.archiving import leaves_in

    if not migrations.is_current(runtime.database):
        yield (
            _object(sound=False, why="another release")
            if as_json
            else either(
                "cơ sở dữ liệu của bản phát hành khác: hãy migrate", "the database is of another release: migrate"
            )
        )
        return 1
    note = Note.read(file.read_text(encoding="utf-8")) if file else None
    shown = leaves_in(archives) if archives else None
    with verification.snapshot(runtime.database, runtime.clock) as session:
        found = sealed.examine(session, runtime.seal.outside, note=note, shown=shown, seen=partial(watch, "entries"))
    if as_json:
        yield _object(sound=found.is_sound, size=found.size, root=found.tip, broken=found.broken_seq,
                      since=found.since, path=found.path, why=found.why, held=found.held,
                      archived=found.archived)  # fmt: skip
    elif found.is_sound:
        yield either(f"{found.size} mục, gốc {found.tip}", f"{found.size} entries, root {found.tip}")
        if found.archived:
            yield _of_archives(found.archived, given=bool(archives))
        rest = found.size - found.held
        yield either(
            f"{found.held} mục khớp một điểm kiểm tra giữ bên ngoài; {rest} mục chưa được bảo vệ",
            f"{found.held} of them fit a checkpoint kept outside; {rest} are not protected yet",
        )
    else:
        yield broken(found)
    return int(not found.is_sound)


def _of_archives(count: int, *, given: bool) -> str:
    vietnamese = "tất cả đều có trong các tệp đã đưa" if given else "chưa hỏi đến các tệp ấy (--archive)"
    english = "all of these are in the files given" if given else "their files were not asked for (--archive)"
    return either(
        f"{count} mục nằm ở bản lưu trữ, ở đây còn mã băm của chúng; {vietnamese}",
        f"{count} of them stand in archives: here are their leaves; {english}",
    )


def back_up(runtime: Runtime, to: Path, *, as_json: bool) -> Said:
    """Say what went into a backup, and what on purpose did not."""
    from webapp import backups

    path, manifest = backups.back_up(runtime, to)
    rows, size = sum(manifest.counts.values()), sum(member.size for member in manifest.members)
    if as_json:
        yield _object(
            file=str(path), bytes=size, rows=rows, files=len(manifest.members) - 1, audit_size=manifest.audit_size,
            audit_tip=manifest.audit_tip, missing=manifest.missing, left_out=manifest.left_out,
        )  # fmt: skip
        return int(bool(manifest.missing))
    yield f"{path}: {rows} rows, {len(manifest.members) - 1} files, {size} bytes"
    yield f"audit log: {manifest.audit_size} entries, tip {manifest.audit_tip}"
    yield f"not in it: {'; '.join(manifest.left_out)}"
    yield from (f"missing in the store: {sha256}" for sha256 in manifest.missing)
    return int(bool(manifest.missing))


def restore(
    file: Path, settings: Settings, *, drill: bool, over: bool, despite: bool, as_json: bool, watch: Watch
) -> Said:
    """Say what a backup holds, what is wrong with it, how long it took, and where it is now."""
    from webapp import backups

    done = (
        backups.drill(file, settings, watch=watch)
        if drill
        else backups.restore(file, settings, over=over, despite=despite, watch=watch)
    )
    made, rows = done.manifest, sum(done.manifest.counts.values())
    if as_json:
        yield _object(
            sound=not done.findings, findings=done.findings[:_MOST], seconds=round(done.seconds, 1), rows=rows,
            made_at=made.made_at, version=made.version, audit_size=made.audit_size, audit_tip=made.audit_tip,
            home=str(done.home) if done.home else None,
        )  # fmt: skip
        return int(bool(done.findings))
    yield f"made {made.made_at} by {made.version} on {made.library}"
    yield f"{rows} rows in {len(made.counts)} tables, {len(made.members) - 1} files, {made.audit_size} audit entries"
    yield from done.findings[:_MOST]
    yield "every hash, count and invariant is right" if not done.findings else f"{len(done.findings)} things are wrong"
    yield f"took {done.seconds:.1f} s"
    if not drill:
        yield f"restored to {done.home}" if done.home else "nothing was put in place (--despite does it all the same)"
        yield f"not in it: {'; '.join(made.left_out)}"
    return int(bool(done.findings))


def _object(**said: Any) -> str:
    return json.dumps(said, ensure_ascii=False)
