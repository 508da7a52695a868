"""Receiving a complaint: the record, its files, the key of the complainant's page and the receipt, in one transaction.

Killed before it ends nothing is there; killed afterwards all of it is, and the same form sent again leads to the same
receipt. tests/slices/complaints/intake/test_killed.py kills it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules as register_rules
from auditkit.complaints import service as register
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.intake import receipt, rules
from auditkit.complaints.intake.channels import in_use
from auditkit.complaints.intake.models import ComplaintIntake, ComplaintReceipt, ComplaintTracking
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import Stage
from auditkit.content.library import Library
from auditkit.evidence import intake as files_intake
from auditkit.evidence import service as evidence

SUBJECT_KIND = "complaint"
Sent = TypeVar("Sent", bound="Send")


@dataclass(frozen=True)
class Asked:
    """What was said beside the register's own fields; empty texts are what was not said."""

    language: str = "en"
    order_reference: str = ""
    batch: str = ""
    purchased_on: date | None = None
    representative: str = ""
    authority: str = ""
    contact_person: str = ""
    accessibility: str = ""
    preference: str = ""
    segment: str = ""
    anonymous: bool = False
    consent: bool = False
    may_share: bool = False
    recipient: str = ""
    unit: str = ""
    recurrent: bool = False
    referred_by: str = ""
    department: str = ""


@dataclass(frozen=True)
class Send:
    """What a stranger sends. `ticket` is the form's secret name, `secret` the tracking secret that belongs to it, empty
    where nobody is there to be told one; `organisation` stands on the receipt. `files` came through `evidence.intake`.
    """

    ticket: str
    secret: str
    organisation: str
    complaint: register.Register
    asked: Asked = field(default_factory=Asked)
    files: Sequence[files_intake.Received] = ()


@dataclass(frozen=True)
class TakeDown(Send):
    """The same, taken down by a member."""


@dataclass(frozen=True)
class Received:
    """The complaint of a form; `again` where it had come in before."""

    id: int
    reference: str
    again: bool = False


@verb(None, leaves=register_rules.RECEIVED)
def receive(tx: Session, command: Send, now: datetime, actor: Actor) -> Received:
    """Record a stranger's complaint with its receipt.

    Raises ConsentMissing, NoWayBack, AuthorityMissing, LineTooLong, LineNotStorable, and what `register` raises. A form
    that came in before is found by `queries.by_ticket`, not here.
    """
    if not command.asked.consent:
        raise rules.ConsentMissing
    command = _without_identity(command) if command.asked.anonymous else command
    who = command.complaint.complainant
    if not command.asked.anonymous and not any((who.email, who.phone, who.street and who.city)):
        raise rules.NoWayBack
    recorded = register.receive(tx, replace(command.complaint, received_at=now), now, actor)
    received = _complete(tx, command, recorded, "public", now, actor)
    if command.asked.preference in ("", rules.Preference.EMAIL):
        answer = correspondence.AcknowledgeAutomatically(received.id, command.asked.language)
        correspondence.acknowledge_automatically(tx, answer, now, actor)
    return received


@verb("complaints.register", leaves=register_rules.REGISTERED)
def take_down(
    tx: Session, command: TakeDown, now: datetime, actor: Actor, *, library: Library | None = None
) -> Received:
    """Record a complaint that a member takes down, with its receipt; begun in the stage its channel opens in.

    Raises AuthorityMissing, LineTooLong, LineNotStorable, and what `register` raises.
    """
    command = _without_identity(command) if command.asked.anonymous else command
    recorded = register.register(tx, command.complaint, now, actor, library=library)
    received = _complete(tx, command, recorded, "staff", now, actor)
    opening = {one.name: one.opening for one in in_use(tx)}.get(command.complaint.channel)
    if opening == Stage.ACKNOWLEDGED:
        # The organisation says in its list that whoever takes such a complaint down acknowledges it on the spot.
        may = replace(actor, permissions=actor.permissions | {"complaints.handle"})
        register.acknowledge(tx, register.Acknowledge(recorded.reference, 1), now, may)
    return received


def _without_identity(command: Sent) -> Sent:
    asked = replace(command.asked, representative="", authority="", contact_person="", preference="page")
    complaint = replace(command.complaint, complainant=register.Identity())
    return replace(command, asked=asked, complaint=complaint)


def _complete(
    tx: Session, command: Send, recorded: register.Registered, source: str, now: datetime, actor: Actor
) -> Received:
    asked = _checked(command.asked)
    values = {name: value for name, value in asdict(asked).items() if name != "consent"}
    consent = now if asked.consent else None
    tx.add(ComplaintIntake(complaint_id=recorded.id, source=source, consent_at=consent, **values))
    if command.secret:
        tx.add(ComplaintTracking(complaint_id=recorded.id, secret_digest=rules.secret_digest(command.secret)))
    if command.files:
        may = replace(actor, permissions=actor.permissions | {"evidence.add"})
        evidence.add(tx, evidence.Add(command.files, subject=(SUBJECT_KIND, recorded.id)), now, may)
    received_at = tx.execute(select(Complaint.received_at).where(Complaint.id == recorded.id)).scalar_one()
    drawn = receipt.draw(
        organisation=command.organisation,
        reference=recorded.reference,
        received_at=received_at,
        said=_said(command, asked),
        files=[{"name": one.name, "sha256": one.digest, "size": one.size} for one in command.files],
    )
    tx.add(
        ComplaintReceipt(
            complaint_id=recorded.id,
            form_digest=form_digest(command.ticket),
            content=drawn.content,
            content_digest=drawn.content_digest,
            document=drawn.document,
            signature=drawn.signature,
            made_at=now,
        )
    )
    tx.flush()
    return Received(recorded.id, recorded.reference)


def form_digest(ticket: str) -> str:
    """What is kept of a form's ticket."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def _checked(asked: Asked) -> Asked:
    if asked.representative.strip() and not asked.authority.strip():
        raise rules.AuthorityMissing
    checked: dict[str, Any] = {
        name: rules.check_line(name, getattr(asked, name)) for name in rules.LONGEST if hasattr(asked, name)
    }
    checked["preference"] = asked.preference if asked.preference in list(rules.Preference) else ""
    return replace(asked, **checked)


def _said(command: Send, asked: Asked) -> dict[str, Any]:
    complaint = {
        name: value for name, value in asdict(command.complaint).items() if name not in ("complainant", "received_at")
    }
    values = {**complaint, **asdict(command.complaint.complainant), **asdict(asked)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
