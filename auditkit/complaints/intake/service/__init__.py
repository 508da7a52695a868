"""The verbs of the public side: receiving with a receipt (`receiving`), what complainants do later (`tracking`),
the organisation's channels, pattern and settings (`settings`)."""

from auditkit.complaints.intake.service.particulars import NoteParticulars, note_particulars
from auditkit.complaints.intake.service.receiving import (
    Asked,
    Received,
    Send,
    TakeDown,
    form_digest,
    receive,
    take_down,
)
from auditkit.complaints.intake.service.reissuing import Reissue, reissue
from auditkit.complaints.intake.service.settings import (
    KeepChannel,
    KeepPattern,
    KeepSettings,
    keep_channel,
    keep_pattern,
    keep_settings,
)
from auditkit.complaints.intake.service.tracking import Answer, Say, Wish, answer, ask_higher, say, withdraw

__all__ = [
    "Answer",
    "Asked",
    "KeepChannel",
    "KeepPattern",
    "KeepSettings",
    "NoteParticulars",
    "Received",
    "Reissue",
    "Say",
    "Send",
    "TakeDown",
    "Wish",
    "answer",
    "ask_higher",
    "form_digest",
    "keep_channel",
    "keep_pattern",
    "keep_settings",
    "note_particulars",
    "receive",
    "reissue",
    "say",
    "take_down",
    "withdraw",
]
