"""Making the search words of a register anew, after a change of how letters are folded. No verb: nothing of a
complaint changes but how it is found. Checked by tests/slices/complaints/test_search.py."""

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.complaints.models import Complaint
from auditkit.complaints.service.recording import search_words_of


def remake_search_words(tx: Session, after: int, count: int) -> int | None:
    """Make the search words of the next `count` complaints anew.

    `after` is the id of the last one done, 0 to begin; answers the next such id, or None when all are done.
    """
    rows = tx.execute(select(Complaint).where(Complaint.id > after).order_by(Complaint.id).limit(count)).scalars().all()
    for complaint in rows:
        complaint.search_words = search_words_of(complaint)
    last = rows[-1].id if rows else None
    tx.flush()
    tx.expunge_all()
    return last
