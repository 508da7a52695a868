"""A page far down a list costs what the first one costs: counted in the steps of SQLite's machine, not in seconds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from auditkit.base import clock
from auditkit.base.db import db, reading
from auditkit.complaints.clock import queries as due
from auditkit.complaints.clock.queries import QueueWanted
from auditkit.complaints.queries import Sort, Wanted, register_page
from tests.slices.complaints.recording import many, spread
from tests.slices.complaints_register.test_register_by_due import dated

pytestmark = pytest.mark.sqlite_only

COMPLAINTS = 4_000
GRAIN = 20
MOST = 1.5
"""How much more than the first page another one may cost; going on by page numbers would cost twenty times as much."""


@contextmanager
def counted() -> Iterator[list[int]]:
    """Counts the machine's steps of every statement, in units of GRAIN."""
    steps = [0]

    def one() -> int:
        steps[0] += 1
        return 0

    def watch(raw, *_more) -> None:
        raw.set_progress_handler(one, GRAIN)

    def leave(raw, *_more) -> None:
        raw.set_progress_handler(None, GRAIN)

    event.listen(db.engine, "checkout", watch)
    event.listen(db.engine, "checkin", leave)
    try:
        yield steps
    finally:
        event.remove(db.engine, "checkout", watch)
        event.remove(db.engine, "checkin", leave)


def costs(ask: Callable[[str], str | None]) -> list[int]:
    """The steps of each full page from the first to the last; `ask` gets a cursor and returns the next one."""
    found, cursor = [], ""
    with counted() as steps:
        while cursor is not None:
            db.session.rollback()
            steps[0] = 0
            cursor = ask(cursor)
            found.append(steps[0])
    return found[:-1]  # the last one need not be full


LISTS = {
    "newest first": Wanted(),
    "oldest first": Wanted(sort=Sort.OLDEST),
    "by reference": Wanted(sort=Sort.REFERENCE_UP),
    "open ones, oldest first": Wanted(stage="open", sort=Sort.OLDEST),
    "by due date": Wanted(sort=Sort.DUE),
    "open ones by due date": Wanted(stage="open", sort=Sort.DUE),
    "one channel": Wanted(channel="web"),
    "one category": Wanted(category="service"),
    "found by a word": Wanted(typed="case"),
}


@pytest.fixture
def full(acme):
    """A register of COMPLAINTS, each with its due date."""
    many(acme.id, spread(acme.id, COMPLAINTS))
    dated(acme, 1)
    return acme


def assert_level(found: list[int], pages: int) -> None:
    assert len(found) >= pages, "there are many pages"
    assert found[0] > 0, "something was counted"
    assert max(found) <= MOST * found[0], found


def test_no_list_of_the_register_grows_with_its_pages(full):
    for name, wanted in LISTS.items():
        tx = reading(full.system)

        def ask(cursor: str, wanted: Wanted = wanted, tx=tx) -> str | None:
            reading(full.system)
            return register_page(tx, wanted, cursor).next

        try:
            assert_level(costs(ask), 20)
        except AssertionError as error:
            raise AssertionError(name) from error


def test_the_queue_does_not_grow_with_its_pages(full):
    now = clock.now()

    def ask(cursor: str) -> str | None:
        return due.queue(reading(full.system), QueueWanted(), now, cursor).next

    assert_level(costs(ask), 70)
