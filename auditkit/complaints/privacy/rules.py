"""Retention, holds, anonymisation and requests of people about their data: what may be done and when. Pure.

Times of keeping are the organisation's own data, never constants; the supplied library offers one to begin with.
Checked by tests/rules/test_complaints_privacy_rules.py.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

RULE_PUT = event("complaints:retention-rule-put", N_("Time of keeping set"))
RULE_ENDED = event("complaints:retention-rule-ended", N_("Time of keeping ended"))
SETTINGS_PUT = event("complaints:privacy-settings-put", N_("Settings of personal data changed"))
WARNED = event("complaint:retention-warned", N_("Personal data will be erased soon"), about_records=False)
LOOKED = event("complaints:retention-looked", N_("Times of keeping looked through"), about_records=False)
KEEPING_PUT = event("complaints:keeping-time-put", N_("Time of keeping of records beside cases set"))
TIDIED = event("complaints:beside-cases-tidied", N_("Records beside cases erased at their time"), about_records=False)
HELD = event("complaint:hold-placed", N_("Kept beyond its time (hold)"))
RELEASED = event("complaint:hold-lifted", N_("Hold lifted"))
ANONYMISED = event("complaint:anonymised", N_("Personal data erased"))
WITHDRAWN = event("complaint:consent-withdrawn", N_("Consent withdrawn"))
ASKED = event("privacy-request:opened", N_("Request about personal data received"))
CASE_ADDED = event("privacy-request:case-added", N_("Case added to a request about personal data"))
CASE_KEPT = event("privacy-request:case-kept", N_("Case kept in spite of a request, with the reason"))
HANDED_OVER = event("privacy-request:data-handed-over", N_("Copy of personal data made"), about_records=False)
SETTLED = event("privacy-request:settled", N_("Request about personal data answered"))
SEARCHED = event("complaints:person-searched", N_("Searched for a person's data"), about_records=False)

MARK = "[erased]"
"""What stands where a text was erased and a text has to stand."""
LONGEST_REASON = 2_000
SHORTEST_SEARCH = 3
REQUEST_DAYS = 30
WARN_DAYS = 30


class Ground(StrEnum):
    """Why personal data was erased."""

    RETENTION = "retention"
    REQUEST = "request"
    BY_HAND = "by-hand"


class RequestKind(StrEnum):
    """What a person asks for."""

    ACCESS = "access"
    ERASURE = "erasure"


class RequestState(StrEnum):
    """How far a request is."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


class Verdict(StrEnum):
    """What became of one case in a request."""

    GIVEN = "given"
    ERASED = "erased"
    KEPT = "kept"


class Consent(StrEnum):
    """What a complainant agreed to and can take back."""

    PROCESSING = "processing"
    SHARING = "sharing"


class Aside(StrEnum):
    """What is kept beside the cases and has a time of its own (`beside`)."""

    MAILS = "mails-aside"
    FILTERS = "filters"
    PROFILES = "import-profiles"
    TOKENS = "api-tokens"
    REQUESTS = "api-requests"
    PARCELS = "mail-to-members"
    JOBS = "jobs"


class Obstacle(StrEnum):
    """Why a case may not be anonymised now."""

    OPEN = "open"
    HOLD = "hold"
    WAITING = "waiting"
    DUTY = "duty"
    DONE = "done"


GROUND_TITLES = {
    Ground.RETENTION: N_("Its time of keeping ended"),
    Ground.REQUEST: N_("The person asked for it"),
    Ground.BY_HAND: N_("Decided by a member"),
}
REQUEST_TITLES = {
    RequestKind.ACCESS: N_("Copy of everything held (access)"),
    RequestKind.ERASURE: N_("Erasure"),
}
STATE_TITLES = {
    RequestState.OPEN: N_("Open"),
    RequestState.ANSWERED: N_("Answered"),
    RequestState.REFUSED: N_("Refused"),
}
VERDICT_TITLES = {
    Verdict.GIVEN: N_("Copy made"),
    Verdict.ERASED: N_("Erased"),
    Verdict.KEPT: N_("Kept, with a reason"),
}
CONSENT_TITLES = {
    Consent.PROCESSING: N_("Use of the data to handle the complaint"),
    Consent.SHARING: N_("Passing the data on to whoever the complaint is about"),
}
OBSTACLE_TITLES = {
    Obstacle.OPEN: N_("The case is open: without the data it cannot be handled. Close it first"),
    Obstacle.HOLD: N_("A hold is in force. Lift it first, with a reason"),
    Obstacle.WAITING: N_("A message to the complainant has not left yet. Wait until it has, or settle it"),
    Obstacle.DUTY: N_("The law demands that the case is kept until %(day)s"),
    Obstacle.DONE: N_("The personal data of this case was erased before"),
}
READING_LASTS = timedelta(hours=8)
"""A reading of a case's messages stands for the looks of the same person at the same case that follow within it."""
EXPORT, MAYBE_EXPORT = "register-export", "register-export-before"
MESSAGES = "messages"
READ_BY = {
    MESSAGES: N_("The messages were read"),
    EXPORT: N_("It left with its names in an export of the register"),
    MAYBE_EXPORT: N_("The register left with names; this case may be among them"),
    "case-file": N_("A whole case file was made"),
    "case-file-sources": N_("Shown which record feeds which paragraph of the whole case file"),
    "person-copy": N_("A copy was made for the person"),
    "person-search": N_("A person's cases were looked for"),
}
NO_DETRIMENT = N_("Nobody is treated worse for having complained.")
"""What every complainant is promised, and what a withdrawal of consent cannot change."""


