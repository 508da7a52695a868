"""Due dates follow the verbs of the core: set at receipt, met, moved by pauses and assessment, frozen otherwise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from auditkit.base import clock as clock_module
from auditkit.base.calendar import public_holidays
from auditkit.base.calendar.kept import OwnDay
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.complaints import queries as core_queries
from auditkit.complaints import service as core
from auditkit.complaints.clock import queries, rules, service
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.clock.service.settings import LimitValues
from auditkit.journal.queries import timeline
from tests.slices.complaints.recording import many, raw, run_added
from tests.slices.complaints_clock.timing import (
    LONDON_OPEN,
    TEHRAN,
    acknowledged,
    adopt,
    assessed,
    decide_in,
    decided,
    do,
    dues,
    keep,
    own,
    registered,
    seen,
    states,
)


@pytest.fixture
def handler(acme):
    return acme.actor("complaint-handler")


def events(actor, reference):
    tx = reading(actor)
    found = timeline(tx, actor.organisation_id, ("complaint", core_queries.by_reference(tx, reference).id))
    return [entry for entry in found if entry.event in rules.OWN_EVENTS]


def test_without_limits_nothing_is_due(acme, handler, clock):
    keep(acme)
    found = seen(handler, registered(handler))
    assert (found.kept, found.running) == (False, [])


def test_receipt_sets_what_the_preset_asks_for(acme, handler, clock):
    """Received on Monday 2 March 2026, not assessed, hence taken as medium; weekends fall between."""
    keep(acme)
    adopt(acme)
    reference = registered(handler)
    found = seen(handler, reference)
    assert dues(found) == {
        "acknowledge": "2026-03-05T23:59:59+00:00",
        "update": "2026-03-16T23:59:59+00:00",
        "decide": "2026-03-16T23:59:59+00:00",
        "decide-latest": "2026-04-01T22:59:59+00:00",  # British summer time has begun
    }
    assert found.severity_assumed == "medium"
    assert [entry.event for entry in events(handler, reference)] == ["complaint:due-set"]


def test_hours_and_closing_time(acme, handler, clock):
    keep(acme, LONDON_OPEN)
    own(acme, decide_in(10, "hours", working=True), LimitValues("acknowledge", "receipt", 1, "days", working=True))
    found = seen(handler, registered(handler))
    assert dues(found) == {"decide": "2026-03-03T11:00:00+00:00", "acknowledge": "2026-03-03T17:00:00+00:00"}


def test_the_way_of_a_complaint(acme, handler, clock):
    keep(acme)
    adopt(acme)
    reference = registered(handler)
    clock.advance(days=1)
    acknowledged(handler, reference)
    found = seen(handler, reference)
    assert states(found)["acknowledge"] == "met"
    assert dues(found)["update"] == "2026-03-17T23:59:59+00:00"  # the acknowledgement was news: ten days from it
    clock.advance(days=20)
    decided(handler, reference)
    found = seen(handler, reference)
    assert found.running == []
    assert states(found) == {
        "acknowledge": "met",
        "update": "met-late",
        "decide": "met-late",
        "decide-latest": "met",
    }


def test_a_decision_counts_when_the_complainant_knows_it(acme, handler, clock):
    keep(acme)
    own(acme, decide_in(5))
    reference = registered(handler)
    acknowledged(handler, reference)
    decided(handler, reference, told_channel="")
    assert states(seen(handler, reference)) == {"decide": "on-time"}
    clock.advance(days=7)
    assert states(seen(handler, reference)) == {"decide": "overdue"}
    do(handler, core.tell, core.Tell, reference, "post")
    assert states(seen(handler, reference)) == {"decide": "met-late"}


def test_assessment_chooses_the_limits_anew(acme, handler, clock):
    """Critical: three working days instead of ten; what was done stays done, and the journal tells of the move."""
    keep(acme)
    adopt(acme)
    reference = registered(handler)
    acknowledged(handler, reference)
    assessed(handler, reference, "critical")
    found = seen(handler, reference)
    assert dues(found) == {
        "decide": "2026-03-05T23:59:59+00:00",
        "update": "2026-03-05T23:59:59+00:00",
        "decide-latest": "2026-04-01T22:59:59+00:00",
    }
    assert states(found)["acknowledge"] == "met"
    assert found.severity_assumed == ""
    moved = next(entry for entry in events(handler, reference) if entry.event == "complaint:due-moved")
    assert {one["why"] for one in moved.facts["dues"]} == {"reassessed"}
    decide = next(due for due in found.running if due.target == "decide")
    assert decide.explanation["history"] == [
        {"why": "reassessed", "at": "2026-03-02T09:00:00+00:00", "from": "2026-03-16T23:59:59+00:00"}
    ]


def test_an_assessment_as_assumed_moves_nothing(acme, handler, clock):
    keep(acme)
    adopt(acme)
    reference = registered(handler)
    clock.advance(hours=1)
    acknowledged(handler, reference)
    assessed(handler, reference, "medium")
    assert [entry.event for entry in events(handler, reference)] == ["complaint:due-set", "complaint:due-set"]


def test_two_frameworks_stand_beside_each_other(acme, handler, clock):
    keep(acme)
    own(acme, decide_in(5, working=True))
    adopt(acme, "fca-disp")
    found = seen(handler, registered(handler))
    assert [(due.set_title, due.due_at.date().isoformat(), due.binding) for due in found.running] == [
        ("Our promise", "2026-03-09", False),
        ("FCA DISP 1 (United Kingdom)", "2026-04-27", True),
    ]
    assert found.next is found.running[0]


def test_a_set_is_for_the_complaints_it_names(acme, handler, clock):
    own(acme, decide_in(5), scope=rules.Scope(channels=("partner",)))
    assert not seen(handler, registered(handler, channel="phone")).kept
    assert seen(handler, registered(handler, channel="partner")).running
    assert not seen(handler, registered(handler, channel="partner", kind="compliment")).kept


def test_reclassified_feedback_is_not_waited_for(acme, handler, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    do(handler, core.reclassify, core.Reclassify, reference, "suggestion", "Asks for another opening time")
    assert states(seen(handler, reference)) == {"decide": "dropped"}


# Frozen


def test_new_limits_are_for_new_complaints(acme, handler, clock):
    keep(acme)
    set_id = own(acme, decide_in(5))
    reference = registered(handler)
    before = dues(seen(handler, reference))
    clock.advance(days=1)
    limit_id = _limit_id(acme, set_id)
    with transaction(acme.system) as tx:
        service.put_limit(tx, service.PutLimit(set_id, limit_id, decide_in(2)), clock_module.now(), acme.system)
    adopt(acme)
    acknowledged(handler, reference)
    assert dues(seen(handler, reference)) == before
    fresh = {(due.set_title, due.target.value): due.due_at.day for due in seen(handler, registered(handler)).running}
    assert fresh["Our promise", "decide"] == 5
    assert fresh["Generic time limits", "decide"] == 17


def _limit_id(house, set_id):
    return queries.limit_set(reading(house.system), set_id).limits[0].id


def test_a_changed_calendar_and_a_newer_library_move_nothing(acme, handler, clock, monkeypatch):
    """Not even through a pause, which counts on with the calendar that was frozen."""
    keep(acme)
    own(acme, decide_in(5, working=True))
    reference = registered(handler)
    before = dues(seen(handler, reference))
    with transaction(acme.system) as tx:
        day = OwnDay(date(2026, 3, 5), False, "Stocktaking")
        service.put_day(tx, service.PutDay(day), clock_module.now(), acme.system)
    closed = public_holidays.Year({date(2026, 3, day): "Invented" for day in range(1, 32)}, frozenset())
    monkeypatch.setattr(public_holidays, "year_of", lambda *_: closed)
    acknowledged(handler, reference)
    assert dues(seen(handler, reference)) == before
    clock.advance(days=1)
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    clock.advance(days=1)
    do(handler, core.end_wait, core.EndWait, reference)
    assert dues(seen(handler, reference)) == {"decide": "2026-03-10T23:59:59+00:00"}


def test_computed_anew_by_hand_with_a_reason(acme, handler, clock):
    keep(acme)
    own(acme, decide_in(5, working=True))
    reference = registered(handler)
    with transaction(acme.system) as tx:
        service.put_day(
            tx, service.PutDay(OwnDay(date(2026, 3, 5), False, "Stocktaking")), clock_module.now(), acme.system
        )
    with transaction(handler) as tx, pytest.raises(rules.ReasonMissing):
        service.recompute(tx, service.Recompute(reference, " "), clock_module.now(), handler)
    with transaction(handler) as tx:
        service.recompute(tx, service.Recompute(reference, "The office is closed"), clock_module.now(), handler)
    found = seen(handler, reference)
    assert dues(found) == {"decide": "2026-03-10T23:59:59+00:00"}
    assert {"is": "off", "from": "2026-03-05", "title": "Stocktaking", "to": "2026-03-05"} in found.running[
        0
    ].explanation["lines"]
    entry = events(handler, reference)[0]
    assert (entry.event, entry.personal) == ("complaint:due-moved", {"reason": "The office is closed"})


def test_nothing_can_be_computed_anew_where_nothing_runs(acme, handler, clock):
    reference = registered(handler)
    with transaction(handler) as tx, pytest.raises(rules.NoLimitsInForce):
        service.recompute(tx, service.Recompute(reference, "why not"), clock_module.now(), handler)
    own(acme, LimitValues("acknowledge", "receipt", 1, "days"))
    reference = registered(handler)
    acknowledged(handler, reference)
    with transaction(handler) as tx, pytest.raises(rules.NothingToMove):
        service.recompute(tx, service.Recompute(reference, "why not"), clock_module.now(), handler)


def test_who_may_only_read_cannot_move_dates(acme, handler, clock):
    auditor = acme.actor("internal-auditor")
    own(acme, decide_in(5))
    reference = registered(handler)
    with transaction(auditor) as tx, pytest.raises(Forbidden):
        service.recompute(tx, service.Recompute(reference, "why not"), clock_module.now(), auditor)


# Files, days, other organisations


def test_what_comes_from_a_file_has_no_due_dates_until_asked_for(acme, handler, clock):
    keep(acme)
    own(acme, decide_in(5))
    many(acme.id, [raw(acme.id, 900, import_run_id=run_added(acme.id))])
    reference = "C-2026-000900"
    acknowledged(handler, reference)
    assert not seen(handler, reference).kept
    with transaction(handler) as tx:
        service.recompute(tx, service.Recompute(reference, "We take it on"), clock_module.now(), handler)
    found = seen(handler, reference)
    assert states(found) == {"decide": "very-overdue"}
    assert [entry.event for entry in events(handler, reference)] == ["complaint:due-set"]


def test_only_the_day_of_receipt_is_known(acme, handler, clock):
    keep(acme, TEHRAN)
    own(acme, decide_in(24, "hours"), LimitValues("update", "update", 1, "days", working=True))
    day = datetime(2026, 2, 26, tzinfo=UTC)  # a Thursday
    found = seen(handler, registered(handler, received_at=day, received_is_day=True))
    assert dues(found) == {"decide": "2026-02-26T20:30:00+00:00", "update": "2026-02-28T20:29:59+00:00"}
    assert found.running[0].explanation["lines"][0]["day_only"] is True
    reference = registered(handler, received_at=day, received_is_day=True)
    clock.advance(days=1)
    acknowledged(handler, reference)
    assert len([due for due in seen(handler, reference).running if due.target == "decide"]) == 1


def test_every_moment_is_one_the_explanation_gives(acme, handler, clock):
    keep(acme)
    adopt(acme)
    for due in seen(handler, registered(handler)).running:
        lines = due.explanation["lines"]
        assert lines[-1]["at"] == due.due_at.isoformat()
        assert due.starts_at.isoformat() == lines[0]["at"]
        assert due.starts_at <= due.warn_at <= due.due_at
        assert due.explanation["calendar"]["holidays_from"].startswith("holidays ")


def test_another_organisation_sees_none_of_it(acme, globex, handler, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    number = core_queries.by_reference(reading(handler), reference).id
    db.session.rollback()
    other = globex.actor("complaint-handler")
    assert not queries.for_case(reading(other), number, clock_module.now()).kept
    assert queries.next_dues(reading(other), [number], clock_module.now()) == {}
    with transaction(other) as tx:
        assert tx.execute(select(ComplaintDue)).scalars().all() == []


def test_a_rollback_takes_the_due_dates_with_it(acme, handler, clock):
    own(acme, decide_in(5))
    with pytest.raises(RuntimeError), transaction(handler) as tx:
        core.register(tx, core.Register("Late", received_at=clock_module.now()), clock_module.now(), handler)
        raise RuntimeError
    with transaction(handler) as tx:
        assert tx.execute(select(ComplaintDue)).scalars().all() == []


def test_the_snapshot_carries_the_explanation(acme, handler, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    tx = reading(handler)
    snapshot = core_queries.snapshot(tx, core_queries.by_reference(tx, reference).id)
    (plain,) = snapshot["due_dates"]
    assert (plain["target"], plain["state"], plain["due_at"]) == ("decide", "running", "2026-03-07T23:59:59.000000Z")
    assert plain["explanation"]["lines"][-1]["is"] == "end"
    db.session.rollback()
    clock.advance(days=60)
    tx = reading(handler)
    assert core_queries.snapshot(tx, core_queries.by_reference(tx, reference).id) == snapshot


def test_time_runs_in_the_worst_case_too(acme, handler, clock):
    """On time, warned at three quarters, overdue, long overdue at half as long again."""
    own(acme, decide_in(100, "hours"))
    reference = registered(handler)
    found = {}
    for hours in (74, 2, 25, 48, 2):
        clock.advance(hours=hours)
        found[clock.at - timedelta()] = states(seen(handler, reference))["decide"]
    assert list(found.values()) == ["on-time", "warned", "overdue", "overdue", "very-overdue"]


def test_warned_so_many_hours_before(acme, handler, clock):
    own(acme, decide_in(100, "hours", warn_hours=10))
    reference = registered(handler)
    clock.advance(hours=89)
    assert states(seen(handler, reference)) == {"decide": "on-time"}
    clock.advance(hours=2)
    assert states(seen(handler, reference)) == {"decide": "warned"}


def test_a_priority_names_its_own_limit(acme, handler, clock):
    """The matrix finds the priority; a limit that names it goes before the one for all."""
    own(acme, decide_in(10), decide_in(2, priorities=("p1",)))
    reference = registered(handler)
    clock.advance(hours=1)
    acknowledged(handler, reference)
    assert dues(seen(handler, reference)) == {"decide": "2026-03-12T23:59:59+00:00"}
    do(handler, core.assess, core.Assess, reference, "critical", "simple", "many")
    assert core_queries.by_reference(reading(handler), reference).priority == "p1"
    assert dues(seen(handler, reference)) == {"decide": "2026-03-04T23:59:59+00:00"}
