"""The page of a case asks in one statement what hangs on the case, and reads only that: an upper bound of statements,
and the same page as one that reads everything."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from auditkit.base.db import NoScope, db, reading, separate_scope
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import Case, presence
from auditkit.instance.demo.story import SLUG
from auditkit.schema import metadata
from tests.factories import demo
from tests.project import page_checks
from tests.slices.complaints.recording import found, registered

MOST_SMALL = 14
"""Who is signed in (2), the case, what hangs on it, settings, the people (2), the journal, why somebody like this one
may have complained (2), how it came in, its own page; and one to spare for what another folder puts onto the page."""
FEW = 12
"""Columns of a case with no more values than this tell one kind of case from another."""
MOST = 50
"""The fullest case of the demo: a bounced mail, an export, readings, a survey and a second complaint each ask once."""


@contextmanager
def statements():
    kept = []

    def keep(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            kept.append(statement)

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield kept
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def test_a_case_with_little_on_it_asks_little(acme, browser, clock):
    reference = registered(acme.actor("complaint-handler"), severity="low")
    at_work = browser(acme, "quality-manager")
    at_work.get(f"/o/acme/complaints/{reference}")  # entering is journalled the first time
    with statements() as kept:
        at_work.get(f"/o/acme/complaints/{reference}")
    assert len(kept) <= MOST_SMALL, "\n".join(kept)
    empty = ("complaint_survey", "complaint_message", "complaint_hold", "complaint_anonymisation", "action", "evidence")
    read = [one for one in kept if one.startswith(tuple(f"SELECT {table}" for table in empty))]
    assert read == []


def test_what_hangs_on_it_is_asked_along_indexes(acme, clock):
    handler = acme.actor("complaint-handler")
    number = found(handler, registered(handler)).id
    with statements() as kept:
        there = presence.present(reading(handler), number)
    assert there <= set(presence._asked)
    (statement,) = kept
    given = {"complaint": number, "organisation": handler.organisation_id}
    if db.engine.dialect.name != "sqlite":
        return  # a table of few rows is walked there, whatever indexes it has
    with db.engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
    assert not [step for step in plan if step.startswith("SCAN") and "CONSTANT ROW" not in step], plan


def test_without_an_organisation_nothing_is_asked(acme, clock):
    handler = acme.actor("complaint-handler")
    number = found(handler, registered(handler)).id
    db.session.rollback()
    with separate_scope(), pytest.raises(NoScope):
        presence.present(db.session(), number)


def without_tokens(page):
    """What a reader sees and where every link leads; the secrets of forms differ from one answer to the next."""
    html = page.response.get_data(as_text=True)
    if nonce := page_checks.NONCE.search(page.response.headers["Content-Security-Policy"]):
        html = html.replace(nonce[1], "")
    return page_checks.TOKEN.sub("", html[html.index("<main") : html.index("</main>")])


def shapes() -> dict[str, frozenset[object]]:
    """Reference -> what makes its page unlike that of another: values of few kinds, and the tables with rows of it.

    Read from the tables themselves, so that a case about which `presence` is wrong is no other one's like.
    """
    with db.engine.connect() as connection:
        complaints = [row._mapping for row in connection.execute(Complaint.__table__.select())]
        few = [name for name in complaints[0] if len({row[name] for row in complaints}) <= FEW]
        found: dict[int, set[object]] = {
            row["id"]: {*((name, row[name]) for name in few), *((name, row[name] is None) for name in row)}
            for row in complaints
        }
        for table in metadata.tables.values():
            for column in table.columns:
                asked = select(column).distinct()
                if column.name == "subject_id":
                    kind = "subject_kind" if "subject_kind" in table.columns else "kind"
                    asked = asked.where(table.columns[kind] == "complaint")
                elif not any(key.column.table is Complaint.__table__ for key in column.foreign_keys):
                    continue
                for number in connection.execute(asked).scalars():
                    if number in found:
                        found[number].add((table.name, column.name))
    return {row["reference"]: frozenset(found[row["id"]]) for row in complaints}


def one_of_each_shape() -> list[str]:
    """The last case of each shape."""
    return sorted({shape: reference for reference, shape in shapes().items()}.values())


@pytest.mark.sqlite_only  # what is asked of PostgreSQL is the same; the demo takes its time
def test_every_page_of_the_demo_says_what_it_says_when_everything_is_read(app, browser, monkeypatch):
    demo.tell(app)
    reader = browser()
    reader.sign_in(demo.secret_of("quentin"))
    references = one_of_each_shape()
    assert len(references) >= 20
    db.session.rollback()
    for reference in references:
        address = f"/o/{SLUG}/complaints/{reference}"
        # That messages were read is noted once, and stands on the page from then on
        reader.get(address, unchecked="the same page is looked at next")
        with statements() as kept:
            narrow = without_tokens(reader.get(address))
        assert len(kept) <= MOST, "\n".join(" ".join(one.split())[:150] for one in kept)
        with monkeypatch.context() as whole:
            whole.setattr(Case, "has", lambda _case, _name: True)
            with statements() as every:
                wide = without_tokens(reader.get(address, unchecked="it has to be the page just looked at"))
        assert len(every) > len(kept)
        assert narrow == wide
