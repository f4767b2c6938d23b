"""I7: the database's own structure is whole, and every reference leads somewhere."""

from collections.abc import Iterator

from sqlalchemy import and_, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.verification.finding import Seen, Violation
from models.base import Base

_MOST = 100
_AMCHECK = text("SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
                "WHERE e.extname = 'amcheck'")  # fmt: skip
_INDEXES = text(
    "SELECT c.oid, c.relname FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE c.relkind = 'i' "
    "AND a.amname = 'btree' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname"
)
_TABLES = text(
    "SELECT c.oid, c.relname FROM pg_class c "
    "WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname"
)


def storage(session: Session, seen: Seen) -> Iterator[Violation]:
    """Let the database examine its pages and indexes, and look for references that lead nowhere."""
    if session.get_bind().dialect.name == "sqlite":
        yield from _sqlite(session)
    else:
        yield from _amcheck(session, seen)
        yield from _references(session)


def not_examined(session: Session) -> Iterator[str]:
    """Say what of it cannot be examined here."""
    if session.get_bind().dialect.name == "sqlite":
        return
    schema = session.scalar(_AMCHECK)
    if schema is None:
        yield "pages and indexes: the extension amcheck is not there (CREATE EXTENSION amcheck, as a superuser)"
    elif not _may_amcheck(session, schema):
        yield f"pages and indexes: this role may not run {schema}.bt_index_check (GRANT EXECUTE ON FUNCTION)"


def _sqlite(session: Session) -> Iterator[Violation]:
    for (said,) in session.execute(text(f"PRAGMA integrity_check({_MOST})")):
        if said != "ok":
            yield Violation("I7", "database", str(said))
    for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield Violation("I7", f"{table} row {row}", f"it points at a row of {parent} that is not there")


def _may_amcheck(session: Session, schema: str) -> bool:
    functions = "bt_index_check(regclass,boolean)", "verify_heapam(regclass,boolean,boolean,text,bigint,bigint)"
    asked = text("SELECT has_function_privilege(to_regprocedure(:name), 'EXECUTE')")
    return all(session.scalar(asked, {"name": f"{schema}.{name}"}) for name in functions)


def _amcheck(session: Session, seen: Seen) -> Iterator[Violation]:
    schema = session.scalar(_AMCHECK)
    if schema is None or not _may_amcheck(session, schema):
        return
    for number, (oid, name) in enumerate(session.execute(_INDEXES).all()):
        seen(number)
        # It says what is wrong by failing, and a failed statement would end the transaction.
        savepoint = session.begin_nested()
        try:
            session.execute(text(f"SELECT {schema}.bt_index_check(CAST(:oid AS oid)::regclass, true)"), {"oid": oid})
        except DBAPIError as error:
            savepoint.rollback()
            yield Violation("I7", f"index {name}", str(error.orig).splitlines()[0])
        else:
            savepoint.commit()
    for oid, name in session.execute(_TABLES).all():
        pages = text(f"SELECT blkno, msg FROM {schema}.verify_heapam(CAST(:oid AS oid)::regclass) LIMIT {_MOST}")  # noqa: S608
        for block, said in session.execute(pages, {"oid": oid}):
            yield Violation("I7", f"{name} page {block}", str(said))


def _references(session: Session) -> Iterator[Violation]:
    """Look for them by asking: PostgreSQL trusts a constraint that was once switched off."""
    for table in Base.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            parent = constraint.referred_table.alias("parent")
            pairs = [(element.parent, parent.c[element.column.name]) for element in constraint.elements]
            query = (
                select(func.count())
                .select_from(table.outerjoin(parent, and_(*(child == key for child, key in pairs))))
                .where(*(child.is_not(None) for child, _ in pairs), pairs[0][1].is_(None))
            )
            if lost := session.scalar(query):
                names = ", ".join(child.name for child, _ in pairs)
                wrong = f"{lost} rows point by {names} at rows of {constraint.referred_table.name} that are not there"
                yield Violation("I7", table.name, wrong)
