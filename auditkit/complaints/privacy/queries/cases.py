"""What is known of one case's personal data: who read it, how long it is kept, consent, and its tombstone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import select

from auditkit.accounts.queries import zone_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints import rules as core
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy import erasing
from auditkit.complaints.privacy.models import ComplaintAnonymisation, ComplaintHold, ConsentWithdrawal
from auditkit.complaints.privacy.queries import keeping
from auditkit.complaints.privacy.queries.keeping import Ending
from auditkit.complaints.privacy.rules import (
    EXPORT,
    MAYBE_EXPORT,
    MESSAGES,
    READING_LASTS,
    Consent,
    Rule,
    Standing,
    kept_until,
    rule_for,
)
from auditkit.complaints.queries import asked_first, rows_of
from auditkit.complaints.register.queries import left_with_names
from auditkit.journal import queries as journal

COMPLAINT = "complaint"
ERASED = asked_first(ComplaintAnonymisation.__tablename__)
HELD = asked_first(ComplaintHold.__tablename__)
READ = asked_first(
    "identity readings",
    rows_of(
        "journal_entry",
        "organisation_id = {organisation} AND subject_kind = 'complaint' AND subject_id = {complaint} "
        f"AND event IN ('{core.IDENTITY_READ.name}', '{core.MESSAGES_READ.name}')",
    ),
)
LEFT = asked_first(
    "exports of the register",
    rows_of("register_export", "organisation_id = {organisation}"),
)


@dataclass(frozen=True)
class Subject:
    """A case as far as these pages need it."""

    id: int
    reference: str
    kind: str
    category: str
    stage: str
    received_at: datetime
    closed_at: datetime | None
    recorded_at: datetime


@dataclass(frozen=True)
class Reading:
    """Somebody saw who complained. `reason` is empty where none was asked for, or where it was erased; `by` is a key
    of rules.READ_BY where something else than a look at the identity showed it."""

    at: datetime
    person_id: int | None
    role: str
    reason: str
    by: str


@dataclass(frozen=True)
class Hold:
    reason: str
    placed_at: datetime
    placed_by: int | None
    lifted_at: datetime | None
    lifted_by: int | None
    lift_reason: str


@dataclass(frozen=True)
class Tombstone:
    """See `models.ComplaintAnonymisation`."""

    ground: str
    reason: str
    rule: Rule | None
    request_id: int | None
    done_at: datetime
    done_by: int | None
    erased: dict[str, int]
    kept: list[dict[str, Any]]


@dataclass(frozen=True)
class ConsentView:
    """A consent: given when (None: not on record), withdrawn when and by whom (None: on the tracking page)."""

    consent: Consent
    given_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: int | None


_SUBJECT = [getattr(Complaint, name) for name in Subject.__dataclass_fields__]


def subject(tx: Session, reference: str) -> Subject:
    """The case with this reference. Raises NotFound."""
    row = tx.execute(select(*_SUBJECT).where(Complaint.reference == reference)).one_or_none()
    if row is None:
        raise NotFound
    return Subject(*row)


def subjects(tx: Session, complaint_ids: list[int]) -> list[Subject]:
    """Cases by id, in the order recorded."""
    rows = tx.execute(select(*_SUBJECT).where(Complaint.id.in_(complaint_ids)).order_by(Complaint.id))
    return [Subject(*row) for row in rows]


def readings(tx: Session, organisation_id: int, complaint_id: int) -> list[Reading]:
    """Who saw the identity or what was written, newest first.

    An export of the register with names counts for the cases that were in it; one from before that was kept, for every
    case that was on record then and not erased.
    """
    recorded = tx.execute(select(Complaint.recorded_at).where(Complaint.id == complaint_id)).scalar_one()
    erased = tx.execute(
        select(ComplaintAnonymisation.done_at).where(ComplaintAnonymisation.complaint_id == complaint_id)
    ).scalar_one_or_none()
    found = [
        Reading(one.at, one.actor_id, one.role, one.personal.get("reason", ""), one.facts.get("by", ""))
        for one in _entries(tx, organisation_id, COMPLAINT, complaint_id, core.IDENTITY_READ.name)
    ]
    found += [
        Reading(one.at, one.actor_id, one.role, "", MESSAGES)
        for one in _entries(tx, organisation_id, COMPLAINT, complaint_id, core.MESSAGES_READ.name)
    ]
    found += [
        Reading(one.at, one.person_id, one.role, one.reason, EXPORT if one.certain else MAYBE_EXPORT)
        for one in left_with_names(tx, complaint_id, recorded, erased)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


class MayRead(Enum):
    """Whether the words of a case's messages may be shown: yes; once it is on record; once the reason was given."""

    YES = "yes"
    ON_RECORD = "on-record"
    WITH_REASON = "with-reason"


