"""What audit statistics are counted from: findings raised in a period with their places, and the actions' paths."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from auditkit.accounts.queries import today_of_house
from auditkit.actions import queries as actions
from auditkit.actions.queries import Told
from auditkit.actions.rules import State
from auditkit.audits.findings import queries as findings
from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.programme import queries as programme
from auditkit.audits.programme import rules as programme_rules
from auditkit.audits.programme.rules import Cell, Cover, Fact, Line
from auditkit.audits.queries import plans
from auditkit.audits.queries.findings import SUBJECT
from auditkit.audits.rules import AuditKind
from auditkit.base.db import Session
from auditkit.content.library import Library
from auditkit.content.shapes import NodeKind
from auditkit.insights.auditing.rules import Effect, FindingFact, Round, effect, latest

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
VERIFIED = (State.VERIFIED, State.CLOSED)


@dataclass(frozen=True)
class ActionFigures:
    """Actions of a period: opened and closed in it, open and overdue now, and what judging their effects found."""

    opened: tuple[Told, ...]
    closed: tuple[Told, ...]
    open: tuple[Told, ...]
    overdue: tuple[Told, ...]
    judged: tuple[Told, ...]
    effect: Effect


def facts(tx: Session, begins: datetime, ends: datetime, now: datetime) -> list[FindingFact]:
    """The findings raised from `begins` up to `ends`, as they are counted."""
    places = {
        one.number: tuple(line.strip() for line in one.places.splitlines() if line.strip())
        for one in plans.overlapping(tx, FIRST, LAST)
    }
    answers: dict[int, list[Told]] = {}
    for action in actions.told(tx, now, origin=SUBJECT):
        answers.setdefault(action.origin[1], []).append(action)
    return [
        FindingFact(
            id=one.id,
            number=one.number,
            audit=one.audit_number,
            statement=one.statement,
            grade=one.grade,
            clause=one.clause.rpartition(":")[2],
            principles=tuple(one.principles),
            places=places.get(one.audit_number, ()),
            raised_at=one.raised_at,
            settled_at=latest(answer.moments.verified_at for answer in answers.get(one.id, [])),
            repeat=one.repeats > 0,
        )
        for one in findings.every(tx, findings.Wanted(on=today_of_house(tx, now)))
        if begins <= one.raised_at < ends
    ]


def rounds(tx: Session, begins: datetime, ends: datetime) -> list[Round]:
    """The audits of ours that were reported from `begins` up to `ends`, by the moment of their report."""
    query = (
        select(
            Audit.number,
            Audit.title,
            Audit.reported_at.label("at"),
            func.sum(AuditRow.conformity * AuditRow.weight).label("points"),
            func.sum(AuditRow.weight).label("weights"),
            func.count(AuditRow.id).label("answered"),
        )
        .outerjoin(AuditRow, and_(AuditRow.audit_id == Audit.id, AuditRow.conformity.is_not(None)))
        .where(Audit.reported_at >= begins, Audit.reported_at < ends, Audit.kind != AuditKind.OUTSIDE)
        .group_by(Audit.id, Audit.number, Audit.title, Audit.reported_at)
        .order_by(Audit.reported_at, Audit.id)
    )
    return [
        Round(row.number, row.title, row.at, int(row.points) // int(row.weights) if row.weights else None, row.answered)
        for row in tx.execute(query)
    ]


def action_figures(tx: Session, begins: datetime, ends: datetime, now: datetime) -> ActionFigures:
    """Actions of every origin, in a period and as they stand."""
    every, today = actions.told(tx, now), today_of_house(tx, now)
    judged = [one for one in every if any(one.judged_between(begins, ends))]
    return ActionFigures(
        opened=tuple(one for one in every if begins <= one.moments.opened_at < ends),
        closed=tuple(one for one in every if one.moments.closed_at and begins <= one.moments.closed_at < ends),
        open=tuple(one for one in every if one.state_at(now) is State.OPEN),
        overdue=tuple(one for one in every if one.overdue_at(now, today)),
        judged=tuple(judged),
        effect=effect(one.judged_between(begins, ends) for one in judged),
    )


@dataclass(frozen=True)
class Coverage:
    """The clauses of an edition and how far the audits of the cycle with this year cover them."""

    year: int
    cycle: tuple[int, ...]
    edition: str
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        """Clauses that were audited."""
        return sum(line.cover is Cover.DONE for line in self.lines)


def coverage(tx: Session, year: int, library: Library, edition_id: str) -> Coverage:
    """How far the cycle covers the clauses of an edition, down to the second level."""
    edition = library.edition(edition_id)
    cycle = programme.cycle_from(tx, year)
    shown = [
        (node.ref, node.label, (node.ref,))
        for node in edition.nodes
        if node.auditable and node.level <= 2 and node.kind is not NodeKind.ANNEX
    ]
    found = programme_rules.coverage(shown, _covering(tx, cycle, library, edition_id), cycle)
    return Coverage(year, programme_rules.years_of(cycle), edition_id, tuple(found))


def answered(tx: Session, year: int, clause: str, library: Library, edition_id: str) -> list[tuple[str, Cell]]:
    """The finished audits behind the conformity of a clause (full reference) in a year, each with its own cell."""
    facts = [
        one
        for one in _covering(tx, programme.cycle_from(tx, year), library, edition_id)
        if one.year == year and one.cover is Cover.DONE and one.answers and not one.via
    ]
    numbers = sorted({one.audit for one in facts})
    found = []
    for number in numbers:
        of_audit = [one for one in facts if one.audit == number]
        cells = programme_rules.coverage([(clause, clause, (clause,))], of_audit, year)[0].cells
        found.append((number, cells[0]))
    return [(number, cell) for number, cell in found if cell.percent is not None]


def _covering(tx: Session, cycle: int, library: Library, edition_id: str) -> list[Fact]:
    def clauses_of(checklist_id: str) -> list[str]:
        found = library.checklists.get(checklist_id)
        return [item.clauses[0] for item in found.items] if found else []

    return programme.facts(tx, cycle, programme.Towards(edition_id), clauses_of)
