"""Planning a review, changing its plan, and how often the organisation reviews."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from sqlalchemy import delete, select

from auditkit.accounts.queries import members_with
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.content.shapes import AgendaShape
from auditkit.journal.service import record
from auditkit.reviews import queries, rules
from auditkit.reviews.inputs.content import digest
from auditkit.reviews.models import ManagementReview, ReviewInput, ReviewInterval
from auditkit.reviews.rules import State
from auditkit.reviews.service.attending import invited
from auditkit.reviews.service.taking import note_down, taken, touch

SERIES = "management-review"


@dataclass(frozen=True)
class PlanReview:
    """`agenda` in the language of the minutes. The chair is invited, as top management."""

    title: str
    planned_on: date
    period_from: date
    period_to: date
    chair_id: int
    agenda: AgendaShape
    place: str = ""


@dataclass(frozen=True)
class ReplanReview:
    """`version` is the review's as the person saw it."""

    number: str
    version: int
    title: str
    planned_on: date
    period_from: date
    period_to: date
    chair_id: int
    place: str = ""


@dataclass(frozen=True)
class SetInterval:
    every_months: int
    ahead_days: int
    first_on: date | None = None


@verb("reviews.edit", leaves=rules.PLANNED)
def plan(tx: Session, command: PlanReview, now: datetime, actor: Actor) -> str:
    """Plan a review with the agenda as it is; its number.

    Raises TitleMissing, PeriodReversed, PeriodTooLong, PeriodAhead, ChairUnknown.
    """
    rules.check_plan(
        title=command.title, first=command.period_from, last=command.period_to, planned_on=command.planned_on
    )
    chair = _chair(tx, command.chair_id)
    agenda = [one.model_dump(mode="json") for one in command.agenda.items]
    year = command.planned_on.year
    row = ManagementReview(
        number=rules.number(year, next_number(tx, SERIES, year)),
        title=command.title.strip(),
        place=command.place.strip(),
        planned_on=command.planned_on,
        period_from=command.period_from,
        period_to=command.period_to,
        chair_id=command.chair_id,
        agenda_id=command.agenda.id,
        agenda=agenda,
        agenda_digest=digest(rfc8785.dumps(agenda)),
        state=State.PLANNED,
        planned_at=now,
        planned_by=actor.person_id,
        changed_at=now,
        version=1,
    )
    tx.add(row)
    tx.flush()
    tx.add(invited(row, person_id=command.chair_id, name=chair, function="", top_management=True))
    tx.flush()
    note_down(tx, rules.PLANNED, row, now, actor, on=command.planned_on.isoformat(), chair=command.chair_id)
    return row.number


@verb("reviews.edit", leaves=rules.REPLANNED)
def replan(tx: Session, command: ReplanReview, now: datetime, actor: Actor) -> None:
    """Change the plan. A new period or day makes the frozen inputs those of another one: they are computed again then.

    Raises NotFound, AlreadyHeld, AlreadySigned, ReviewChanged, and what planning refuses.
    """
    row = taken(tx, command.number)
    rules.check_plannable(State(row.state))
    if row.version != command.version:
        raise rules.ReviewChanged()
    rules.check_plan(
        title=command.title, first=command.period_from, last=command.period_to, planned_on=command.planned_on
    )
    chair = _chair(tx, command.chair_id)
    wanted: dict[str, Any] = {
        "title": command.title.strip(),
        "place": command.place.strip(),
        "planned_on": command.planned_on,
        "period_from": command.period_from,
        "period_to": command.period_to,
        "chair_id": command.chair_id,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if {"period_from", "period_to"} & set(changed):
        tx.execute(delete(ReviewInput).where(ReviewInput.review_id == row.id))
        row.state, row.frozen_at, row.frozen_by = State.PLANNED, None, None
    if "chair_id" in changed and all(one.person_id != command.chair_id for one in queries.guests(tx, row.id)):
        tx.add(invited(row, person_id=command.chair_id, name=chair, function="", top_management=True))
        tx.flush()
    touch(row, now)
    note_down(tx, rules.REPLANNED, row, now, actor, changed=changed)


@verb("reviews.edit", leaves=rules.REMINDERS_SET)
def set_interval(tx: Session, command: SetInterval, now: datetime, actor: Actor) -> None:
    """Say how often the organisation reviews and how early it is reminded. Raises IntervalUnfit, AheadUnfit."""
    rules.check_reminders(every_months=command.every_months, ahead_days=command.ahead_days)
    row = tx.execute(select(ReviewInterval)).scalar_one_or_none()
    if row is None:
        row = ReviewInterval()
        tx.add(row)
    row.every_months, row.ahead_days, row.first_on = command.every_months, command.ahead_days, command.first_on
    tx.flush()
    facts = {"months": command.every_months, "days": command.ahead_days}
    record(tx, rules.REMINDERS_SET, now=now, actor=actor, subject=("review-interval", row.id), facts=facts)


def _chair(tx: Session, person_id: int) -> str:
    """The name of somebody who may sign. Raises ChairUnknown."""
    name = {one.person_id: one.name for one in members_with(tx, "reviews.sign")}.get(person_id)
    if name is None:
        raise rules.ChairUnknown()
    return name
