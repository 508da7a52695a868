"""What was done with one complaint, for its page: each step as it was recorded, newest first unless it says otherwise.

One statement a table that holds anything of it, each along an index of the complaint. Who complained is never in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, or_, select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintDetriment,
    ComplaintEscalation,
    ComplaintInvestigation,
    ComplaintLink,
    ComplaintMention,
    ComplaintNote,
    ComplaintParty,
    ComplaintPause,
    ComplaintReclassification,
    ComplaintReferral,
    ComplaintRemedyCheck,
    ComplaintReopening,
)
from auditkit.complaints.queries.presence import asked_first, present, rows_of
from auditkit.complaints.rules import RemedyFound


@dataclass(frozen=True)
class Assessment:
    """An assessment; `priority`, `reach` and `facts` are words of the priority matrix."""

    id: int
    severity: str
    safety: bool
    complexity: str
    reach: str
    facts: list[str]
    immediate_needed: bool
    immediate_possible: bool
    immediate_action: str
    compensation: str
    priority: str
    level: int
    note: str
    assessed_at: datetime
    assessed_by: int | None


@dataclass(frozen=True)
class Investigation:
    """An investigation as far as it was written; `ended_at` None while it is under way."""

    id: int
    investigator_id: int | None
    plan: str
    independence: str
    complainant_side: str
    other_side: str
    facts: str
    cause: str
    cause_method: str
    cause_note: str
    begun_at: datetime
    ended_at: datetime | None
    ended_by: int | None


@dataclass(frozen=True)
class Decision:
    """A decision of any state: proposed, returned or decided. `amount` in hundredths of `currency`."""

    id: int
    number: int
    state: str
    outcome: str
    reasons: str
    remedy: str
    remedies: list[str]
    amount: int | None
    currency: str
    others: str
    others_note: str
    proposed_at: datetime | None
    proposed_by: int | None
    limit_amount: int | None
    settled_at: datetime | None
    settled_by: int | None
    return_reason: str
    told_at: datetime | None
    told_channel: str
    told_by: int | None
    options: str
    promised_on: date | None
    delivered_on: date | None
    delivered_by: int | None
    delivery: str
    answer: str
    answered_at: datetime | None
    answer_note: str
    next_internal: str
    next_external: str


@dataclass(frozen=True)
class Escalation:
    """A step to another level, or the complainant's wish for one (`state` asked, done or declined)."""

    id: int
    state: str
    from_level: int
    to_level: int
    triggers: list[str]
    reason: str
    asked_at: datetime | None
    settled_at: datetime | None
    settled_by: int | None
    settled_reason: str


@dataclass(frozen=True)
class Referral:
    """A case before an external body; `ended_on` None while it has not decided."""

    id: int
    body: str
    reference: str
    referred_on: date
    ended_on: date | None
    outcome: str
    overturned: bool | None


@dataclass(frozen=True)
class Pause:
    """A time of waiting for information; `ended_at` None while it lasts."""

    id: int
    waits_for: str
    awaited: str
    began_at: datetime
    began_by: int | None
    ended_at: datetime | None
    came: str


@dataclass(frozen=True)
class Reclassification:
    """The feedback was sorted anew."""

    from_kind: str
    to_kind: str
    reason: str
    changed_at: datetime
    changed_by: int | None


@dataclass(frozen=True)
class Reopening:
    """The case was opened again, and how it had been closed."""

    number: int
    reason: str
    reopened_at: datetime
    reopened_by: int | None
    closed_at: datetime | None
    closing_ground: str
    closing_note: str


@dataclass(frozen=True)
class Detriment:
    """Somebody looked whether the complainant was treated worse; `found` is a word of rules.Detriment."""

    found: str
    note: str
    checked_at: datetime
    checked_by: int | None


@dataclass(frozen=True)
class RemedyCheck:
    """Somebody checked a delivered remedy; `found` is a word of rules.RemedyFound."""

    decision_id: int
    found: str
    note: str
    checked_on: date
    delivered_on: date
    delivered_by: int | None
    delivery: str
    checked_at: datetime
    checked_by: int | None

    @property
    def by_another(self) -> bool:
        """Whether somebody else checked than delivered."""
        return self.checked_by != self.delivered_by


@dataclass(frozen=True)
class LinkedCase:
    """Another complaint that this one is linked to; `is_earlier`: the other was recorded first."""

    reference: str
    subject: str
    stage: str
    received_at: datetime
    relation: str
    is_earlier: bool


@dataclass(frozen=True)
class Note:
    """An internal note and whom it mentions; `unseen`: those who have not said that they read it."""

    id: int
    note: str
    written_at: datetime
    written_by: int | None
    mentions: tuple[int, ...]
    unseen: tuple[int, ...]


