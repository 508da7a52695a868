"""The words, events and refusals of the clock, and what is due when. Pure.

A *limit* says how much time a stage may take; a *due date* is what it came to for one complaint, with its explanation.
Checked by tests/rules/test_clock_rules.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_, _
from auditkit.complaints.rules import Answer, Kind, Severity, Stage, WaitsFor

DUE_SET = event("complaint:due-set", N_("Due dates set"))
DUE_MOVED = event("complaint:due-moved", N_("Due dates moved"))
DUE_EXTENDED = event("complaint:due-extended", N_("Told that more time is needed"))
DUE_NOTICED = event("complaint:due-noticed", N_("Due date near or passed"))
DUE_SET_FOR_MANY = event("complaints:due-dates-set", N_("Due dates set for complaints that had none"))
DIGEST_PUT = event("complaint:due-digest", N_("Mail about what is due"), about_records=False)
CALENDAR_CHANGED = event("calendar:changed", N_("Working time changed"))
CALENDAR_DAY_SET = event("calendar:day-set", N_("Own day in the calendar set"))
CALENDAR_DAY_DROPPED = event("calendar:day-dropped", N_("Own day in the calendar taken out"))
LIMITS_ADOPTED = event("time-limits:adopted", N_("Time limits taken over"))
LIMITS_CHANGED = event("time-limits:changed", N_("Time limit changed"))
LIMITS_ENDED = event("time-limits:ended", N_("Time limits ended"))
PAUSES_CHANGED = event("time-limits:pauses-changed", N_("Rules of pauses changed"))

OWN_EVENTS = frozenset(one.name for one in (DUE_SET, DUE_MOVED, DUE_EXTENDED, DUE_NOTICED))
TO_EXTEND = "extension"


class Target(StrEnum):
    """What must have happened when the time is up; in the order of the way."""

    ACKNOWLEDGE = "acknowledge"
    ASSESS = "assess"
    UPDATE = "update"
    DECIDE = "decide"
    DECIDE_LATEST = "decide-latest"
    REVIEW = "review"
    ACT = "act"
    CLOSE = "close"


class Starts(StrEnum):
    """The moment a limit runs from. `UPDATE`: the last news to the complainant, or the receipt."""

    RECEIPT = "receipt"
    ACKNOWLEDGEMENT = "acknowledgement"
    ASSESSMENT = "assessment"
    UPDATE = "update"
    DECISION = "decision"
    ANSWER = "answer"


class Ended(StrEnum):
    """How a due date stands in the table: it runs, it was met, it does not apply any more, or more time was asked."""

    RUNNING = "running"
    MET = "met"
    DROPPED = "dropped"
    EXTENDED = "extended"


class State(StrEnum):
    """How a due date is seen at a moment."""

    ON_TIME = "on-time"
    WARNED = "warned"
    OVERDUE = "overdue"
    VERY_OVERDUE = "very-overdue"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met-late"
    DROPPED = "dropped"
    EXTENDED = "extended"


class Why(StrEnum):
    """Why due dates were moved."""

    PAUSED = "paused"
    RESUMED = "resumed"
    REASSESSED = "reassessed"
    BY_HAND = "by-hand"


LATE = (State.OVERDUE, State.VERY_OVERDUE, State.MET_LATE)
NOTICED = ("", State.WARNED.value, State.OVERDUE.value, State.VERY_OVERDUE.value)
"""What was noticed of a due date, in the order in which it comes."""

TARGET_TITLES = {
    Target.ACKNOWLEDGE: N_("Acknowledge"),
    Target.ASSESS: N_("Assess"),
    Target.UPDATE: N_("Tell how it stands"),
    Target.DECIDE: N_("Decide and tell"),
    Target.DECIDE_LATEST: N_("Decide and tell at the latest"),
    Target.REVIEW: N_("Look again after a refusal"),
    Target.ACT: N_("Deliver the remedy"),
    Target.CLOSE: N_("Close"),
}
STARTS_TITLES = {
    Starts.RECEIPT: N_("receipt"),
    Starts.ACKNOWLEDGEMENT: N_("acknowledgement"),
    Starts.ASSESSMENT: N_("assessment"),
    Starts.UPDATE: N_("the last news to the complainant"),
    Starts.DECISION: N_("the decision"),
    Starts.ANSWER: N_("the complainant's answer"),
}
STATE_TITLES = {
    State.ON_TIME: N_("In time"),
    State.WARNED: N_("Soon due"),
    State.OVERDUE: N_("Overdue"),
    State.VERY_OVERDUE: N_("Long overdue"),
    State.PAUSED: N_("Clock paused"),
    State.MET: N_("Done in time"),
    State.MET_LATE: N_("Done late"),
    State.DROPPED: N_("No longer applies"),
    State.EXTENDED: N_("More time was asked for"),
}
WHY_TITLES = {
    Why.PAUSED: N_("The clock is paused"),
    Why.RESUMED: N_("The clock runs again"),
    Why.REASSESSED: N_("The complaint was assessed anew"),
    Why.BY_HAND: N_("Computed anew by hand"),
}
STATE_TONES = {
    State.ON_TIME: ("neutral", "clock"),
    State.WARNED: ("warn", "hourglass-split"),
    State.OVERDUE: ("bad", "exclamation-triangle"),
    State.VERY_OVERDUE: ("bad", "exclamation-octagon"),
    State.PAUSED: ("info", "pause-circle"),
    State.MET: ("good", "check-circle"),
    State.MET_LATE: ("warn", "check-circle"),
    State.DROPPED: ("neutral", "dash-circle"),
    State.EXTENDED: ("info", "calendar-plus"),
}


class NoLimitsInForce(RuleBroken):
    message = N_("No time limits are in force. Take some over from the library or write your own first")


class ImportUnknown(BadInput):
    message = N_("There is no import %(number)s. The page of earlier imports names those there are")


class NothingToMove(RuleBroken):
    message = N_("No due date of this complaint runs, so there is none to compute anew")


class ClosedHasNoDueDates(RuleBroken):
    message = N_("This complaint is closed; due dates are for open ones")


class NothingToExtend(RuleBroken):
    message = N_(
        "There is no decision due that could be put off. Only limits with a latest date for the decision allow it"
    )


class ReasonMissing(BadInput):
    message = N_("Say why the due dates are computed anew; it stays on record")


class TakenOverBefore(RuleBroken):
    message = N_("These time limits were taken over before. Change them, or end them first")


class LimitReplaced(Conflict):
    message = N_(
        "Somebody else changed or ended this limit meanwhile. Look at the time limits again and change the one that "
        "holds now"
    )


class ZoneUnknown(BadInput):
    message = N_("%(zone)r is no time zone. Choose one such as Europe/Athens")


class WholeWeekOff(BadInput):
    message = N_("At least one day of the week has to be worked")


class HoursBackwards(BadInput):
    message = N_("%(day)s closes before it opens. Enter the opening time first")


class PlaceUnknown(BadInput):
    message = N_("No public holidays are known for %(place)s. Choose a country and part of the list, or none")


class DayWithoutTitle(BadInput):
    message = N_("Say what day it is, such as “Stocktaking”")


WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


def weekday_title(day: int) -> str:
    """The name of an ISO weekday (Monday 1) in the language of the screen."""
    return _(WEEKDAYS[day - 1])


# What a limit asks, and of which complaints


@dataclass(frozen=True)
class Scope:
    """Which complaints a set of limits is for; empty means any."""

    kinds: tuple[str, ...] = (Kind.COMPLAINT.value, Kind.CONCERN.value, Kind.DISPUTE.value)
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def holds(self, standing: "Standing") -> bool:
        """Whether it is for this complaint."""
        asked = ((self.kinds, standing.kind), (self.channels, standing.channel), (self.categories, standing.category))
        return all(not wanted or word in wanted for wanted, word in asked)


@dataclass(frozen=True)
class LimitRule:
    """A limit as far as choosing it goes; `severities` and `priorities` empty: any."""

    id: int
    set_id: int
    target: Target
    starts: Starts
    severities: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What the clock looks at of a complaint. `round` counts from one and grows with each reopening.

    `told_at`: when the complainant was told of the standing decision. `news_at`: when the complainant last heard
    anything.
    """

    kind: str
    channel: str
    category: str
    severity: str
    priority: str
    stage: str
    received_at: datetime
    received_is_day: bool = False
    round: int = 1
    reopened_at: datetime | None = None
    acknowledged_at: datetime | None = None
    assessed_at: datetime | None = None
    news_at: datetime | None = None
    decided_at: datetime | None = None
    told_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    delivered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def known_at(self) -> datetime | None:
        """Since when the complainant knows the decision: told, else by answering it, else by the closing."""
        if self.decided_at is None:
            return None
        return self.told_at or self.answered_at or self.closed_at

    @property
    def closed(self) -> bool:
        """Whether nothing is due any more."""
        return self.stage == Stage.CLOSED


