"""A new tracking secret for a complainant who lost theirs: only after a member wrote down how they made sure."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.verbs import verb
from auditkit.complaints import rules as register_rules
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.correspondence.rules import Channel, MessageKind
from auditkit.complaints.intake import rules
from auditkit.complaints.intake.models import ComplaintSecretReissue, ComplaintTracking
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy.queries.cases import tombstone
from auditkit.journal import service as journal


@dataclass(frozen=True)
class Reissue:
    """`secret` is the new one; only its digest is kept. `checked`: how the member made sure who asks.

    `subject`, `text`, `language`: the message that carries it, where it goes by e-mail.
    """

    reference: str
    secret: str
    checked: str
    handed: str
    subject: str = ""
    text: str = ""
    language: str = ""


@verb("complaints.handle", leaves=rules.SECRET_REISSUED)
def reissue(tx: Session, command: Reissue, now: datetime, actor: Actor) -> None:
    """Let the new secret open the complainant's page from now on; the old one opens nothing any more.

    Raises NotFound, CheckMissing, LineTooLong, LineNotStorable, UnknownWord, NoAddressOnFile, CaseErased, and what
    `write_to_complainant` raises where it goes by e-mail.
    """
    if actor.person_id is None:
        raise Forbidden(permission="complaints.handle")  # somebody has to have looked
    checked = rules.check_line("checked", command.checked)
    if not checked:
        raise rules.CheckMissing
    handed = register_rules.known_word(command.handed, rules.Handed)
    query = select(Complaint).where(Complaint.reference == command.reference).with_for_update()
    complaint = tx.execute(query).scalar_one_or_none()
    if complaint is None:
        raise NotFound
    if tombstone(tx, complaint.id) is not None:
        raise rules.CaseErased
    has_address = complaint.complainant_street.strip() and complaint.complainant_city.strip()
    if handed == rules.Handed.POST and not has_address:
        raise rules.NoAddressOnFile
    digest = rules.secret_digest(command.secret)
    row = tx.execute(
        select(ComplaintTracking).where(ComplaintTracking.complaint_id == complaint.id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        tx.add(ComplaintTracking(complaint_id=complaint.id, secret_digest=digest))
    else:
        row.secret_digest = digest
    tx.add(
        ComplaintSecretReissue(
            complaint_id=complaint.id, reissued_at=now, reissued_by=actor.person_id, checked=checked, handed=handed
        )
    )
    journal.record(
        tx,
        rules.SECRET_REISSUED,
        now=now,
        actor=actor,
        subject=("complaint", complaint.id),
        facts={"handed": handed, "first": row is None},
        personal={"checked": checked},
    )
    if handed == rules.Handed.EMAIL:
        message = correspondence.Write(
            complaint_id=complaint.id,
            kind=MessageKind.MESSAGE.value,
            subject=command.subject,
            text=command.text,
            channel=Channel.EMAIL.value,
            language=command.language,
            hidden=(command.secret,),
        )
        correspondence.write_to_complainant(tx, message, now, actor)
