"""Timetables: what a line must be, who is free, what is suggested, who is told what."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits.agenda import rules
from auditkit.audits.agenda.rules import ACTIVITY_TITLES, Activity, Sending, Slot, Told

LONDON = ZoneInfo("Europe/London")
FIRST, LAST = date(2026, 3, 9), date(2026, 3, 10)


def moment(hour: int, minute: int = 0, day: date = FIRST) -> datetime:
    return rules.at(day, time(hour, minute), LONDON)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"activity": " "}, rules.ActivityMissing),
        ({"day": date(2026, 3, 8)}, rules.OutsideTheDays),
        ({"day": date(2026, 3, 11)}, rules.OutsideTheDays),
        ({"day": LAST}, None),
        ({"ends_at": moment(9)}, rules.EndsBeforeItStarts),
        ({"ends_at": moment(8)}, rules.EndsBeforeItStarts),
    ],
)
def test_what_a_line_must_be(change, refusal):
    line = {"activity": "Opening", "day": FIRST, "starts_at": moment(9), "ends_at": moment(10)}
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_line(**{**line, **change}, first=FIRST, last=LAST, zone=LONDON)


@pytest.mark.parametrize(
    ("start", "end", "busy"),
    [
        (8, 9, False),
        (8, 10, True),
        (9, 10, True),
        (10, 12, True),
        (11, 12, False),
        (8, 12, True),
    ],
)
def test_nobody_is_in_two_places_at_once(start, end, busy):
    slot = Slot(moment(9), moment(11), "Interview", "A-2026-001")
    with pytest.raises(rules.Overlap) if busy else nullcontext() as refusal:
        rules.check_free({7: [slot]}, {7: "Ivan"}, moment(start), moment(end), LONDON)
    if busy:
        assert str(refusal.value) == "Ivan is already busy then: Interview, 2026-03-09 09:00 to 11:00 (A-2026-001)"


@pytest.mark.parametrize(
    ("present", "dropped", "sequence", "last", "expected"),
    [
        (True, False, 0, None, Sending.REQUEST),
        (True, False, 0, Told(Sending.REQUEST, 0), None),
        (True, False, 1, Told(Sending.REQUEST, 0), Sending.REQUEST),
        (True, False, 1, Told(Sending.CANCEL, 1), Sending.REQUEST),
        (True, True, 1, Told(Sending.REQUEST, 0), Sending.CANCEL),
        (True, True, 1, None, None),
        (True, True, 1, Told(Sending.CANCEL, 1), None),
        (False, False, 1, Told(Sending.REQUEST, 0), Sending.CANCEL),
        (False, False, 1, None, None),
        (False, False, 2, Told(Sending.CANCEL, 1), None),
    ],
)
def test_everybody_hears_what_they_have_not_heard(present, dropped, sequence, last, expected):
    assert rules.to_send(present, dropped, sequence, last) == expected


WORDS = dict(ACTIVITY_TITLES)


@given(
    counts=st.lists(st.integers(1, 30), min_size=1, max_size=60),
    days=st.integers(1, 5),
    auditors=st.lists(st.integers(1, 9), max_size=3, unique=True),
)
def test_a_suggestion_opens_closes_and_asks_nobody_twice(counts, days, auditors):
    sections = [(f"Section {number}", f"{number}.1", count) for number, count in enumerate(counts)]
    lines = rules.suggest(sections, [FIRST + timedelta(days=n) for n in range(days)], auditors, LONDON, WORDS)
    assert lines[0].kind is Activity.OPENING
    assert lines[-1].kind is Activity.CLOSING
    assert all(line.starts_at < line.ends_at for line in lines)
    audited = [line for line in lines if line.kind is Activity.AUDITING]
    for auditor in auditors or [None]:
        mine = [line for line in audited if line.auditor == auditor]
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(mine))
    lunches = [line for line in lines if line.kind is Activity.BREAK]
    assert len(lunches) == days
    assert not any(
        one.starts_at < lunch.ends_at and lunch.starts_at < one.ends_at for one in audited for lunch in lunches
    )
    assert max(line.ends_at for line in audited) <= lines[-1].starts_at


def test_a_suggestion_leaves_no_section_out():
    sections = [(f"S{number}", str(number), 5) for number in range(12)]
    lines = rules.suggest(sections, [FIRST, LAST], [1, 2], LONDON, WORDS)
    told = "; ".join(line.activity for line in lines if line.kind is Activity.AUDITING).split("; ")
    assert sorted(told) == sorted(title for title, _clauses, _count in sections)
    assert {line.auditor for line in lines if line.kind is Activity.AUDITING} == {1, 2}


def test_times_are_those_of_the_organisation_in_summer_and_winter():
    assert rules.at(date(2026, 3, 28), time(9), LONDON).astimezone(UTC).hour == 9
    assert rules.at(date(2026, 3, 30), time(9), LONDON).astimezone(UTC).hour == 8
