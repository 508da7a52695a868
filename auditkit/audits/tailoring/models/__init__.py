"""What an audit asks of its checklist, and what the audit before said to each of its questions."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.audits.tailoring.models.previous import AuditPrevious
    from auditkit.audits.tailoring.models.tailorings import AuditTailoring
else:
    __getattr__ = on_first_use(__name__)

__all__ = ["AuditPrevious", "AuditTailoring"]
