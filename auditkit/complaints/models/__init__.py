"""Tables of the complaints register: the complaints (`register`), what is done with each of them (`handling`,
`side_ways`), and how an organisation does it (`practice`)."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.complaints.models.detriments import ComplaintDetriment
    from auditkit.complaints.models.handling import (
        ComplaintAssessment,
        ComplaintDecision,
        ComplaintInvestigation,
        ComplaintParty,
        ComplaintRemedyCheck,
    )
    from auditkit.complaints.models.imports import ImportRun
    from auditkit.complaints.models.links import ComplaintLink
    from auditkit.complaints.models.practice import ComplaintAuthority, ComplaintPractice
    from auditkit.complaints.models.register import (
        OPEN,
        POSTGRESQL_SEARCH_EXPRESSION,
        SERIES,
        SQLITE_INDEX_ROWS,
        Complaint,
    )
    from auditkit.complaints.models.side_ways import (
        ComplaintEscalation,
        ComplaintMention,
        ComplaintNote,
        ComplaintPause,
        ComplaintReclassification,
        ComplaintReferral,
        ComplaintReopening,
    )
else:
    __getattr__ = on_first_use(__name__)

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
