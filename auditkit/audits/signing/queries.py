"""Reads over signing: where a report stands, its words, signatures, acknowledgements, amendments, the auditee."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.audits.models import Audit, AuditMember
from auditkit.audits.rules import State, TeamRole
from auditkit.audits.signing import models
from auditkit.audits.signing.models import AuditAcknowledgement, AuditAmendment, AuditSignature
from auditkit.audits.signing.rules import Amended, Papers, Proof
from auditkit.base.db import Session


@dataclass(frozen=True, slots=True)
class Texts:
    """What the report says in words."""

    client: str = ""
    process: str = ""
    obstacles: str = ""
    diverging: str = ""
    follow_up: str = ""
    confidentiality: str = ""
    distribution: str = ""

    def given(self) -> dict[str, str]:
        """By name."""
        return asdict(self)


TEXTS = tuple(one.name for one in fields(Texts))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an amendment changed; `what` is a field's name."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """A change after signing."""

    serial: int
    kind: Amended
    subject: str
    changes: tuple[Change, ...]
    reason: str
    made_at: datetime
    made_by: int


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature without the content it stands for; `acknowledged_*` None while nobody acknowledged this version."""

    id: int
    serial: int
    person_id: int
    typed_name: str
    proof: Proof
    digest: str
    signature: str
    key_fingerprint: str
    signed_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: int | None
    acknowledged_name: str
    remark: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature with everything needed to check it."""

    serial: int
    content: str
    digest: str
    signature: str
    public_key: str
    signed_at: datetime


def texts(tx: Session, audit_id: int) -> Texts:
    """What the report says in words; empty where nothing was written yet."""
    columns = [getattr(models.AuditReportText, name) for name in TEXTS]
    found = tx.execute(select(*columns).where(models.AuditReportText.audit_id == audit_id)).one_or_none()
    return Texts(*found) if found is not None else Texts()


def signatures(tx: Session, audit_id: int) -> list[SignatureView]:
    """The signatures of an audit with their acknowledgements, in the order signed."""
    return signatures_of(tx, [audit_id]).get(audit_id, [])


def signatures_of(tx: Session, audit_ids: Sequence[int]) -> dict[int, list[SignatureView]]:
    """The same of several audits, by audit; one statement, however many."""
    query = (
        select(
            AuditSignature.audit_id,
            AuditSignature.id,
            AuditSignature.serial,
            AuditSignature.person_id,
            AuditSignature.typed_name,
            AuditSignature.proof,
            AuditSignature.digest,
            AuditSignature.signature,
            AuditSignature.key_fingerprint,
            AuditSignature.signed_at,
            AuditAcknowledgement.acknowledged_at,
            AuditAcknowledgement.person_id.label("acknowledged_by"),
            func.coalesce(AuditAcknowledgement.typed_name, "").label("acknowledged_name"),
            func.coalesce(AuditAcknowledgement.remark, "").label("remark"),
        )
        .outerjoin(AuditAcknowledgement, AuditAcknowledgement.signature_id == AuditSignature.id)
        .where(AuditSignature.audit_id.in_(audit_ids))
        .order_by(AuditSignature.serial)
    )
    found: dict[int, list[SignatureView]] = {}
    for row in tx.execute(query):
        values = {**row._mapping, "proof": Proof(row.proof)}
        found.setdefault(values.pop("audit_id"), []).append(SignatureView(**values))
    return found


def signed(tx: Session, audit_id: int, serial: int) -> Signed | None:
    """One signature with the content it stands for."""
    found = tx.execute(
        select(
            AuditSignature.serial,
            AuditSignature.content,
            AuditSignature.digest,
            AuditSignature.signature,
            AuditSignature.public_key,
            AuditSignature.signed_at,
        ).where(AuditSignature.audit_id == audit_id, AuditSignature.serial == serial)
    ).one_or_none()
    return Signed(*found) if found is not None else None


def papers(tx: Session, audit_id: int, state: State) -> Papers:
    """How far the report of an audit is."""
    made = signatures(tx, audit_id)
    return Papers(state, len(made), bool(made) and made[-1].acknowledged_at is not None)


def amendments(tx: Session, audit_id: int) -> list[AmendmentView]:
    """The amendments of an audit by number."""
    return amendments_of(tx, [audit_id]).get(audit_id, [])


def amendments_of(tx: Session, audit_ids: Sequence[int]) -> dict[int, list[AmendmentView]]:
    """The amendments of several audits by number."""
    query = select(
        AuditAmendment.audit_id,
        AuditAmendment.serial,
        AuditAmendment.kind,
        AuditAmendment.subject,
        AuditAmendment.changes,
        AuditAmendment.reason,
        AuditAmendment.made_at,
        AuditAmendment.made_by,
    ).where(AuditAmendment.audit_id.in_(audit_ids))
    found: dict[int, list[AmendmentView]] = {}
    for row in tx.execute(query.order_by(AuditAmendment.audit_id, AuditAmendment.serial)):
        found.setdefault(row.audit_id, []).append(_amendment(row))
    return found


def _amendment(row: Any) -> AmendmentView:
    changes = tuple(Change(one["what"], one["old"], one["new"]) for one in row.changes)
    return AmendmentView(row.serial, Amended(row.kind), row.subject, changes, row.reason, row.made_at, row.made_by)


def auditee(tx: Session, audit_id: int) -> int | None:
    """The person named as the auditee's representative, or None."""
    query = select(models.AuditAuditee.person_id).where(models.AuditAuditee.audit_id == audit_id)
    found: int | None = tx.execute(query).scalar_one_or_none()
    return found


def lead(tx: Session, audit_id: int) -> int | None:
    """The lead auditor."""
    query = select(AuditMember.person_id).where(AuditMember.audit_id == audit_id, AuditMember.role == TeamRole.LEAD)
    found: int | None = tx.execute(query).scalar_one_or_none()
    return found


@dataclass(frozen=True, slots=True)
class Mine:
    """An audit for which a person answers as the auditee's representative."""

    number: str
    title: str
    state: State
    signed: bool
    acknowledged: bool


def mine(tx: Session, person_id: int | None) -> list[Mine]:
    """The audits for which this person answers, newest first."""
    newest = (
        select(AuditSignature.audit_id, func.max(AuditSignature.id).label("id"))
        .group_by(AuditSignature.audit_id)
        .subquery()
    )
    query = (
        select(Audit.number, Audit.title, Audit.state, newest.c.id, AuditAcknowledgement.id.label("acknowledged"))
        .join(models.AuditAuditee, models.AuditAuditee.audit_id == Audit.id)
        .outerjoin(newest, newest.c.audit_id == Audit.id)
        .outerjoin(AuditAcknowledgement, AuditAcknowledgement.signature_id == newest.c.id)
        .where(models.AuditAuditee.person_id == person_id)
        .order_by(Audit.id.desc())
    )
    return [
        Mine(row.number, row.title, State(row.state), row.id is not None, row.acknowledged is not None)
        for row in tx.execute(query)
    ]
