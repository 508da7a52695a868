"""Tables of personal data: times of keeping, holds, what was erased and why, consent withdrawn, requests of people.

Checked by tests/slices/complaints_privacy/test_privacy_constraints.py. What happens to each column of every table
that hangs on a complaint stands in `fates`.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.complaints.privacy.models.keeping import KeepingTime, RetentionRule, RetentionWarning
    from auditkit.complaints.privacy.models.requests import (
        ComplaintAnonymisation,
        ComplaintHold,
        ConsentWithdrawal,
        PrivacyRequest,
        PrivacyRequestCase,
        PrivacySettings,
    )
else:
    __getattr__ = on_first_use(__name__)

__all__ = [
    "ComplaintAnonymisation",
    "ComplaintHold",
    "ConsentWithdrawal",
    "KeepingTime",
    "PrivacyRequest",
    "PrivacyRequestCase",
    "PrivacySettings",
    "RetentionRule",
    "RetentionWarning",
]
