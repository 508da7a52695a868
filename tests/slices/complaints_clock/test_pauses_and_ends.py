"""What stops a clock, moves its end, or begins it anew: pauses, extensions, refusals, remedies, closing, reopening."""

from datetime import UTC, date, datetime

import pytest

from auditkit.base import clock as clock_module
from auditkit.base.db import transaction
from auditkit.complaints import service as core
from auditkit.complaints.clock import rules, service
from auditkit.complaints.clock.service.settings import LimitValues
from tests.slices.complaints_clock.timing import (
    acknowledged,
    adopt,
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


# Pauses


def test_a_pause_stands_until_it_ends(acme, handler, clock):
    """Ten working days from Monday 2 March; waiting from Wednesday 4 to Tuesday 10 costs four working days."""
    keep(acme)
    own(acme, decide_in(10, working=True), LimitValues("close", "receipt", 8, "weeks", pausable=False))
    reference = registered(handler)
    clock.advance(days=2)
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    found = seen(handler, reference)
    assert states(found) == {"decide": "paused", "close": "on-time"}
    assert found.paused_until == datetime(2026, 4, 3, 9, 0, tzinfo=UTC)
    clock.advance(days=6)
    do(handler, core.end_wait, core.EndWait, reference, "They came")
    found = seen(handler, reference)
    assert dues(found) == {"decide": "2026-03-20T23:59:59+00:00", "close": "2026-04-27T22:59:59+00:00"}
    assert states(found) == {"decide": "on-time", "close": "on-time"}
    assert found.paused_seconds == 6 * 86_400
    decide = found.running[0]
    assert [one["why"] for one in decide.explanation["history"]] == ["paused", "resumed"]
    assert {"is": "paused", "from": "2026-03-09", "reason": "complainant", "to": "2026-03-09"} in decide.explanation[
        "lines"
    ]


def test_a_pause_over_its_limit_stops_nothing_any_more(acme, handler, clock):
    """Thirty days at most: nobody has to do anything for the clock to go on."""
    keep(acme)
    own(acme, decide_in(5))
    reference = registered(handler)
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    clock.advance(days=29)
    assert states(seen(handler, reference)) == {"decide": "paused"}
    clock.advance(days=2)
    assert states(seen(handler, reference)) == {"decide": "on-time"}
    clock.advance(days=5)
    assert states(seen(handler, reference)) == {"decide": "overdue"}
    do(handler, core.end_wait, core.EndWait, reference)
    assert dues(seen(handler, reference)) == {"decide": "2026-04-05T22:59:59+00:00"}


def test_what_is_in_our_own_hands_stops_nothing(acme, handler, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    before = dues(seen(handler, reference))
    do(handler, core.wait_for, core.WaitFor, reference, "colleague", "The file")
    found = seen(handler, reference)
    assert dues(found) == before
    assert [(one.verdict, one.holds_until) for one in found.holds] == [("not-a-ground", None)]


def test_pauses_are_counted(acme, handler, clock):
    own(acme, decide_in(5))
    with transaction(acme.system) as tx:
        command = service.ChangePause("complainant", rules.PauseRule(True, 10, 1))
        service.change_pause(tx, command, clock_module.now(), acme.system)
    reference = registered(handler)
    for _ in range(2):
        do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
        clock.advance(hours=30)
        do(handler, core.end_wait, core.EndWait, reference)
    assert [one.verdict for one in seen(handler, reference).holds] == ["holds", "too-often"]


# Extension, refusal, remedy, closing, reopening


def test_an_extension_needs_a_latest_date(acme, handler, clock):
    own(acme, decide_in(5))
    reference = registered(handler)
    with transaction(handler) as tx, pytest.raises(rules.NothingToExtend):
        service.extend(tx, service.Extend(reference, "The laboratory needs longer"), clock_module.now(), handler)


def test_an_extension_gives_way_to_the_latest_date(acme, handler, clock):
    adopt(acme, "cfpb")
    reference = registered(handler)
    assert seen(handler, reference).may_extend
    clock.advance(days=14)
    with transaction(handler) as tx:
        service.extend(tx, service.Extend(reference, "The laboratory needs longer"), clock_module.now(), handler)
    found = seen(handler, reference)
    assert states(found) == {"decide": "extended", "decide-latest": "on-time"}
    assert not found.may_extend
    acknowledged(handler, reference)
    assert states(seen(handler, reference)) == {"decide": "extended", "decide-latest": "on-time"}


def test_a_refusal_is_looked_at_again(acme, handler, clock):
    keep(acme)
    adopt(acme)
    reference = registered(handler)
    acknowledged(handler, reference)
    decided(handler, reference)
    clock.advance(days=1)
    do(handler, core.record_answer, core.RecordAnswer, reference, "refused", review_on=date(2026, 3, 20))
    found = seen(handler, reference)
    assert [(due.target.value, due.set_title, due.due_at.date()) for due in found.running] == [
        ("review", "Generic time limits", date(2026, 3, 17)),
        ("review", "", date(2026, 3, 20)),
    ]
    decided(handler, reference)
    assert seen(handler, reference).running == []


def test_a_promised_remedy_has_its_day(acme, handler, clock):
    keep(acme)
    own(acme, decide_in(5))
    reference = registered(handler)
    acknowledged(handler, reference)
    decided(handler, reference, remedy="A new one", remedies=("replace",), promised_on=date(2026, 3, 12))
    found = seen(handler, reference)
    assert dues(found) == {"act": "2026-03-12T23:59:59+00:00"}
    assert [line["is"] for line in found.running[0].explanation["lines"]] == ["start", "promised", "end"]


def test_closing_leaves_nothing_due(acme, handler, clock):
    own(acme, decide_in(5), LimitValues("close", "receipt", 30, "days"))
    reference = registered(handler)
    do(handler, core.withdraw, core.Withdraw, reference, "They found the parcel")
    found = seen(handler, reference)
    assert found.running == []
    assert states(found) == {"decide": "dropped", "close": "met"}


def test_a_reopened_case_has_new_dates(acme, handler, clock):
    own(acme, decide_in(5), LimitValues("acknowledge", "receipt", 1, "days"))
    reference = registered(handler)
    acknowledged(handler, reference)
    do(handler, core.withdraw, core.Withdraw, reference, "They found the parcel")
    clock.advance(days=10)
    do(handler, core.reopen, core.Reopen, reference, "It was empty")
    assert dues(seen(handler, reference)) == {"decide": "2026-03-17T23:59:59+00:00"}
