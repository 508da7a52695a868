"""Actions of before live through the revision that gave them their path, and back."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, text

from auditkit.actions import queries
from auditkit.actions.models import Action
from auditkit.actions.rules import Ended, Grade, Phase, Target
from auditkit.base.db import db, reading
from auditkit.instance import migrate
from tests.conftest import House
from tests.slices.actions.test_action_constraints import CLOSED, DONE, _action

BEFORE, AFTER = "0020", "0021"
OLD = {
    "open": {"plan": "Order", "due_on": date(2026, 3, 20)},
    "major": {"cause_required": True},
    "second round": {"round": 2, "cause": "Worn", "correction": "Locked"},
    "done": DONE,
    "closed": {**CLOSED, "cause_required": True, "cause": "Worn"},
}


def kept() -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM action ORDER BY id"))]


@pytest.fixture
def old(app, acme: House) -> list[tuple[object, ...]]:
    """Actions as they were stored before."""
    db.session.remove()
    migrate.downgrade(app, BEFORE)
    with db.engine.begin() as connection:
        for number, values in enumerate(OLD.values(), start=1):
            row = _action(acme, number=f"AC-2026-{number:03d}", **values)
            defaults = {
                column.name: column.default.arg
                for column in Action.__table__.columns
                if column.default is not None and column.default.is_scalar
            }
            connection.execute(insert(Action.__table__).values(**{**defaults, **row}))
    return kept()


def test_actions_of_before_keep_everything_and_get_their_path(app, acme: House, old: list[tuple[object, ...]]) -> None:
    migrate.upgrade(app)
    assert kept() == old
    tx = reading(acme.system)
    paths = {name: queries.path(tx, number) for number, name in enumerate(OLD, start=1)}
    assert {name: one.grade for name, one in paths.items()} == {
        "open": Grade.NONE, "major": Grade.MAJOR, "second round": Grade.NONE, "done": Grade.NONE, "closed": Grade.MAJOR
    }  # fmt: skip
    assert {name: one.reopened for name, one in paths.items() if one.reopened} == {"second round": 1}
    assert all(one.needs == frozenset() for one in paths.values())
    assert paths["open"].phase is Phase.WORK
    (due,) = paths["open"].dues
    assert (due.target, due.due_at, due.state) == (
        Target.DONE, datetime(2026, 3, 20, 23, 59, 59, tzinfo=UTC), Ended.RUNNING
    )  # fmt: skip
    assert due.lines == ({"is": "named", "day": "2026-03-20"},)
    assert [name for name, one in paths.items() if one.dues] == ["open", "major", "second round"]


def test_going_back_leaves_the_actions(app, old: list[tuple[object, ...]]) -> None:
    migrate.upgrade(app)
    db.session.remove()
    migrate.downgrade(app, BEFORE)
    assert kept() == old
    migrate.upgrade(app)
    assert kept() == old
