"""Tests on PostgreSQL share one database, emptied between them: that must not differ from a new one."""

from collections.abc import Iterator

import pytest
import sqlalchemy
from flask import Flask

from auditkit.accounts import service
from auditkit.accounts.rules import Role
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, transaction
from tests.conftest import House
from tests.factories.emptying import Emptying


@pytest.fixture
def emptying(app: Flask, backend: str) -> Iterator[Emptying]:
    """The database as it is now; the test's own rows come after."""
    if backend != "postgresql":
        pytest.skip("SQLite's database is copied from a file")
    url = app.extensions["auditkit.settings"].url.replace("postgresql+psycopg", "postgresql")
    made = Emptying(url)
    db.session.remove()
    yield made
    made.close()


def add(slug: str) -> int:
    with transaction() as tx:
        return service.add_organisation(tx, service.AddOrganisation(slug, slug), clock.now())


def execute(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_rows_go_and_counters_begin_anew(emptying: Emptying) -> None:
    first = add("one")
    assert add("two") == first + 1
    db.session.remove()
    assert emptying.emptied()
    assert add("three") == first == 1


@pytest.mark.parametrize(
    ("change", "undo"),
    [
        ("CREATE TABLE left_over (id int)", "DROP TABLE left_over"),
        ("ALTER TABLE organisation ADD COLUMN left_over int", "ALTER TABLE organisation DROP COLUMN left_over"),
        ("ALTER TABLE journal_entry DISABLE TRIGGER ALL", "ALTER TABLE journal_entry ENABLE TRIGGER ALL"),
    ],
)
def test_what_a_test_changed_beside_rows_is_noticed(emptying: Emptying, change: str, undo: str) -> None:
    execute(change)
    assert not emptying.emptied()
    execute(undo)


def test_a_lock_that_somebody_holds_is_no_obstacle_for_the_next_test(emptying: Emptying) -> None:
    add("one")
    db.session.remove()
    with db.engine.connect() as holder:
        holder.execute(sqlalchemy.text("LOCK TABLE organisation IN ACCESS EXCLUSIVE MODE"))
        assert not emptying.emptied()
    assert emptying.emptied()


def test_a_database_with_rows_is_refused_as_a_beginning(emptying: Emptying, acme: House) -> None:
    with pytest.raises(AssertionError, match="would lose them"):
        Emptying(emptying.url)


def test_a_house_that_is_brought_back_is_the_one_that_was_made(emptying: Emptying, acme: House) -> None:
    def stand() -> list[object]:
        with db.engine.connect() as connection:
            tables = ("organisation", "person", "membership", "journal_entry", "journal_head", "journal_personal")
            return [connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables]

    kept, before = emptying.keep(), stand()
    db.session.remove()
    db.engine.dispose()
    assert emptying.emptied()
    emptying.bring_back(kept)
    assert stand() == before
    assert all(before)
    assert add("next") == acme.id + 1, "counters go on where they stood"


@pytest.fixture(params=["open", "closed"])
def before(app: Flask, request: pytest.FixtureRequest) -> str:
    """An organisation that is there before the house is brought back; its writer went, or still holds the database."""
    with transaction() as tx:
        organisation = service.add_organisation(tx, service.AddOrganisation(request.param, "Before"), clock.now())
        service.add_member(
            tx, service.AddMember("b@before.example", Role.STAFF, "B"), clock.now(), Actor.system(organisation)
        )
    db.session.remove()
    if request.param == "closed":
        db.engine.dispose()
    return str(request.param)


def test_a_house_never_takes_the_place_of_what_is_there(before: str, acme: House) -> None:
    with db.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT email FROM person").scalars().all()
        slugs = connection.exec_driver_sql("SELECT slug FROM organisation ORDER BY id").scalars().all()
    assert len(kept) == len(acme.people) + 1
    assert slugs == [before, "acme"]
