"""The register as a list: filters, every sort along an index, paging by key, counts that stop, other organisations."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from auditkit.base.db import NoScope, db, reading, transaction
from auditkit.complaints import queries, rules
from auditkit.complaints.queries import Sort, Wanted
from auditkit.complaints.queries.register import COUNTED_UP_TO, PAGE_ROWS, CursorUnreadable
from auditkit.complaints.service import Acknowledge, Identity, acknowledge
from tests.slices.complaints.recording import RECEIVED, decided, do, many, raw, registered, run_added, spread

KEYS = {
    Sort.NEWEST: lambda row: (-row.received_at.timestamp(), -row.id),
    Sort.OLDEST: lambda row: (row.received_at.timestamp(), row.id),
    Sort.REFERENCE_DOWN: lambda row: -row.id,
    Sort.REFERENCE_UP: lambda row: row.id,
    Sort.DUE: lambda row: (row.due_at is None, (row.due_at or row.received_at).timestamp(), row.id),
}


def walk(tx, wanted):
    """All pages from the first to the last."""
    page = queries.register_page(tx, wanted)
    pages = [page]
    while page.next:
        page = queries.register_page(tx, wanted, page.next)
        pages.append(page)
    return pages


def rows_of(pages):
    return [row for page in pages for row in page.rows]


def references(tx, **wanted):
    return [row.reference for row in queries.register_page(tx, Wanted(**wanted)).rows]


@pytest.mark.parametrize("sort", Sort)
def test_walking_all_pages_gives_every_row_once_in_order(acme, sort):
    many(acme.id, spread(acme.id, 230))
    pages = walk(reading(acme.system), Wanted(sort=sort))
    rows = rows_of(pages)
    assert [len(page.rows) for page in pages] == [50, 50, 50, 50, 30]
    assert len({row.id for row in rows}) == 230
    assert rows == sorted(rows, key=KEYS[sort])


@pytest.mark.parametrize("sort", Sort)
def test_walking_back_shows_the_same_pages(acme, sort):
    many(acme.id, spread(acme.id, 180))
    tx = reading(acme.system)
    wanted = Wanted(sort=sort)
    forward = walk(tx, wanted)
    back = [forward[-1]]
    while back[-1].previous:
        back.append(queries.register_page(tx, wanted, back[-1].previous))
    assert [page.rows for page in back[::-1]] == [page.rows for page in forward]
    assert forward[0].previous is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 3), min_size=1, max_size=160), sort=st.sampled_from(list(Sort)))
@pytest.mark.sqlite_only
def test_paging_is_whole_whatever_the_dates(acme, days, sort):
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM complaint"))
    rows = [raw(acme.id, number, received_at=RECEIVED - timedelta(days=day)) for number, day in enumerate(days, 1)]
    many(acme.id, rows)
    found = rows_of(walk(reading(acme.system), Wanted(sort=sort)))
    db.session.rollback()
    assert found == sorted(found, key=KEYS[sort])
    assert len(found) == len({row.id for row in found}) == len(days)


def test_rows_that_come_in_between_do_not_move_the_pages(acme):
    many(acme.id, spread(acme.id, 120))
    first = queries.register_page(reading(acme.system), Wanted())
    db.session.rollback()
    many(acme.id, [raw(acme.id, 500, received_at=RECEIVED + timedelta(days=5))])
    second = queries.register_page(reading(acme.system), Wanted(), first.next)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert [row.reference for row in first.rows + second.rows] == [
        row.reference for row in rows_of(walk(reading(acme.system), Wanted()))[1:101]
    ]


def test_going_back_past_the_beginning_shows_a_whole_first_page(acme):
    many(acme.id, spread(acme.id, 60))
    tx = reading(acme.system)
    second = queries.register_page(tx, Wanted(), queries.register_page(tx, Wanted()).next)
    db.session.rollback()
    many(acme.id, [raw(acme.id, 500, received_at=RECEIVED + timedelta(days=5))])
    back = queries.register_page(reading(acme.system), Wanted(), second.previous)
    assert len(back.rows) == PAGE_ROWS


@pytest.mark.parametrize("cursor", ["x", "n1", "n1.", "n999999999999999999.1", "n1.1; DROP TABLE complaint", "n١.٢"])
def test_a_damaged_cursor_is_refused(acme, cursor):
    with pytest.raises(CursorUnreadable):
        queries.register_page(reading(acme.system), Wanted(), cursor)


def test_filters(acme):
    run = run_added(acme.id)
    many(
        acme.id,
        [
            raw(acme.id, 1, channel="phone", category="delivery", severity="high"),
            raw(acme.id, 2, channel="web", category="delivery", received_at=RECEIVED - timedelta(days=1)),
            raw(acme.id, 3, import_run_id=run, stage="closed", closed_date_unknown=True, channel="phone"),
        ],
    )
    tx = reading(acme.system)
    one, two, three = (rules.reference(2026, number) for number in (1, 2, 3))
    assert references(tx) == [three, one, two]
    assert references(tx, sort=Sort.OLDEST) == [two, one, three]
    assert references(tx, stage="open") == [one, two]
    assert references(tx, stage="closed") == [three]
    assert references(tx, stage="decided") == []
    assert references(tx, channel="phone") == [three, one]
    assert references(tx, channel="phone", stage="open") == [one]
    assert references(tx, category="delivery") == [one, two]
    assert references(tx, severity="high") == [one]
    assert references(tx, import_run=run) == [three]
    assert references(tx, received_from=date(2026, 1, 5)) == [three, one]
    assert references(tx, received_to=date(2026, 1, 4)) == [two]
    assert references(tx, received_from=date(2026, 1, 5), received_to=date(2026, 1, 5), stage="open") == [one]
    assert queries.words_used(tx) == (["phone", "web"], ["delivery"])
    assert [name for _id, name, _at in queries.import_runs(tx)] == ["register.csv"]


def test_counts_stop_at_a_thousand(acme):
    many(acme.id, spread(acme.id, COUNTED_UP_TO))
    page = queries.register_page(reading(acme.system), Wanted())
    assert (page.total, page.more) == (COUNTED_UP_TO, False)
    db.session.rollback()
    many(acme.id, [raw(acme.id, 5000)])
    page = queries.register_page(reading(acme.system), Wanted())
    assert (page.total, page.more) == (COUNTED_UP_TO, True)
    db.session.rollback()
    many(acme.id, [raw(acme.id, number) for number in range(6000, 7200)])
    for wanted in (Wanted(typed="case"), Wanted(typed="case", channel="")):
        page = queries.register_page(reading(acme.system), wanted)
        assert (page.total, page.more) == (COUNTED_UP_TO, True)


def test_an_empty_register(acme):
    page = queries.register_page(reading(acme.system), Wanted())
    assert page == queries.Register([], 0, False, None, None)


def test_every_sort_runs_along_an_index(acme, backend):
    """SQLite would say USE TEMP B-TREE where it had to sort."""
    if backend != "sqlite":
        pytest.skip("PostgreSQL plans by statistics; SQLite's plan does not depend on them")
    plans = []

    def explain(_connection, cursor, statement, parameters, _context, _many):
        if "ORDER BY" in statement and "FROM complaint" in statement:
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.append((statement, " / ".join(str(line[3]) for line in plan)))

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        tx = reading(acme.system)
        for sort in set(Sort) - {Sort.DUE}:  # test_register_by_due.py looks at that one
            for narrowed in ({}, {"stage": "open"}, {"stage": "closed"}):
                queries.register_page(tx, Wanted(sort=sort, **narrowed), "n1000.1")
        for narrowed in ({"channel": "web"}, {"category": "delivery"}, {"severity": "high"}, {"import_run": 1}):
            queries.register_page(tx, Wanted(**narrowed), "n1000.1")
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    assert len(plans) == 16
    assert not [plan for plan in plans if "TEMP B-TREE" in plan[1] or "USING" not in plan[1]]


def test_another_organisation_sees_nothing_of_it(acme, globex):
    many(acme.id, spread(acme.id, 20))
    many(globex.id, [raw(globex.id, 1)])
    assert len(references(reading(acme.system))) == 20
    assert len(references(reading(acme.system), typed="case")) == 20
    db.session.remove()
    assert references(reading(globex.system)) == [rules.reference(2026, 1)]
    assert len(references(reading(globex.system), typed="case")) == 1
    assert queries.words_used(reading(globex.system)) == ([], [])
    assert len(list(queries.register_export(reading(globex.system), Wanted()))) == 1


def test_the_register_needs_an_organisation(app):
    for read in (
        lambda: queries.register_page(reading(), Wanted()),
        lambda: queries.words_used(reading()),
        lambda: queries.stage_counts(reading()),
        lambda: list(queries.register_export(reading(), Wanted())),
    ):
        with pytest.raises(NoScope):
            read()


def test_the_export_streams_everything_wanted_with_the_complainant_only_on_demand(acme):
    handler = acme.actor("complaint-handler")
    reference = decided(handler, complainant=Identity("Ana", city="Sofia"), happened_on=date(2026, 1, 2))
    many(acme.id, spread(acme.id, 0) + [raw(acme.id, number) for number in range(100, 700)])
    rows = list(queries.register_export(reading(handler), Wanted(sort=Sort.REFERENCE_UP)))
    assert [row.reference for row in rows] == sorted(row.reference for row in rows)
    assert len(rows) == 601
    assert (rows[0].reference, rows[0].happened_on, rows[0].outcome) == (reference, date(2026, 1, 2), "upheld")
    assert (rows[0].complainant_name, rows[0].complainant_city) == ("", "")
    with_identity = next(queries.register_export(reading(handler), Wanted(stage="decided"), identity=True))
    assert (with_identity.complainant_name, with_identity.complainant_city) == ("Ana", "Sofia")


def test_the_register_follows_the_verbs(acme):
    handler = acme.actor("complaint-handler")
    reference = registered(handler)
    do(handler, acknowledge, Acknowledge, reference)
    with transaction(handler) as tx:
        (row,) = queries.register_page(tx, Wanted(stage="acknowledged")).rows
        assert (row.reference, row.subject, row.received_at) == (reference, "Late delivery", RECEIVED)
        assert row.received_is_day is False
