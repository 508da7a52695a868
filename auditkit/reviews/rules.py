"""The path of a management review (8.6): planned, inputs frozen, held, signed. Pure.

The same gates stand as CHECK constraints and triggers in `models.py`. tests/rules/test_reviews_rules.py is the table of
it; tests/slices/reviews/ holds both.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, Forbidden, RuleBroken
from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.text import N_
from auditkit.content.shapes import AgendaPart
from auditkit.registers.rules import months_later

PLANNED = event("review:planned", N_("Management review planned"))
REPLANNED = event("review:replanned", N_("Plan of a management review changed"))
FROZEN = event("review:inputs-frozen", N_("Inputs of a management review computed and frozen"))
ATTENDED = event("review:attendance-noted", N_("Attendance of a management review noted"))
WRITTEN = event("review:discussion-written", N_("Discussion or conclusion of a management review written"))
DECIDED = event("review:decided", N_("Management review decided something"))
UNDECIDED = event("review:decision-taken-back", N_("Decision of a management review taken back before signing"))
HELD = event("review:held", N_("Management review held"))
SIGNED = event("review:signed", N_("Minutes of a management review signed"))
REMINDERS_SET = event("review:reminders-set", N_("Interval of management reviews set"))
REMINDED = event("review:reminded", N_("Reminder of a management review sent"))

LONGEST_TEXT = 20_000
LEAST_MONTHS, MOST_MONTHS = 1, 24
MOST_AHEAD = 120
USUAL_MONTHS, USUAL_AHEAD = 12, 30
LONGEST_PERIOD_DAYS = 1100


class State(StrEnum):
    """Where a review stands."""

    PLANNED = "planned"
    PREPARED = "prepared"
    HELD = "held"
    SIGNED = "signed"


STATE_TITLES = {
    State.PLANNED: N_("Planned"),
    State.PREPARED: N_("Inputs frozen"),
    State.HELD: N_("Held, not signed"),
    State.SIGNED: N_("Signed"),
}


class Attendance(StrEnum):
    """Whether somebody who was invited came."""

    INVITED = "invited"
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


ATTENDANCE_TITLES = {
    Attendance.INVITED: N_("Invited"),
    Attendance.PRESENT: N_("Present"),
    Attendance.EXCUSED: N_("Excused"),
    Attendance.ABSENT: N_("Absent"),
}


class Proof(StrEnum):
    """How the person who signed showed that they are at the screen themselves."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    SESSION = "session"


class Due(StrEnum):
    """How near the next review is."""

    NONE = "none"
    LATER = "later"
    SOON = "soon"
    OVERDUE = "overdue"


class TitleMissing(BadInput):
    message = N_("Enter a title for the review")


class PeriodReversed(BadInput):
    message = N_("Enter a last day of the period that is not before its first day (%(first)s)")


class PeriodTooLong(BadInput):
    message = N_("Enter a period of at most three years")


class PeriodAhead(BadInput):
    message = N_("Enter a period that ends on the day of the review at the latest (%(day)s)")


class ChairUnknown(BadInput):
    message = N_("Choose a chair who belongs to this organisation and may sign management reviews")


class ReviewChanged(Conflict):
    message = N_("Somebody else changed this review meanwhile. Nothing was overwritten: reload the page and try again")


class AlreadyHeld(RuleBroken):
    message = N_("The review was held: its plan, agenda and inputs stand as they were")


class AlreadySigned(RuleBroken):
    message = N_("The minutes are signed: nothing of this review changes any more")


class InputsFirst(RuleBroken):
    message = N_("Compute and freeze the inputs first: a review looks at figures of its day")


class PeriodNotOver(RuleBroken):
    message = N_("Freeze the inputs when the period is over: its last day is %(day)s")


class NotHeld(RuleBroken):
    message = N_("Note that the review was held, and on which day, before you sign its minutes")


class HeldInFuture(BadInput):
    message = N_("Enter the day on which the review was held: not after today")


