"""The database: engine set-up, the one transaction, and the scope that keeps organisations apart (decisions 1, 3, 11).

Only `transaction()` commits; a test walks the code for others.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ClauseElement,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    event,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import (
    DeclarativeBase,
    LoaderCriteriaOption,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql.util import find_tables
from sqlalchemy.types import TypeDecorator

from auditkit.base.actor import Actor

SCOPE = "organisation_id"
CONNECTION = "connection"  # of an open transaction; to ask the session for it each time costs as much as a statement
UNSCOPED = "unscoped"  # execution option: this query spans organisations on purpose

BUSY_TIMEOUT_MS = 30_000

_writing: ContextVar[bool] = ContextVar("auditkit_writing", default=False)
"""Whether the database transaction that begins now is one that writes."""


class Base(DeclarativeBase):
    """Base of all models, with one naming convention so that migrations can name every constraint."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python; timestamptz on PostgreSQL, ISO text of fixed width on SQLite, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """The type that the kind of database keeps it in."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sqlite.DATETIME(regexp=r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)Z"))
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Any) -> Any:
        """From an aware time to what the driver takes; on SQLite in one step: every statement that writes has one."""
        return _iso_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """To an aware time; on SQLite in one step too: a long list has one in every line."""
        return _from_iso_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """In UTC. Raises ValueError for a naive time."""
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(words: Iterable[str]) -> str:
    """The words of a list as SQL writes them, for a CHECK: `'open', 'closed'`."""
    return ", ".join(f"'{word!s}'" for word in words)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a stored time must be aware; use auditkit.base.clock")
    return value.astimezone(UTC)


def _iso_text(value: datetime | None) -> str | None:
    return None if value is None else f"{_in_utc(value).isoformat(timespec='microseconds')[:26]}Z"


def _from_iso_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


JsonDict = JSON
Key = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in a column declared INTEGER


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model  # made at run time, where a type checker cannot follow


class OfOrganisation:
    """Mixin of every record that belongs to an organisation; the scope below acts on it."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)


class NoScope(RuntimeError):
    """A query over organisations' records without saying whose: a defect, never shown as an empty page."""


class WrongScope(RuntimeError):
    """A session of one organisation was handed another organisation's record or actor."""


def use_scope(session: Session, organisation_id: int) -> None:
    """Bind `session` to an organisation. Raises WrongScope when it is bound to another."""
    bound = session.info.setdefault(SCOPE, organisation_id)
    if bound != organisation_id:
        raise WrongScope(f"the session is organisation {bound}'s, not {organisation_id}'s")


def _bind_scope(session: Session, actor: Actor) -> None:
    """Bind a session between transactions to the actor's organisation, forgetting what it loaded for another."""
    if session.info.get(SCOPE) not in (None, actor.organisation_id):
        session.rollback()
        session.expunge_all()
    session.info[SCOPE] = actor.organisation_id


@event.listens_for(Session, "do_orm_execute")
def _scope_queries(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load or state.execution_options.get(UNSCOPED):
        return
    if not state.is_orm_statement:
        _refuse_bare_tables(state)
        return
    organisation_id = state.session.info.get(SCOPE)
    if organisation_id is not None:
        # To a query over other models it does nothing; to find out whether one is costs more than to give it along
        state.statement = state.statement.options(_criteria(organisation_id))
        return
    if any(issubclass(mapper.class_, OfOrganisation) for mapper in state.all_mappers) or _bare_tables(state):
        # A count over a model selects no entity of it, so its tables are asked too
        raise NoScope("a query over an organisation's records needs transaction(actor) or reading(actor)")


@lru_cache(maxsize=1024)
def _criteria(organisation_id: int) -> LoaderCriteriaOption:
    return with_loader_criteria(
        OfOrganisation,
        lambda cls: cls.organisation_id == organisation_id,
        include_aliases=True,
    )


def _refuse_bare_tables(state: ORMExecuteState) -> None:
    if not (state.is_select or state.is_update or state.is_delete):
        return
    found = _bare_tables(state)
    if found:
        names = ", ".join(sorted(str(table) for table in found))
        raise NoScope(f"select attributes of the model, not columns of the table ({names}): the scope acts on models")


def _bare_tables(state: ORMExecuteState) -> set[Any]:
    of_organisations = {
        mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, OfOrganisation)
    }
    statement = cast("ClauseElement", state.statement)
    return of_organisations.intersection(find_tables(statement, include_joins=True, include_aliases=True))


@event.listens_for(Session, "before_flush")
def _scope_new_records(session: Session, *_: Any) -> None:
    for record in session.new:
        if not isinstance(record, OfOrganisation):
            continue
        organisation_id = session.info.get(SCOPE)
        if organisation_id is None:
            raise NoScope(f"a new {type(record).__name__} needs transaction(actor)")
        if record.organisation_id is None:
            record.organisation_id = organisation_id
        elif record.organisation_id != organisation_id:
            raise WrongScope(f"a new {type(record).__name__} is organisation {record.organisation_id}'s")


@contextmanager
def transaction(actor: Actor | None = None, *, adopt: bool = False) -> Iterator[Session]:
    """One unit of work: all of it is stored, or nothing.

    Yields the session, bound to the actor's organisation (None: work above organisations, such as adding one). On
    SQLite it takes the write lock at once (BEGIN IMMEDIATE): two writers wait for each other, none fails half-way.
    `adopt` keeps what a library has already put into the session (the sign-in library does), see `lock_for_writing`.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("transaction() does not nest: hand the open one down")
    if not adopt:
        session.rollback()  # end the reading that came before; what it loaded is read afresh
    if actor is not None:
        _bind_scope(session, actor)
    session.info["in_transaction"] = True
    session.info["journalled"] = []
    try:
        if not adopt:
            session.info[CONNECTION] = _connection_for_writing(session)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False
        session.info.pop(CONNECTION, None)


def lock_for_writing() -> None:
    """Take the write lock before the first read, for a library that will write later (`transaction(adopt=True)`)."""
    _connection_for_writing(db.session())


def _connection_for_writing(session: Session) -> Connection:
    token = _writing.set(True)
    try:
        return session.connection()
    finally:
        _writing.reset(token)


def reading(actor: Actor | None = None) -> Session:
    """The session for reads, bound to the actor's organisation (None: as it was bound before)."""
    session = db.session()
    if actor is not None and session.info.get(SCOPE) != actor.organisation_id:
        if session.info.get("in_transaction"):
            raise WrongScope("an open transaction of one organisation cannot read for another")
        _bind_scope(session, actor)
    return session


@contextmanager
def separate_scope() -> Iterator[None]:
    """Forget the session's organisation for a block: for what serves one organisation after another."""
    session = db.session()
    before = session.info.pop(SCOPE, None)
    try:
        yield
    finally:
        session.info.pop(SCOPE, None)
        if before is not None:
            session.info[SCOPE] = before


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: sqlite3 would begin too late and too weakly
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA cache_size=-32768")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    # Not in an event: an engine that has one asks for events around every statement, which costs as much as the
    # statement itself
    engine.dialect.do_begin = _begin_on_sqlite  # type: ignore[method-assign,assignment]  # of this engine's dialect alone


def _begin_on_sqlite(connection: Any) -> None:
    connection.execute("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def init_app(app: Flask) -> None:
    """Bind the database to `app` and set the engine up for its kind of database."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
