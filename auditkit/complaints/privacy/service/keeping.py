"""Rules of keeping, settings, holds, warnings, withdrawn consent, and reading an identity with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.complaints import rules as core
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy import beside, rules
from auditkit.complaints.privacy.models import (
    ComplaintHold,
    ConsentWithdrawal,
    KeepingTime,
    PrivacySettings,
    RetentionRule,
    RetentionWarning,
)
from auditkit.complaints.privacy.queries import cases, keeping
from auditkit.complaints.service import Identity
from auditkit.journal import service as journal

COMPLAINT = "complaint"
ORGANISATION = "organisation"


@dataclass(frozen=True)
class PutRule:
    """A rule of keeping; it takes the place of the one for the same kind and category.

    `seen`: the stamp of the rules the person looked at, None where nobody did.
    """

    months: int
    warn_days: int = rules.WARN_DAYS
    kind: str = ""
    category: str = ""
    duty: bool = False
    automatic: bool = False
    basis: str = ""
    source: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class EndRule:
    rule_id: int


@dataclass(frozen=True)
class PutSettings:
    """`seen`: the stamp of the settings the person looked at, None where nobody did."""

    reason_required: bool
    request_days: int
    seen: str | None = None


@dataclass(frozen=True)
class PutKeeping:
    """For how many days each kind of record beside the cases is kept, by `rules.Aside`; `seen` as in PutSettings."""

    days: Mapping[str, int]
    seen: str | None = None


@dataclass(frozen=True)
class PlaceHold:
    reference: str
    reason: str


@dataclass(frozen=True)
class LiftHold:
    reference: str
    reason: str


@dataclass(frozen=True)
class Warn:
    """Cases of which it is now on record that their data will go: (complaint id, rule id, last day of keeping)."""

    cases: tuple[tuple[int, int, date], ...]


@dataclass(frozen=True)
class Looked:
    """The worker has looked for cases whose time ends, on this day."""

    day: date


@dataclass(frozen=True)
class WithdrawConsent:
    """`complaint_id` and not the reference: on the tracking page its secret has proven who asks."""

    complaint_id: int
    consent: str


@dataclass(frozen=True)
class ReadIdentity:
    reference: str
    reason: str = ""


@verb("organisation.manage", leaves=rules.RULE_PUT)
def put_rule(tx: Session, command: PutRule, now: datetime, actor: Actor) -> int:
    """Set how long complaints are kept; the id of the rule.

    Raises MonthsImpossible, WarningImpossible, UnknownWord, and Conflict when the rule whose place it takes was not
    among those `seen`.
    """
    rules.check_rule(command.months, command.warn_days)
    kind = core.known_word(command.kind, core.Kind, empty=True)
    basis = rules.check_reason(command.basis) if command.duty else command.basis.strip()
    before = tx.execute(
        select(RetentionRule).where(
            RetentionRule.ended_at.is_(None), RetentionRule.kind == kind, RetentionRule.category == command.category
        )
    ).scalar_one_or_none()
    if before is not None:
        if command.seen is not None and str(before.id) not in command.seen.split("-"):
            raise Conflict
        before.ended_at = now
        tx.flush()
    made = RetentionRule(
        kind=kind,
        category=core.check_text("category", command.category),
        months=command.months,
        warn_days=command.warn_days,
        duty=command.duty,
        automatic=command.automatic,
        basis=basis,
        source=command.source,
        added_at=now,
        added_by=actor.person_id,
    )
    tx.add(made)
    tx.flush()
    facts = {
        "rule": made.id,
        "kind": kind,
        "category": made.category,
        "months": made.months,
        "warn_days": made.warn_days,
        "duty": made.duty,
        "automatic": made.automatic,
        "source": made.source,
    }
    journal.record(tx, rules.RULE_PUT, now=now, actor=actor, subject=(ORGANISATION, actor.organisation_id), facts=facts)
    return int(made.id)


@verb("organisation.manage", leaves=rules.RULE_ENDED)
def end_rule(tx: Session, command: EndRule, now: datetime, actor: Actor) -> None:
    """End a rule: what it was for is kept by the next wider rule, or without limit. Raises NotFound, RuleEnded."""
    row = tx.execute(select(RetentionRule).where(RetentionRule.id == command.rule_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise rules.RuleEnded
    row.ended_at = now
    journal.record(
        tx,
        rules.RULE_ENDED,
        now=now,
        actor=actor,
        subject=(ORGANISATION, actor.organisation_id),
        facts={"rule": row.id},
    )


@verb("organisation.manage", leaves=rules.SETTINGS_PUT)
def put_settings(tx: Session, command: PutSettings, now: datetime, actor: Actor) -> None:
    """Change the settings. Raises DaysImpossible, and Conflict when somebody else changed them since."""
    if not 1 <= command.request_days <= 365:
        raise rules.DaysImpossible
    if command.seen is not None and command.seen != keeping.settings(tx).stamp:
        raise Conflict
    row = _settings_row(tx)
    row.reason_required, row.request_days = command.reason_required, command.request_days
    facts = {"reason_required": command.reason_required, "request_days": command.request_days}
    journal.record(
        tx, rules.SETTINGS_PUT, now=now, actor=actor, subject=(ORGANISATION, actor.organisation_id), facts=facts
    )


@verb("organisation.manage", leaves=rules.KEEPING_PUT)
def put_keeping(tx: Session, command: PutKeeping, now: datetime, actor: Actor) -> None:
    """Set the times of what is kept beside the cases.

    Raises KeepingDaysImpossible, UnknownWord, and Conflict when somebody else changed them since.
    """
    if command.seen is not None and command.seen != beside.stamp(beside.days(tx)):
        raise Conflict
    known = {row.what: row for row in tx.execute(select(KeepingTime)).scalars()}
    for what, days in command.days.items():
        core.known_word(what, rules.Aside)
        if not 1 <= days <= 3650:
            raise rules.KeepingDaysImpossible
        if what in known:
            known[what].days = days
        else:
            tx.add(KeepingTime(what=what, days=days))
    journal.record(
        tx,
        rules.KEEPING_PUT,
        now=now,
        actor=actor,
        subject=(ORGANISATION, actor.organisation_id),
        facts={"days": dict(command.days)},
    )


@verb("complaints.handle", leaves=rules.HELD)
def place_hold(tx: Session, command: PlaceHold, now: datetime, actor: Actor) -> None:
    """Keep a case beyond its time. Raises NotFound, ReasonMissing, HeldAlready, CannotAnonymise (too late)."""
    case = cases.subject(tx, command.reference)
    reason = rules.check_reason(command.reason)
    if cases.tombstone(tx, case.id) is not None:
        raise rules.CannotAnonymise(reason=rules.OBSTACLE_TITLES[rules.Obstacle.DONE])
    if cases.is_held(tx, case.id):
        raise rules.HeldAlready
    tx.add(ComplaintHold(complaint_id=case.id, reason=reason, placed_at=now, placed_by=actor.person_id))
    _about(tx, rules.HELD, case, now, actor, {"reason": reason})


@verb("organisation.manage", leaves=rules.RELEASED)
def lift_hold(tx: Session, command: LiftHold, now: datetime, actor: Actor) -> None:
    """Lift the hold of a case, with the reason. Raises NotFound, ReasonMissing, NotHeld."""
    case = cases.subject(tx, command.reference)
    reason = rules.check_reason(command.reason)
    row = tx.execute(
        select(ComplaintHold).where(ComplaintHold.complaint_id == case.id, ComplaintHold.lifted_at.is_(None))
    ).scalar_one_or_none()
    if row is None:
        raise rules.NotHeld
    row.lifted_at, row.lifted_by, row.lift_reason = now, actor.person_id, reason
    _about(tx, rules.RELEASED, case, now, actor, {"reason": reason})


@verb("organisation.manage", leaves=rules.WARNED)
def warn(tx: Session, command: Warn, now: datetime, actor: Actor) -> None:
    """Put on record that the data of these cases will go, once for each end of keeping."""
    for complaint_id, rule_id, until in command.cases:
        row = tx.execute(
            select(RetentionWarning).where(RetentionWarning.complaint_id == complaint_id)
        ).scalar_one_or_none()
        if row is None:
            row = RetentionWarning(complaint_id=complaint_id)
            tx.add(row)
        row.rule_id, row.until, row.warned_at = rule_id, until, now
        facts = {"until": until.isoformat(), "rule": rule_id}
        journal.record(tx, rules.WARNED, now=now, actor=actor, subject=(COMPLAINT, complaint_id), facts=facts)


@verb("organisation.manage", leaves=rules.LOOKED)
def looked(tx: Session, command: Looked, now: datetime, actor: Actor) -> None:
    """Note that cases were looked through, so that it is shown to happen."""
    row = _settings_row(tx)
    row.looked_on = command.day
    journal.record(
        tx,
        rules.LOOKED,
        now=now,
        actor=actor,
        subject=(ORGANISATION, actor.organisation_id),
        facts={"day": command.day.isoformat()},
    )


@verb(None, leaves=rules.WITHDRAWN)
def withdraw_consent(tx: Session, command: WithdrawConsent, now: datetime, actor: Actor) -> None:
    """Take a consent back: by the complainant (the caller knows that it is), or noted by a member who handles cases.

    Raises NotFound, NeverGiven, WithdrawnAlready, UnknownWord, Forbidden.
    """
    if actor.person_id is not None:
        actor.require("complaints.handle")
    consent = core.known_word(command.consent, rules.Consent)
    known = {one.consent.value: one for one in cases.consents(tx, command.complaint_id)}
    if consent not in known or known[consent].given_at is None:
        raise rules.NeverGiven
    if known[consent].withdrawn_at is not None:
        raise rules.WithdrawnAlready
    tx.add(
        ConsentWithdrawal(
            complaint_id=command.complaint_id, consent=consent, withdrawn_at=now, withdrawn_by=actor.person_id
        )
    )
    journal.record(
        tx,
        rules.WITHDRAWN,
        now=now,
        actor=actor,
        subject=(COMPLAINT, command.complaint_id),
        facts={"consent": consent},
    )


@verb("identity.read", leaves=core.IDENTITY_READ)
def read_identity(tx: Session, command: ReadIdentity, now: datetime, actor: Actor) -> Identity:
    """Who complained, with the reason for reading where the organisation asks for one; it goes on record.

    Raises NotFound, ReasonMissing, ReasonTooLong.
    """
    case = cases.subject(tx, command.reference)
    required = keeping.settings(tx).reason_required
    reason = rules.check_reason(command.reason) if required or command.reason.strip() else ""
    row = tx.execute(select(*(getattr(Complaint, name) for name in core.IDENTITY)).where(Complaint.id == case.id)).one()
    journal.record(
        tx,
        core.IDENTITY_READ,
        now=now,
        actor=actor,
        subject=(COMPLAINT, case.id),
        personal={"reason": reason} if reason else None,
    )
    return Identity(**{name.removeprefix("complainant_"): value for name, value in row._mapping.items()})


def _settings_row(tx: Session) -> PrivacySettings:
    row = tx.execute(select(PrivacySettings)).scalar_one_or_none()
    if row is None:
        row = PrivacySettings(reason_required=False, request_days=rules.REQUEST_DAYS)
        tx.add(row)
    return row


def _about(
    tx: Session, what: Event, case: cases.Subject, now: datetime, actor: Actor, personal: dict[str, str]
) -> None:
    journal.record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(COMPLAINT, case.id),
        facts={"reference": case.reference},
        personal=personal,
    )