class HeldBeforeInputs(BadInput):
    message = N_("The inputs were frozen on %(day)s. Enter that day or a later one")


class AttendanceOpen(RuleBroken):
    message = N_("Note for everybody who was invited whether they came: %(names)s")


class TopManagementMissing(RuleBroken):
    message = N_("A management review needs somebody of top management who is present")


class ChairMissing(RuleBroken):
    message = N_("The chair has to be present. Change the chair or the attendance")


class ExcuseMissing(BadInput):
    message = N_("Say why %(name)s was excused, or note them as absent")


class NameMissing(BadInput):
    message = N_("Enter a name")


class InvitedTwice(BadInput):
    message = N_("%(name)s is on the list already")


class NotOnAgenda(BadInput):
    message = N_("This item is not on the agenda of this review")


class ItemsOpen(RuleBroken):
    message = N_("Write down what was said or concluded before you sign: %(items)s")


class NothingDecided(RuleBroken):
    message = N_("Decide something or write down why nothing is needed: %(items)s")


class DecisionTextMissing(BadInput):
    message = N_("Write what was decided")


class OwnerUnknown(BadInput):
    message = N_("Choose an owner who belongs to this organisation and may work on actions")


class DueBeforeReview(BadInput):
    message = N_("Enter a day after the review (%(day)s) by which it is to be done")


class OnlyTheChair(Forbidden):
    message = N_("Only the chair of this review signs its minutes")


class NameDiffers(BadInput):
    message = N_("Type your name as it stands here: %(name)s")


class IntervalUnfit(BadInput):
    message = N_("Enter from 1 to 24 months")


class AheadUnfit(BadInput):
    message = N_("Enter from 0 to 120 days")


@dataclass(frozen=True)
class Guest:
    """Somebody on the list of a review, as the gates need them."""

    name: str
    state: Attendance
    top_management: bool
    is_chair: bool


@dataclass(frozen=True)
class ItemStanding:
    """An item of the agenda, and what the minutes say under it."""

    title: str
    part: AgendaPart
    written: bool
    decisions: int


def number(year: int, serial: int) -> str:
    """`MR-2026-01`: what people call the review."""
    return f"MR-{year}-{serial:02d}"


def check_plan(*, title: str, first: date, last: date, planned_on: date) -> None:
    """Raises TitleMissing, PeriodReversed, PeriodTooLong or PeriodAhead."""
    if not title.strip():
        raise TitleMissing()
    if last < first:
        raise PeriodReversed(first=first)
    if (last - first).days > LONGEST_PERIOD_DAYS:
        raise PeriodTooLong()
    if last > planned_on:
        raise PeriodAhead(day=planned_on)


def check_changeable(state: State) -> None:
    """Whether discussion, attendance and decisions may change. Raises AlreadySigned."""
    if state is State.SIGNED:
        raise AlreadySigned()


def check_plannable(state: State) -> None:
    """Whether plan, agenda and inputs may change. Raises AlreadySigned or AlreadyHeld."""
    check_changeable(state)
    if state is State.HELD:
        raise AlreadyHeld()


def check_freeze(state: State, *, last: date, today: date) -> None:
    """Whether the inputs may be computed now. Raises AlreadySigned, AlreadyHeld or PeriodNotOver."""
    check_plannable(state)
    if today < last:
        raise PeriodNotOver(day=last)


def check_guest(*, name: str, state: Attendance, note: str, others: Iterable[str]) -> None:
    """Whether an entry of the list is whole. Raises NameMissing, InvitedTwice or ExcuseMissing."""
    if not name.strip():
        raise NameMissing()
    if fold(name) in {fold(one) for one in others}:
        raise InvitedTwice(name=name)
    if state is Attendance.EXCUSED and not note.strip():
        raise ExcuseMissing(name=name)


