"""What is due next along its indexes, and the figures: open overdue cases count as late."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, text

from auditkit.base import clock as clock_module
from auditkit.base.calendar.spans import Span
from auditkit.base.db import NoScope, db, reading
from auditkit.complaints import queries as core_queries
from auditkit.complaints import service as core
from auditkit.complaints.clock import queries
from auditkit.complaints.clock.queries import QueueWanted
from tests.slices.complaints.recording import many, raw, run_added
from tests.slices.complaints_clock.timing import (
    MONDAY,
    acknowledged,
    decide_in,
    decided,
    do,
    own,
    registered,
)

UTC = ZoneInfo("UTC")


def days_to(now: datetime) -> Span:
    """From the Sunday before the cases to today."""
    return Span(MONDAY.date() - timedelta(days=1), now.date(), UTC)


@pytest.fixture
def handler(acme):
    return acme.actor("complaint-handler")


def rows(actor, **wanted):
    db.session.rollback()
    return [row.reference for row in queries.queue(reading(actor), QueueWanted(**wanted), clock_module.now()).rows]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (QueueWanted(), "ix_complaint_clock_due"),
        (QueueWanted(state="overdue"), "ix_complaint_clock_due"),
        (QueueWanted(person_id=7), "ix_complaint_clock_owner"),
        (QueueWanted(unowned=True), "ix_complaint_clock_owner"),
    ],
)
@pytest.mark.sqlite_only
def test_each_part_runs_along_an_index(acme, handler, clock, wanted, index):
    statements = []

    def keep(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    queries.queue(reading(handler), wanted, clock_module.now())
    event.remove(db.engine, "before_cursor_execute", keep)
    statement, parameters = next(one for one in statements if "complaint_clock" in one[0])
    with db.engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any(index in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


def test_mine_is_what_i_own_or_stand_in_for(acme, handler, clock):
    own(acme, decide_in(10))
    other = acme.colleague("complaint-handler", "Dana Deputy")
    mine, ours, theirs, _nobodys = (registered(handler) for _ in range(4))
    do(handler, core.assign, core.Assign, mine, handler.person_id)
    do(handler, core.assign, core.Assign, ours, other.person_id, handler.person_id)
    do(handler, core.assign, core.Assign, theirs, other.person_id)
    assert rows(handler, person_id=handler.person_id) == [mine, ours]
    assert rows(handler, person_id=other.person_id) == [ours, theirs]
    assert len(rows(handler)) == 4
    assert len(rows(handler, unowned=True)) == 1


def test_counts_by_state(acme, handler, clock):
    own(acme, decide_in(10))
    registered(handler)
    clock.advance(days=3)
    registered(handler)
    clock.advance(days=8)
    wanted, now = QueueWanted(), clock_module.now()
    assert queries.counts(reading(handler), wanted, now) == {"overdue": 1, "warned": 1}
    assert rows(handler, state="overdue") == ["C-2026-000001"]
    assert rows(handler, state="warned") == ["C-2026-000002"]


def test_what_is_done_leaves_the_queue(acme, handler, clock):
    own(acme, decide_in(10, target="acknowledge"))
    reference = registered(handler)
    assert rows(handler) == [reference]
    acknowledged(handler, reference)
    assert rows(handler) == []


def test_next_dues_need_an_organisation(acme, handler, clock):
    own(acme, decide_in(10))
    number = core_queries.by_reference(reading(handler), registered(handler)).id
    assert queries.next_dues(reading(handler), [number], clock_module.now())[number].target == "decide"
    assert queries.next_dues(reading(handler), [], clock_module.now()) == {}
    db.session.rollback()
    db.session().info.pop("organisation_id")
    with pytest.raises(NoScope):
        queries.next_dues(db.session(), [number], clock_module.now())


def test_shares_count_open_overdue_cases_as_late(acme, handler, clock):
    """Four begin: one told in time, one late, one open and overdue, one open and not due yet."""
    own(acme, decide_in(5))
    in_time, late, _open = (registered(handler) for _ in range(3))
    for reference in (in_time, late):
        acknowledged(handler, reference)
    decided(handler, in_time)
    clock.advance(days=7)
    decided(handler, late)
    registered(handler)
    now = clock_module.now()
    (line,) = queries.on_time(reading(handler), days_to(now), now)
    assert (line.in_time, line.late, line.overdue, line.running, line.left) == (1, 1, 1, 1, 0)
    assert (line.counted, line.share) == (3, pytest.approx(1 / 3))
    assert (
        queries.on_time(
            reading(handler), Span(now.date() + timedelta(days=1), now.date() + timedelta(days=2), UTC), now
        )
        == []
    )


def test_what_no_longer_applies_is_not_counted(acme, handler, clock):
    own(acme, decide_in(5))
    do(handler, core.withdraw, core.Withdraw, registered(handler), "Solved")
    now = clock_module.now()
    (line,) = queries.on_time(reading(handler), days_to(now), now)
    assert (line.left, line.counted, line.share) == (1, 0, None)


def test_the_paused_share(acme, handler, clock):
    """Two cases, ten days each; one stood for five: a quarter of the time."""
    own(acme, decide_in(30))
    reference = registered(handler)
    registered(handler)
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    clock.advance(days=5)
    do(handler, core.end_wait, core.EndWait, reference)
    clock.advance(days=5)
    now = clock_module.now()
    found = queries.paused_share(reading(handler), days_to(now), now)
    assert (found.cases, found.paused_cases) == (2, 1)
    assert found.share == pytest.approx(0.25, abs=0.001)


def test_a_pause_that_holds_still_is_in_the_paused_share_up_to_its_limit(acme, handler, clock):
    own(acme, decide_in(90))
    do(handler, core.wait_for, core.WaitFor, registered(handler), "complainant", "Photographs")
    for days, stood in ((5, 5), (35, 30)):
        clock.advance(days=days)
        now = clock_module.now()
        found = queries.paused_share(reading(handler), days_to(now), now)
        assert found.paused_cases == 1
        assert found.paused_seconds == pytest.approx(stood * 86_400, abs=1)
        db.session.rollback()


def test_open_complaints_without_a_clock_are_counted(acme, handler, clock):
    registered(handler)
    own(acme, decide_in(5))
    registered(handler)
    assert queries.without_clock(reading(handler)) == 1
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM complaint_clock")).scalar_one() == 1


def test_another_organisations_complaints_without_a_clock_are_not_counted(acme, globex, clock):
    registered(globex.actor("complaint-handler"))
    assert queries.without_clock(reading(acme.actor("complaint-handler"))) == 0


def test_what_has_no_dates_is_known_after_everything_that_can_happen_to_it(acme, handler, clock):
    def untimed():
        db.session.rollback()
        return queries.without_clock(reading(handler))

    # Closed it counts no longer, opened again it does; one that comes from a file counts when it is open
    reference = registered(handler)
    assert untimed() == 1
    do(handler, core.withdraw, core.Withdraw, reference, "It has settled itself")
    assert untimed() == 0
    do(handler, core.reopen, core.Reopen, reference, "It has not")
    assert untimed() == 1
    run = run_added(acme.id)
    closed = raw(acme.id, 901, stage="closed", closed_at=MONDAY, import_run_id=run)
    many(acme.id, [raw(acme.id, 900, closed_at=None, import_run_id=run), closed])
    assert untimed() == 2
    # With its clock it counts no longer; without it again, unless the complaint goes too
    own(acme, decide_in(5))
    timed = registered(handler)
    assert untimed() == 2
    number = core_queries.by_reference(reading(handler), timed).id
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM complaint_clock WHERE complaint_id = :id"), {"id": number})
    assert untimed() == 3
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM complaint WHERE subject = 'Case 900'"))
    assert untimed() == 2
