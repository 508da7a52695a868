"""How an audit was tailored, and what the audit before said to its questions."""

from dataclasses import dataclass

from sqlalchemy import select

from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.rules import State
from auditkit.audits.tailoring import models
from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.content.library import digest_of


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question of the checklist that this audit does not ask, and why."""

    item: str
    clause: str
    question: str
    why: str


@dataclass(frozen=True, slots=True)
class Added:
    """A question added to one audit, and the digest of what it asks."""

    position: int
    clause_label: str
    question: str
    digest: str


DIGESTED = ("item_id", "clause", "question", "good", "expected", "methods", "weight")


@dataclass(frozen=True, slots=True)
class Tailoring:
    """How an audit is tailored; the defaults say: everything, with nothing carried over."""

    profile_id: str = ""
    clauses: tuple[str, ...] = ()
    least_weight: int = 1
    keep_failed: bool = True
    previous_id: int | None = None
    previous_number: str = ""
    reason: str = ""
    left_out: tuple[LeftOut, ...] = ()
    spared: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same tailoring."""
        return digest(repr(self).encode())[:16]


def tailoring(tx: Session, audit_id: int) -> Tailoring:
    """How the audit is tailored."""
    found = tx.execute(
        select(
            models.AuditTailoring.profile_id,
            models.AuditTailoring.clauses,
            models.AuditTailoring.least_weight,
            models.AuditTailoring.keep_failed,
            models.AuditTailoring.previous_id,
            Audit.number,
            models.AuditTailoring.reason,
            models.AuditTailoring.left_out,
            models.AuditTailoring.spared,
        )
        .outerjoin(Audit, Audit.id == models.AuditTailoring.previous_id)
        .where(models.AuditTailoring.audit_id == audit_id)
    ).one_or_none()
    if found is None:
        return Tailoring()
    profile, clauses, weight, keep, previous, number, reason, left_out, spared = found
    named = tuple(LeftOut(**one) for one in left_out)
    return Tailoring(profile, tuple(clauses), weight, keep, previous, number or "", reason, named, tuple(spared))


def candidates(tx: Session, audit_id: int) -> list[tuple[int, str, str]]:
    """(id, number, title) of the audits that can be taken as the last one: all that started, newest first."""
    query = (
        select(Audit.id, Audit.number, Audit.title)
        .where(Audit.state != State.PLANNED, Audit.id != audit_id)
        .order_by(Audit.started_at.desc(), Audit.id.desc())
        .limit(50)
    )
    return [(row.id, row.number, row.title) for row in tx.execute(query)]


def added(tx: Session, audit_id: int) -> list[Added]:
    """The questions that were added to this audit only, with their digests."""
    query = (
        select(AuditRow.position, AuditRow.clause_label, AuditRow.question, AuditRow.added_digest)
        .where(AuditRow.audit_id == audit_id, AuditRow.added_digest != "")
        .order_by(AuditRow.position)
    )
    return [Added(*row) for row in tx.execute(query)]


def added_is_as_digested(tx: Session, audit_id: int) -> bool:
    """Whether every added question still says what its digest was made of."""
    rows = tx.execute(select(AuditRow).where(AuditRow.audit_id == audit_id, AuditRow.added_digest != "")).scalars()
    return all(digest_of({name: getattr(row, name) for name in DIGESTED}) == row.added_digest for row in rows)
