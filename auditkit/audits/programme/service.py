"""Keeping the programme, reviewing it, and making the audits of its periods, each once.

`making.make_due` is what the worker does, for every item. tests/slices/audits/test_audit_programme.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from auditkit.accounts.queries import members_with, today_of_house
from auditkit.audits import service as audits
from auditkit.audits.models import Audit
from auditkit.audits.programme import queries, rules
from auditkit.audits.programme.models import (
    AuditProgramme,
    ProgrammeItem,
    ProgrammePeriod,
    ProgrammeReview,
    ProgrammeRisk,
)
from auditkit.audits.programme.rules import Side
from auditkit.audits.queries import house
from auditkit.audits.rules import AuditKind, Method, TeamRole, check_kind, check_plan
from auditkit.audits.tailoring import service as tailoring
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import AuditkitError, NotFound
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.content.library import Checklist, Library
from auditkit.journal.service import record

PROGRAMME, ITEM = "audit-programme", "programme-item"


@dataclass(frozen=True)
class SaveProgramme:
    """The whole programme of a year; `version` 0 where there is none yet. `risks` as `rules.read_risks` reads them."""

    year: int
    cycle_from: int
    objectives: str
    responsible_id: int
    version: int = 0
    scope: str = ""
    methods: str = ""
    resources: str = ""
    risks: str = ""


@dataclass(frozen=True)
class ReviewProgramme:
    year: int
    held_on: date
    conclusions: str
    participants: str = ""
    changes: str = ""


@dataclass(frozen=True)
class SaveItem:
    """An audit of the programme; a new one where `item_id` is None. `clauses` empty: the whole checklist."""

    title: str
    objectives: str
    scope: str
    checklist_id: str
    lead_id: int
    first_on: date
    every_months: int = 0
    last_on: date | None = None
    days: int = 1
    ahead_days: int = 30
    kind: AuditKind = AuditKind.INTERNAL
    method: Method = Method.ON_SITE
    auditee: str = ""
    clauses: tuple[str, ...] = ()
    item_id: int | None = None
    version: int = 0


@dataclass(frozen=True)
class StopItem:
    item_id: int


@dataclass(frozen=True)
class MakePeriods:
    """Periods of an item by their first days."""

    item_id: int
    days: tuple[date, ...]


@dataclass(frozen=True)
class NoteProblem:
    """Why the audit of an item could not be made."""

    item_id: int
    problem: AuditkitError


@verb("audits.programme", leaves=rules.PROGRAMME_SAVED)
def save_programme(tx: Session, command: SaveProgramme, now: datetime, actor: Actor) -> int:
    """Save the programme of a year; returns its id.

    Raises what `rules.check_programme` refuses, RiskHalf, ResponsibleUnknown, ProgrammeChanged.
    """
    rules.check_programme(year=command.year, cycle_from=command.cycle_from, objectives=command.objectives)
    risks = rules.read_risks(command.risks)
    if command.responsible_id not in {one.person_id for one in members_with(tx, "audits.programme")}:
        raise rules.ResponsibleUnknown()
    query = select(AuditProgramme).where(AuditProgramme.year == command.year).with_for_update()
    one = tx.execute(query).scalar_one_or_none()
    if (one.version if one else 0) != command.version:
        raise rules.ProgrammeChanged()
    if one is None:
        one = AuditProgramme(year=command.year, version=0)
        tx.add(one)
    one.cycle_from, one.responsible_id = command.cycle_from, command.responsible_id
    for name in ("objectives", "scope", "methods", "resources"):
        setattr(one, name, getattr(command, name).strip())
    one.saved_at, one.saved_by = now, actor.person_id
    one.version += 1
    tx.flush()
    _set_risks(tx, one.id, risks)
    facts = {
        "year": one.year,
        "cycle_from": one.cycle_from,
        "responsible": one.responsible_id,
        "version": one.version,
        "risks": len(risks),
    }
    record(tx, rules.PROGRAMME_SAVED, now=now, actor=actor, subject=(PROGRAMME, one.id), facts=facts)
    return one.id


def _set_risks(tx: Session, programme_id: int, risks: list[tuple[Side, str, str]]) -> None:
    tx.execute(delete(ProgrammeRisk).where(ProgrammeRisk.programme_id == programme_id))
    for position, (side, what, response) in enumerate(risks, start=1):
        tx.add(ProgrammeRisk(programme_id=programme_id, position=position, side=side, what=what, response=response))
    tx.flush()


@verb("audits.programme", leaves=rules.PROGRAMME_REVIEWED)
def review_programme(tx: Session, command: ReviewProgramme, now: datetime, actor: Actor) -> int:
    """Record a review with how the programme stands now; returns its id.

    Raises NotFound without a programme of that year, ConclusionsMissing, HeldInFuture.
    """
    rules.check_review(held_on=command.held_on, today=today_of_house(tx, now), conclusions=command.conclusions)
    programme = queries.of_year(tx, command.year)
    if programme is None:
        raise NotFound()
    one = ProgrammeReview(
        programme_id=programme.id,
        held_on=command.held_on,
        participants=command.participants.strip(),
        conclusions=command.conclusions.strip(),
        changes=command.changes.strip(),
        facts={"audits": queries.standing_of(tx, command.year), "programme_version": programme.version},
        recorded_at=now,
        recorded_by=actor.person_id,
    )
    tx.add(one)
    tx.flush()
    facts = {"year": command.year, "held_on": command.held_on.isoformat(), **one.facts["audits"]}
    record(tx, rules.PROGRAMME_REVIEWED, now=now, actor=actor, subject=(PROGRAMME, programme.id), facts=facts)
    return one.id


@verb("audits.programme", leaves=rules.ITEM_SAVED)
def save_item(tx: Session, command: SaveItem, now: datetime, actor: Actor, *, library: Library) -> int:
    """Put an audit into the programme, or change it; audits that were made already stay as they are.

    Raises NotFound for a checklist there is none of, what `rules.check_item` and the plan's rules refuse,
    KindNotPlannedAhead, ClausesElsewhere, LeadUnknown, ProgrammeChanged.
    """
    rules.check_item(
        title=command.title,
        first_on=command.first_on,
        last_on=command.last_on,
        every_months=command.every_months,
        days=command.days,
        ahead=command.ahead_days,
        today=today_of_house(tx, now),
    )
    check_plan(
        title=command.title,
        objectives=command.objectives,
        scope=command.scope,
        planned_from=command.first_on,
        planned_to=command.first_on,
    )
    if command.kind in (AuditKind.FOLLOW_UP, AuditKind.OUTSIDE):
        raise rules.KindNotPlannedAhead()
    check_kind(command.kind, auditee=command.auditee, followed="")
    if command.clauses and not sections_of(library.checklist(command.checklist_id), command.clauses):
        raise rules.ClausesElsewhere()
    library.checklist(command.checklist_id)
    if command.lead_id not in {one.person_id for one in members_with(tx, "audits.run")}:
        raise rules.LeadUnknown()
    one = _item_of(tx, command)
    for name in ("title", "objectives", "scope", "auditee"):
        setattr(one, name, getattr(command, name).strip())
    for name in ("kind", "method", "checklist_id", "lead_id", "first_on", "last_on", "every_months", "days"):
        setattr(one, name, getattr(command, name))
    one.ahead_days, one.clauses = command.ahead_days, sorted(set(command.clauses))
    one.saved_at, one.problem = now, ""
    one.version += 1
    tx.flush()
    facts = {
        "kind": str(one.kind),
        "checklist": one.checklist_id,
        "first_on": one.first_on.isoformat(),
        "every_months": one.every_months,
        "clauses": one.clauses,
    }
    record(tx, rules.ITEM_SAVED, now=now, actor=actor, subject=(ITEM, one.id), facts=facts)
    return one.id


def _item_of(tx: Session, command: SaveItem) -> ProgrammeItem:
    if command.item_id is None:
        one = ProgrammeItem(version=0)
        tx.add(one)
        return one
    one = _locked(tx, command.item_id)
    if one.version != command.version:
        raise rules.ProgrammeChanged()
    return one


@verb("audits.programme", leaves=rules.ITEM_STOPPED)
def stop_item(tx: Session, command: StopItem, now: datetime, actor: Actor) -> None:
    """Take an audit out of the programme: nothing more is made of it. Raises NotFound, also when it is out already."""
    one = _locked(tx, command.item_id)
    if one.stopped_at is not None:
        raise NotFound()
    one.stopped_at = now
    one.version += 1
    record(tx, rules.ITEM_STOPPED, now=now, actor=actor, subject=(ITEM, one.id), facts={})


def _locked(tx: Session, item_id: int) -> ProgrammeItem:
    found = tx.execute(select(ProgrammeItem).where(ProgrammeItem.id == item_id).with_for_update()).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def sections_of(checklist: Checklist, clauses: Collection[str]) -> tuple[str, ...]:
    """The sections of a checklist that ask about one of these clauses."""
    return tuple(
        section.id
        for section in checklist.sections
        if any(rules.belongs(item.clauses[0], clauses) for item in section.items)
    )


def others_of(checklist: Checklist, sections: Collection[str], clauses: Collection[str]) -> tuple[str, ...]:
    """The questions in these sections that ask about none of these clauses."""
    return tuple(
        item.id
        for section in checklist.sections
        if section.id in sections
        for item in section.items
        if not any(rules.belongs(clause, clauses) for clause in item.clauses)
    )


# Making the audits


@verb("audits.plan", leaves=rules.PERIOD_MADE)
def make_periods(tx: Session, command: MakePeriods, now: datetime, actor: Actor, *, library: Library) -> list[str]:
    """Make the audits of these periods; the key refuses a second one. Raises NotFound, and what planning refuses."""
    item = _locked(tx, command.item_id)
    numbers = [_make(tx, item, day, now, actor, library) for day in command.days]
    item.problem = ""
    facts = {"periods": [day.isoformat() for day in command.days], "audits": numbers}
    record(tx, rules.PERIOD_MADE, now=now, actor=actor, subject=(ITEM, item.id), facts=facts)
    return numbers


def _make(tx: Session, item: ProgrammeItem, day: date, now: datetime, actor: Actor, library: Library) -> str:
    """The audit of one period, on working days, with its key."""
    number: str = audits.plan_ahead(tx, _plan(item, _working(tx, day)), now, actor, library=library)
    if item.clauses:
        checklist = library.checklist(item.checklist_id)
        wanted = sections_of(checklist, item.clauses)
        reason = _("The audit programme asks for these clauses only: %(title)s", title=item.title)
        spared = others_of(checklist, wanted, item.clauses)
        wish = tailoring.Tailor(number, sections=wanted, spared=spared, reason=reason)
        tailoring.tailor(tx, wish, now, actor, library=library)
    audit_id = tx.execute(select(Audit.id).where(Audit.number == number)).scalar_one()
    tx.add(ProgrammePeriod(item_id=item.id, starts_on=day, audit_id=audit_id, made_at=now))
    tx.flush()
    return number


def _working(tx: Session, day: date) -> date:
    """The day itself, or the first working day after it."""
    calendar = house.calendar_of(tx, day.year)
    while calendar.closed(day) is not None:
        day += timedelta(days=1)
    return day


def _plan(item: ProgrammeItem, start: date) -> audits.PlanAudit:
    return audits.PlanAudit(
        title=f"{item.title[:180]}, {start.isoformat()}",
        objectives=item.objectives,
        scope=item.scope,
        checklist_id=item.checklist_id,
        planned_from=start,
        planned_to=start + timedelta(days=item.days - 1),
        team=((item.lead_id, TeamRole.LEAD),),
        method=Method(item.method),
        kind=AuditKind(item.kind),
        auditee=item.auditee,
    )


@verb("audits.plan", leaves=rules.PERIOD_FAILED)
def note_problem(tx: Session, command: NoteProblem, now: datetime, actor: Actor) -> None:
    """Write beside the item why its audit could not be made. Raises NotFound."""
    item = _locked(tx, command.item_id)
    item.problem = str(command.problem)
    facts = {"error": type(command.problem).__name__}
    record(tx, rules.PERIOD_FAILED, now=now, actor=actor, subject=(ITEM, item.id), facts=facts)
