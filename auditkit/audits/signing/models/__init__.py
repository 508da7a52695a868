"""What a report says besides answers and findings; signatures, acknowledgements, amendments; who answers as auditee.

Signatures, acknowledgements and amendments are only ever added (models/standing.py). The whole signed content is kept
beside its digest, so that a signature can be checked whatever becomes of the records.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.audits.signing.models.signatures import AuditAcknowledgement, AuditAmendment, AuditSignature
    from auditkit.audits.signing.models.texts import AuditAuditee, AuditReportText
else:
    __getattr__ = on_first_use(__name__)

__all__ = ["AuditAcknowledgement", "AuditAmendment", "AuditAuditee", "AuditReportText", "AuditSignature"]
