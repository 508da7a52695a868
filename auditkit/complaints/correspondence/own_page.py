"""The complainant's own page in a message: its address, and once, with the first message, the secret that opens it.

Who wrote by e-mail, or came with a file, has no secret yet. A draft holds a mark where it will stand; sending makes the
secret, keeps its digest and lets it go out, and what is kept of the message has the mark again. Nobody here reads it.
Checked by tests/slices/complaints/correspondence/test_first_secret.py.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import new_secret
from auditkit.complaints.correspondence import rules
from auditkit.complaints.correspondence.models import ComplaintMessage
from auditkit.complaints.intake.models import ComplaintTracking
from auditkit.complaints.intake.rules.secrets import make_secret, secret_digest
from auditkit.complaints.models import Complaint
from auditkit.journal.service import record

MARK = outbox.HIDDEN
Remembering = Callable[[Session, str], str | None]
_REMEMBER: list[Remembering] = []


def remembers(way: Remembering) -> Remembering:
    """Register who can work out again the secret of a case that came in by it, such as the API: by its reference."""
    _REMEMBER.append(way)
    return way


def address(page: str, reference: str) -> str:
    """The own page as a draft has it where a secret is to go out; what stands behind the # never reaches a server."""
    return f"{page}{_marked(reference)}"


def to_write(tx: Session, complaint_id: int, reference: str, page: str, *, can_send: bool) -> str:
    """What a draft says of the own page at `page`.

    With the mark where a secret is to go out and `can_send`; the address alone where the complainant has one; empty
    where nothing would open it.
    """
    kept = _digest(tx, complaint_id)
    if can_send and (kept is None or _never_sent(tx, complaint_id, reference, kept) is not None):
        return address(page, reference)
    return page if kept is not None else ""


def put_in(
    tx: Session, complaint: Complaint, text: str, now: datetime, actor: Actor, *, can_send: bool
) -> tuple[str, str]:
    """(`text` with the secret at its mark, the secret); without the mark and "" where none is to go out.

    A new secret's digest is kept and that it went out is journalled. Sent again, no second secret is made.
    """
    mark = _marked(complaint.reference)
    if mark not in text:
        return text, ""
    if not can_send:
        return text.replace(mark, ""), ""
    tx.execute(select(Complaint.id).where(Complaint.id == complaint.id).with_for_update())
    kept = _digest(tx, complaint.id)
    if kept is None:
        secret = make_secret(new_secret(24), new_secret(24))
        tx.add(ComplaintTracking(complaint_id=complaint.id, secret_digest=secret_digest(secret)))
    else:
        known = _never_sent(tx, complaint.id, complaint.reference, kept)
        if known is None:
            return text.replace(mark, ""), ""
        secret = known
    tx.flush()
    facts = {"first": kept is None}
    record(tx, rules.SECRET_SENT, now=now, actor=actor, subject=("complaint", complaint.id), facts=facts)
    return text.replace(mark, mark.replace(MARK, secret)), secret


def _marked(reference: str) -> str:
    return f"#{reference}:{MARK}"


def _digest(tx: Session, complaint_id: int) -> str | None:
    query = select(ComplaintTracking.secret_digest).where(ComplaintTracking.complaint_id == complaint_id)
    return tx.execute(query).scalar_one_or_none()


def _never_sent(tx: Session, complaint_id: int, reference: str, kept: str) -> str | None:
    """The secret in force where the way in can work it out again and no message of ours carried one yet."""
    carried = select(ComplaintMessage.id).where(
        ComplaintMessage.complaint_id == complaint_id,
        ComplaintMessage.direction == rules.Direction.OUT.value,
        ComplaintMessage.text.contains(_marked(reference), autoescape=True),
    )
    known = (way(tx, reference) for way in _REMEMBER)
    found = next((one for one in known if one is not None and secret_digest(one) == kept), None)
    return found if found is not None and tx.execute(carried.limit(1)).scalar_one_or_none() is None else None
