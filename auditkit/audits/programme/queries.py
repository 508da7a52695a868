"""Programmes, what recurs in them, and what the audits of a cycle cover, computed from the audits themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.programme import rules
from auditkit.audits.programme.models import (
    AuditProgramme,
    ProgrammeItem,
    ProgrammePeriod,
    ProgrammeReview,
    ProgrammeRisk,
)
from auditkit.audits.programme.rules import Cover, Fact, Side
from auditkit.audits.rules import NONCONFORMITIES, AnswerState, AuditKind, Method, State, standing
from auditkit.base.db import UNSCOPED, Session
from auditkit.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """The programme of a year."""

    id: int
    year: int
    cycle_from: int
    objectives: str
    scope: str
    methods: str
    resources: str
    responsible_id: int
    saved_at: datetime
    saved_by: int | None
    version: int


@dataclass(frozen=True, slots=True)
class RiskView:
    """A risk or an opportunity and what is done about it."""

    side: Side
    what: str
    response: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review of the programme; `facts` as it stood then."""

    id: int
    held_on: date
    participants: str
    conclusions: str
    changes: str
    facts: dict[str, Any]
    recorded_at: datetime
    recorded_by: int | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An audit that is due once or again and again."""

    id: int
    title: str
    kind: AuditKind
    objectives: str
    scope: str
    auditee: str
    checklist_id: str
    clauses: tuple[str, ...]
    method: Method
    lead_id: int
    first_on: date
    last_on: date | None
    every_months: int
    days: int
    ahead_days: int
    problem: str
    stopped_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A period of an item with the audit made for it; None where it is not made yet."""

    starts_on: date
    number: str | None
    state: State | None


_PROGRAMME = tuple(getattr(AuditProgramme, name) for name in ProgrammeView.__dataclass_fields__)
_ITEM = tuple(getattr(ProgrammeItem, name) for name in ItemView.__dataclass_fields__)


def of_year(tx: Session, year: int) -> ProgrammeView | None:
    """The programme of a year, or None."""
    row = tx.execute(select(*_PROGRAMME).where(AuditProgramme.year == year)).one_or_none()
    return ProgrammeView(*row) if row else None


def years(tx: Session) -> list[int]:
    """The years that have a programme."""
    return list(tx.execute(select(AuditProgramme.year).order_by(AuditProgramme.year)).scalars())


