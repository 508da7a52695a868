"""Tables of holds, of what was erased and why, of consent withdrawn, of what people ask for, and of the settings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models import columns
from auditkit.complaints.models.register import known
from auditkit.complaints.privacy.rules import REQUEST_DAYS, Consent, Ground, RequestKind, RequestState, Verdict


class PrivacySettings(OfOrganisation, Model):
    """One row, or none where the defaults hold. `reason_required`: whoever reads an identity says why.

    `request_days`: within how many days a person's request is answered. `looked_on`: the day on which the worker last
    looked for cases whose time of keeping ends, `tidied_on` for what is kept beside them.
    """

    __tablename__ = "privacy_settings"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reason_required: Mapped[bool] = mapped_column(Boolean, default=False)
    request_days: Mapped[int] = mapped_column(SmallInteger, default=REQUEST_DAYS)
    looked_on: Mapped[date | None] = mapped_column(Date)
    tidied_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("request_days BETWEEN 1 AND 365", name="request_days_sensible"),
    )


class ComplaintHold(OfOrganisation, Model):
    """A case that is kept beyond its time, for a reason such as a pending court case."""

    __tablename__ = "complaint_hold"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(index=True)
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    placed_by: Mapped[int | None] = columns.person()
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[int | None] = columns.person()
    lift_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("reason <> ''", name="hold_has_reason"),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name="lifting_has_reason"),
        CheckConstraint("lifted_at IS NULL OR lifted_at >= placed_at", name="lifted_after_placed"),
        Index(
            "uq_complaint_hold_open",
            "complaint_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )


class ComplaintAnonymisation(OfOrganisation, Model):
    """The tombstone of a case: when its personal data went, on what ground, what was erased and what was kept.

    `erased` counts by kind of thing; `kept` names what stays, as (what, why), in message ids and plain values.
    """

    __tablename__ = "complaint_anonymisation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(unique=True)
    ground: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("retention_rule.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("privacy_request.id"))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = columns.person()
    erased: Mapped[dict[str, int]] = mapped_column(JsonDict, default=dict)
    kept: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)

    __table_args__ = (
        known("ground", Ground),
        CheckConstraint("(ground = 'retention') = (rule_id IS NOT NULL)", name="retention_has_rule"),
        CheckConstraint("ground <> 'request' OR request_id IS NOT NULL", name="request_is_named"),
        CheckConstraint("ground <> 'by-hand' OR reason <> ''", name="by_hand_has_reason"),
    )


class ConsentWithdrawal(OfOrganisation, Model):
    """A complainant took a consent back. `withdrawn_by` None: on the tracking page, else the member who noted it."""

    __tablename__ = "consent_withdrawal"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint()
    consent: Mapped[str] = mapped_column(String(20))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = columns.person()

    __table_args__ = (UniqueConstraint("complaint_id", "consent"), known("consent", Consent))


class PrivacyRequest(OfOrganisation, Model):
    """What a person asked about their data. Who they are is not stored here: their cases say it, while they may."""

    __tablename__ = "privacy_request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default=RequestState.OPEN.value)
    received_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = columns.person()
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = columns.person()
    answer: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        known("kind", RequestKind),
        known("state", RequestState),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="open_is_not_settled"),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_has_reason"),
        CheckConstraint("due_on >= received_on", name="due_after_received"),
    )


class PrivacyRequestCase(OfOrganisation, Model):
    """One case of a request; `reason` says why it was kept."""

    __tablename__ = "privacy_request_case"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("privacy_request.id"))
    complaint_id: Mapped[int] = columns.complaint(index=True)
    verdict: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("request_id", "complaint_id"),
        known("verdict", Verdict, empty=True),
        CheckConstraint("verdict <> 'kept' OR reason <> ''", name="kept_has_reason"),
    )
