"""Replaying promises under another policy. Pure: it counts with the clock's own calendar and chooses with its rules.

What people did stays as it was; only the due dates move. Under the policy as it was every promise has its own limit,
its frozen calendar and its pauses, so that the replay gives the recorded due dates, and the breaches, exactly; under a
changed one a promise has the limit that would have been chosen. Checked by tests/rules/test_whatif.py and, over a
recorded register, by tests/slices/insights/test_whatif.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from auditkit.base.calendar import Calendar, Limit, Pause, count
from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.clock.rules import LimitRule, Target, chosen

CalendarAt = Callable[[datetime], Calendar]


class AmountUnreadable(BadInput):
    message = N_("Enter a whole number from 1 to 1000 for “%(limit)s”")


class UnitUnknown(BadInput):
    message = N_("%(unit)r is no unit of a limit. Choose one of the list")


class SeverityUnknown(BadInput):
    message = N_("%(word)r is no severity. Choose one of the list")


class FilterUnknown(BadInput):
    message = N_("%(text)r is no part of the register. Choose one of the list")


class PriorityUnknown(BadInput):
    message = N_("%(word)r is no priority that complaints have. Choose one of the list")


class NothingWorked(BadInput):
    message = N_("At least one day of the week has to be worked")


class HoursUnreadable(BadInput):
    message = N_("Enter both the opening and the closing time, such as 09:00 and 17:00, the opening first")


@dataclass(frozen=True)
class Terms:
    """How much time a limit gives, and whether pauses stop it."""

    limit: Limit
    pausable: bool


@dataclass(frozen=True)
class Promise:
    """A due date as recorded. `terms` None: a day promised by hand, which no policy moves.

    `pauses` are those that counted for it; `done_at` None: not done yet. `severity` and `priority` chose its limit.
    """

    reference: str
    set_id: int | None
    set_title: str
    target: Target
    starts_at: datetime
    severity: str
    priority: str
    terms: Terms | None
    calendar_id: int
    pauses: tuple[Pause, ...]
    due_at: datetime
    done_at: datetime | None

    def missed(self, due_at: datetime, now: datetime) -> bool:
        """Whether a due date of this promise was not kept as things went."""
        return (self.done_at or now) > due_at


@dataclass(frozen=True)
class Policy:
    """What differs from what was in force. `limits` are those in force, `terms` what they give under this policy.

    `changed`: the limits whose terms are others than in force. `severities` and `priorities`: by which other word the
    limit of a complaint is chosen. `calendar`: the working time for a limit that begins at a moment, None as it was.
    """

    limits: Sequence[LimitRule] = ()
    terms: Mapping[int, Terms] = field(default_factory=dict)
    changed: frozenset[int] = frozenset()
    severities: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    calendar: CalendarAt | None = None

    @property
    def differs(self) -> bool:
        """Whether anything differs at all."""
        moved = any(word != other for words in (self.severities, self.priorities) for word, other in words.items())
        return bool(self.changed) or moved or self.calendar is not None

    def terms_of(self, promise: Promise) -> Terms | None:
        """What the promise would have had; its own terms where nothing that concerns it differs."""
        severity = self.severities.get(promise.severity, promise.severity)
        priority = self.priorities.get(promise.priority, promise.priority)
        fitting = chosen(self.limits, severity, priority)
        limit = next((one for one in fitting if (one.set_id, one.target) == (promise.set_id, promise.target)), None)
        same = (severity, priority) == (promise.severity, promise.priority)
        if limit is None or (same and limit.id not in self.changed):
            return promise.terms
        return self.terms[limit.id]


def replayed(promise: Promise, policy: Policy, calendars: Mapping[int, Calendar]) -> datetime:
    """When the promise would have been due; `calendars` are the frozen ones, by key."""
    if promise.terms is None:
        return promise.due_at
    terms = policy.terms_of(promise)
    if terms is None:
        return promise.due_at
    calendar = policy.calendar(promise.starts_at) if policy.calendar else calendars[promise.calendar_id]
    return count(calendar, promise.starts_at, terms.limit, promise.pauses if terms.pausable else ()).at


@dataclass(frozen=True)
class Moved:
    """A promise that one policy keeps and the other misses; `due_at` under the changed one."""

    promise: Promise
    due_at: datetime


class Which(StrEnum):
    """The numbers of a line, each with promises behind it."""

    ALL = "all"
    WAS = "was"
    WOULD = "would"
    NEWLY_MISSED = "newly-missed"
    NEWLY_KEPT = "newly-kept"

    def counts(self, *, was: bool, would: bool) -> bool:
        """Whether a promise counts here that was missed, or not, and would have been, or not."""
        return {
            Which.ALL: True,
            Which.WAS: was,
            Which.WOULD: would,
            Which.NEWLY_MISSED: would and not was,
            Which.NEWLY_KEPT: was and not would,
        }[self]


@dataclass
class Line:
    """Promises of one target and framework: how many were missed, and how many would have been."""

    target: Target
    set_title: str
    promises: int = 0
    was: int = 0
    would: int = 0
    newly_missed: int = 0
    newly_kept: int = 0

    def number(self, which: Which) -> int:
        """One of its numbers."""
        return {
            Which.ALL: self.promises,
            Which.WAS: self.was,
            Which.WOULD: self.would,
            Which.NEWLY_MISSED: self.newly_missed,
            Which.NEWLY_KEPT: self.newly_kept,
        }[which]


@dataclass(frozen=True)
class Replay:
    """The outcome. `disagree`: promises whose recorded due date the replay of the policy as it was does not give."""

    lines: tuple[Line, ...]
    newly_missed: tuple[Moved, ...]
    newly_kept: tuple[Moved, ...]
    disagree: tuple[str, ...]

    @property
    def promises(self) -> int:
        """How many were replayed."""
        return sum(one.promises for one in self.lines)

    @property
    def would(self) -> int:
        """How many of them would have been missed."""
        return sum(one.would for one in self.lines)


def replay(promises: Iterable[Promise], policy: Policy, calendars: Mapping[int, Calendar], now: datetime) -> Replay:
    """Replay every promise under the policy as it was and under this one."""
    as_it_was = Policy()
    lines: dict[tuple[Target, str], Line] = {}
    missed, kept, disagree = [], [], []
    for one in promises:
        before = replayed(one, as_it_was, calendars)
        after = replayed(one, policy, calendars) if policy.differs else before
        if before != one.due_at:
            disagree.append(one.reference)
        was, would = one.missed(before, now), one.missed(after, now)
        line = lines.setdefault((one.target, one.set_title), Line(one.target, one.set_title))
        line.promises += 1
        line.was += was
        line.would += would
        if would and not was:
            line.newly_missed += 1
            missed.append(Moved(one, after))
        if was and not would:
            line.newly_kept += 1
            kept.append(Moved(one, after))
    order = list(Target)
    ordered = sorted(lines.values(), key=lambda one: (order.index(one.target), one.set_title))
    return Replay(tuple(ordered), tuple(missed), tuple(kept), tuple(dict.fromkeys(disagree)))


def behind(
    promises: Iterable[Promise], policy: Policy, calendars: Mapping[int, Calendar], now: datetime,
    line: tuple[Target, str], which: Which,
) -> list[Moved]:  # fmt: skip
    """The promises behind one number of a line (target, framework), each as it would have been due."""
    found = []
    for one in promises:
        if (one.target, one.set_title) != line:
            continue
        before = replayed(one, Policy(), calendars)
        after = replayed(one, policy, calendars) if policy.differs else before
        if which.counts(was=one.missed(before, now), would=one.missed(after, now)):
            found.append(Moved(one, after))
    return found
