"""Receiving a complaint from a stranger."""

from dataclasses import dataclass
from datetime import date, datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import digest, new_secret
from auditkit.base.verbs import verb
from auditkit.complaints import rules, service
from auditkit.complaints.intake.models import ComplaintTracking
from auditkit.complaints.rules import Channel
from auditkit.complaints.service import Identity, Register, Registered


@dataclass(frozen=True)
class Receive:
    """What a stranger wrote into the public form."""

    subject: str
    description: str
    complainant: Identity
    happened_on: date | None = None
    product: str = ""
    wanted_remedy: str = ""


@dataclass(frozen=True)
class Received(Registered):
    """A complaint from the public form, with the secret of its tracking page, which is not kept."""

    secret: str


@verb(None, leaves=rules.RECEIVED)
def receive(tx: Session, command: Receive, now: datetime, actor: Actor) -> Received:
    """Record what a stranger sent, and make the secret of its tracking page. Raises what `register` raises."""
    taken_down = Register(
        subject=command.subject,
        description=command.description,
        received_at=now,
        channel=Channel.WEB.value,
        happened_on=command.happened_on,
        product=command.product,
        wanted_remedy=command.wanted_remedy,
        complainant=command.complainant,
    )
    recorded = service.receive(tx, taken_down, now, actor)
    secret = new_secret(18)
    tx.add(ComplaintTracking(complaint_id=recorded.id, secret_digest=digest(secret.encode())))
    return Received(recorded.id, recorded.reference, secret)
