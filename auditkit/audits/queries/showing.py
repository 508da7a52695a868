"""What the audits of a period say of each clause, in two statements: for the clause matrix.

Audits by certification bodies are no internal audits; the nonconformities they raised count until they are settled.
tests/slices/readiness/test_matrix.py.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, and_, case, cast, func, select

from auditkit.accounts.queries import day_of_house
from auditkit.actions.queries import furthest_behind
from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.programme.models import AuditProgramme
from auditkit.audits.rules import (
    NONCONFORMITIES,
    AnswerState,
    AuditKind,
    FindingState,
    Grade,
    State,
)
from auditkit.base.db import Session

FINDING = "finding"
_OF_ACTION = (FindingState.PLANNED, FindingState.DONE, FindingState.VERIFIED, FindingState.CLOSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of one audit under one clause with the same principles.

    `looked`: answered or found not to apply. `points` of `weight`: what the answers came to, as weighted per cents.
    """

    audit: str
    state: State
    planned_to: date
    reported_on: date | None
    clause: str
    principles: tuple[str, ...]
    questions: int
    looked: int
    points: int
    weight: int
    below: int
    """Answers that count for less than 100 per cent."""
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Head:
    """An audit of the period."""

    number: str
    state: State
    planned_to: date
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding whose audit is of the period, or that is not settled yet."""

    number: str
    grade: Grade
    clause: str
    principles: tuple[str, ...]
    raised_on: date
    state: FindingState
    id: int

    @property
    def nonconformity(self) -> bool:
        """Whether it says that something is not as it must be."""
        return self.grade in NONCONFORMITIES

    @property
    def open(self) -> bool:
        """Whether it still asks for work."""
        return self.state in (FindingState.OPEN, FindingState.PLANNED, FindingState.DONE)


def asked(tx: Session, first: date, last: date) -> tuple[list[Head], list[Asked]]:
    """The audits whose planned days touch the period, and what they asked, by audit and clause."""
    principles = cast(AuditRow.principles, Text)
    looked = AuditRow.answer_state.in_((AnswerState.ANSWERED.value, AnswerState.EXCLUDED.value))
    rows = tx.execute(
        select(
            Audit.number,
            Audit.state,
            Audit.planned_to,
            Audit.reported_at,
            AuditRow.clause,
            principles.label("principles"),
            func.count(AuditRow.id).label("questions"),
            _number(looked).label("looked"),
            func.coalesce(func.sum(AuditRow.conformity * AuditRow.weight), 0).label("points"),
            func.coalesce(func.sum(case((AuditRow.conformity.is_not(None), AuditRow.weight), else_=0)), 0).label(
                "weight"
            ),
            _number(AuditRow.conformity < 100).label("below"),
            func.max(AuditRow.answered_at).label("answered_at"),
        )
        .outerjoin(AuditRow, AuditRow.audit_id == Audit.id)
        .where(Audit.planned_from <= last, Audit.planned_to >= first, Audit.kind != AuditKind.OUTSIDE)
        .group_by(Audit.id, Audit.number, Audit.state, Audit.planned_to, Audit.reported_at, AuditRow.clause, principles)
        .order_by(Audit.id, AuditRow.clause, principles)
    ).all()
    heads: dict[str, Head] = {}
    found = []
    for row in rows:
        reported = day_of_house(tx, row.reported_at) if row.reported_at else None
        head = heads.setdefault(row.number, Head(row.number, State(row.state), row.planned_to, reported))
        if row.clause:
            found.append(
                Asked(
                    head.number,
                    head.state,
                    head.planned_to,
                    head.reported_on,
                    row.clause,
                    tuple(json.loads(row.principles)),
                    int(row.questions),
                    int(row.looked),
                    int(row.points),
                    int(row.weight),
                    int(row.below),
                    day_of_house(tx, row.answered_at) if row.answered_at else None,
                )
            )
    return list(heads.values()), found


def found(tx: Session, first: date, last: date) -> list[Found]:
    """Findings of the period's audits and all that are not settled, in the order raised."""
    behind = furthest_behind(FINDING, Finding.__table__.c.id)
    state = case(
        (
            behind.is_(None),
            case((Finding.grade.in_(sorted(NONCONFORMITIES)), FindingState.OPEN.value), else_=FindingState.NOTED.value),
        ),
        else_=case({number: one.value for number, one in enumerate(_OF_ACTION)}, value=behind),
    )
    in_period = and_(Audit.planned_from <= last, Audit.planned_to >= first)
    waiting = state.in_((FindingState.OPEN.value, FindingState.PLANNED.value, FindingState.DONE.value))
    rows = tx.execute(
        select(
            Finding.number,
            Finding.grade,
            Finding.clause,
            Finding.principles,
            Finding.raised_at,
            state.label("state"),
            Finding.id,
        )
        .join(Audit, Audit.id == Finding.audit_id)
        .where(in_period | waiting)
        .order_by(Finding.id)
    )
    return [
        Found(
            row.number,
            Grade(row.grade),
            row.clause,
            tuple(row.principles),
            day_of_house(tx, row.raised_at),
            FindingState(row.state),
            row.id,
        )
        for row in rows
    ]


def next_from_outside(tx: Session) -> date | None:
    """The day of the next audit by a certification body: the earliest that is planned and not reported yet."""
    waiting = Audit.state.in_((State.PLANNED.value, State.RUNNING.value))
    query = select(func.min(Audit.planned_from)).where(Audit.kind == AuditKind.OUTSIDE, waiting)
    return tx.execute(query).scalar_one()


def programmes(tx: Session, first: date, last: date) -> int:
    """How many years of the period have an audit programme."""
    query = select(func.count(AuditProgramme.id)).where(AuditProgramme.year.between(first.year, last.year))
    return int(tx.execute(query).scalar_one())


def _number(of: Any) -> Any:
    return func.coalesce(func.sum(case((of, 1), else_=0)), 0)
