"""The path of a management review as tables: which gate refuses what, and when the next one is due."""

from datetime import date
from typing import Any

import pytest

from auditkit.content.shapes import AgendaPart
from auditkit.reviews import rules
from auditkit.reviews.rules import Attendance, Due, Guest, ItemStanding, State

TODAY = date(2026, 3, 10)
CHAIR = Guest("Top", Attendance.PRESENT, top_management=True, is_chair=True)
OTHER = Guest("Quality", Attendance.PRESENT, top_management=False, is_chair=False)
INPUT = ItemStanding("Audits", AgendaPart.INPUT, written=True, decisions=0)
DECIDED = ItemStanding("Process", AgendaPart.DECISION, written=False, decisions=1)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"title": "  "}, rules.TitleMissing),
        ({"last": date(2025, 12, 31)}, rules.PeriodReversed),
        ({"first": date(2022, 1, 1)}, rules.PeriodTooLong),
        ({"last": date(2026, 3, 20)}, rules.PeriodAhead),
        ({"last": date(2026, 3, 12)}, None),
    ],
)
def test_plan(change: dict[str, Any], refusal: type[Exception] | None) -> None:
    plan = {"title": "Review", "first": date(2026, 1, 1), "last": date(2026, 2, 28), "planned_on": date(2026, 3, 12)}
    _expect(refusal, rules.check_plan, **(plan | change))


@pytest.mark.parametrize(
    ("state", "today", "refusal"),
    [
        (State.PLANNED, TODAY, None),
        (State.PREPARED, TODAY, None),
        (State.PLANNED, date(2026, 2, 27), rules.PeriodNotOver),
        (State.HELD, TODAY, rules.AlreadyHeld),
        (State.SIGNED, TODAY, rules.AlreadySigned),
    ],
)
def test_freezing(state: State, today: date, refusal: type[Exception] | None) -> None:
    _expect(refusal, rules.check_freeze, state, last=date(2026, 2, 28), today=today)


@pytest.mark.parametrize(
    ("state", "guests", "held_on", "frozen_on", "refusal"),
    [
        (State.PREPARED, [CHAIR, OTHER], TODAY, TODAY, None),
        (State.PLANNED, [CHAIR], TODAY, None, rules.InputsFirst),
        (State.HELD, [CHAIR], TODAY, TODAY, rules.AlreadyHeld),
        (State.SIGNED, [CHAIR], TODAY, TODAY, rules.AlreadySigned),
        (State.PREPARED, [CHAIR], date(2026, 3, 11), TODAY, rules.HeldInFuture),
        (State.PREPARED, [CHAIR], date(2026, 3, 9), TODAY, rules.HeldBeforeInputs),
        (State.PREPARED, [OTHER], TODAY, TODAY, rules.TopManagementMissing),
        (State.PREPARED, [], TODAY, TODAY, rules.TopManagementMissing),
        (State.PREPARED, [Guest("B", Attendance.PRESENT, True, False)], TODAY, TODAY, rules.ChairMissing),
        (State.PREPARED, [CHAIR, Guest("C", Attendance.INVITED, False, False)], TODAY, TODAY, rules.AttendanceOpen),
        (State.PREPARED, [Guest("D", Attendance.EXCUSED, True, True)], TODAY, TODAY, rules.TopManagementMissing),
    ],
)  # fmt: skip
def test_holding(
    state: State, guests: list[Guest], held_on: date, frozen_on: date | None, refusal: type[Exception] | None
) -> None:
    _expect(refusal, rules.check_hold, state, guests, held_on=held_on, frozen_on=frozen_on, today=TODAY)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"state": State.PREPARED}, rules.NotHeld),
        ({"state": State.SIGNED}, rules.AlreadySigned),
        ({"is_chair": False}, rules.OnlyTheChair),
        ({"typed_name": "Somebody"}, rules.NameDiffers),
        ({"typed_name": " top  MANAGER "}, None),
        ({"guests": [OTHER]}, rules.TopManagementMissing),
        ({"items": [ItemStanding("Audits", AgendaPart.INPUT, False, 3), DECIDED]}, rules.ItemsOpen),
        ({"items": [ItemStanding("Suitable", AgendaPart.CONCLUSION, False, 0), DECIDED]}, rules.ItemsOpen),
        ({"items": [INPUT, ItemStanding("Process", AgendaPart.DECISION, False, 0)]}, rules.NothingDecided),
        ({"items": [INPUT, ItemStanding("Process", AgendaPart.DECISION, True, 0)]}, None),
    ],
)
def test_signing(change: dict[str, Any], refusal: type[Exception] | None) -> None:
    given: dict[str, Any] = {
        "state": State.HELD, "is_chair": True, "typed_name": "Top Manager", "name": "Top Manager",
        "guests": [CHAIR], "items": [INPUT, DECIDED],
    }  # fmt: skip
    given |= change
    _expect(refusal, rules.check_sign, given.pop("state"), **given)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"name": " "}, rules.NameMissing),
        ({"name": "MÁYA"}, rules.InvitedTwice),
        ({"state": Attendance.EXCUSED}, rules.ExcuseMissing),
        ({"state": Attendance.EXCUSED, "note": "Ill"}, None),
        ({"state": Attendance.ABSENT}, None),
    ],
)
def test_guests(change: dict[str, Any], refusal: type[Exception] | None) -> None:
    given: dict[str, Any] = {"name": "Ada", "state": Attendance.INVITED, "note": "", "others": ["Maya"]}
    _expect(refusal, rules.check_guest, **(given | change))