def newest_change(tx: Session, year: int) -> datetime | None:
    """When the programme of a year, a review of it, what is due in it or an audit made for it was last written."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    of_year = select(AuditProgramme.id).where(AuditProgramme.year == year)
    moments = (
        select(func.max(AuditProgramme.saved_at)).where(AuditProgramme.year == year),
        select(func.max(ProgrammeReview.recorded_at)).where(ProgrammeReview.programme_id.in_(of_year)),
        select(func.max(ProgrammeItem.saved_at)).where(ProgrammeItem.first_on <= last),
        select(func.max(ProgrammeItem.stopped_at)).where(ProgrammeItem.first_on <= last),
        select(func.max(Audit.changed_at))
        .join(ProgrammePeriod, ProgrammePeriod.audit_id == Audit.id)
        .where(ProgrammePeriod.starts_on.between(first, last)),
    )
    newest = (tx.execute(query).scalar_one() for query in moments)
    return max((moment for moment in newest if moment is not None), default=None)


def responsible(tx: Session, year: int) -> int | None:
    """Who is responsible for the programme of a year; None where no programme says so."""
    return tx.execute(select(AuditProgramme.responsible_id).where(AuditProgramme.year == year)).scalar_one_or_none()


def cycle_from(tx: Session, year: int) -> int:
    """The first year of the cycle that `year` is in: as its programme says, else as the one before it says."""
    query = (
        select(AuditProgramme.cycle_from)
        .where(AuditProgramme.year <= year)
        .order_by(AuditProgramme.year.desc())
        .limit(1)
    )
    known: int | None = tx.execute(query).scalar_one_or_none()
    return year if known is None else known + (year - known) // rules.CYCLE_YEARS * rules.CYCLE_YEARS


def risks(tx: Session, programme_id: int) -> list[RiskView]:
    """Risks and opportunities in the order written."""
    query = (
        select(ProgrammeRisk.side, ProgrammeRisk.what, ProgrammeRisk.response)
        .where(ProgrammeRisk.programme_id == programme_id)
        .order_by(ProgrammeRisk.position)
    )
    return [RiskView(Side(row.side), row.what, row.response) for row in tx.execute(query)]


def reviews(tx: Session, programme_id: int) -> list[ReviewView]:
    """Reviews of a programme, newest first."""
    columns = [getattr(ProgrammeReview, name) for name in ReviewView.__dataclass_fields__]
    query = (
        select(*columns)
        .where(ProgrammeReview.programme_id == programme_id)
        .order_by(ProgrammeReview.held_on.desc(), ProgrammeReview.id.desc())
    )
    return [ReviewView(*row) for row in tx.execute(query)]


def _item(row: Any) -> ItemView:
    plain = {name: getattr(row, name) for name in ItemView.__dataclass_fields__}
    kind, method, clauses = AuditKind(row.kind), Method(row.method), tuple(row.clauses)
    return ItemView(**{**plain, "kind": kind, "method": method, "clauses": clauses})


def items(tx: Session) -> list[ItemView]:
    """What is in the programme, what was stopped last."""
    query = select(*_ITEM).order_by(ProgrammeItem.stopped_at.is_not(None), ProgrammeItem.first_on, ProgrammeItem.id)
    return [_item(row) for row in tx.execute(query)]


def item(tx: Session, item_id: int) -> ItemView:
    """One of them. Raises NotFound."""
    row = tx.execute(select(*_ITEM).where(ProgrammeItem.id == item_id)).one_or_none()
    if row is None:
        raise NotFound()
    return _item(row)


def made(tx: Session) -> dict[int, dict[date, PeriodView]]:
    """The periods whose audits were made, by item and first day."""
    query = select(ProgrammePeriod.item_id, ProgrammePeriod.starts_on, Audit.number, Audit.state).join(
        Audit, Audit.id == ProgrammePeriod.audit_id
    )
    found: dict[int, dict[date, PeriodView]] = {}
    for row in tx.execute(query):
        found.setdefault(row.item_id, {})[row.starts_on] = PeriodView(row.starts_on, row.number, State(row.state))
    return found


def of_audit(tx: Session, audit_id: int) -> tuple[str, date] | None:
    """(title of the item, first day of the period) that an audit was made for, or None."""
    row = tx.execute(
        select(ProgrammeItem.title, ProgrammePeriod.starts_on)
        .join(ProgrammePeriod, ProgrammePeriod.item_id == ProgrammeItem.id)
        .where(ProgrammePeriod.audit_id == audit_id)
    ).one_or_none()
    return (row.title, row.starts_on) if row else None


def houses_with_items(session: Session) -> list[int]:
    """Organisations with something in their programme: a plain read over all of them, for the worker."""
    query = select(ProgrammeItem.organisation_id).where(ProgrammeItem.stopped_at.is_(None)).distinct()
    return list(session.execute(query.execution_options(**{UNSCOPED: True})).scalars())


# Coverage


Clauses = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Towards:
    """The edition whose clauses are counted. `through`: the clauses a clause of another edition leads to, None where
    what was asked by other editions is left out.
    """

    edition_id: str
    through: Clauses | None = None

    def reached(self, clause: str) -> list[tuple[str, str]]:
        """(clause of this edition, the edition it was reached from or "") for a clause of any edition."""
        edition_id = clause.partition(":")[0]
        if edition_id == self.edition_id:
            return [(clause, "")]
        return [(one, edition_id) for one in self.through(clause)] if self.through else []

    def of(self, clauses: Sequence[str]) -> list[tuple[str, str]]:
        """The same for several, each target once; one that is asked about by its own name counts as that."""
        found: dict[str, str] = {}
        for one in clauses:
            for clause, via in self.reached(one):
                found[clause] = "" if not via else found.get(clause, via)
        return list(found.items())


def facts(tx: Session, cycle: int, towards: Towards, clauses_of: Clauses) -> list[Fact]:
    """What every audit of the cycle contributes to the clauses of one edition.

    Audits that run or are finished are counted by their questions, planned ones by their checklist (`clauses_of` an
    id), periods whose audit is not made yet by the item's. What certification bodies did is not ours to count.
    """
    first, last = date(cycle, 1, 1), date(cycle + rules.CYCLE_YEARS - 1, 12, 31)
    audits = tx.execute(
        select(Audit.id, Audit.number, Audit.state, Audit.planned_from, Audit.checklist_id).where(
            Audit.planned_from.between(first, last), Audit.kind != AuditKind.OUTSIDE
        )
    ).all()
    begun = {one.id: one for one in audits if one.state != State.PLANNED}
    found = _asked(tx, begun, towards)
    limits = _limits(tx)
    for one in audits:
        if one.state == State.PLANNED:
            clauses = towards.of(limits.get(one.id) or clauses_of(one.checklist_id))
            found += [
                Fact(one.number, one.planned_from.year, clause, Cover.PLANNED, via=via) for clause, via in clauses
            ]
    return found + _to_come(tx, first, last, towards, clauses_of)


def _limits(tx: Session) -> dict[int, list[str]]:
    """The clauses an audit made by the programme is limited to, by audit; those of whole checklists are left out."""
    query = select(ProgrammePeriod.audit_id, ProgrammeItem.clauses).join(
        ProgrammeItem, ProgrammeItem.id == ProgrammePeriod.item_id
    )
    return {row.audit_id: row.clauses for row in tx.execute(query) if row.clauses}


def _asked(tx: Session, audits: dict[int, Any], towards: Towards) -> list[Fact]:
    """One fact a question, under the clause it counts under; a clause's nonconformities stand at its first question."""
    if not audits:
        return []
    query = select(
        AuditRow.id,
        AuditRow.audit_id,
        AuditRow.clause,
        AuditRow.answer_state,
        AuditRow.note,
        AuditRow.conformity,
        AuditRow.weight,
    ).where(AuditRow.audit_id.in_(audits))
    if towards.through is None:
        query = query.where(AuditRow.clause.startswith(f"{towards.edition_id}:"))
    rows = tx.execute(query).all()
    graver = _nonconformities(tx, audits)
    found = []
    for row in rows:
        audit = audits[row.audit_id]
        stands = standing(AnswerState(row.answer_state), row.note)
        looked = stands in ("answered", "excluded")
        graver_here = graver.pop((row.audit_id, row.clause), 0)
        found += [
            Fact(
                audit.number,
                audit.planned_from.year,
                clause,
                _cover(State(audit.state), looked),
                int(looked),
                ((row.conformity, row.weight),) if row.conformity is not None else (),
                graver_here,
                row.id,
                via,
            )
            for clause, via in towards.reached(row.clause)
        ]
    return found


