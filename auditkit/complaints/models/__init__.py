"""Tables of the complaints register: the complaints (`register`), what is done with each of them (`handling`,
`side_ways`), and how an organisation does it (`practice`)."""

from auditkit.complaints.models.handling import (
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintInvestigation,
    ComplaintParty,
    ComplaintRemedyCheck,
)
from auditkit.complaints.models.practice import ComplaintAuthority, ComplaintPractice
from auditkit.complaints.models.register import (
    OPEN,
    POSTGRESQL_SEARCH_EXPRESSION,
    SERIES,
    SQLITE_INDEX_ROWS,
    Complaint,
    ImportRun,
)
from auditkit.complaints.models.side_ways import (
    ComplaintDetriment,
    ComplaintEscalation,
    ComplaintLink,
    ComplaintMention,
    ComplaintNote,
    ComplaintPause,
    ComplaintReclassification,
    ComplaintReferral,
    ComplaintReopening,
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
    "ComplaintDetriment",
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
    "ComplaintRemedyCheck",
    "ComplaintReopening",
    "ImportRun",
]