@pytest.mark.parametrize(
    ("text", "due_on", "refusal"),
    [
        ("Train a second auditor", date(2026, 6, 1), None),
        (" ", date(2026, 6, 1), rules.DecisionTextMissing),
        ("Train a second auditor", date(2026, 3, 9), rules.DueBeforeReview),
    ],
)
def test_decisions(text: str, due_on: date, refusal: type[Exception] | None) -> None:
    _expect(refusal, rules.check_decision, text=text, due_on=due_on, since=TODAY)


@pytest.mark.parametrize(
    ("months", "days", "refusal"),
    [(12, 30, None), (1, 0, None), (24, 120, None), (0, 30, rules.IntervalUnfit), (25, 30, rules.IntervalUnfit),
     (12, -1, rules.AheadUnfit), (12, 121, rules.AheadUnfit)],
)  # fmt: skip
def test_reminder_settings(months: int, days: int, refusal: type[Exception] | None) -> None:
    _expect(refusal, rules.check_reminders, every_months=months, ahead_days=days)


@pytest.mark.parametrize(
    ("planned", "last_held", "first_on", "due"),
    [
        ([], None, None, None),
        ([], None, date(2026, 5, 1), date(2026, 5, 1)),
        ([], date(2025, 8, 31), date(2026, 5, 1), date(2026, 2, 28)),
        ([date(2026, 4, 2), date(2026, 3, 28)], date(2025, 8, 31), None, date(2026, 3, 28)),
    ],
)
def test_next_due(planned: list[date], last_held: date | None, first_on: date | None, due: date | None) -> None:
    assert rules.next_due(planned=planned, last_held=last_held, first_on=first_on, every_months=6) == due


@pytest.mark.parametrize(
    ("due", "near"),
    [
        (None, Due.NONE),
        (date(2026, 3, 9), Due.OVERDUE),
        (TODAY, Due.SOON),
        (date(2026, 4, 9), Due.SOON),
        (date(2026, 4, 10), Due.LATER),
    ],
)
def test_how_near(due: date | None, near: Due) -> None:
    assert rules.how_near(due, ahead_days=30, today=TODAY) is near


@pytest.mark.parametrize(
    ("last_ends", "period"),
    [
        (None, (date(2025, 9, 10), date(2026, 3, 9))),
        (date(2025, 12, 31), (date(2026, 1, 1), date(2026, 3, 9))),
        (date(2026, 3, 9), (date(2025, 9, 10), date(2026, 3, 9))),
    ],
)
def test_usual_period(last_ends: date | None, period: tuple[date, date]) -> None:
    assert rules.usual_period(planned_on=TODAY, last_period_ends=last_ends, every_months=6) == period


def _expect(refusal: type[Exception] | None, check: Any, *arguments: Any, **named: Any) -> None:
    if refusal is None:
        check(*arguments, **named)
    else:
        with pytest.raises(refusal):
            check(*arguments, **named)
