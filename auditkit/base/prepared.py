"""Statements that are put together once for each kind of database and then run straight through the driver.

For the few verbs that people wait for row by row: putting an ORM statement together costs many times what the database
needs to run it. The scope of base.db acts here too: every organisation's table of a statement is filtered by the
session's organisation, or the statement is refused. tests/slices/base/test_prepared.py compares with the session.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Update, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql.util import find_tables

from auditkit.base.db import CONNECTION, SCOPE, Base, NoScope, OfOrganisation, Session, WrongScope

_SCOPED = "scope_organisation"

Processor = Callable[[Any], Any]
Statement = Select[*tuple[Any, ...]] | Update | Insert


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement as one kind of database takes it. `binds` in the order of `?`, or of `names` where they have some."""

    dialect: Dialect
    sql: str
    binds: tuple[tuple[str, Processor | None], ...]
    names: tuple[str, ...] | None
    fixed: dict[str, Any]
    scoped: bool
    inserted: bool
    make: Callable[..., Any]
    types: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A statement over models with `bindparam`s. An insert names its `columns`: Python-side defaults do not act.

    Raises NoScope where a table of an organisation's records would not be filtered.
    """

    statement: Statement
    columns: tuple[str, ...] = ()
    _plans: dict[str, _Plan] = field(default_factory=dict, init=False, repr=False)
    _results: dict[str, tuple[tuple[int, Processor], ...]] = field(default_factory=dict, init=False, repr=False)

    def rows(self, tx: Session, values: Mapping[str, Any]) -> list[Any]:
        """The rows found, as named tuples. Raises NoScope."""
        plan, cursor = self._run(tx, values)
        found = cursor.fetchall()
        results = self._results.get(plan.dialect.name)
        if results is None:  # the driver says only now what it calls the types
            results = self._results[plan.dialect.name] = _results(plan, cursor.description)
        cursor.close()
        if not results:
            return [plan.make(row) for row in found]
        made = []
        for row in found:
            cells = list(row)
            for at, processor in results:
                cells[at] = processor(cells[at])
            made.append(plan.make(cells))
        return made

    def one_or_none(self, tx: Session, values: Mapping[str, Any]) -> Any:
        """The row found, None without one. For statements that find by a key."""
        found = self.rows(tx, values)
        return found[0] if found else None

    def touched(self, tx: Session, values: Mapping[str, Any]) -> int:
        """Run an update or insert; how many rows it met. Raises NoScope, WrongScope and IntegrityError."""
        _plan, cursor = self._run(tx, values)
        met: int = cursor.rowcount
        cursor.close()
        return met

    def _run(self, tx: Session, values: Mapping[str, Any]) -> tuple[_Plan, Any]:
        tx.flush()  # as the session does before a statement
        connection = tx.info.get(CONNECTION)
        if connection is None or connection.closed:
            connection = tx.connection()
        plan = self._plans.get(connection.dialect.name) or self._prepare(connection)
        given = {**plan.fixed, **values}
        if plan.scoped:
            _scope(tx, plan, given)
        cells = [given[name] if make is None else make(given[name]) for name, make in plan.binds]
        parameters = tuple(cells) if plan.names is None else dict(zip(plan.names, cells, strict=True))
        return plan, _sent(connection, plan.sql, parameters)

    def _prepare(self, connection: Connection) -> _Plan:
        dialect = connection.dialect
        self._plans[dialect.name] = plan = _plan(self.statement, self.columns, dialect)
        return plan


def _sent(connection: Connection, sql: str, parameters: Any) -> Any:
    """The driver's cursor after `sql`, with the errors that the session raises.

    By the dialect itself: what a connection does around a statement (events, a description of its result) costs
    several times what these statements do.
    """
    dialect = connection.dialect
    pooled = connection.connection
    cursor = pooled.cursor()
    try:
        dialect.do_execute(cursor, sql, parameters)
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, pooled, cursor)
        cursor.close()
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, parameters, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
        ) from error
    return cursor


def _scope(tx: Session, plan: _Plan, given: dict[str, Any]) -> None:
    organisation_id = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("a statement over an organisation's records needs transaction(actor) or reading(actor)")
    given[_SCOPED] = organisation_id
    if plan.inserted and given.setdefault(SCOPE, organisation_id) != organisation_id:
        raise WrongScope(f"a new record is organisation {given[SCOPE]}'s, not {organisation_id}'s")


def _plan(statement: Statement, columns: tuple[str, ...], dialect: Dialect) -> _Plan:
    inserted = isinstance(statement, Insert)
    models: list[Any] = [one.class_ for one in Base.registry.mappers if issubclass(one.class_, OfOrganisation)]
    if not inserted:
        scope = [with_loader_criteria(one, one.organisation_id == bindparam(_SCOPED)) for one in models]
        statement = statement.options(*scope)
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(columns) if inserted else None)
    positional = bool(compiled.positional)
    by_name = {name: bind for bind, name in compiled.bind_names.items()}
    names = tuple(compiled.positiontup) if positional else tuple(by_name)
    tables = {one.__table__ for one in models}
    scoped_tables = tables.intersection(
        find_tables(statement, include_joins=True, include_aliases=True, include_crud=True)
    )
    filtered = names.count(_SCOPED) if positional else compiled.string.count(f"%({_SCOPED})s")
    if scoped_tables and (SCOPE not in columns if inserted else filtered < len(scoped_tables)):
        raise NoScope(f"the scope acts on attributes of models, not on columns of tables: {compiled.string}")
    fixed = {name: bind.effective_value for name, bind in by_name.items() if not bind.required}
    selected = list(statement.selected_columns if isinstance(statement, Select) else statement.exported_columns)
    keys = [str(one.key) for one in selected]
    row: Any = namedtuple("Row", keys, rename=True)  # type: ignore[misc]  # the names are known only now
    return _Plan(
        dialect=dialect,
        sql=compiled.string,
        binds=tuple((name, by_name[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names),
        names=None if positional else names,
        fixed=fixed,
        scoped=bool(scoped_tables),
        inserted=inserted,
        make=row._make,
        types=tuple(one.type.dialect_impl(dialect) for one in selected),
    )


def _results(plan: _Plan, described: Any) -> tuple[tuple[int, Processor], ...]:
    """What makes Python's values of the driver's, by column; those that need nothing are left out."""
    made = [one.result_processor(plan.dialect, column[1]) for one, column in zip(plan.types, described, strict=True)]
    return tuple((at, one) for at, one in enumerate(made) if one is not None)
