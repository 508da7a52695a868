"""The verbs of the public side: receiving with a receipt (`receiving`), what complainants do later (`tracking`),
the organisation's channels, pattern and settings (`settings`)."""

from auditkit.complaints.intake.service.receiving import (
    Asked,
    Received,
    Send,
    TakeDown,
    receive,
    take_down,
)
from auditkit.complaints.intake.service.settings import (
    KeepChannel,
    KeepPattern,
    KeepSettings,
    keep_channel,
    keep_pattern,
    keep_settings,
)

__all__ = [
    "Asked",
    "KeepChannel",
    "KeepPattern",
    "KeepSettings",
    "Received",
    "Send",
    "TakeDown",
    "keep_channel",
    "keep_pattern",
    "keep_settings",
    "receive",
    "take_down",
]
