"""Reads over decisions about showing files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from auditkit.base.db import Session
from auditkit.evidence import queries
from auditkit.evidence.queries import File
from auditkit.evidence.sharing.models import EvidenceSharing
from auditkit.evidence.sharing.rules import Sharing

PORTION = 500


@dataclass(frozen=True)
class Decision:
    """What counts for a file now, why, who said so; `copy` where a copy takes its place."""

    sharing: Sharing
    note: str
    decided_by_id: int | None
    decided_at: datetime
    copy: File | None


def decisions(tx: Session, file_ids: Sequence[int]) -> dict[int, Decision]:
    """File id -> what counts for it; files that nobody decided about are left out."""
    found: dict[int, Decision] = {}
    for start in range(0, len(file_ids), PORTION):
        newest = (
            select(func.max(EvidenceSharing.id))
            .where(EvidenceSharing.file_id.in_(file_ids[start : start + PORTION]))
            .group_by(EvidenceSharing.file_id)
        )
        rows = tx.execute(
            select(
                EvidenceSharing.file_id,
                EvidenceSharing.sharing,
                EvidenceSharing.note,
                EvidenceSharing.decided_by_id,
                EvidenceSharing.decided_at,
                EvidenceSharing.copy_id,
            ).where(EvidenceSharing.id.in_(newest))
        ).all()
        copies = queries.files(tx, [row.copy_id for row in rows if row.copy_id is not None])
        for row in rows:
            copy = copies.get(row.copy_id) if row.copy_id is not None else None
            found[row.file_id] = Decision(Sharing(row.sharing), row.note, row.decided_by_id, row.decided_at, copy)
    return found


def decision(tx: Session, file_id: int) -> Decision | None:
    """What counts for one file, or None where nobody decided: a redacted pack then withholds it."""
    return decisions(tx, [file_id]).get(file_id)
