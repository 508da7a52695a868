"""Erasing personal values beside the journal. The chain keeps their salted hashes, so it verifies as before.

Called by the verbs that anonymise a record, in their own transaction. Checked by tests/slices/complaints_privacy/.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import CursorResult, delete, select

from auditkit.base.db import Session
from auditkit.journal.models import JournalEntry, JournalPersonal

PORTION = 500


def erase_personal(tx: Session, organisation_id: int, subjects: Mapping[str, Collection[int]]) -> int:
    """Erase the personal values of every entry about these subjects (kind -> ids), with their salts; how many."""
    erased = 0
    for kind, portion in _portions(subjects):
        entries = select(JournalEntry.id).where(
            JournalEntry.organisation_id == organisation_id,
            JournalEntry.subject_kind == kind,
            JournalEntry.subject_id.in_(portion),
        )
        done = tx.execute(delete(JournalPersonal).where(JournalPersonal.entry_id.in_(entries)))
        assert isinstance(done, CursorResult)  # noqa: S101 - what a DELETE gives
        erased += done.rowcount
    return erased


def _portions(subjects: Mapping[str, Collection[int]]) -> Iterator[tuple[str, list[int]]]:
    for kind, ids in subjects.items():
        listed = sorted(ids)
        for start in range(0, len(listed), PORTION):
            yield kind, listed[start : start + PORTION]
