"""Complaints that may be the one somebody is taking down: the same person, the same order, the same words.

Who may not read identities is not told whether a person complained before; who may not read complaints sees no subject.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.complaints import queries as register
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.models import Complaint

SHOWN = 5
FEWEST_LETTERS = 5
"""Of a word of the subject: shorter ones say too little."""


@dataclass(frozen=True)
class Said:
    """What is written down so far."""

    subject: str = ""
    order_reference: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Alike:
    """A complaint that may be the same. `subject` is empty for those who may not read it."""

    reference: str
    stage: str
    received_at: datetime
    subject: str
    same_order: bool


def alike(tx: Session, said: Said, *, find_by_identity: bool, show_subject: bool) -> list[Alike]:
    """At most SHOWN complaints, those of the same order first, then of the same person, then of the same words."""
    found: dict[str, Alike] = {}
    for one in _of_order(tx, said.order_reference.strip()):
        found.setdefault(one.reference, one)
    people = [text.strip() for text in (said.email, said.phone, said.name)] if find_by_identity else []
    words = [word for word in said.subject.split() if len(word) >= FEWEST_LETTERS]
    for typed in (*[text for text in people if len(text) >= FEWEST_LETTERS], " ".join(words[:3])):
        if typed and len(found) < SHOWN:
            wanted = register.Wanted(typed=typed, find_by_identity=find_by_identity)
            for row in register.register_page(tx, wanted, "").rows[:SHOWN]:
                one = Alike(row.reference, row.stage, row.received_at, row.subject, same_order=False)
                found.setdefault(row.reference, one)
    shown = list(found.values())[:SHOWN]
    return shown if show_subject else [Alike(o.reference, o.stage, o.received_at, "", o.same_order) for o in shown]


def _of_order(tx: Session, order: str) -> list[Alike]:
    if not order:
        return []
    rows = tx.execute(
        select(Complaint.reference, Complaint.stage, Complaint.received_at, Complaint.subject)
        .join(ComplaintIntake, ComplaintIntake.complaint_id == Complaint.id)
        .where(ComplaintIntake.order_reference == order)
        .order_by(Complaint.received_at.desc())
        .limit(SHOWN)
    )
    return [Alike(row.reference, row.stage, row.received_at, row.subject, same_order=True) for row in rows]