def _cover(state: State, looked: bool) -> Cover:
    if state is State.RUNNING:
        return Cover.RUNNING
    return Cover.DONE if looked else Cover.SKIPPED


def _nonconformities(tx: Session, audits: dict[int, Any]) -> dict[tuple[int, str], int]:
    query = (
        select(Finding.audit_id, Finding.clause, func.count().label("number"))
        .where(Finding.audit_id.in_(audits), Finding.grade.in_(sorted(NONCONFORMITIES)))
        .group_by(Finding.audit_id, Finding.clause)
    )
    return {(row.audit_id, row.clause): row.number for row in tx.execute(query)}


def _to_come(tx: Session, first: date, last: date, towards: Towards, clauses_of: Clauses) -> list[Fact]:
    have = made(tx)
    found = []
    for one in items(tx):
        if one.stopped_at is not None:
            continue
        clauses = towards.of(one.clauses or clauses_of(one.checklist_id))
        for day in rules.periods(one.first_on, one.every_months, one.last_on, last):
            if day >= first and day not in have.get(one.id, {}):
                found += [Fact("", day.year, clause, Cover.PLANNED, via=via) for clause, via in clauses]
    return found


def standing_of(tx: Session, year: int) -> dict[str, int]:
    """How the audits of a year stand, for a review: planned, running, reported, closed, late, outside."""
    rows = tx.execute(
        select(Audit.state, func.count().label("number"))
        .where(Audit.planned_from.between(date(year, 1, 1), date(year, 12, 31)), Audit.kind != AuditKind.OUTSIDE)
        .group_by(Audit.state)
    )
    counted = {row.state: row.number for row in rows}
    return {state.value: counted.get(state.value, 0) for state in State}
