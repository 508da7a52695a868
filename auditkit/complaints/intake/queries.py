"""Reads of the public side: what a complainant may see of the own complaint, what was said beside the register."""

import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, true

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest
from auditkit.complaints.intake.models import (
    ComplaintChannel,
    ComplaintIntake,
    ComplaintReceipt,
    ComplaintSecretReissue,
    ComplaintTracking,
    IntakeSettings,
)
from auditkit.complaints.intake.rules import secret_digest
from auditkit.complaints.models import Complaint, ComplaintDecision
from auditkit.complaints.queries import asked_first, rows_of
from auditkit.complaints.rules import DECISION_STANDS, NO_DECISION_DUE, Stage

NO_DIGEST = "0" * 64
INTAKE, TRACKING, REISSUES = (
    asked_first(kind.__tablename__) for kind in (ComplaintIntake, ComplaintTracking, ComplaintSecretReissue)
)
LOOKED_AFTER = asked_first(
    "channels with somebody who looks after them",
    rows_of("complaint_channel", "organisation_id = {organisation} AND owner_id IS NOT NULL"),
)


@dataclass(frozen=True)
class Tracked:
    """A complaint as its complainant sees it. `outcome`, `decision` and `remedy` are empty until the complainant was
    told (7.8): `told`. A decision that stands and was not told yet looks like one that is being checked.

    `version` is what the complainant's acts refer to; `stamp` the first part of the secret's digest, which a session
    carries so that it ends with the secret.
    """

    id: int
    version: int
    reference: str
    subject: str
    description: str
    stage: str
    kind: str
    received_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    outcome: str
    decision: str
    remedy: str
    answer: str
    closing_ground: str
    stamp: str = ""
    told: bool = False

    @property
    def is_complaint(self) -> bool:
        """Whether a decision is due; otherwise it is a suggestion, a request or a compliment."""
        return self.kind not in NO_DECISION_DUE


@dataclass(frozen=True)
class Receipt:
    """The receipt of a complaint. `content` is None once it was erased; `content_fits`: it still has its digest."""

    reference: str
    content: str | None
    content_digest: str
    document: str
    signature: bytes | None
    made_at: datetime

    @property
    def key(self) -> str:
        """The fingerprint of the key that it was signed with, without blanks; empty where there was none."""
        return str(json.loads(self.document)["key"] or "").replace(" ", "")


@dataclass(frozen=True)
class Known:
    """What was said beside the register's own fields."""

    source: str
    language: str
    order_reference: str
    batch: str
    purchased_on: date | None
    representative: str
    authority: str
    contact_person: str
    accessibility: str
    preference: str
    segment: str
    anonymous: bool
    consent_at: datetime | None
    may_share: bool
    recipient: str
    unit: str
    recurrent: bool
    referred_by: str
    department: str


PERSONAL = ("representative", "authority", "contact_person", "accessibility")
"""Fields of `Known` that name or describe a person: shown like the identity."""


