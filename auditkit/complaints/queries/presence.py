"""What hangs on one complaint, asked of every table in one statement before any of them is read.

Most cases have rows in few of the tables that their page shows, and to ask an empty one costs as much as to read it.
The folders above the core declare theirs when their queries are imported (`asked_first`); their part of the page then
reads only where `Case.has` says that there is something. tests/slices/complaints/test_case_statements.py counts.
"""

from functools import lru_cache

from auditkit.base.db import SCOPE, NoScope, Session

# Name -> its condition; every one runs along an index.
_asked: dict[str, str] = {}


def asked_first(name: str, condition: str = "") -> str:
    """Declare what is asked of a complaint, and give its name back for `Case.has`.

    `name`: a table with a column complaint_id, or any word with a `condition`, which is SQL that both kinds of
    database take, over {complaint} and {organisation}.
    """
    _asked[name] = condition or rows_of(name)
    return name


def rows_about(table: str, kind: str, key: str) -> str:
    """The condition that a table of the organisation points to the complaint by a kind and a number."""
    return rows_of(table, f"organisation_id = {{organisation}} AND {kind} = 'complaint' AND {key} = {{complaint}}")


def rows_of(table: str, of: str = "complaint_id = {complaint}") -> str:
    """The condition that a table holds rows of the complaint."""
    return f"EXISTS (SELECT 1 FROM {table} WHERE {of})"  # noqa: S608 - names of our own


def present(tx: Session, complaint_id: int) -> frozenset[str]:
    """The names that hold anything of the complaint, which is of the session's organisation."""
    organisation_id = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("what hangs on a complaint needs transaction(actor) or reading(actor)")
    connection = tx.connection()
    statement = _statement(connection.dialect.name == "sqlite", len(_asked))
    given = {"complaint": int(complaint_id), "organisation": int(organisation_id)}
    row = connection.exec_driver_sql(statement, given).one()
    return frozenset(name for name, there in zip(_asked, row, strict=True) if there)


@lru_cache
def _statement(sqlite: bool, _number: int) -> str:
    """In the driver's own manner of placing values: nothing has to be compiled for it any more."""
    names = ("complaint", "organisation")
    places = {name: f":{name}" if sqlite else f"%({name})s" for name in names}
    return "SELECT " + ", ".join(condition.format(**places) for condition in _asked.values())


FILES = asked_first("files", rows_about("evidence_link", "subject_kind", "subject_id"))
"""The files of the complaint itself: their folder is below, and does not know complaints."""