def severity_taken(severity: str, assumed: str) -> str:
    """The severity that limits are chosen by: that of the complaint, or the one assumed until it is assessed."""
    return severity or assumed


def chosen(limits: Iterable[LimitRule], severity: str, priority: str) -> list[LimitRule]:
    """For each set and target the limit that fits best: one that names priority or severity before one for all."""
    best: dict[tuple[int, Target], tuple[int, int, LimitRule]] = {}
    for one in limits:
        if (one.severities and severity not in one.severities) or (one.priorities and priority not in one.priorities):
            continue
        fits = 2 * bool(one.priorities) + bool(one.severities)
        key = (one.set_id, one.target)
        if key not in best or (fits, -one.id) > best[key][:2]:
            best[key] = (fits, -one.id, one)
    return [one for _, _, one in sorted(best.values(), key=lambda found: found[2].id)]


def begins(standing: Standing, target: Target, starts: Starts) -> tuple[datetime, bool] | None:
    """When a limit begins to run and whether only the day of it is known; None while it does not run yet.

    After a reopening the limits that would run from the receipt run from it; what was acknowledged and assessed stays.
    """
    first = (standing.reopened_at or standing.received_at, standing.received_is_day and not standing.reopened_at)
    if standing.round > 1 and target in (Target.ACKNOWLEDGE, Target.ASSESS):
        return None
    if target is Target.REVIEW:
        return (standing.answered_at, False) if standing.answer == Answer.REFUSED and standing.answered_at else None
    at: datetime | None
    match starts:
        case Starts.RECEIPT:
            return first
        case Starts.UPDATE:
            news = standing.news_at
            return (news, False) if news and news > first[0] else first
        case Starts.ACKNOWLEDGEMENT:
            at = standing.acknowledged_at
        case Starts.ASSESSMENT:
            at = standing.assessed_at
        case Starts.DECISION:
            at = standing.decided_at
        case Starts.ANSWER:
            at = standing.answered_at
    if at is None:
        return None
    return (standing.reopened_at, False) if standing.reopened_at and at < standing.reopened_at else (at, False)


