"""The register by due date: what has one first, then what has none; by key in both directions, along an index."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select

from auditkit.base import clock
from auditkit.base.db import db, reading
from auditkit.complaints import queries
from auditkit.complaints.clock.models import ComplaintClock
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import Due, Sort, Wanted
from auditkit.complaints.queries.register import COUNTED_UP_TO, PAGE_ROWS, register_page
from tests.slices.complaints.recording import many, raw, run_added, spread

LIST = "/o/acme/complaints/"
MANY = COUNTED_UP_TO + 30


def dated(house, share: int) -> None:
    """Every `share`-th complaint gets a clock, due the later the higher its number: three a day."""
    now = clock.now()
    with db.engine.begin() as connection:
        ids = connection.execute(select(Complaint.__table__.c.id).order_by(Complaint.__table__.c.id)).scalars().all()
        connection.execute(
            insert(ComplaintClock.__table__),
            [
                {
                    "complaint_id": one,
                    "organisation_id": house.id,
                    "chosen_at": now,
                    "assumed_severity": "medium",
                    "severity": "",
                    "priority": "P1",
                    "paused_seconds": 0,
                    "next_target": "decide",
                    "next_warn_at": now + timedelta(days=number // 3 - 2),
                    "next_due_at": now + timedelta(days=number // 3 - 1),
                    "next_very_at": now + timedelta(days=number // 3 + 3),
                }
                for number, one in enumerate(ids)
                if number % share == 0
            ],
        )


def walk(tx, wanted):
    pages = [register_page(tx, wanted)]
    while pages[-1].next:
        pages.append(register_page(tx, wanted, pages[-1].next))
    return pages


def in_order(row):
    return (row.due_at is None, row.due_at or row.received_at, row.id)


@pytest.mark.parametrize("count", [130, MANY])
@pytest.mark.parametrize("stage", ["", "open", "received"])
def test_walking_gives_every_row_once_in_order_and_back(acme, count, stage):
    many(acme.id, spread(acme.id, count))
    dated(acme, 2)
    tx, wanted = reading(acme.system), Wanted(stage=stage, sort=Sort.DUE)
    pages = walk(tx, wanted)
    rows = [row for page in pages for row in page.rows]
    assert len(rows) == len({row.id for row in rows}) == count
    assert rows == sorted(rows, key=in_order)
    assert sum(row.due_at is not None for row in rows) == count // 2
    assert (pages[0].total, pages[0].more) == (min(count, COUNTED_UP_TO), count > COUNTED_UP_TO)
    back = [pages[-1]]
    while back[-1].previous:
        back.append(register_page(tx, wanted, back[-1].previous))
    assert [page.rows for page in back[::-1]] == [page.rows for page in pages]


@pytest.mark.parametrize("count", [150, MANY])
def test_filters_and_words_hold_in_both_halves(acme, count):
    many(acme.id, spread(acme.id, count))
    dated(acme, 3)
    tx = reading(acme.system)
    for narrowed in ({"channel": "web"}, {"typed": "case"}, {"typed": "case", "category": "delivery", "stage": "open"}):
        plain = walk(tx, Wanted(**narrowed))
        by_due = walk(tx, Wanted(**narrowed, sort=Sort.DUE))
        rows = [row for page in by_due for row in page.rows]
        assert rows == sorted(rows, key=in_order)
        assert {row.id for row in rows} == {row.id for page in plain for row in page.rows}
        assert [row.reference for row in queries.register_export(tx, Wanted(**narrowed, sort=Sort.DUE))] == [
            row.reference for row in rows
        ]


@pytest.mark.parametrize("count", [150, 2 * MANY])
def test_what_is_overdue_by_due_date(acme, count):
    many(acme.id, spread(acme.id, count))
    dated(acme, 1)
    wanted = Wanted(due=Due.SOON, now=clock.now(), sort=Sort.DUE)
    (page,) = walk(reading(acme.system), wanted)
    assert [row.id for row in page.rows] == sorted(row.id for row in page.rows)
    assert len(page.rows) == 3


def test_closed_ones_have_no_due_date_and_are_listed_all_the_same(acme):
    run = run_added(acme.id)
    many(acme.id, [raw(acme.id, 1), raw(acme.id, 2, stage="closed", closed_date_unknown=True, import_run_id=run)])
    tx = reading(acme.system)
    assert [row.due_at for row in register_page(tx, Wanted(sort=Sort.DUE)).rows] == [None, None]
    (closed,) = register_page(tx, Wanted(sort=Sort.DUE, stage="closed")).rows
    assert (closed.stage, closed.due_at) == ("closed", None)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "narrowed", [{}, {"stage": "open"}, {"stage": "received"}, {"channel": "web"}, {"due": Due.LATE}]
)
def test_many_are_met_along_the_index_of_the_due_dates(acme, narrowed):
    many(acme.id, spread(acme.id, 3 * MANY + 100, same_day=9))
    dated(acme, 1)
    statements = []

    def keep(_connection, _cursor, statement, parameters, *_):
        if "ORDER BY due_at" in statement:
            statements.append((statement, parameters))

    wanted = Wanted(**narrowed, now=clock.now() + timedelta(days=5_000), sort=Sort.DUE)
    event.listen(db.engine, "before_cursor_execute", keep)
    page = register_page(reading(acme.system), wanted)
    register_page(reading(acme.system), wanted, page.next)
    event.remove(db.engine, "before_cursor_execute", keep)
    assert len(page.rows) == PAGE_ROWS
    assert len(statements) == 2
    with db.engine.connect() as connection:
        for statement, parameters in statements:
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert plan[0].startswith("SEARCH complaint_clock USING COVERING INDEX ix_complaint_clock_due"), plan
            assert plan[1].startswith("SEARCH complaint USING INTEGER PRIMARY KEY"), plan
            assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), plan


def test_the_page_offers_the_order(acme, browser):
    many(acme.id, spread(acme.id, 60))
    dated(acme, 2)
    visitor = browser(acme, "complaint-handler")
    visitor.get(LIST)
    page = visitor.follow("Due next")
    assert page.soup.find("select", {"name": "sort"}).find("option", selected=True)["value"] == "due"
    assert page.soup.find("th", {"aria-sort": "ascending"}).get_text(strip=True).startswith("Due next")
    first = page.soup.find("tbody").find("a").get_text()
    assert first == "Case 1"
    page = visitor.follow("Next")
    assert len(page.soup.find("tbody").find_all("tr")) == 10