def check_attendance(guests: Sequence[Guest]) -> None:
    """Whether the list can stand in minutes. Raises AttendanceOpen, TopManagementMissing or ChairMissing."""
    waiting = [one.name for one in guests if one.state is Attendance.INVITED]
    if waiting:
        raise AttendanceOpen(names=", ".join(waiting))
    present = [one for one in guests if one.state is Attendance.PRESENT]
    if not any(one.top_management for one in present):
        raise TopManagementMissing()
    if not any(one.is_chair for one in present):
        raise ChairMissing()


def check_hold(state: State, guests: Sequence[Guest], *, held_on: date, frozen_on: date | None, today: date) -> None:
    """Whether the review can be noted as held.

    Raises AlreadySigned, AlreadyHeld, InputsFirst, HeldInFuture, HeldBeforeInputs, and what `check_attendance` raises.
    """
    check_plannable(state)
    if state is State.PLANNED or frozen_on is None:
        raise InputsFirst()
    if held_on > today:
        raise HeldInFuture()
    if held_on < frozen_on:
        raise HeldBeforeInputs(day=frozen_on)
    check_attendance(guests)


def check_decision(*, text: str, due_on: date, since: date) -> None:
    """Whether a decision is whole. Raises DecisionTextMissing or DueBeforeReview."""
    if not text.strip():
        raise DecisionTextMissing()
    if due_on < since:
        raise DueBeforeReview(day=since)


def check_minutes(items: Iterable[ItemStanding]) -> None:
    """Whether the minutes say something under every item.

    An item that is decided on may be left without words where it has a decision; one without a decision says why none
    is needed. Raises ItemsOpen or NothingDecided.
    """
    found = list(items)
    silent = [one.title for one in found if one.part is not AgendaPart.DECISION and not one.written]
    if silent:
        raise ItemsOpen(items="; ".join(silent))
    undecided = [
        one.title for one in found if one.part is AgendaPart.DECISION and not one.written and not one.decisions
    ]
    if undecided:
        raise NothingDecided(items="; ".join(undecided))


def check_sign(
    state: State,
    *,
    is_chair: bool,
    typed_name: str,
    name: str,
    guests: Sequence[Guest],
    items: Iterable[ItemStanding],
) -> None:
    """Whether this person may sign the minutes now.

    Raises AlreadySigned, NotHeld, OnlyTheChair, NameDiffers, and what `check_attendance` and `check_minutes` raise.
    """
    check_changeable(state)
    if state is not State.HELD:
        raise NotHeld()
    if not is_chair:
        raise OnlyTheChair()
    if not typed_name.strip() or fold(" ".join(typed_name.split())) != fold(" ".join(name.split())):
        raise NameDiffers(name=name)
    check_attendance(guests)
    check_minutes(items)


def check_reminders(*, every_months: int, ahead_days: int) -> None:
    """Raises IntervalUnfit or AheadUnfit."""
    if not LEAST_MONTHS <= every_months <= MOST_MONTHS:
        raise IntervalUnfit()
    if not 0 <= ahead_days <= MOST_AHEAD:
        raise AheadUnfit()


def next_due(
    *, planned: Collection[date], last_held: date | None, first_on: date | None, every_months: int
) -> date | None:
    """The day by which the next review is to be held.

    The nearest planned one that is not held; without one the last held day and the interval, else the first day that
    was set; None where neither is known.
    """
    if planned:
        return min(planned)
    if last_held is not None:
        return months_later(last_held, every_months)
    return first_on


def how_near(due: date | None, *, ahead_days: int, today: date) -> Due:
    """How near that day is: overdue from the day after, soon within the days ahead."""
    if due is None:
        return Due.NONE
    if due < today:
        return Due.OVERDUE
    return Due.SOON if (due - today).days <= ahead_days else Due.LATER


def usual_period(*, planned_on: date, last_period_ends: date | None, every_months: int) -> tuple[date, date]:
    """The period a new review looks at: from the day after the last one's, up to the day before the review."""
    ends = date.fromordinal(planned_on.toordinal() - 1)
    if last_period_ends is not None and last_period_ends < ends:
        return date.fromordinal(last_period_ends.toordinal() + 1), ends
    return months_later(planned_on, -every_months), ends
