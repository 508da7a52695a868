"""Tables of signatures, acknowledgements and amendments, which are only ever added (`audits.models.standing`).

The whole signed content is kept beside its digest, so that a signature can be checked whatever becomes of the records.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.models import Audit, AuditChecklist, AuditMember, AuditRow, Finding
from auditkit.audits.models.standing import (
    AUDIT_LOCKED,
    NOT_SIGNED_AFTER,
    SIGNED_BEFORE_CLOSED,
    attach,
    locked,
    stands,
)
from auditkit.audits.signing.rules import Amended, Proof
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class AuditSignature(OfOrganisation, Model):
    """The lead auditor's signature: serial 0 over the report, n over amendment n.

    `content` is the canonical JSON (RFC 8785) that was signed, `digest` its SHA-256, `signature` Ed25519 by the key of
    the installation over the digest's 32 bytes, in hexadecimal digits; `public_key` its public half in PEM.
    """

    __tablename__ = "audit_signature"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    serial: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    typed_name: Mapped[str] = mapped_column(String(200))
    proof: Mapped[str] = mapped_column(String(10))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    key_fingerprint: Mapped[str] = mapped_column(String(79))
    public_key: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        CheckConstraint("serial >= 0", name="serial_counts_from_zero"),
        CheckConstraint("typed_name <> ''", name="has_name"),
        CheckConstraint(f"proof IN ({one_of(Proof)})", name="proof_known"),
        CheckConstraint("content <> '' AND length(digest) = 64", name="digest_is_sha256"),
        CheckConstraint("length(signature) = 128", name="signature_is_ed25519"),
    )


class AuditAmendment(OfOrganisation, Model):
    """A change after signing. `changes` lists {what, old, new}; `subject` is the finding's number, or the audit's."""

    __tablename__ = "audit_amendment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    serial: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(30))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        CheckConstraint("serial > 0", name="serial_counts_from_one"),
        CheckConstraint(f"kind IN ({one_of(Amended)})", name="kind_known"),
        CheckConstraint("reason <> '' AND subject <> ''", name="has_reason"),
    )


class AuditAcknowledgement(OfOrganisation, Model):
    """The auditee has read what was signed. It says nothing about agreeing; `remark` may."""

    __tablename__ = "audit_acknowledgement"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), index=True)
    signature_id: Mapped[int] = mapped_column(ForeignKey("audit_signature.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    typed_name: Mapped[str] = mapped_column(String(200))
    remark: Mapped[str] = mapped_column(Text, default="")
    acknowledged_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("typed_name <> ''", name="has_name"),)


for _model in (AuditSignature, AuditAmendment, AuditAcknowledgement):
    stands(_model)


for _part in (AuditRow, AuditMember, AuditChecklist, Finding):
    attach(_part.__table__, locked(_part.__tablename__))
attach(Audit.__table__, AUDIT_LOCKED)
attach(Audit.__table__, SIGNED_BEFORE_CLOSED)
attach(AuditSignature.__table__, NOT_SIGNED_AFTER)