@dataclass(frozen=True)
class History:
    """Everything that was done with one complaint. `named`: the members who are complained about; `there`: what hangs
    on the complaint (`presence`), here and in the folders above."""

    assessments: list[Assessment]
    investigations: list[Investigation]
    decisions: list[Decision]
    escalations: list[Escalation]
    referrals: list[Referral]
    pauses: list[Pause]
    reclassifications: list[Reclassification]
    reopenings: list[Reopening]
    detriments: list[Detriment]
    remedy_checks: list[RemedyCheck]
    links: list[LinkedCase]
    notes: list[Note]
    named: tuple[int, ...]
    there: frozenset[str] = frozenset()

    @property
    def waiting(self) -> Pause | None:
        """The pause that lasts."""
        return next((one for one in self.pauses if one.ended_at is None), None)

    @property
    def asked(self) -> Escalation | None:
        """The complainant's wish that nobody has answered."""
        return next((one for one in self.escalations if one.state == "asked"), None)

    @property
    def proposed(self) -> Decision | None:
        """The decision that waits for approval."""
        return next((one for one in self.decisions if one.state == "proposed"), None)

    @property
    def under_way(self) -> Investigation | None:
        """The investigation that is not ended."""
        return next((one for one in self.investigations if one.ended_at is None), None)

    @property
    def abroad(self) -> list[Referral]:
        """The referrals that wait for their outcome."""
        return [one for one in self.referrals if one.ended_on is None]

    @property
    def delivered(self) -> Decision | None:
        """The newest decision whose remedy was delivered."""
        return next((one for one in self.decisions if one.delivered_on is not None), None)

    @property
    def unchecked(self) -> bool:
        """Whether a remedy was delivered that nobody has checked since, or found lacking when it was checked last."""
        one = self.delivered
        last = next((check for check in self.remedy_checks if one is not None and check.decision_id == one.id), None)
        return one is not None and (last is None or last.found != RemedyFound.AS_PROMISED)

    @property
    def refusals(self) -> int:
        """How many decisions were refused."""
        return sum(1 for one in self.decisions if one.answer == "refused")


Shape = TypeVar("Shape")


def history(tx: Session, complaint_id: int) -> History:
    """Everything that was done with the complaint."""
    there = present(tx, complaint_id)

    def every(shape: type[Shape], kind: Any) -> list[Shape]:
        return _all(tx, shape, kind, complaint_id) if kind.__tablename__ in there else []

    return History(
        assessments=every(Assessment, ComplaintAssessment),
        investigations=every(Investigation, ComplaintInvestigation),
        decisions=every(Decision, ComplaintDecision),
        escalations=every(Escalation, ComplaintEscalation),
        referrals=every(Referral, ComplaintReferral),
        pauses=every(Pause, ComplaintPause),
        reclassifications=every(Reclassification, ComplaintReclassification),
        reopenings=every(Reopening, ComplaintReopening),
        detriments=every(Detriment, ComplaintDetriment),
        remedy_checks=every(RemedyCheck, ComplaintRemedyCheck),
        links=_links(tx, complaint_id) if ComplaintLink.__tablename__ in there else [],
        notes=_notes(tx, complaint_id) if ComplaintNote.__tablename__ in there else [],
        named=named(tx, complaint_id) if ComplaintParty.__tablename__ in there else (),
        there=there,
    )


for _table in (
    ComplaintAssessment, ComplaintInvestigation, ComplaintDecision, ComplaintEscalation, ComplaintReferral,
    ComplaintPause, ComplaintReclassification, ComplaintReopening, ComplaintNote, ComplaintParty, ComplaintDetriment,
    ComplaintRemedyCheck,
):  # fmt: skip
    asked_first(_table.__tablename__)
_LINKS = ComplaintLink.__tablename__
asked_first(_LINKS, f"({rows_of(_LINKS)} OR {rows_of(_LINKS, 'other_id = {complaint}')})")


def _all(tx: Session, shape: type[Shape], kind: Any, complaint_id: int) -> list[Shape]:
    asked: Any = shape
    return [shape(*row) for row in tx.execute(_all_of(asked, kind), {"wanted": complaint_id})]


@lru_cache
def _all_of(shape: Any, kind: Any) -> Any:
    columns = [getattr(kind, one.name) for one in fields(shape)]
    return select(*columns).where(kind.complaint_id == bindparam("wanted")).order_by(kind.id.desc())


def named(tx: Session, complaint_id: int) -> tuple[int, ...]:
    """The members who are complained about."""
    query = select(ComplaintParty.person_id).where(ComplaintParty.complaint_id == complaint_id)
    return tuple(tx.execute(query.order_by(ComplaintParty.id)).scalars())


