"""The automatic acknowledgement: sent where the organisation wants it, counted as a person's only where it says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import AuditkitError
from auditkit.base.verbs import verb
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import own_page, queries, rules, wording
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.rules import Channel, MessageKind
from auditkit.complaints.correspondence.service.messages import Write, write_to_complainant
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import Stage

MOST_A_DAY = 3
"""To one address: two machines that answer each other stop here."""


@dataclass(frozen=True)
class AcknowledgeAutomatically:
    """A complaint came in by e-mail or the public form. `tracking` is the address of the complainants' page where
    this message is to give its secret out, else empty."""

    complaint_id: int
    language: str = "en"
    tracking: str = ""


def _is_wanted(tx: Session, complaint: Complaint, now: datetime) -> bool:
    """Whether an automatic acknowledgement goes to this complainant now."""
    if not queries.setting(tx).automatic_acknowledgement or complaint.stage != Stage.RECEIVED:
        return False
    try:
        address = rules.mail_address(complaint.complainant_email)
    except AuditkitError:
        return False
    return queries.automatic_letters_to(tx, address, now, timedelta(days=1)) < MOST_A_DAY


def acknowledge_automatically(
    tx: Session, command: AcknowledgeAutomatically, now: datetime, _actor: Actor
) -> int | None:
    """Send the automatic acknowledgement where the organisation wants it; the id of the message, None where not.

    For callers that received a complaint from the complainant, in the same transaction. The system sends it.
    """
    complaint = tx.execute(select(Complaint).where(Complaint.id == command.complaint_id)).scalar_one()
    if not _is_wanted(tx, complaint, now):
        return None
    return _acknowledge(tx, command, now, Actor.system(complaint.organisation_id))


@verb("complaints.handle", leaves=rules.WRITTEN)
def _acknowledge(tx: Session, command: AcknowledgeAutomatically, now: datetime, actor: Actor) -> int:
    complaint = tx.execute(select(Complaint).where(Complaint.id == command.complaint_id)).scalar_one()
    setting = queries.setting(tx)
    letter = queries.letter(tx, rules.AUTOMATIC, command.language, complaint.kind)
    values = {
        "complainant": complaint.complainant_name,
        "organisation": setting.organisation,
        "reference": complaint.reference,
        "about": complaint.subject,
        "received": written_day(setting.day(complaint.received_at), letter.language),
        "today": written_day(setting.day(now), letter.language),
        "tracking": own_page.address(command.tracking, complaint.reference) if command.tracking else "",
    }
    draft = wording.fill(letter, values)
    if rules.BLANK_BEGINS in draft.subject + draft.text:  # an own wording that nobody is there to fill in
        letter = wording.supplied(rules.AUTOMATIC, letter.language, letter.sort)
        draft = wording.fill(letter, values)
    message_id = write_to_complainant(
        tx,
        Write(
            complaint_id=complaint.id,
            kind=MessageKind.ACKNOWLEDGEMENT.value,
            subject=draft.subject[: rules.LONGEST_SUBJECT],
            text=draft.text,
            channel=Channel.EMAIL.value,
            language=letter.language,
            automatic=True,
            wording=letter.name,
        ),
        now,
        actor,
    )
    if setting.automatic_counts:
        complaints.acknowledge(tx, complaints.Acknowledge(complaint.reference, complaint.version), now, actor)
    return int(message_id)