def done_at(standing: Standing, target: Target, since: datetime) -> datetime | None:
    """When what `target` asks for happened, for a limit that runs `since`; None while it did not.

    A decision counts when the complainant knows it; one known before the limit began is an earlier one. Updates are
    asked for until then.
    """
    decided = standing.known_at if standing.known_at and standing.known_at >= since else None
    match target:
        case Target.ACKNOWLEDGE:
            return standing.acknowledged_at
        case Target.ASSESS:
            return standing.assessed_at
        case Target.UPDATE:
            news = standing.news_at if standing.news_at and standing.news_at > since else None
            return min((one for one in (news, decided) if one), default=None)
        case Target.DECIDE | Target.DECIDE_LATEST | Target.REVIEW:
            return decided
        case Target.ACT:
            return standing.delivered_at
        case Target.CLOSE:
            return standing.closed_at


def wanted_still(standing: Standing, target: Target) -> bool:
    """Whether a limit of this target may begin now: not for a closed case, nor for a stage that lies behind."""
    if standing.closed:
        return False
    if target in (Target.UPDATE, Target.DECIDE, Target.DECIDE_LATEST):
        return standing.known_at is None
    if target is Target.ACT:
        stands = standing.decided_at is not None and standing.answer != Answer.REFUSED
        return stands and standing.delivered_at is None
    return True


def state_of(
    ended: str, late: bool, warn_at: datetime, due_at: datetime, very_at: datetime, paused: bool, now: datetime
) -> State:
    """How a due date is seen at `now`."""
    if ended == Ended.MET:
        return State.MET_LATE if late else State.MET
    if ended != Ended.RUNNING:
        return State(ended)
    if paused and now <= due_at:
        return State.PAUSED
    if now > very_at:
        return State.VERY_OVERDUE
    if now > due_at:
        return State.OVERDUE
    return State.WARNED if now >= warn_at else State.ON_TIME


def passed(warn_at: datetime, due_at: datetime, very_at: datetime, now: datetime) -> str:
    """What is to be noticed at `now`: the farthest of the three moments that has passed; empty for none."""
    if now > very_at:
        return State.VERY_OVERDUE.value
    if now > due_at:
        return State.OVERDUE.value
    return State.WARNED.value if now >= warn_at else ""


def next_notice(noticed: str, warn_at: datetime, due_at: datetime, very_at: datetime) -> datetime | None:
    """The moment from which there is more to notice than `noticed`."""
    return {"": warn_at, "warned": due_at, "overdue": very_at}.get(noticed)


# Pauses


@dataclass(frozen=True)
class PauseRule:
    """Whether waiting for somebody stops the clock, for how many days at most, and how often in one case."""

    holds: bool
    max_days: int
    max_count: int


PAUSE_RULES: Mapping[WaitsFor, PauseRule] = {
    WaitsFor.COMPLAINANT: PauseRule(True, 30, 3),
    WaitsFor.AUTHORITY: PauseRule(True, 60, 2),
    WaitsFor.EXPERT: PauseRule(True, 30, 1),
    WaitsFor.PARTNER: PauseRule(False, 30, 1),
    WaitsFor.COLLEAGUE: PauseRule(False, 30, 1),
}
"""Where the organisation says nothing else: what is in its own hands does not stop the clock."""

HOLD_TITLES = {
    "holds": N_("The clock stands while it is awaited"),
    "not-a-ground": N_("Waiting for this does not stop the clock"),
    "too-often": N_("The clock was stopped for this as often as allowed, so it runs on"),
}


def hold(rule: PauseRule, held_before: int) -> str:
    """Whether a new pause stops the clock: a key of HOLD_TITLES."""
    if not rule.holds:
        return "not-a-ground"
    return "too-often" if held_before >= rule.max_count else "holds"


ASSUMED_SEVERITY = Severity.MEDIUM.value
