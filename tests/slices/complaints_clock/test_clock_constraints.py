"""The tables of the clock and of the calendar refuse impossible states, whoever writes them."""

from datetime import date, timedelta

import pytest

from auditkit.base.calendar.kept import CalendarDay, FrozenCalendar, WorkingCalendar
from auditkit.complaints.clock.models import (
    ClockHold,
    ComplaintClock,
    ComplaintDue,
    DueDigest,
    PauseLimit,
    TimeLimit,
    TimeLimitSet,
)
from auditkit.complaints.models import ComplaintPause
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import many, raw
from tests.slices.complaints_clock.timing import MONDAY

LATER = MONDAY + timedelta(days=1)
LAST = MONDAY + timedelta(days=2)
DIGEST = "a" * 64


@pytest.fixture
def complaint_id(acme):
    many(acme.id, [raw(acme.id)])
    return 1


@pytest.fixture
def rows(acme, complaint_id):
    """Sound values for each table, with what they hang on in place."""
    of = {"organisation_id": acme.id}
    limit_set = {**of, "title": "Our promise", "source": "", "source_digest": "", "added_at": MONDAY}
    limit_set |= {"kinds": [], "channels": [], "categories": []}
    set_id = accepts(TimeLimitSet.__table__, limit_set)
    limit = {**of, "set_id": set_id, "target": "decide", "starts": "receipt", "amount": 5, "unit": "days"}
    limit |= {"working": True, "binding": False, "pausable": True, "warn_percent": 75, "very_percent": 150}
    limit |= {"severities": [], "priorities": [], "rule": "", "reference": "", "source": "", "added_at": MONDAY}
    limit_id = accepts(TimeLimit.__table__, limit)
    frozen = {**of, "digest": DIGEST, "body": {}, "made_at": MONDAY}
    calendar_id = accepts(FrozenCalendar.__table__, frozen)
    due = {**of, "complaint_id": complaint_id, "limit_id": limit_id, "set_id": set_id, "set_title": "Our promise"}
    due |= {"target": "decide", "number": 1, "state": "running", "starts_at": MONDAY, "starts_is_day": False}
    due |= {"warn_at": LATER, "due_at": LATER, "very_at": LAST, "late": False, "noticed": "", "notice_at": LATER}
    due |= {"mail_due": False, "binding": False, "pausable": True, "calendar_id": calendar_id, "set_at": MONDAY}
    due |= {"explanation": {}}
    clock = {**of, "complaint_id": complaint_id, "chosen_at": MONDAY, "assumed_severity": "medium", "severity": ""}
    clock |= {"priority": "", "paused_seconds": 0, "next_target": "", "next_due_at": None}
    pause = {**of, "complaint_id": complaint_id, "waits_for": "complainant", "awaited": "Photographs"}
    pause_id = accepts(ComplaintPause.__table__, {**pause, "came": "", "began_at": MONDAY})
    hold = {**of, "pause_id": pause_id, "complaint_id": complaint_id, "waits_for": "complainant", "verdict": "holds"}
    hold |= {"began_at": MONDAY, "holds_until": LATER}
    return {
        TimeLimitSet: limit_set,
        TimeLimit: limit,
        FrozenCalendar: {**frozen, "digest": "b" * 64},
        ComplaintDue: due,
        ComplaintClock: clock,
        ClockHold: hold,
        PauseLimit: {**of, "waits_for": "expert", "holds": True, "max_days": 30, "max_count": 1},
        DueDigest: {**of, "person_id": acme.person("staff"), "day": date(2026, 3, 2), "cases": 1, "put_at": MONDAY},
        WorkingCalendar: {
            **of,
            "zone": "UTC",
            "weekend": "67",
            "hours": {},
            "country": "",
            "part": "",
            "version": 1,
            "changed_at": MONDAY,
        },
        CalendarDay: {**of, "day": date(2026, 5, 5), "worked": False, "title": "Stocktaking"},
    }


REFUSED = [
    (TimeLimitSet, "limit_set_has_title", {"title": ""}),
    (TimeLimitSet, "source_has_digest", {"source": "time-limits-generic"}),
    (TimeLimitSet, "ended_after_added", {"ended_at": MONDAY - timedelta(days=1)}),
    (TimeLimit, "target_known", {"target": "sleep"}),
    (TimeLimit, "starts_known", {"starts": "whenever"}),
    (TimeLimit, "unit_known", {"unit": "years", "working": False}),
    (TimeLimit, "amount_sensible", {"amount": 0}),
    (TimeLimit, "working_time_in_hours_or_days", {"unit": "weeks"}),
    (TimeLimit, "warning_before_due", {"warn_percent": 101}),
    (TimeLimit, "warning_hours_sensible", {"warn_hours": 0}),
    (TimeLimit, "very_overdue_after_due", {"very_percent": 100}),
    (TimeLimit, "ended_after_added", {"ended_at": MONDAY - timedelta(days=1)}),
    (ComplaintClock, "assumed_severity_known", {"assumed_severity": "dire"}),
    (ComplaintClock, "paused_not_negative", {"paused_seconds": -1}),
    (ComplaintClock, "next_is_whole", {"next_target": "decide"}),
    (ComplaintClock, "next_is_whole", {"next_due_at": MONDAY}),
    (ComplaintDue, "target_known", {"target": "sleep"}),
    (ComplaintDue, "state_known", {"state": "asleep", "ended_at": LATER, "notice_at": None}),
    (ComplaintDue, "noticed_known", {"noticed": "perhaps"}),
    (ComplaintDue, "number_counts_from_one", {"number": 0}),
    (ComplaintDue, "running_has_no_end", {"ended_at": LATER}),
    (ComplaintDue, "running_has_no_end", {"state": "met", "notice_at": None}),
    (ComplaintDue, "moments_in_order", {"warn_at": LAST}),
    (ComplaintDue, "moments_in_order", {"very_at": MONDAY}),
    (ComplaintDue, "moments_in_order", {"starts_at": LAST}),
    (ComplaintDue, "late_was_met", {"late": True}),
    (ComplaintDue, "notices_of_running_only", {"state": "met", "ended_at": LATER}),
    (ComplaintDue, "limit_has_set", {"set_id": None}),
    (ClockHold, "verdict_known", {"verdict": "perhaps", "holds_until": None}),
    (ClockHold, "holding_has_limit", {"holds_until": None}),
    (ClockHold, "holds_after_began", {"holds_until": MONDAY}),
    (ClockHold, "ended_after_began", {"ended_at": MONDAY - timedelta(hours=1)}),
    (PauseLimit, "waits_for_known", {"waits_for": "godot"}),
    (PauseLimit, "days_sensible", {"max_days": 0}),
    (PauseLimit, "count_sensible", {"max_count": 0}),
    (DueDigest, "digest_has_cases", {"cases": 0}),
    (WorkingCalendar, "version_counts_from_one", {"version": 0}),
    (WorkingCalendar, "part_has_country", {"part": "SCT"}),
    (CalendarDay, "own_day_has_title", {"title": ""}),
    (FrozenCalendar, "digest_is_sha256", {"digest": "short"}),
]


@pytest.mark.parametrize(
    ("model", "constraint", "values"), REFUSED, ids=[f"{model.__tablename__}-{name}" for model, name, _ in REFUSED]
)
def test_the_database_refuses(rows, model, constraint, values):
    refuses(model.__table__, constraint, {**rows[model], **values})


def test_what_is_sound_is_taken(rows):
    for model, values in rows.items():
        accepts(model.__table__, values)
