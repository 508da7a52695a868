"""What a bounce says: which of our mails came back, and why (RFC 3464, and the ways of older servers)."""

import email
import re
from dataclasses import dataclass
from email.message import Message

from auditkit.complaints.correspondence.mail.charsets import header_text, storable
from auditkit.complaints.correspondence.mail.reading import Mail

_OURS = re.compile(r"<[A-Za-z0-9_-]{16,64}\.auditkit@[A-Za-z0-9.-]{1,120}>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
LONGEST = 1_000
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")


@dataclass(frozen=True)
class Bounce:
    """`message_ids`: those of ours that it names. `action` is one of ACTIONS; `status` such as 5.1.1 or empty."""

    message_ids: tuple[str, ...]
    action: str
    status: str
    recipient: str
    reason: str


def bounce_of(mail: Mail) -> Bounce:
    """What `mail`, a bounce, says. What it does not say is empty; without a word on the action it is a failure."""
    fields = _report(mail.message)
    action = fields.get("action", "failed").split()[0].lower() if fields.get("action", "").strip() else "failed"
    reason = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
    found_status = _STATUS.search(fields.get("status", "") or mail.text)
    recipient = (fields.get("original-recipient") or fields.get("final-recipient") or "").rpartition(";")[2].strip()
    return Bounce(
        message_ids=tuple(dict.fromkeys(_OURS.findall(_everything(mail)))),
        action=action if action in ACTIONS else "failed",
        status=found_status[1] if found_status else "",
        recipient=storable(recipient or mail.header("X-Failed-Recipients"))[:320],
        reason=storable(" ".join((reason or mail.text).split()))[:LONGEST],
    )


def _report(message: Message) -> dict[str, str]:
    """The fields of the first recipient in the report, names in small letters."""
    fields: dict[str, str] = {}
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        if isinstance(blocks, str):
            blocks = [email.message_from_string(block) for block in re.split(r"\n\s*\n", blocks)]
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message):
                for name, value in block.items():
                    fields.setdefault(name.lower(), header_text(value))
    return fields


def _everything(mail: Mail) -> str:
    """All of the mail as text, for finding our own Message-IDs in it: returned headers may be encoded."""
    whole = [mail.raw.decode("latin-1")]
    for part in mail.message.walk():
        data = part.get_payload(decode=True) if not part.is_multipart() else None
        if isinstance(data, bytes) and len(data) < 1_000_000:
            whole.append(data.decode("latin-1"))
    return "\n".join(whole)
