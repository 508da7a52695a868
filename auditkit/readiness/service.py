"""What people say about the clause matrix: override a cell with a reason, withdraw that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.journal import service as journal
from auditkit.readiness import rules
from auditkit.readiness.models import ReadinessOverride
from auditkit.readiness.rules import OVERRIDDEN, WITHDRAWN, Cell, Column, OverrideGone, State

SUBJECT = "readiness-cell"


@dataclass(frozen=True)
class OverrideCell:
    """`clause` in full; `cell` as the matrix gave it, so that it is kept what the records said then."""

    clause: str
    cell: Cell
    state: State
    reason: str


@dataclass(frozen=True)
class WithdrawOverride:
    """The override of a cell that stands."""

    clause: str
    column: Column


@verb("readiness.assess", leaves=OVERRIDDEN)
def override(tx: Session, command: OverrideCell, now: datetime, actor: Actor) -> int:
    """Say what a cell is in spite of what the records say. One made before is withdrawn.

    Raises ReasonMissing or NothingOverridden.
    """
    reason = command.reason.strip()
    rules.check_override(computed=command.cell.computed, state=command.state, reason=reason)
    former = _standing(tx, command.clause, command.cell.column)
    if former is not None:
        former.withdrawn_at, former.withdrawn_by = now, actor.person_id
        tx.flush()
    row = ReadinessOverride(
        clause=command.clause,
        column=command.cell.column.value,
        state=command.state.value,
        was=command.cell.computed.value,
        cell=command.cell.digest,
        reason=reason[: rules.LONGEST_REASON],
        made_at=now,
        made_by=actor.person_id,
    )
    tx.add(row)
    tx.flush()
    facts = {"clause": row.clause, "column": row.column, "state": row.state, "was": row.was, "cell": row.cell}
    journal.record(
        tx, OVERRIDDEN, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts, personal={"reason": row.reason}
    )
    return row.id


@verb("readiness.assess", leaves=WITHDRAWN)
def withdraw(tx: Session, command: WithdrawOverride, now: datetime, actor: Actor) -> None:
    """Let the records speak again. Raises OverrideGone."""
    row = _standing(tx, command.clause, command.column)
    if row is None:
        raise OverrideGone()
    row.withdrawn_at, row.withdrawn_by = now, actor.person_id
    tx.flush()
    facts = {"clause": row.clause, "column": row.column, "state": row.state}
    journal.record(tx, WITHDRAWN, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)


def _standing(tx: Session, clause: str, column: Column) -> ReadinessOverride | None:
    query = select(ReadinessOverride).where(
        ReadinessOverride.clause == clause,
        ReadinessOverride.column == column.value,
        ReadinessOverride.withdrawn_at.is_(None),
    )
    return tx.execute(query).scalar_one_or_none()
