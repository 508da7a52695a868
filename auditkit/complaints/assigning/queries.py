"""Reads of the rules of assignment, of what they decided, and of who is away."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import members_with, organisations
from auditkit.base.calendar import kept
from auditkit.base.db import Session
from auditkit.complaints.assigning.models import AssignmentRule, ComplaintAssignment, HandlerAbsence
from auditkit.complaints.assigning.rules import ASKED, Asked, Rule
from auditkit.complaints.models import ComplaintParty
from auditkit.complaints.queries import asked_first
from auditkit.complaints.service.taking import HANDLE

BY_RULE = asked_first(ComplaintAssignment.__tablename__)


@dataclass(frozen=True)
class Absence:
    """A member is away."""

    id: int
    person_id: int
    deputy_id: int
    first_day: date
    last_day: date


@dataclass(frozen=True)
class ByRule:
    """A rule named the owner of a complaint: its place then, what it asked then, and on what occasion."""

    number: int
    asked: Asked
    owner_id: int
    happened: str
    assigned_at: datetime


def rules_in_force(tx: Session) -> list[Rule]:
    """The rules in their order, the last line last."""
    found = tx.execute(select(AssignmentRule).order_by(AssignmentRule.is_last, AssignmentRule.position)).scalars()
    return [
        Rule(
            one.id,
            one.position,
            Asked(**{name: tuple(getattr(one, name)) for name in ASKED}),
            one.owner_id,
            one.deputy_id,
        )
        for one in found
    ]


def by_rule(tx: Session, complaint_id: int) -> ByRule | None:
    """How a rule named the owner of the complaint; None where a person did, or nobody."""
    one = tx.execute(
        select(ComplaintAssignment).where(ComplaintAssignment.complaint_id == complaint_id)
    ).scalar_one_or_none()
    if one is None:
        return None
    asked = Asked(**{name: tuple(words) for name, words in one.asked.items()})
    return ByRule(one.number, asked, one.owner_id, one.happened, one.assigned_at)


def may_own(tx: Session, complaint_id: int | None = None) -> frozenset[int]:
    """Who handles complaints here, without those whom this one is about."""
    found = {one.person_id for one in members_with(tx, HANDLE)}
    if complaint_id is not None:
        query = select(ComplaintParty.person_id).where(ComplaintParty.complaint_id == complaint_id)
        found -= set(tx.execute(query).scalars())
    return frozenset(found)


def today(tx: Session, now: datetime) -> date:
    """The day it is in the organisation."""
    organisation_id = tx.info["organisation_id"]
    country = next((one.country for one in organisations(tx) if one.id == organisation_id), "")
    return kept.current(tx, now, country).today(now)


def absences(tx: Session, since: date) -> list[Absence]:
    """Who is or will be away, from this day on, the nearest first."""
    columns = [getattr(HandlerAbsence, name) for name in Absence.__dataclass_fields__]
    query = select(*columns).where(HandlerAbsence.last_day >= since)
    return [Absence(*row) for row in tx.execute(query.order_by(HandlerAbsence.first_day, HandlerAbsence.id))]


def stands_in(tx: Session, now: datetime) -> dict[int, int]:
    """Who is away now -> who stands in."""
    # Nobody is away in most requests, and the day of the organisation costs more than to see that
    if tx.execute(select(HandlerAbsence.id).limit(1)).scalar_one_or_none() is None:
        return {}
    day = today(tx, now)
    return {one.person_id: one.deputy_id for one in absences(tx, day) if one.first_day <= day}


def stood_in_for(tx: Session, person_id: int, now: datetime) -> tuple[int, ...]:
    """For whom a person stands in now."""
    return tuple(sorted(absent for absent, deputy in stands_in(tx, now).items() if deputy == person_id))
