"""The auditor's recount and the figures: two ways of counting that come to the same cases on one register.

The register is invented by chance with every stage, kind, due date and day that there is, in a zone that is not UTC.
"""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from auditkit.base import clock as clocks
from auditkit.base.calendar import kept as calendars
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.complaints.checking import indicators as recount
from auditkit.complaints.checking.vocabulary import Indicator
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.models import Complaint
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.insights.indicators import computing
from auditkit.insights.rules import Period, Selection, Side
from tests.conftest import House
from tests.slices.complaints_clock.timing import LONDON, keep
from tests.slices.insights.registers import closed, written

NAMED: dict[Indicator, str] = {
    **{one: one.value for one in Indicator},
    Indicator.REOPENED: "reopened",
    Indicator.REFUSED: "refused",
    Indicator.SATISFACTION_PROCESS: "satisfaction-handling",
}
PERIODS = (
    Period(date(2026, 1, 1), date(2026, 1, 31)),
    Period(date(2025, 11, 10), date(2026, 2, 3)),
    Period(date(2026, 2, 1), date(2026, 3, 31)),
    Period(date(2020, 1, 1), date(2026, 12, 31)),
)
WORDS = ["upheld", "partly-upheld", "rejected"]


def _cases(dice: random.Random) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for _ in range(160):
        received = datetime(2025, 11, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(120 * 1440))
        if dice.random() < 0.25:
            received = received.replace(hour=0, minute=0)
        elif dice.random() < 0.3:  # in the hours in which the organisation's day is not that of UTC
            received = received.replace(hour=dice.choice((0, 1, 2, 3, 21, 22, 23)), minute=30)
        kind = {
            "kind": dice.choice(["complaint"] * 6 + ["dispute", "concern", "suggestion"]),
            "answer": "",
            "answered_at": None,
        }
        if dice.random() < 0.7:
            more = {"reopened": dice.randrange(2), "level": dice.randrange(3)}
            rows.append(closed(received, dice.randrange(60), dice.choice(WORDS), **{**kind, **more}))
        elif dice.random() < 0.2:
            rows.append({"received_at": received, "stage": "closed", "closed_date_unknown": True, **kind})
        else:
            rows.append({"received_at": received, "closed_date_unknown": False, **kind})
    return [{"number": number, **row} for number, row in enumerate(rows, start=9_000)]


def _dues(case: Complaint, calendar_id: int, now: datetime, dice: random.Random) -> list[dict[str, Any]]:
    found = []
    for target, done in (("acknowledge", case.acknowledged_at), ("decide", case.decided_at)):
        if dice.random() < 0.2:
            continue
        starts = case.received_at
        due = starts + timedelta(hours=dice.choice((24, 200, 900)))
        moved = done is not None and dice.random() < 0.2 and due > starts
        state = "met" if done is not None and done >= starts else "running"
        if state == "running" and dice.random() < 0.2:
            state = "dropped"
        common = {
            "organisation_id": case.organisation_id, "complaint_id": case.id, "set_title": "House", "target": target,
            "starts_at": starts, "warn_at": starts, "binding": True, "pausable": True, "calendar_id": calendar_id,
            "set_at": starts, "explanation": {},
        }  # fmt: skip
        if moved:
            first = {"number": 1, "state": "extended", "due_at": due, "very_at": due, "ended_at": due, "late": False}
            found.append({**common, **first})
            due += timedelta(days=10)
        ended = {"met": done, "dropped": now}.get(state)
        late = state == "met" and ended is not None and ended > due
        found.append(
            {**common, "number": 1 + moved, "state": state, "due_at": due, "very_at": due, "ended_at": ended,
             "late": late}
        )  # fmt: skip
    return found


def _survey(case: Complaint, now: datetime, dice: random.Random) -> dict[str, Any]:
    answered = dice.random() < 0.6
    scores = (dice.randint(1, 5), dice.randint(1, 5)) if answered else (None, None)
    return {
        "organisation_id": case.organisation_id, "complaint_id": case.id, "state": "answered" if answered else "sent",
        "planned_at": now, "sent_at": now, "expires_at": now, "secret_digest": f"{case.id:064}",
        "answered_at": now if answered else None, "process_score": scores[0], "outcome_score": scores[1],
    }  # fmt: skip


@pytest.fixture
def register(acme: House, clock: FrozenClock) -> House:
    dice, now = random.Random(11), clocks.now()
    keep(acme, replace(LONDON, zone="America/New_York"))
    with transaction(acme.system) as tx:
        calendar_id = calendars.freeze(tx, calendars.current(tx, now), now)
    written(acme, _cases(dice))
    with transaction(acme.system) as tx:
        cases = list(tx.execute(select(Complaint).order_by(Complaint.id)).scalars())
        tx.execute(insert(ComplaintDue), [due for case in cases for due in _dues(case, calendar_id, now, dice)])
        tx.execute(insert(ComplaintSurvey), [_survey(one, now, dice) for one in cases if one.closed_at])
    clock.advance(hours=3)
    return acme


@pytest.mark.parametrize("indicator", list(Indicator))
def test_both_ways_count_the_same_cases(register: House, indicator: Indicator) -> None:
    tx, now, name = reading(register.system), clocks.now(), NAMED[indicator]
    for period in PERIODS:
        selection = Selection(period)
        sides = {
            side: sorted(
                tx.execute(
                    select(Complaint.reference).where(*computing.behind(tx, name, side, selection, now))
                ).scalars()
            )
            for side in (Side.COUNTED, Side.OF)
        }
        again = recount.count(tx, indicator, period.first, period.last, now)
        assert again.numerator == sides[Side.COUNTED], period
        # beside a score stands how many were asked; it is the mean of those who answered
        of = sides[Side.COUNTED] if indicator in _SCORES else sides[Side.OF]
        assert again.denominator == ([] if indicator in _COUNTS else of), period
        _same_value(computing.compute_named(tx, name, selection, now)[0], again, indicator)


_SCORES = (Indicator.SATISFACTION_PROCESS, Indicator.SATISFACTION_OUTCOME)
_COUNTS = (Indicator.RECEIVED, Indicator.BACKLOG)


def _same_value(figure: Any, again: recount.Counted, indicator: Indicator) -> None:
    """Figures cut times to whole hours or days; a score is the same to the last digit."""
    if figure.value is None or again.value is None:
        return
    found = float(again.value)
    if indicator.value.startswith("time-to"):
        per_day = 24 if figure.unit == "hours" else 1
        assert figure.value <= found * per_day + 1e-4
        assert found * per_day < figure.value + 1
    else:
        assert found == pytest.approx(figure.value, abs=1e-6)


def test_the_register_holds_every_sort_of_case(register: House) -> None:
    """Otherwise the comparison would say little."""
    tx, now = reading(register.system), clocks.now()
    whole = PERIODS[-1]
    for indicator in Indicator:
        counted = recount.count(tx, indicator, whole.first, whole.last, now)
        assert counted.numerator or indicator in (Indicator.CAUSE_KNOWN, Indicator.REFUSED), indicator
    assert len(set(tx.execute(select(ComplaintDue.state)).scalars())) == 4
    assert recount.count(tx, Indicator.RECEIVED, date(2026, 1, 1), date(2026, 1, 31), now).numerator
