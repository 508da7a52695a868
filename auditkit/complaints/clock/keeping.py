"""Keeping the due dates of one complaint true to what happened to it: end what was done, set what began, move what
has to move. `service` and `following` call it inside the transaction of the verb that changed the complaint.

What is set stays frozen: its limit's own row, its calendar and its explanation. It moves for a pause, for another
severity, priority or kind, or by hand with a reason; each time the journal tells.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.calendar import Calendar, Limit, Pause, Unit, count, kept, running_share
from auditkit.base.db import Session
from auditkit.base.events import Event
from auditkit.complaints.clock import rules
from auditkit.complaints.clock.knowing import (
    Known,
    calendar_at,
    limits_in_force,
    pause_rules,
)
from auditkit.complaints.clock.models import (
    ClockHold,
    ComplaintClock,
    ComplaintDue,
    TimeLimit,
)
from auditkit.complaints.clock.rules import Ended, LimitRule, Scope, Starts, Target, Why
from auditkit.complaints.models import (
    ComplaintPause,
)
from auditkit.complaints.rules import Answer, WaitsFor
from auditkit.journal import service as journal

PROMISE_WARN, PROMISE_VERY = 75, 150


def begin(tx: Session, found: Known, now: datetime, actor: Actor, reason: str = "") -> bool:
    """Keep the time of a complaint from now on; whether any limit is in force for it."""
    clock = ComplaintClock(
        complaint_id=found.id,
        chosen_at=now,
        assumed_severity=rules.ASSUMED_SEVERITY,
        severity=found.standing.severity,
        paused_seconds=0,
        next_target="",
    )
    keeper = Keeper(tx, clock, found, now, actor)
    if not keeper.choice:
        return False
    tx.add(clock)
    tx.flush()
    keeper.advance(reason=reason)
    return True


@dataclass
class Moved:
    """A due date before and after."""

    due: ComplaintDue
    before: datetime
    why: Why


@dataclass
class Keeper:
    """One complaint, its clock and its due dates, at the moment `now`."""

    tx: Session
    clock: ComplaintClock
    found: Known
    now: datetime
    actor: Actor
    made: list[ComplaintDue] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.standing = replace(self.found.standing, news_at=self.clock.news_at)
        self.dues = list(
            self.tx.execute(
                select(ComplaintDue).where(ComplaintDue.complaint_id == self.found.id).order_by(ComplaintDue.id)
            ).scalars()
        )
        self._calendars: dict[int, tuple[int, Calendar]] = {}
        self._choose()

    @property
    def running(self) -> list[ComplaintDue]:
        """The due dates that run."""
        return [due for due in self.dues if due.state == Ended.RUNNING]

    def _choose(self) -> None:
        """The limits that are this complaint's, by set and target."""
        self.limits = {limit.id: (limit, owner) for limit, owner in limits_in_force(self.tx, self.clock.chosen_at)}
        fitting = [
            _rule(limit)
            for limit, owner in self.limits.values()
            if Scope(tuple(owner.kinds), tuple(owner.channels), tuple(owner.categories)).holds(self.standing)
        ]
        self.severity = rules.severity_taken(self.standing.severity, self.clock.assumed_severity)
        found = rules.chosen(fitting, self.severity, self.standing.priority)
        self.choice: dict[tuple[int, Target], LimitRule] = {(one.set_id, one.target): one for one in found}

    def advance(self, *, reason: str = "", why: Why = Why.REASSESSED) -> bool:
        """Bring the due dates up to what happened; whether any was set or moved. `reason`: a person asked for it."""
        self._end_what_was_done()
        pause = self._hold()
        self._move(pause, why)
        self._set_what_began()
        self._set_promises()
        self._sum_up()
        return self._tell(reason)

    def extend(self) -> list[ComplaintDue]:
        """The complainant was told that the decision takes longer: what has a latest date behind it gives way."""
        sets = {due.set_id for due in self.running if due.target == Target.DECIDE_LATEST}
        given_way = [due for due in self.running if due.target == Target.DECIDE and due.set_id in sets]
        for due in given_way:
            self._end(due, Ended.EXTENDED, self.now)
        return given_way

    def choose_anew(self) -> None:
        """Take the limits and the calendar in force now; `advance(why=Why.BY_HAND)` then computes everything anew."""
        self.clock.chosen_at = self.now
        self._choose()

    # Ending

    def _end_what_was_done(self) -> None:
        for due in self.running:
            done = rules.done_at(self.standing, Target(due.target), due.starts_at)
            if due.limit_id is None and due.target == Target.REVIEW:
                done = self._reviewed(due, done)
            if done is not None:
                self._end(due, Ended.MET, done)
            elif self.standing.closed:
                self._end(due, Ended.DROPPED, self.now)

    def _reviewed(self, due: ComplaintDue, done: datetime | None) -> datetime | None:
        """A day of review is kept when the owner has set the next one."""
        promised = due.explanation["lines"][-1]["day"]
        looked_again = self.found.review_on is not None and self.found.review_on.isoformat() != promised
        return done or (self.now if looked_again else None)

    def _end(self, due: ComplaintDue, how: Ended, at: datetime) -> None:
        due.state, due.ended_at, due.notice_at, due.mail_due = how.value, at, None, False
        due.late = how is Ended.MET and at > due.due_at

    # Pauses

    def _hold(self) -> Why | None:
        """Note pauses that began or ended; how that moves the due dates, or None."""
        held = {
            row.pause_id: row
            for row in self.tx.execute(select(ClockHold).where(ClockHold.complaint_id == self.found.id)).scalars()
        }
        changed: Why | None = None
        pauses = select(ComplaintPause).where(ComplaintPause.complaint_id == self.found.id)
        for pause in self.tx.execute(pauses.order_by(ComplaintPause.began_at)).scalars():
            hold = held.get(pause.id)
            if hold is None:
                hold = held[pause.id] = self._begin_hold(pause, held.values())
                changed = Why.PAUSED if hold.holds_until else changed
            if hold.ended_at is None and pause.ended_at is not None:
                hold.ended_at = pause.ended_at
                changed = Why.RESUMED if hold.holds_until else changed
        self.pauses = [one for one in map(_as_pause, held.values()) if one]
        self.clock.paused_seconds = round(
            sum((one.end - one.start).total_seconds() for one in self.pauses if one.end <= self.now)
        )
        self.clock.paused_until = max(
            (row.holds_until for row in held.values() if row.holds_until and row.ended_at is None), default=None
        )
        return changed

    def _begin_hold(self, pause: ComplaintPause, before: Iterable[ClockHold]) -> ClockHold:
        rule = pause_rules(self.tx)[WaitsFor(pause.waits_for)]
        often = sum(1 for row in before if row.waits_for == pause.waits_for and row.holds_until)
        verdict = rules.hold(rule, often)
        row = ClockHold(
            pause_id=pause.id,
            complaint_id=self.found.id,
            waits_for=pause.waits_for,
            verdict=verdict,
            began_at=pause.began_at,
            holds_until=pause.began_at + timedelta(days=rule.max_days) if verdict == "holds" else None,
        )
        self.tx.add(row)
        return row

    # Setting and moving

    def _move(self, pause: Why | None, why: Why) -> None:
        for due in self.running:
            if due.limit_id is None or due.set_id is None:
                continue
            rule = self.choice.get((due.set_id, Target(due.target)))
            if rule is None:
                self._end(due, Ended.DROPPED, self.now)
                self.moved.append(Moved(due, due.due_at, why))
            elif why is Why.BY_HAND or rule.id != due.limit_id:
                fresh = why is Why.BY_HAND
                self._recompute(due, self.limits[rule.id][0], why, fresh=fresh)
            elif pause and due.pausable:
                self._recompute(due, self._limit(due.limit_id), pause, fresh=False)

    def _limit(self, limit_id: int) -> TimeLimit:
        found = self.limits.get(limit_id)
        return found[0] if found else self.tx.execute(select(TimeLimit).where(TimeLimit.id == limit_id)).scalar_one()

    def _recompute(self, due: ComplaintDue, limit: TimeLimit, why: Why, *, fresh: bool) -> None:
        before = due.due_at
        if fresh:
            due.calendar_id, calendar = self._frozen(due.starts_at)
        else:
            calendar = kept.frozen(self.tx, due.calendar_id)
        history = [
            *due.explanation.get("history", []),
            {"why": why.value, "at": self.now.isoformat(), "from": before.isoformat()},
        ]
        self._fill(due, limit, calendar, history)
        if why in (Why.PAUSED, Why.RESUMED) and due.due_at == before:
            due.explanation = {**due.explanation, "history": history[:-1]}
            return
        self.moved.append(Moved(due, before, why))

    def _set_what_began(self) -> None:
        for (set_id, target), rule in self.choice.items():
            begun = rules.begins(self.standing, target, rule.starts)
            if begun is None or not rules.wanted_still(self.standing, target):
                continue
            at, is_day = begun
            same = [due for due in self.dues if (due.set_id, due.target) == (set_id, target)]
            if any((due.starts_is_day and is_day) or due.starts_at == at for due in same):
                continue
            limit, owner = self.limits[rule.id]
            due = self._new(target, len(same) + 1, at, is_day)
            due.limit_id, due.set_id, due.set_title = limit.id, owner.id, owner.title
            self._fill(due, limit, self._calendar(due, at), [])
            done = rules.done_at(self.standing, target, due.starts_at)
            if done is not None:
                self._end(due, Ended.MET, done)
            self._add(due)

    def _new(self, target: Target, number: int, at: datetime, is_day: bool) -> ComplaintDue:
        return ComplaintDue(
            complaint_id=self.found.id,
            target=target.value,
            number=number,
            state=Ended.RUNNING.value,
            starts_at=at,
            starts_is_day=is_day,
            late=False,
            noticed="",
            mail_due=False,
            set_at=self.now,
        )

    def _add(self, due: ComplaintDue) -> None:
        self.tx.add(due)
        self.dues.append(due)
        self.made.append(due)

    def _calendar(self, due: ComplaintDue, at: datetime) -> Calendar:
        due.calendar_id, calendar = self._frozen(at)
        return calendar

    def _frozen(self, at: datetime) -> tuple[int, Calendar]:
        if at.year not in self._calendars:
            calendar = calendar_at(self.tx, at)
            self._calendars[at.year] = kept.freeze(self.tx, calendar, self.now), calendar
        return self._calendars[at.year]

    def _fill(self, due: ComplaintDue, limit: TimeLimit, calendar: Calendar, history: list[dict[str, Any]]) -> None:
        pauses = self.pauses if limit.pausable else []
        start, day_only = due.starts_at, due.starts_is_day and not history
        wanted = Limit(limit.amount, Unit(limit.unit), limit.working)
        reached = count(calendar, start, wanted, pauses, day_only=day_only)
        due.starts_at = datetime.fromisoformat(reached.lines[0]["at"])
        reached.lines[0]["day_only"] = due.starts_is_day
        due.limit_id, due.binding, due.pausable, due.due_at = limit.id, limit.binding, limit.pausable, reached.at
        due.warn_at = running_share(due.starts_at, reached.at, pauses, limit.warn_percent)
        if limit.warn_hours:
            due.warn_at = max(due.starts_at, reached.at - timedelta(hours=limit.warn_hours))
        due.very_at = running_share(due.starts_at, reached.at, pauses, limit.very_percent)
        due.explanation = {
            "limit": {
                "amount": limit.amount,
                "unit": limit.unit,
                "working": limit.working,
                "starts": Starts.ANSWER.value if due.target == Target.REVIEW else limit.starts,
                "again": self.standing.round > 1,
                "severity": self.severity,
                "assumed": not self.standing.severity,
                "by_severity": bool(limit.severities),
                "rule": limit.rule,
                "reference": limit.reference,
            },
            "calendar": _told(calendar),
            "lines": reached.lines,
            "history": history,
        }
        self._watch(due)

    def _watch(self, due: ComplaintDue) -> None:
        """From when there is something to notice; what was noticed of a date that moved away is forgotten."""
        passed = rules.passed(due.warn_at, due.due_at, due.very_at, self.now)
        if rules.NOTICED.index(passed) < rules.NOTICED.index(due.noticed):
            due.noticed, due.mail_due = passed, False
        due.notice_at = rules.next_notice(due.noticed, due.warn_at, due.due_at, due.very_at)

    def _set_promises(self) -> None:
        """The days that were promised by hand: the remedy, and the next look at a refused case."""
        standing = self.standing
        if self.found.promised_on and standing.decided_at and rules.wanted_still(standing, Target.ACT):
            self._promise(Target.ACT, self.found.decision_number, standing.decided_at, self.found.promised_on)
        if self.found.review_on and standing.answer == Answer.REFUSED and not standing.closed:
            number = 1 + sum(1 for due in self.dues if due.limit_id is None and due.state == Ended.MET)
            self._promise(Target.REVIEW, number, self.now, self.found.review_on)

    def _promise(self, target: Target, number: int, since: datetime, day: date) -> None:
        same = [due for due in self.dues if due.limit_id is None and due.target == target]
        if any(due.number == number or due.explanation["lines"][-1]["day"] == day.isoformat() for due in same):
            return
        due = self._new(target, number, since, False)
        calendar = self._calendar(due, since)
        at = calendar.end_of_day(day)
        if at <= since:
            return
        due.set_title, due.binding, due.pausable, due.due_at = "", False, False, at
        due.warn_at = running_share(since, at, (), PROMISE_WARN)
        due.very_at = running_share(since, at, (), PROMISE_VERY)
        due.explanation = {
            "calendar": _told(calendar),
            "lines": [
                {"is": "start", "at": since.isoformat(), "day_only": False},
                {"is": "promised", "day": day.isoformat()},
                {"is": "end", "at": at.isoformat(), "day": day.isoformat()},
            ],
            "history": [],
        }
        self._watch(due)
        self._add(due)

    # What follows from it

    def _sum_up(self) -> None:
        clock, running = self.clock, self.running
        first = min(running, key=lambda due: due.due_at, default=None)
        clock.owner_id, clock.deputy_id = self.found.owner_id, self.found.deputy_id
        clock.severity, clock.priority = self.standing.severity, self.standing.priority
        clock.next_target = first.target if first else ""
        clock.next_due_at = first.due_at if first else None
        clock.next_warn_at = min((due.warn_at for due in running), default=None)
        clock.next_very_at = min((due.very_at for due in running), default=None)

    def _tell(self, reason: str) -> bool:
        self.tx.flush()
        changed = bool(self.made or self.moved)
        if self.made:
            self._record(rules.DUE_SET, {"dues": [_facts(due) for due in self.made]}, reason)
        if self.moved:
            dues = [{**_facts(one.due), "was": one.before.isoformat(), "why": one.why.value} for one in self.moved]
            self._record(rules.DUE_MOVED, {"dues": dues}, "" if self.made else reason)
        self.made, self.moved = [], []
        return changed

    def _record(self, what: Event, facts: dict[str, Any], reason: str) -> None:
        journal.record(
            self.tx,
            what,
            now=self.now,
            actor=self.actor,
            subject=("complaint", self.found.id),
            facts={"reference": self.found.reference, **facts},
            personal={"reason": reason} if reason else None,
        )


def _rule(limit: TimeLimit) -> LimitRule:
    return LimitRule(
        limit.id,
        limit.set_id,
        Target(limit.target),
        Starts(limit.starts),
        tuple(limit.severities),
        tuple(limit.priorities),
    )


def _as_pause(row: ClockHold) -> Pause | None:
    if row.holds_until is None:
        return None
    return Pause(row.began_at, min(row.ended_at or row.holds_until, row.holds_until), row.waits_for)


def _told(calendar: Calendar) -> dict[str, Any]:
    return {
        "zone": calendar.zone,
        "weekend": sorted(calendar.weekend),
        "hours": bool(calendar.hours),
        "holidays_from": calendar.holidays_from,
    }


def _facts(due: ComplaintDue) -> dict[str, Any]:
    return {
        "due": due.id,
        "target": due.target,
        "limit": due.limit_id,
        "state": due.state,
        "due_at": due.due_at.isoformat(),
        "calendar": due.calendar_id,
    }