@dataclass(frozen=True)
class Settings:
    """What the organisation says on its public pages."""

    languages: tuple[str, ...] = ()
    phone: str = ""
    post: str = ""
    publishes_figures: bool = False

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings."""
        return digest(repr((self.languages, self.phone, self.post, self.publishes_figures)).encode())[:16]


_OWN = [name for name in Tracked.__dataclass_fields__ if name not in ("stamp", "told")]
_TRACKED = [getattr(Complaint, name) for name in _OWN]
_NEWEST_TOLD = (
    select(or_(ComplaintDecision.told_at.is_not(None), ComplaintDecision.answer != ""))
    .where(ComplaintDecision.complaint_id == Complaint.id, ComplaintDecision.state == "decided")
    .order_by(ComplaintDecision.number.desc())
    .limit(1)
    .correlate(Complaint)
    .scalar_subquery()
)
_TOLD = func.coalesce(_NEWEST_TOLD, true()).label("told")
"""A decision that a file brought in has no row of its own; there the complainant was told long ago."""
UNTOLD = {"stage": "proposed", "outcome": "", "decision": "", "remedy": "", "answer": "", "decided_at": None}


def tracked(tx: Session, reference: str, secret: str) -> Tracked:
    """The complaint that `reference` and `secret` open together.

    Raises NotFound, the same for a reference that does not exist and for a wrong secret; the secret is hashed and two
    digests are compared in every case, so that the time tells nothing either.
    """
    given = secret_digest(secret)
    # Only the digest is fetched before it fits: the row with its long texts would take its time.
    query = select(ComplaintTracking.secret_digest).join(Complaint, Complaint.id == ComplaintTracking.complaint_id)
    kept = tx.execute(query.where(Complaint.reference == reference)).scalar_one_or_none() or NO_DIGEST
    if not hmac.compare_digest(kept, given):
        raise NotFound
    return _tracked(_row(tx, Complaint.reference == reference))


def still_tracked(tx: Session, complaint_id: int, stamp: str) -> Tracked:
    """The complaint that a session opened, while its secret is the same. Raises NotFound."""
    row = _row(tx, Complaint.id == complaint_id)
    if row is None or not hmac.compare_digest(row.secret_digest[:16], stamp):
        raise NotFound
    return _tracked(row)


def by_ticket(tx: Session, form_digest: str) -> str | None:
    """The reference of the complaint that a form became; None where it did not come in yet."""
    return tx.execute(
        select(Complaint.reference)
        .join(ComplaintReceipt, ComplaintReceipt.complaint_id == Complaint.id)
        .where(ComplaintReceipt.form_digest == form_digest)
    ).scalar_one_or_none()


def receipt(tx: Session, reference: str) -> Receipt | None:
    """The receipt of the complaint with this reference; None for one that never had any, such as an imported one."""
    columns = [getattr(ComplaintReceipt, name) for name in Receipt.__dataclass_fields__ if name != "reference"]
    row = tx.execute(
        select(Complaint.reference, *columns)
        .join(ComplaintReceipt, ComplaintReceipt.complaint_id == Complaint.id)
        .where(Complaint.reference == reference)
    ).one_or_none()
    return Receipt(**row._mapping) if row is not None else None


def files_of_receipt(tx: Session, reference: str) -> list[dict[str, Any]]:
    """Name, size and sha256 of each file that came with the complaint; none where what was received is erased."""
    query = (
        select(ComplaintReceipt.content)
        .join(Complaint, ComplaintReceipt.complaint_id == Complaint.id)
        .where(Complaint.reference == reference)
    )
    return files_said(tx.execute(query).scalar_one_or_none())


def files_said(content: str | None) -> list[dict[str, Any]]:
    """The files that the content of a receipt names; none where it is erased, or somebody changed it past reading.

    That it was changed is told where the receipt is checked.
    """
    try:
        return list(json.loads(content or "")["files"])
    except (ValueError, TypeError, KeyError):
        return []


_KNOWN = select(*(getattr(ComplaintIntake, name) for name in Known.__dataclass_fields__)).where(
    ComplaintIntake.complaint_id == bindparam("wanted")
)


def known(tx: Session, complaint_id: int) -> Known | None:
    """What was said beside the register's own fields; None where nobody was asked."""
    row = tx.execute(_KNOWN, {"wanted": complaint_id}).one_or_none()
    return Known(**row._mapping) if row is not None else None


def language_of(tx: Session, complaint_id: int) -> str:
    """The language a complaint came in, for letters to its complainant; "" where it is not known."""
    query = select(ComplaintIntake.language).where(ComplaintIntake.complaint_id == complaint_id)
    return tx.execute(query).scalar_one_or_none() or ""


@dataclass(frozen=True)
class Reissued:
    """A new secret that was given out. `checked`: how it was made sure who asks; it may describe a person."""

    reissued_at: datetime
    reissued_by: int
    checked: str
    handed: str


def reissues(tx: Session, complaint_id: int) -> list[Reissued]:
    """The new secrets of a complaint, newest first."""
    columns = [getattr(ComplaintSecretReissue, name) for name in Reissued.__dataclass_fields__]
    query = select(*columns).where(ComplaintSecretReissue.complaint_id == complaint_id)
    return [Reissued(**row._mapping) for row in tx.execute(query.order_by(ComplaintSecretReissue.id.desc()))]


def has_secret(tx: Session, complaint_id: int) -> bool:
    """Whether anything opens an own page for this complaint."""
    query = select(ComplaintTracking.id).where(ComplaintTracking.complaint_id == complaint_id)
    return tx.execute(query).first() is not None


def settings(tx: Session) -> Settings:
    """The organisation's settings, or those that hold without any."""
    row = tx.execute(
        select(IntakeSettings.languages, IntakeSettings.phone, IntakeSettings.post, IntakeSettings.publishes_figures)
    ).one_or_none()
    if row is None:
        return Settings()
    return Settings(tuple(row.languages), row.phone, row.post, row.publishes_figures)


def _row(tx: Session, condition: Any) -> Any:
    return tx.execute(
        select(*_TRACKED, _TOLD, ComplaintTracking.secret_digest)
        .join(ComplaintTracking, ComplaintTracking.complaint_id == Complaint.id)
        .where(condition)
    ).one_or_none()


def _tracked(row: Any) -> Tracked:
    values = {name: getattr(row, name) for name in _OWN}
    told = bool(row.told) and row.stage in DECISION_STANDS
    if not told:
        values |= {name: value for name, value in UNTOLD.items() if name != "stage"}
        if row.stage in (Stage.DECIDED, Stage.ACTING):
            values["stage"] = UNTOLD["stage"]
    return Tracked(**values, stamp=row.secret_digest[:16], told=told)


def looks_after(tx: Session, channel: str) -> int | None:
    """Who looks after a channel, None where nobody does."""
    query = select(ComplaintChannel.owner_id).where(ComplaintChannel.name == channel)
    return tx.execute(query).scalar_one_or_none()
