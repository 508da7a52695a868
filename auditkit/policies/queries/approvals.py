"""Reads over approval: who is asked, how far the rounds are, and what waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from auditkit.base.db import Session
from auditkit.policies.models import Policy, PolicyApprover, PolicyRound, PolicyVersion
from auditkit.policies.queries.documents import Section, sections_of
from auditkit.policies.rules import Decision, RoundState
from auditkit.policies.rules.approvals import Asked, whose_turn


@dataclass(frozen=True)
class Step:
    """One of those asked, and what they said; `decision` None: nothing yet."""

    person_id: int
    position: int
    decision: Decision | None
    reason: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Round:
    """A text handed in, with the steps in order. `number`: of the version it became."""

    id: int
    state: RoundState
    title: str
    sections: tuple[Section, ...]
    digest: str
    reason: str
    review_by: date | None
    edited_by_id: int | None
    opened_at: datetime
    opened_by_id: int | None
    ended_at: datetime | None
    number: int | None
    steps: tuple[Step, ...]

    @property
    def turn(self) -> int | None:
        """Who has to speak next; None where it has ended."""
        if self.state is not RoundState.OPEN:
            return None
        return whose_turn([Asked(one.person_id, one.decision) for one in self.steps])


def approvers(tx: Session, policy_id: int) -> list[int]:
    """Who approves a document, in order; empty: any one person who may."""
    query = select(PolicyApprover.person_id).where(PolicyApprover.policy_id == policy_id)
    return list(tx.execute(query.order_by(PolicyApprover.position)).scalars())


def rounds(tx: Session, policy_id: int) -> list[Round]:
    """The rounds of a document, the newest first."""
    query = (
        select(PolicyRound, PolicyVersion.number)
        .outerjoin(PolicyVersion, PolicyVersion.id == PolicyRound.version_id)
        .options(selectinload(PolicyRound.steps))
        .where(PolicyRound.policy_id == policy_id)
        .order_by(PolicyRound.id.desc())
    )
    return [_round(row, number) for row, number in tx.execute(query)]


def under_approval(tx: Session) -> dict[int, int | None]:
    """Document id -> whose turn it is, of every document that is under approval."""
    query = select(PolicyRound).options(selectinload(PolicyRound.steps))
    found = tx.execute(query.where(PolicyRound.state == RoundState.OPEN.value)).scalars()
    return {row.policy_id: _round(row, None).turn for row in found}


def waiting_for(tx: Session, person_id: int | None) -> list[tuple[int, str, str]]:
    """(document id, reference, title) of what waits for a person's approval."""
    mine = [policy_id for policy_id, turn in under_approval(tx).items() if turn == person_id]
    query = select(Policy.id, Policy.reference, Policy.title).where(Policy.id.in_(mine)).order_by(Policy.reference)
    return [(row.id, row.reference, row.title) for row in tx.execute(query)]


def _round(row: PolicyRound, number: int | None) -> Round:
    steps = tuple(
        Step(one.person_id, one.position, Decision(one.decision) if one.decision else None, one.reason, one.decided_at)
        for one in row.steps
    )
    return Round(
        row.id,
        RoundState(row.state),
        row.title,
        sections_of(row.sections),
        row.digest,
        row.reason,
        row.review_by,
        row.edited_by_id,
        row.opened_at,
        row.opened_by_id,
        row.ended_at,
        number,
        steps,
    )
