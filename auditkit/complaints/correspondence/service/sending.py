"""Sending a letter that a person wrote, and putting on record what it means for the case."""

import contextlib
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import RuleBroken
from auditkit.base.verbs import verb
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import rules
from auditkit.complaints.correspondence.rules import MessageKind
from auditkit.complaints.correspondence.service.messages import Write, write_to_complainant
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import Stage


@verb("complaints.handle", leaves=rules.WRITTEN)
def send_letter(tx: Session, command: Write, now: datetime, actor: Actor) -> int:
    """Write to the complainant; an acknowledgement acknowledges, a decision has been told. The id of the message.

    Raises what `write_to_complainant` raises.
    """
    message_id = write_to_complainant(tx, command, now, actor)
    complaint = tx.execute(select(Complaint).where(Complaint.id == command.complaint_id)).scalar_one()
    if command.kind == MessageKind.ACKNOWLEDGEMENT and complaint.stage == Stage.RECEIVED:
        complaints.acknowledge(tx, complaints.Acknowledge(complaint.reference, complaint.version), now, actor)
    elif command.kind == MessageKind.DECISION:
        told = complaints.Tell(complaint.reference, complaint.version, command.channel)
        # Refused where no decision waits to be told: an earlier letter told it, or it was never recorded. The gate
        # stands before every change, so nothing is half done; the letter goes all the same.
        with contextlib.suppress(RuleBroken):
            complaints.tell(tx, told, now, actor)
    return int(message_id)
