"""Tables of the complaints register: the complaints (`register`), and what is done with each of them (`handling`)."""

from auditkit.complaints.models.handling import (
    ComplaintAssessment,
    ComplaintAuthority,
    ComplaintDecision,
    ComplaintEscalation,
    ComplaintInvestigation,
    ComplaintLink,
    ComplaintMention,
    ComplaintNote,
    ComplaintParty,
    ComplaintPause,
    ComplaintPractice,
    ComplaintReclassification,
    ComplaintReferral,
    ComplaintReopening,
)
from auditkit.complaints.models.register import (
    OPEN,
    POSTGRESQL_SEARCH_EXPRESSION,
    SERIES,
    SQLITE_INDEX_ROWS,
    Complaint,
    ImportRun,
)

__all__ = [
    "OPEN",
    "POSTGRESQL_SEARCH_EXPRESSION",
    "SERIES",
    "SQLITE_INDEX_ROWS",
    "Complaint",
    "ComplaintAssessment",
    "ComplaintAuthority",
    "ComplaintDecision",
    "ComplaintEscalation",
    "ComplaintInvestigation",
    "ComplaintLink",
    "ComplaintMention",
    "ComplaintNote",
    "ComplaintParty",
    "ComplaintPause",
    "ComplaintPractice",
    "ComplaintReclassification",
    "ComplaintReferral",
    "ComplaintReopening",
    "ImportRun",
]
