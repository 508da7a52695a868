"""Every action with the times of its path: for figures of a past day, which later changes must not move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.actions import rules
from auditkit.actions.models import Action, ActionAttempt
from auditkit.actions.rules import Kind, State
from auditkit.actions.rules.moments import Moments, judged_between, state_at
from auditkit.base.db import Session


@dataclass(frozen=True, slots=True)
class Told:
    """An action and when it took its steps."""

    id: int
    number: str
    kind: Kind
    title: str
    origin: tuple[str, int]
    origin_title: str
    owner_id: int
    due_on: date
    moments: Moments

    def state_at(self, at: datetime) -> State | None:
        """Where it stood; None before it was opened."""
        return state_at(self.moments, at)

    def overdue_at(self, at: datetime, today: date) -> bool:
        """Whether it was open and past its day then; `today` is the organisation's day of that moment."""
        state = self.state_at(at)
        return state is not None and rules.overdue(state=state, due_on=self.due_on, today=today)

    def judged_between(self, first: datetime, until: datetime) -> tuple[int, int]:
        """(found effective, found without effect) from `first` up to `until`."""
        return judged_between(self.moments, first, until)


def told(tx: Session, until: datetime, *, ids: Sequence[int] | None = None, origin: str = "") -> list[Told]:
    """The actions opened up to `until`, oldest first; only those of `ids`, or of one kind of origin, where given."""
    query = select(
        Action.id,
        Action.number,
        Action.kind,
        Action.title,
        Action.origin_kind,
        Action.origin_id,
        Action.origin_title,
        Action.owner_id,
        Action.due_on,
        Action.opened_at,
        Action.completed_at,
        Action.verified_at,
        Action.closed_at,
    ).where(Action.opened_at <= until)
    if ids is not None:
        query = query.where(Action.id.in_(ids))
    if origin:
        query = query.where(Action.origin_kind == origin)
    attempts = _attempts(tx)
    return [
        Told(
            row.id,
            row.number,
            Kind(row.kind),
            row.title,
            (row.origin_kind, row.origin_id),
            row.origin_title,
            row.owner_id,
            row.due_on,
            Moments(row.opened_at, row.completed_at, row.verified_at, row.closed_at, tuple(attempts.get(row.id, ()))),
        )
        for row in tx.execute(query.order_by(Action.id))
    ]


def _attempts(tx: Session) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    query = select(ActionAttempt.action_id, ActionAttempt.completed_at, ActionAttempt.verified_at)
    for row in tx.execute(query.order_by(ActionAttempt.action_id, ActionAttempt.round)):
        found.setdefault(row.action_id, []).append((row.completed_at, row.verified_at))
    return found