_KEPT: dict[str, tuple[Any, Any]] = {
    "assessments": (Assessment, ComplaintAssessment),
    "investigations": (Investigation, ComplaintInvestigation),
    "decisions": (Decision, ComplaintDecision),
    "escalations": (Escalation, ComplaintEscalation),
    "referrals": (Referral, ComplaintReferral),
    "pauses": (Pause, ComplaintPause),
    "reclassifications": (Reclassification, ComplaintReclassification),
    "reopenings": (Reopening, ComplaintReopening),
    "detriments": (Detriment, ComplaintDetriment),
    "remedy_checks": (RemedyCheck, ComplaintRemedyCheck),
}


def handling(tx: Session, ids: Sequence[int]) -> dict[int, Any]:
    """What was done with each complaint, oldest first, for evidence; members by id, internal notes left out."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for name, (shape, kind) in _KEPT.items():
        columns = [getattr(kind, one.name) for one in fields(shape) if one.name != "id"]
        query = select(kind.complaint_id.label("of"), *columns).where(kind.complaint_id.in_(ids)).order_by(kind.id)
        for row in tx.execute(query):
            values = {key: plain_value(value) for key, value in row._mapping.items() if key != "of"}
            found.setdefault(row.of, {}).setdefault(name, []).append(values)
    return found


def plain_value(value: Any) -> Any:
    """A value of a column as JSON has it: moments in UTC, days as they are written."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _links(tx: Session, complaint_id: int) -> list[LinkedCase]:
    # Links first, then their complaints: asked together, SQLite walks every complaint of the organisation.
    pairs = select(ComplaintLink.complaint_id, ComplaintLink.other_id, ComplaintLink.relation).where(
        or_(ComplaintLink.complaint_id == complaint_id, ComplaintLink.other_id == complaint_id)
    )
    relations = {other if one == complaint_id else one: relation for one, other, relation in tx.execute(pairs)}
    if not relations:
        return []
    query = select(
        Complaint.id,
        Complaint.reference,
        Complaint.subject,
        Complaint.product,
        Complaint.stage,
        Complaint.received_at,
    ).where(Complaint.id.in_(relations))
    return [
        LinkedCase(
            row.reference,
            row.subject or row.product or row.reference,
            row.stage,
            row.received_at,
            relations[row.id],
            row.id < complaint_id,
        )
        for row in tx.execute(query.order_by(Complaint.id))
    ]


def _notes(tx: Session, complaint_id: int) -> list[Note]:
    mentions: dict[int, list[Any]] = {}
    for row in tx.execute(
        select(ComplaintMention.note_id, ComplaintMention.person_id, ComplaintMention.seen_at)
        .join(ComplaintNote, ComplaintNote.id == ComplaintMention.note_id)
        .where(ComplaintNote.complaint_id == complaint_id)
        .order_by(ComplaintMention.id)
    ):
        mentions.setdefault(row.note_id, []).append(row)
    query = select(ComplaintNote.id, ComplaintNote.note, ComplaintNote.written_at, ComplaintNote.written_by)
    found = tx.execute(query.where(ComplaintNote.complaint_id == complaint_id).order_by(ComplaintNote.id.desc()))
    return [
        Note(
            *row,
            mentions=tuple(one.person_id for one in mentions.get(row.id, [])),
            unseen=tuple(one.person_id for one in mentions.get(row.id, []) if one.seen_at is None),
        )
        for row in found
    ]


def mentions_of(tx: Session, person_id: int, limit: int = 20) -> list[tuple[str, str, datetime]]:
    """(reference, subject, when) of the notes that mention a person who has not seen them, newest first."""
    rows = tx.execute(
        select(Complaint.reference, Complaint.subject, ComplaintNote.written_at)
        .join(ComplaintNote, ComplaintNote.complaint_id == Complaint.id)
        .join(ComplaintMention, ComplaintMention.note_id == ComplaintNote.id)
        .where(ComplaintMention.person_id == person_id, ComplaintMention.seen_at.is_(None))
        .order_by(ComplaintMention.id.desc())
        .limit(limit)
    )
    return [(row.reference, row.subject or row.reference, row.written_at) for row in rows]


def reference_of(tx: Session, complaint_id: int) -> str:
    """The reference of a complaint. Raises NotFound."""
    found = tx.execute(select(Complaint.reference).where(Complaint.id == complaint_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def complaint_of(tx: Session, part: str, number: int) -> int:
    """The complaint that an "investigation" or a "decision" belongs to. Raises NotFound."""
    kind: Any = {"investigation": ComplaintInvestigation, "decision": ComplaintDecision}[part]
    found: int | None = tx.execute(select(kind.complaint_id).where(kind.id == number)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
