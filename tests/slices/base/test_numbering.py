"""Running numbers: without gaps or doubles, per organisation, series and year."""

import pytest
from flask import Flask
from sqlalchemy import Table

from auditkit.base.db import NoScope, db, transaction
from auditkit.base.numbering import Numbering, next_number, take_numbers
from tests.conftest import House
from tests.factories.refusals import refuses


def _take(house: House, series: str, year: int) -> int:
    with transaction(house.system) as tx:
        return next_number(tx, series, year)


def test_numbers_run_for_each_organisation_series_and_year(acme: House, globex: House) -> None:
    assert [_take(acme, "audit", 2026) for _ in range(3)] == [1, 2, 3]
    assert _take(acme, "audit", 2027) == 1
    assert _take(acme, "action", 2026) == 1
    assert _take(globex, "audit", 2026) == 1
    assert _take(acme, "audit", 2026) == 4


def test_two_numbers_can_be_taken_in_one_transaction(acme: House) -> None:
    with transaction(acme.system) as tx:
        assert [next_number(tx, "audit", 2026), next_number(tx, "audit", 2026)] == [1, 2]


def test_a_rollback_gives_the_number_back(acme: House) -> None:
    _take(acme, "audit", 2026)
    with pytest.raises(ZeroDivisionError), transaction(acme.system) as tx:
        next_number(tx, "audit", 2026)
        raise ZeroDivisionError
    assert _take(acme, "audit", 2026) == 2


def test_many_numbers_are_taken_at_once_and_given_back_by_a_failure(acme: House) -> None:
    with transaction(acme.system) as tx:
        assert take_numbers(tx, "complaint", 2026, 500) == 1
    with pytest.raises(ZeroDivisionError), transaction(acme.system) as tx:
        assert take_numbers(tx, "complaint", 2026, 10) == 501
        raise ZeroDivisionError
    assert _take(acme, "complaint", 2026) == 501


def test_a_number_is_an_organisations(app: Flask) -> None:
    with pytest.raises(NoScope):
        next_number(db.session(), "audit", 2026)


def test_a_series_counts_from_one(acme: House) -> None:
    table: Table = Numbering.__table__
    refuses(table, "counts_from_one", {"organisation_id": acme.id, "series": "audit", "year": 2026, "last": 0})
