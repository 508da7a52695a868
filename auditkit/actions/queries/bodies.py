"""Reads over nonconformities of certification bodies and what answers them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.actions import rules
from auditkit.actions.models import Action, ActionPath, ActionScheme, BodyNonconformity
from auditkit.actions.rules import NC, Grade, ReviewState, State
from auditkit.base.db import Session
from auditkit.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class Answer:
    """An action that answers a nonconformity, and how it stands with the body."""

    number: str
    title: str
    owner_id: int
    due_on: date
    state: State
    review: ReviewState
    plan_ready: bool


@dataclass(frozen=True, slots=True)
class NcView:
    """A nonconformity as a certification body raised it."""

    id: int
    body: str
    number: str
    grade: Grade
    audit: str
    clause: str
    statement: str
    evidence: str
    raised_by: str
    accepted_by: str
    raised_on: date
    audit_ended_on: date | None
    plan_due_on: date | None
    evidence_due_on: date | None
    next_audit_on: date | None
    scheme_id: int | None
    scheme_title: str
    recorded_at: datetime
    version: int
    answers: tuple[Answer, ...]

    @property
    def state(self) -> State | None:
        """That of the action furthest behind; None while nothing answers it."""
        return rules.least_advanced(one.state for one in self.answers)


def nonconformities(tx: Session) -> list[NcView]:
    """Every nonconformity on record, newest first."""
    rows = tx.execute(
        select(BodyNonconformity).order_by(BodyNonconformity.raised_on.desc(), BodyNonconformity.id.desc())
    )
    return [_view(tx, one) for one in rows.scalars().all()]


def nonconformity(tx: Session, nc_id: int) -> NcView:
    """One of them. Raises NotFound, also for another organisation's."""
    row = tx.execute(select(BodyNonconformity).where(BodyNonconformity.id == nc_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _view(tx, row)


def _view(tx: Session, row: BodyNonconformity) -> NcView:
    names = [name for name in NcView.__dataclass_fields__ if name not in ("grade", "scheme_title", "answers")]
    title = select(ActionScheme.title).where(ActionScheme.id == row.scheme_id)
    return NcView(
        **{name: getattr(row, name) for name in names},
        grade=Grade(row.grade),
        scheme_title=(tx.execute(title).scalar_one_or_none() or "") if row.scheme_id else "",
        answers=_answers(tx, row.id),
    )


def _answers(tx: Session, nc_id: int) -> tuple[Answer, ...]:
    query = (
        select(
            Action.number,
            Action.title,
            Action.owner_id,
            Action.due_on,
            Action.state,
            func.coalesce(ActionPath.review, "").label("review"),
            ActionPath.plan_ready_at,
        )
        .outerjoin(ActionPath, ActionPath.action_id == Action.id)
        .where(Action.origin_kind == NC, Action.origin_id == nc_id)
        .order_by(Action.id)
    )
    return tuple(
        Answer(
            row.number,
            row.title,
            row.owner_id,
            row.due_on,
            State(row.state),
            ReviewState(row.review),
            row.plan_ready_at is not None or row.state != State.OPEN,
        )
        for row in tx.execute(query)
    )