def may_read_messages(tx: Session, actor: Actor, complaint_id: int, now: datetime) -> MayRead:
    """What stands before the messages for somebody who may know identities. Where the organisation asks why, the
    reason that the identity was read with counts for the messages too."""
    events = (core.MESSAGES_READ.name, core.IDENTITY_READ.name)
    subject, since = (COMPLAINT, complaint_id), now - READING_LASTS
    done = journal.done_since(tx, actor.organisation_id, subject, events, actor.person_id or 0, since)
    if core.MESSAGES_READ.name in done:
        return MayRead.YES
    if core.IDENTITY_READ.name not in done and keeping.settings(tx).reason_required:
        return MayRead.WITH_REASON
    return MayRead.ON_RECORD


def _entries(
    tx: Session, organisation_id: int, subject_kind: str, subject_id: int, event: str
) -> Iterator[journal.Entry]:
    before: int | None = None
    while True:
        entries, before = journal.page(
            tx, organisation_id, subject_kind=subject_kind, subject_id=subject_id, event=event, before=before
        )
        yield from entries
        if before is None:
            return


def holds(tx: Session, complaint_id: int) -> list[Hold]:
    """All holds of a case, newest first."""
    query = select(ComplaintHold).where(ComplaintHold.complaint_id == complaint_id).order_by(ComplaintHold.id.desc())
    return [
        Hold(one.reason, one.placed_at, one.placed_by, one.lifted_at, one.lifted_by, one.lift_reason)
        for one in tx.execute(query).scalars()
    ]


def is_held(tx: Session, complaint_id: int) -> bool:
    """Whether a hold is in force."""
    query = select(ComplaintHold.id).where(
        ComplaintHold.complaint_id == complaint_id, ComplaintHold.lifted_at.is_(None)
    )
    return tx.execute(query).first() is not None


def tombstone(tx: Session, complaint_id: int) -> Tombstone | None:
    """How the personal data of a case was erased, None where it was not."""
    query = select(ComplaintAnonymisation).where(ComplaintAnonymisation.complaint_id == complaint_id)
    row = tx.execute(query).scalar_one_or_none()
    if row is None:
        return None
    rule = keeping.rule(tx, row.rule_id) if row.rule_id is not None else None
    return Tombstone(
        row.ground, row.reason, rule, row.request_id, row.done_at, row.done_by, dict(row.erased), list(row.kept)
    )


def consents(tx: Session, complaint_id: int) -> list[ConsentView]:
    """What the complainant agreed to, and what was withdrawn; empty where the case says nothing of consent."""
    intake = tx.execute(
        select(ComplaintIntake).where(ComplaintIntake.complaint_id == complaint_id)
    ).scalar_one_or_none()
    if intake is None:
        return []
    query = select(ConsentWithdrawal).where(ConsentWithdrawal.complaint_id == complaint_id)
    withdrawn = {one.consent: one for one in tx.execute(query).scalars()}
    given = {Consent.PROCESSING: intake.consent_at, Consent.SHARING: intake.consent_at if intake.may_share else None}
    found = []
    for consent, at in given.items():
        back = withdrawn.get(consent.value)
        found.append(ConsentView(consent, at, back.withdrawn_at if back else None, back.withdrawn_by if back else None))
    return found


def standing(tx: Session, case: Subject, organisation_id: int) -> Standing:
    """What decides whether a case may be anonymised now."""
    row = erasing.row_of(tx, organisation_id, case.id)
    closed = case.stage == core.Stage.CLOSED.value
    duty_until: date | None = None
    rule = rule_for(keeping.rules_in_force(tx), case.kind, case.category)
    if rule is not None and rule.duty and closed:
        duty_until = kept_until(keeping.ended_on(case.closed_at, case.recorded_at, zone_of_house(tx))[0], rule)
    return Standing(
        closed=closed,
        held=is_held(tx, case.id),
        waiting=row is not None and erasing.is_waiting(tx, row),
        anonymised=tombstone(tx, case.id) is not None,
        duty_until=duty_until,
    )


def ending(tx: Session, complaint_id: int, today: date) -> Ending | None:
    """How long a closed case is kept; None while it is open, where no rule fits, or where it was erased."""
    return next(keeping.endings(tx, today, only=complaint_id), None)
