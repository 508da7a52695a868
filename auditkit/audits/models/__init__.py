"""Tables of audits. The CHECKs repeat the gates of the rules, so that the database refuses what the rules refuse."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.audits.models.audits import (
        Audit,
        AuditBasis,
        AuditChecklist,
        AuditCriterion,
        AuditFollowed,
        AuditMember,
        AuditRow,
    )
    from auditkit.audits.models.drawn import (
        SAMPLE_POSTGRESQL_TRIGGERS,
        SAMPLE_SQLITE_TRIGGERS,
        AuditPick,
        AuditSampleDesign,
        AuditSampleItem,
    )
    from auditkit.audits.models.findings import (
        Finding,
        GradeWord,
    )
    from auditkit.audits.models.samples import AuditSample
else:
    __getattr__ = on_first_use(__name__)

__all__ = [
    "SAMPLE_POSTGRESQL_TRIGGERS",
    "SAMPLE_SQLITE_TRIGGERS",
    "Audit",
    "AuditBasis",
    "AuditChecklist",
    "AuditCriterion",
    "AuditFollowed",
    "AuditMember",
    "AuditPick",
    "AuditRow",
    "AuditSample",
    "AuditSampleDesign",
    "AuditSampleItem",
    "Finding",
    "GradeWord",
]
