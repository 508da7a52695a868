"""Tables of the audit programme. The CHECKs repeat the rules."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.audits.programme.models.items import ProgrammeItem, ProgrammePeriod, ProgrammeReview, ProgrammeRisk
    from auditkit.audits.programme.models.programmes import AuditProgramme
else:
    __getattr__ = on_first_use(__name__)

__all__ = ["AuditProgramme", "ProgrammeItem", "ProgrammePeriod", "ProgrammeReview", "ProgrammeRisk"]
