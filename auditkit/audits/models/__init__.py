"""Tables of audits. The CHECKs repeat the gates of the rules, so that the database refuses what the rules refuse."""

from auditkit.audits.models.audits import (
    Audit,
    AuditBasis,
    AuditChecklist,
    AuditCriterion,
    AuditFollowed,
    AuditMember,
    AuditRow,
)
from auditkit.audits.models.findings import (
    Finding,
    GradeWord,
)
from auditkit.audits.models.samples import (
    SAMPLE_POSTGRESQL_TRIGGERS,
    SAMPLE_SQLITE_TRIGGERS,
    AuditSample,
    AuditSampleItem,
)

__all__ = [
    "SAMPLE_POSTGRESQL_TRIGGERS",
    "SAMPLE_SQLITE_TRIGGERS",
    "Audit",
    "AuditBasis",
    "AuditChecklist",
    "AuditCriterion",
    "AuditFollowed",
    "AuditMember",
    "AuditRow",
    "AuditSample",
    "AuditSampleItem",
    "Finding",
    "GradeWord",
]
