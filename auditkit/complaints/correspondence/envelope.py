"""What is put around a letter so that its answer finds back: the sign in subject, foot and reply address, the thread.

Reads and adds the complaint's thread; called inside the transaction that queues the mail.
"""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.delivery import ENVELOPE_FROM
from auditkit.complaints.correspondence import queries, wording
from auditkit.complaints.correspondence.mail import threads
from auditkit.complaints.correspondence.models import ComplaintMessage, ComplaintThread
from auditkit.complaints.models import Complaint

_MESSAGE_ID = re.compile(r"<[^<>\s]{3,400}>")
_MOST_REFERENCES = 10


@dataclass(frozen=True)
class Envelope:
    """Subject, body and further headers of the mail as it leaves."""

    subject: str
    body: str
    headers: dict[str, str]


def around(tx: Session, complaint: Complaint, message: ComplaintMessage, text: str) -> Envelope:
    """The mail that carries `text`, the letter of `message`."""
    setting = queries.setting(tx)
    token = thread_token(tx, complaint)
    sign = threads.sign_of(complaint.reference, token)
    language = message.language or "en"
    headers = {"From-Name": setting.sender_name or setting.organisation, "Content-Language": language}
    if setting.reply_address:
        address = setting.reply_address
        if setting.plus_addresses:
            address = threads.reply_address(address, complaint.reference, token)
        headers["Reply-To"] = headers[ENVELOPE_FROM] = address  # what cannot be delivered comes back there too
    earlier = [one for one in queries.mail_thread(tx, complaint.id) if _MESSAGE_ID.fullmatch(one)]
    if earlier:
        headers["In-Reply-To"] = earlier[-1]
        headers["References"] = " ".join([earlier[0], *earlier[1:][-_MOST_REFERENCES + 1 :]])
    if message.automatic:
        headers["Auto-Submitted"] = "auto-replied" if earlier else "auto-generated"
        headers["X-Auto-Response-Suppress"] = "All"
    foot = wording.foot(language, sign)
    return Envelope(f"{message.subject} [{sign}]".strip(), f"{text.rstrip()}\n\n-- \n{foot}\n", headers)


def thread_token(tx: Session, complaint: Complaint) -> str:
    """The secret of the complaint's thread, made where there is none."""
    query = select(ComplaintThread.token).where(ComplaintThread.complaint_id == complaint.id)
    token = tx.execute(query).scalar_one_or_none()
    if token is None:
        token = "".join(secrets.choice(threads.TOKEN_LETTERS) for _ in range(threads.TOKEN_LENGTH))
        tx.add(ComplaintThread(complaint_id=complaint.id, token=token))
        tx.flush()
    return token
