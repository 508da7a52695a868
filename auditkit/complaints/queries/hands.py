"""Who has a hand in a complaint: who answers for it, who investigates, and whoever did something to it.

Asked by audits, where nobody may judge what they did themselves. tests/slices/audits/test_audit_independence.py.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from auditkit.base.db import SCOPE, Session
from auditkit.complaints import rules
from auditkit.complaints.models import Complaint, ComplaintInvestigation
from auditkit.journal.queries import actors_of

SUBJECT = "complaint"
PORTION = 500
_HANDLING = frozenset(one.name for one in rules.HANDLING)


def hands_on(tx: Session, complaint_ids: Sequence[int]) -> dict[int, set[int]]:
    """Person ids by complaint id: owner, deputy and investigators, and everybody who handled it by the journal.

    Reading a complaint, or importing the file it came in, is not handling it. Complaints of nobody are left out.
    """
    found = actors_of(tx, tx.info[SCOPE], SUBJECT, list(complaint_ids), _HANDLING)
    for start in range(0, len(complaint_ids), PORTION):
        portion = complaint_ids[start : start + PORTION]
        owners = select(Complaint.id, Complaint.owner_id, Complaint.deputy_id).where(Complaint.id.in_(portion))
        investigators = select(ComplaintInvestigation.complaint_id, ComplaintInvestigation.investigator_id).where(
            ComplaintInvestigation.complaint_id.in_(portion)
        )
        for query in (owners, investigators):
            _add(found, tx.execute(query).all())
    return found


def _add(found: dict[int, set[int]], rows: Sequence[Any]) -> None:
    for complaint_id, *persons in rows:
        for person in persons:
            if person is not None:
                found.setdefault(complaint_id, set()).add(person)
