"""Scores of audits as they are stored, beside the audit before on the same checklist."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.audits import queries
from auditkit.audits.scoring.queries import Scores, scores
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from auditkit.content.library import Library
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import answer, own_library, planned, started


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def figures(acme: House, number: str) -> Scores:
    tx = reading(acme.system)
    return scores(tx, queries.plans.by_number(tx, number).id)


def test_figures_by_clause_and_what_they_leave_out(acme: House, books: Library) -> None:
    number = started(acme, books)
    answer(acme, number, 1, "partly", "Two of three")
    answer(acme, number, 2, "unfit", "No doors of our own")
    found = figures(acme, number)
    assert (found.whole.percent, found.whole.answered, found.whole.excluded, found.whole.not_looked_at) == (50, 1, 1, 1)
    assert [(one.title, one.percent, one.total) for one in found.clauses] == [("1 Doors", 50, 2), ("2 Keys", None, 1)]
    assert found.before is None
    assert found.levels is False


def test_the_audit_before_on_the_same_checklist_stands_beside(
    acme: House, books: Library, clock: FrozenClock, browser: Callable[..., Browser]
) -> None:
    first = started(acme, books)
    answer(acme, first, 1, "bad", "Open")
    answer(acme, first, 2, "good")
    clock.advance(days=30)
    second = started(acme, books)
    answer(acme, second, 1, "good", "Shut")
    answer(acme, second, 3, "partly", "Half")
    found = figures(acme, second)
    assert found.before is not None
    assert found.before.number == first
    assert (found.whole.percent, found.whole.previous, found.whole.change) == (75, 50, 25)
    assert [(one.percent, one.previous) for one in found.clauses] == [(100, 50), (50, None)]
    assert figures(acme, first).before is None
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{second}/scores")
    assert "sum of (percent of the answer × weight of the question)" in page.text
    assert "(+50)" in page.text
    assert first in page.text


def test_an_audit_that_has_not_started_has_no_figures(acme: House, books: Library) -> None:
    found = figures(acme, planned(acme, books))
    assert (found.whole.percent, found.clauses, found.principles) == (None, (), ())
