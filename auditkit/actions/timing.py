"""Due dates of actions: set by a scheme's limits or by a day somebody named, ended, and run again. Writes no journal.

Each keeps the calendar it was computed with and the lines that say how it was reached. Checked by
tests/slices/actions/test_action_limits.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from auditkit.accounts.queries import organisations
from auditkit.actions import rules
from auditkit.actions.models import Action, ActionDue, ActionLimit, ActionPath, ActionScheme, ActionStep
from auditkit.actions.rules import Ended, Grade, LimitRule, Noticed, Starts, State, Target
from auditkit.base.calendar import Calendar, Unit, count, kept
from auditkit.base.db import Session


@dataclass(frozen=True)
class Raised:
    """From when limits run. `at` with `day_only`: midnight UTC of a day. `audit_end`: last day of the audit.

    `named`: days that the body itself named; they come before what its scheme would say.
    """

    at: datetime
    day_only: bool = False
    audit_end: date | None = None
    named: Mapping[Target, date] = field(default_factory=dict)


def midnight(day: date) -> datetime:
    """How a day without an hour is handed to the calendar."""
    return datetime.combine(day, time(), UTC)


def calendar_at(tx: Session, at: datetime) -> Calendar:
    """The working-day calendar of the session's organisation for a limit that begins at `at`."""
    organisation_id = tx.info["organisation_id"]
    country = next((one.country for one in organisations(tx) if one.id == organisation_id), "")
    return kept.current(tx, at, country)


def limits_of(tx: Session, scheme_id: int) -> list[LimitRule]:
    """The limits of a scheme."""
    found = tx.execute(select(ActionLimit).where(ActionLimit.scheme_id == scheme_id).order_by(ActionLimit.id)).scalars()
    return [
        LimitRule(Grade(one.grade), Target(one.target), one.amount, Unit(one.unit), one.working, Starts(one.starts))
        for one in found
    ]


def set_by_scheme(
    tx: Session,
    action: Action,
    path: ActionPath,
    raised: Raised,
    now: datetime,
    only: Iterable[Target] = rules.BY_SCHEME,
) -> None:
    """Set the due dates that the scheme and the body ask for; `only` those targets."""
    wanted = set(only)
    for target, day in raised.named.items():
        if target in wanted or target is Target.NEXT_AUDIT:
            set_day(tx, action, target, day, raised.at, now, why="body")
    if path.scheme_id is None:
        return
    title = tx.execute(select(ActionScheme.title).where(ActionScheme.id == path.scheme_id)).scalar_one()
    for rule in rules.of_grade(limits_of(tx, path.scheme_id), Grade(path.grade)):
        if rule.target in wanted and rule.target not in raised.named:
            _count(tx, action, rule, raised, title, now)


def _count(tx: Session, action: Action, rule: LimitRule, raised: Raised, title: str, now: datetime) -> None:
    start, day_only = raised.at, raised.day_only
    if rule.starts is Starts.AUDIT_END and raised.audit_end is not None:
        start, day_only = midnight(raised.audit_end), True
    calendar = calendar_at(tx, start)
    due = count(calendar, start, rule.limit(), day_only=day_only)
    _add(
        tx,
        ActionDue(
            action_id=action.id,
            target=rule.target,
            starts_at=min(start, due.at),
            due_at=due.at,
            zone=calendar.zone,
            calendar_id=kept.freeze(tx, calendar, now),
            limit={
                "amount": rule.amount,
                "unit": rule.unit.value,
                "working": rule.working,
                "starts": rule.starts.value if raised.audit_end else Starts.RAISED.value,
                "scheme": title,
                "grade": rule.grade.value,
            },
            lines=due.lines,
        ),
        now,
    )


def set_day(
    tx: Session,
    action: Action,
    target: Target,
    day: date,
    starts_at: datetime,
    now: datetime,
    *,
    step_id: int | None = None,
    why: str = "",
) -> None:
    """Set a due date at the end of a day that was named, where the organisation is."""
    calendar = calendar_at(tx, midnight(day))
    due_at = calendar.end_of_day(day)
    line = {"is": "named", "day": day.isoformat(), **({"by": why} if why else {})}
    row = ActionDue(
        action_id=action.id,
        step_id=step_id,
        target=target,
        starts_at=min(starts_at, due_at),
        due_at=due_at,
        zone=calendar.zone,
        lines=[line],
    )
    _add(tx, row, now)


def _add(tx: Session, row: ActionDue, now: datetime) -> None:
    row.set_at, row.state, row.noticed, row.version = now, Ended.RUNNING, Noticed.NOTHING, 1
    row.notice_at = rules.next_notice(Noticed.NOTHING, row.starts_at, row.due_at)
    tx.add(row)
    tx.flush()


def own_day(tx: Session, action: Action, now: datetime) -> None:
    """Keep the due date of the action itself in step with `due_on` while it is open."""
    if action.state != State.OPEN:
        return
    end(tx, action, [Target.DONE], Ended.DROPPED, now)
    set_day(tx, action, Target.DONE, action.due_on, action.opened_at, now)


def step_day(tx: Session, action: Action, step: ActionStep, now: datetime) -> None:
    """The same for a step."""
    end(tx, action, [Target.STEP], Ended.DROPPED, now, step_id=step.id)
    set_day(tx, action, Target.STEP, step.due_on, step.planned_at, now, step_id=step.id)


def end(
    tx: Session, action: Action, targets: Iterable[Target], how: Ended, now: datetime, *, step_id: int | None = None
) -> None:
    """End the running due dates of these targets."""
    query = select(ActionDue).where(
        ActionDue.action_id == action.id, ActionDue.state == Ended.RUNNING, ActionDue.target.in_(list(targets))
    )
    if step_id is not None:
        query = query.where(ActionDue.step_id == step_id)
    for row in tx.execute(query).scalars():
        row.state, row.ended_at, row.notice_at = how, now, None
        row.version += 1


def run_again(tx: Session, action: Action, targets: Iterable[Target]) -> None:
    """What was met is asked for again, by the same day: the action opened again."""
    query = select(ActionDue).where(
        ActionDue.action_id == action.id, ActionDue.state == Ended.MET, ActionDue.target.in_(list(targets))
    )
    for row in tx.execute(query).scalars():
        row.state, row.ended_at = Ended.RUNNING, None
        row.notice_at = rules.next_notice(Noticed(row.noticed), row.starts_at, row.due_at)
        row.version += 1