class KeepingDaysImpossible(BadInput):
    message = N_("Enter between 1 and 3650 days")


class ReasonMissing(BadInput):
    message = N_("Give the reason; it goes on record")


class ReasonTooLong(BadInput):
    message = N_("The reason is longer than %(longest)s characters. Shorten it")


class CannotAnonymise(RuleBroken):
    message = N_("%(reason)s")


class HeldAlready(Conflict):
    message = N_("A hold is in force already")


class NotHeld(Conflict):
    message = N_("There is no hold to lift")


class MonthsImpossible(BadInput):
    message = N_("Enter between 1 and 1200 months")


class WarningImpossible(BadInput):
    message = N_("Enter between 1 and 365 days of warning")


class DaysImpossible(BadInput):
    message = N_("Enter between 1 and 365 days")


class RuleEnded(Conflict):
    message = N_("This rule has ended already")


class WithdrawnAlready(Conflict):
    message = N_("This consent was withdrawn already")


class NeverGiven(RuleBroken):
    message = N_("There is no consent of this kind on record that could be withdrawn")


class SearchTooShort(BadInput):
    message = N_("Enter at least %(shortest)s characters of the name, e-mail address or telephone number")


class RequestSettled(Conflict):
    message = N_("This request has been answered already")


class CasesUnsettled(RuleBroken):
    message = N_("Say first what becomes of each case: %(references)s")


class ReceivedInFuture(BadInput):
    message = N_("The day the request came in lies in the future. Enter when it came")


@dataclass(frozen=True)
class Rule:
    """How long a complaint of a kind and category (empty: any) is kept after its end.

    `duty`: a law demands it, so that erasing earlier is refused even when the person asks. `automatic`: when the time
    has come the job erases by itself; otherwise it lists the case for a person to decide.
    """

    id: int
    kind: str
    category: str
    months: int
    warn_days: int
    duty: bool
    automatic: bool
    basis: str


def rule_for(rules: Iterable[Rule], kind: str, category: str) -> Rule | None:
    """The rule for a complaint: kind and category together before category alone, that before kind, that before any."""
    fitting = [one for one in rules if one.kind in ("", kind) and one.category in ("", category)]
    return max(fitting, key=lambda one: (one.category != "", one.kind != ""), default=None)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that month has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def kept_until(ended_on: date, rule: Rule) -> date:
    """The last day of keeping."""
    return add_months(ended_on, rule.months)


def warned_from(until: date, rule: Rule) -> date:
    """From when it is said that the data will go."""
    return until - timedelta(days=rule.warn_days)


def goes_on(until: date, warned_on: date, rule: Rule) -> date:
    """The first day on which the job may erase: after the time of keeping, and never without the whole warning."""
    return max(until + timedelta(days=1), warned_on + timedelta(days=rule.warn_days))


def check_reason(text: str) -> str:
    """A reason that can stand on record. Raises ReasonMissing or ReasonTooLong."""
    said = text.strip()
    if not said:
        raise ReasonMissing
    if len(said) > LONGEST_REASON:
        raise ReasonTooLong(longest=LONGEST_REASON)
    return said.replace("\x00", "")


def check_rule(months: int, warn_days: int) -> None:
    """Raises MonthsImpossible or WarningImpossible."""
    if not 1 <= months <= 1200:
        raise MonthsImpossible
    if not 1 <= warn_days <= 365:
        raise WarningImpossible


@dataclass(frozen=True)
class Standing:
    """What decides whether a case may be anonymised. `duty_until`: the last day a law demands, None without."""

    closed: bool
    held: bool
    waiting: bool
    anonymised: bool
    duty_until: date | None


def obstacles(standing: Standing, today: date, *, asked_for: bool = True) -> list[Obstacle]:
    """Everything that stands against anonymising, the weightiest first; empty when it may be done.

    `asked_for`: a person or a member wants it before its time; only then a duty to keep can stand against it.
    """
    if standing.anonymised:
        return [Obstacle.DONE]
    found = {
        Obstacle.OPEN: not standing.closed,
        Obstacle.HOLD: standing.held,
        Obstacle.DUTY: asked_for and standing.duty_until is not None and today <= standing.duty_until,
        Obstacle.WAITING: standing.waiting,
    }
    return [obstacle for obstacle, stands in found.items() if stands]
