"""Verbs of the survey: plan it at closing, invite, remind once, take the answer; settings."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import AuditkitError, Conflict, NotFound
from auditkit.base.events import Event
from auditkit.base.text import _, spoken
from auditkit.base.verbs import verb
from auditkit.complaints import rules as core
from auditkit.complaints.correspondence import queries as letters
from auditkit.complaints.correspondence import rules as mail_rules
from auditkit.complaints.correspondence import wording
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.rules import Channel, MessageKind
from auditkit.complaints.correspondence.service.messages import Write, write_to_complainant
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.intake.rules.secrets import make_secret, secret_digest
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy.queries import cases as privacy
from auditkit.complaints.privacy.rules import Consent
from auditkit.complaints.survey import queries, rules
from auditkit.complaints.survey.models import ComplaintSurvey, SurveySettings
from auditkit.complaints.survey.rules import Practice, State, Why
from auditkit.journal import service as journal

COMPLAINT = "complaint"


@dataclass(frozen=True)
class Plan:
    """A case was closed."""

    complaint_id: int


@dataclass(frozen=True)
class Drop:
    """The survey that waits is not to be sent after all."""

    complaint_id: int
    why: str


@dataclass(frozen=True)
class Invite:
    """Send what is due of a survey: the invitation, or the one reminder.

    `address` is that of the survey's page with `{secret}` in it; `key` the installation's, from which the secret is
    worked out, so that the reminder carries the same link and yet nothing but its digest is kept.
    """

    survey_id: int
    address: str
    key: str


@dataclass(frozen=True)
class Answer:
    """What the complainant says. `digest` of the secret proves who it is."""

    digest: str
    process: int | None
    outcome: int | None
    accepted: str = ""
    comment: str = ""
    may_contact: bool = False


@dataclass(frozen=True)
class PutSettings:
    """`seen`: the stamp of the settings the person looked at, None where nobody did."""

    practice: Practice
    seen: str | None = None


@verb("organisation.manage", leaves=rules.SETTINGS_PUT)
def put_settings(tx: Session, command: PutSettings, now: datetime, actor: Actor) -> None:
    """Change how the organisation asks. Raises DaysImpossible, and Conflict when somebody else changed it since."""
    rules.check_practice(command.practice)
    if command.seen is not None and command.seen != queries.practice(tx).stamp:
        raise Conflict
    row = tx.execute(select(SurveySettings)).scalar_one_or_none()
    if row is None:
        row = SurveySettings()
        tx.add(row)
    for name, value in asdict(command.practice).items():
        setattr(row, "switched_on" if name == "on" else name, value)
    subject = ("organisation", actor.organisation_id)
    journal.record(tx, rules.SETTINGS_PUT, now=now, actor=actor, subject=subject, facts=asdict(command.practice))


@verb(None, leaves=(rules.PLANNED, rules.NOT_ASKED))
def plan(tx: Session, command: Plan, now: datetime, actor: Actor) -> int:
    """Plan the survey of a case that was just closed, or say why there is none; its id."""
    complaint = tx.execute(select(Complaint).where(Complaint.id == command.complaint_id)).scalar_one()
    intake = _intake(tx, complaint.id)
    why = _why_not(tx, complaint, intake)
    practice = queries.practice(tx)
    row = ComplaintSurvey(
        complaint_id=complaint.id,
        state=(State.NOT_SENT if why else State.WAITING).value,
        why=why.value if why else "",
        language=letters.language_of(tx, complaint.id) or letters.setting(tx).locale,
        planned_at=now,
        due_at=None if why else now + timedelta(days=practice.wait_days),
    )
    tx.add(row)
    tx.flush()
    _tell(tx, rules.NOT_ASKED if why else rules.PLANNED, row, now, actor, {"why": row.why})
    return int(row.id)


@verb(None, leaves=rules.NOT_ASKED)
def drop(tx: Session, command: Drop, now: datetime, actor: Actor) -> None:
    """Let the survey that waits be. Raises NotWaiting."""
    row = tx.execute(
        select(ComplaintSurvey).where(ComplaintSurvey.complaint_id == command.complaint_id)
    ).scalar_one_or_none()
    if row is None or row.state != State.WAITING:
        raise rules.NotWaiting
    _not_sent(row, Why(core.known_word(command.why, Why)))
    _tell(tx, rules.NOT_ASKED, row, now, actor, {"why": row.why})


@verb("complaints.handle", leaves=(rules.INVITED, rules.REMINDED, rules.NOT_ASKED))
def invite(tx: Session, command: Invite, now: datetime, actor: Actor) -> None:
    """Send the invitation, or the one reminder, through the outbox; or say why not. Raises NotFound, NotWaiting."""
    row = tx.execute(
        select(ComplaintSurvey).where(ComplaintSurvey.id == command.survey_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    complaint = tx.execute(select(Complaint).where(Complaint.id == row.complaint_id)).scalar_one()
    why = _why_not(tx, complaint, _intake(tx, complaint.id))
    if row.state == State.WAITING:
        _first(tx, row, complaint, why, command, now, actor)
    elif row.state == State.SENT and row.remind_at is not None:
        _again(tx, row, complaint, why, command, now, actor)
    else:
        raise rules.NotWaiting


@verb(None, leaves=rules.ANSWERED)
def answer(tx: Session, command: Answer, now: datetime, actor: Actor) -> None:
    """Take the answer; the link is spent. Raises LinkUnusable, ScoreMissing, CommentTooLong, UnknownWord."""
    row = tx.execute(
        select(ComplaintSurvey).where(ComplaintSurvey.secret_digest == command.digest).with_for_update()
    ).scalar_one_or_none()
    if row is None or not rules.usable(row.state, row.expires_at, now):
        raise rules.LinkUnusable
    if privacy.tombstone(tx, row.complaint_id) is not None:
        raise rules.LinkUnusable
    asked = not queries.answer_on_record(tx, row.complaint_id)
    accepted = core.known_word(command.accepted, rules.Accepted, empty=True) if asked else ""
    process, outcome = rules.check_score(command.process), rules.check_score(command.outcome)
    comment = rules.check_comment(command.comment)
    row.process_score, row.outcome_score, row.comment = process, outcome, comment
    row.accepted, row.may_contact = accepted, command.may_contact
    row.state, row.answered_at, row.remind_at = State.ANSWERED.value, now, None
    facts = {
        "process": row.process_score,
        "outcome": row.outcome_score,
        "accepted": row.accepted,
        "may_contact": row.may_contact,
    }
    _tell(tx, rules.ANSWERED, row, now, actor, facts, {"comment": row.comment} if row.comment else None)


def _first(
    tx: Session,
    row: ComplaintSurvey,
    complaint: Complaint,
    why: Why | None,
    command: Invite,
    now: datetime,
    actor: Actor,
) -> None:
    if why is not None:
        _not_sent(row, why)
        _tell(tx, rules.NOT_ASKED, row, now, actor, {"why": row.why})
        return
    practice = queries.practice(tx)
    secret = _secret(row, command.key)
    row.message_id = _write(tx, row, complaint, command, now, actor, reminder=False)
    row.state, row.due_at, row.secret_digest = State.SENT.value, None, secret_digest(secret)
    row.sent_at, row.expires_at = now, now + timedelta(days=practice.valid_days)
    row.remind_at = rules.remind_at(now, practice)
    _tell(tx, rules.INVITED, row, now, actor, {"message": row.message_id})


def _again(
    tx: Session,
    row: ComplaintSurvey,
    complaint: Complaint,
    why: Why | None,
    command: Invite,
    now: datetime,
    actor: Actor,
) -> None:
    row.remind_at = None
    gone = row.expires_at is None or now >= row.expires_at
    if why is not None or gone or queries.has_bounced(tx, row) or not queries.practice(tx).on:
        _tell(tx, rules.NOT_ASKED, row, now, actor, {"why": why.value if why else "", "reminder": True})
        return
    row.reminder_id = _write(tx, row, complaint, command, now, actor, reminder=True)
    row.reminded_at = now
    _tell(tx, rules.REMINDED, row, now, actor, {"message": row.reminder_id})


def _write(
    tx: Session,
    row: ComplaintSurvey,
    complaint: Complaint,
    command: Invite,
    now: datetime,
    actor: Actor,
    *,
    reminder: bool,
) -> int:
    setting = letters.setting(tx)
    letter = letters.letter(tx, MessageKind.SURVEY.value, row.language, complaint.kind)
    secret = _secret(row, command.key)
    values = {
        "complainant": complaint.complainant_name,
        "organisation": setting.organisation,
        "reference": complaint.reference,
        "about": complaint.subject or complaint.product or complaint.reference,
        "received": written_day(setting.day(complaint.received_at), letter.language),
        "today": written_day(setting.day(now), letter.language),
        "handler": setting.organisation,
        "survey": command.address.replace("{secret}", secret),
    }
    draft = wording.fill(letter, values)
    subject = draft.subject
    if reminder:
        with spoken(letter.language):
            subject = _("Reminder: %(subject)s", subject=subject)
    written = Write(
        complaint_id=complaint.id,
        kind=MessageKind.SURVEY.value,
        subject=subject,
        text=draft.text,
        channel=Channel.EMAIL.value,
        language=letter.language,
        automatic=True,
        wording=letter.name,
        hidden=(secret,),
    )
    return int(write_to_complainant(tx, written, now, actor))


def _secret(row: ComplaintSurvey, key: str) -> str:
    return make_secret(f"survey|{row.organisation_id}|{row.id}", key)


def _intake(tx: Session, complaint_id: int) -> ComplaintIntake | None:
    return tx.execute(select(ComplaintIntake).where(ComplaintIntake.complaint_id == complaint_id)).scalar_one_or_none()


def _why_not(tx: Session, complaint: Complaint, intake: ComplaintIntake | None) -> Why | None:
    """Why this complainant cannot be asked, None where they can."""
    if privacy.tombstone(tx, complaint.id) is not None:
        return Why.ERASED
    if complaint.stage != core.Stage.CLOSED:
        return Why.REOPENED
    if complaint.closing_ground == core.Ground.DUPLICATE:
        return Why.DUPLICATE
    if intake is not None and intake.anonymous:
        return Why.ANONYMOUS
    withdrawn = [one for one in privacy.consents(tx, complaint.id) if one.withdrawn_at is not None]
    if any(one.consent is Consent.PROCESSING for one in withdrawn):
        return Why.NO_CONSENT
    try:
        mail_rules.mail_address(complaint.complainant_email)
    except AuditkitError:
        return Why.NO_ADDRESS
    return None


def _not_sent(row: ComplaintSurvey, why: Why) -> None:
    row.state, row.why, row.due_at = State.NOT_SENT.value, why.value, None


def _tell(
    tx: Session,
    what: Event,
    row: ComplaintSurvey,
    now: datetime,
    actor: Actor,
    facts: dict[str, Any],
    personal: dict[str, str] | None = None,
) -> None:
    tx.flush()
    subject = (COMPLAINT, row.complaint_id)
    journal.record(tx, what, now=now, actor=actor, subject=subject, facts=facts, personal=personal)
