"""Every statement of every test is read: each table of records in it must be held to one organisation.

The scope of `base/db.py` reaches the models that a select names. It does not reach `exists().where(or_(…))`, which
names none and whose condition is put together from several: the records of all organisations are searched.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm.util import LoaderCriteriaOption

from auditkit.base.db import Base, OfOrganisation

_SOURCE = re.compile(r'(?:\b(?:FROM|JOIN)|,)\s+"?(\w+)"?(?: AS "?(\w+)"?)?(?=[\s),]|$)')
_SETS = re.compile(r"\b(?:UNION(?: ALL)?|EXCEPT|INTERSECT)\b")
_KEY = r"(?:\w+_)?id\b"
_QUOTED = re.compile(r"'(?:[^']|'')*'")


class Unscoped(AssertionError):
    """A statement searches the records of every organisation."""


def unscoped(sql: str, tables: frozenset[str]) -> list[str]:
    """Those of `tables` that some SELECT within a statement neither holds to an organisation nor ties to another table.

    A table is tied by an equation of keys (`id`, `…_id`) with another one, or by `IN (SELECT …)`.
    """
    return [table for select in _selects(_QUOTED.sub("''", sql)) for table in _loose(select, tables)]


def watch() -> None:
    """Refuse such statements of the session from now on, in this process."""
    event.listen(Engine, "before_cursor_execute", _refuse)


def _refuse(_connection: Any, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool) -> None:
    statement = getattr(getattr(context, "compiled", None), "statement", None)
    options = getattr(statement, "_with_options", ())
    if not any(isinstance(one, LoaderCriteriaOption) for one in options):
        return  # not asked of the session within one organisation
    load = context.execution_options.get("_sa_orm_load_options")
    if getattr(load, "_refresh_state", None) is not None:
        return  # reads a record again that the session holds: it came by a statement that was read here
    if found := _found(sql):
        raise Unscoped(f"not held to one organisation: {', '.join(found)} in\n{sql}")


@cache
def _found(sql: str) -> tuple[str, ...]:
    return tuple(unscoped(sql, _tables()))


@cache
def _tables() -> frozenset[str]:
    found = (one for one in Base.registry.mappers if issubclass(one.class_, OfOrganisation))
    return frozenset(str(one.local_table.name) for one in found)  # type: ignore[attr-defined] # it is a Table


def _selects(sql: str) -> Iterator[str]:
    """The text of each SELECT without those within it, for each of which stands `(SELECT)`."""
    open_: list[str] = [""]
    for part in re.split(r"([()])", sql):
        if part == "(":
            open_.append("")
        elif part == ")" and len(open_) > 1:
            inner = open_.pop()
            if inner.lstrip().startswith("SELECT"):
                yield from _SETS.split(inner)
                inner = "SELECT"
            open_[-1] += f"({inner})"
        else:
            open_[-1] += part
    yield from _SETS.split("".join(open_))


def _loose(select: str, tables: frozenset[str]) -> Iterator[str]:
    _columns, begins, sources = select.partition("FROM ")
    for table, alias in _SOURCE.findall(begins + sources):
        column = rf'(?<![\w.])"?{alias or table}"?\.'
        held = (
            rf"{column}organisation_id\s*=|=\s*{column}organisation_id\b",
            rf"{column}{_KEY}\s*=\s*\w+\.|{column}\w+\s*=\s*\w+\.{_KEY}",
            rf"\w+\.{_KEY}\s*=\s*{column}|\w+\.\w+\s*=\s*{column}{_KEY}",
            rf"{column}{_KEY} IN \(SELECT\)",
            r"(?<![\w.])organisation_id\s*=",  # only a text of ours names a column without its table
        )
        if table in tables and not any(re.search(one, sources) for one in held):
            yield table
