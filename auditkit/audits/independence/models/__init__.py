"""Tables of process ownership, competence and exceptions. The CHECKs repeat the rules."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.audits.independence.models.competence import AuditorCompetence
    from auditkit.audits.independence.models.processes import AuditedProcess, AuditException, ProcessOwnership
else:
    __getattr__ = on_first_use(__name__)

__all__ = ["AuditException", "AuditedProcess", "AuditorCompetence", "ProcessOwnership"]
