"""The verbs of correspondence: messages out and in, settings and wordings. Mails are taken in by `taking`, which
stands above: it needs the public side, and that needs these.

write_to_complainant(tx, Write(complaint_id, "progress", text), now, actor)      -> id of the message
reply_from_complainant(tx, Reply(complaint_id, text, channel="web"), now, actor)  -> id of the message
acknowledge_automatically(tx, AcknowledgeAutomatically(complaint_id), now, actor) -> id of the message, or None
"""

from auditkit.complaints.correspondence.service.acknowledging import (
    AcknowledgeAutomatically,
    acknowledge_automatically,
)
from auditkit.complaints.correspondence.service.messages import (
    MESSAGE_KIND,
    SUBJECT_KIND,
    MarkPosted,
    MarkRead,
    NoteContact,
    Reply,
    TryAgain,
    Write,
    mark_posted,
    mark_read,
    note_contact,
    reply_from_complainant,
    try_again,
    write_to_complainant,
)
from auditkit.complaints.correspondence.service.practice import (
    ChangeSettings,
    ChangeWording,
    change_settings,
    change_wording,
)
from auditkit.complaints.correspondence.service.sending import send_letter

__all__ = [
    "MESSAGE_KIND",
    "SUBJECT_KIND",
    "AcknowledgeAutomatically",
    "ChangeSettings",
    "ChangeWording",
    "MarkPosted",
    "MarkRead",
    "NoteContact",
    "Reply",
    "TryAgain",
    "Write",
    "acknowledge_automatically",
    "change_settings",
    "change_wording",
    "mark_posted",
    "mark_read",
    "note_contact",
    "reply_from_complainant",
    "send_letter",
    "try_again",
    "write_to_complainant",
]
