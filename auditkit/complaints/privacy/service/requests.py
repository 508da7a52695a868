"""What a person asks about their data: a copy of everything held, or erasure; each case gets its verdict and reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from auditkit.accounts.queries import today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.complaints import rules as core
from auditkit.complaints.privacy import rules
from auditkit.complaints.privacy.models import PrivacyRequest, PrivacyRequestCase
from auditkit.complaints.privacy.queries import cases, keeping
from auditkit.complaints.privacy.rules import Ground, RequestState, Verdict
from auditkit.complaints.privacy.service import anonymising
from auditkit.journal import service as journal

REQUEST = "privacy-request"


@dataclass(frozen=True)
class OpenRequest:
    """`references`: cases it is known to be about from the start."""

    kind: str
    received_on: date
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddCase:
    request_id: int
    reference: str


@dataclass(frozen=True)
class NoteSearch:
    """Somebody looked for a person; these cases were shown with who complained. What was typed is not kept."""

    shown: tuple[int, ...]


@dataclass(frozen=True)
class HandOver:
    """A copy of what is held in the request's cases was made."""

    request_id: int


@dataclass(frozen=True)
class EraseCase:
    request_id: int
    reference: str


@dataclass(frozen=True)
class KeepCase:
    """The case is not erased, or not handed over, for this reason."""

    request_id: int
    reference: str
    reason: str


@dataclass(frozen=True)
class Settle:
    """The person was answered. `refused`: nothing of what was asked for was done, and `answer` says why."""

    request_id: int
    refused: bool = False
    answer: str = ""


@verb("identity.read", leaves=rules.ASKED)
def open_request(tx: Session, command: OpenRequest, now: datetime, actor: Actor) -> int:
    """Take a request down; its id. Raises UnknownWord, ReceivedInFuture, NotFound for a case."""
    if command.received_on > today_of_house(tx, now):
        raise rules.ReceivedInFuture
    days = keeping.settings(tx).request_days
    made = PrivacyRequest(
        kind=core.known_word(command.kind, rules.RequestKind),
        received_on=command.received_on,
        due_on=command.received_on + timedelta(days=days),
        opened_at=now,
        opened_by=actor.person_id,
    )
    tx.add(made)
    tx.flush()
    _tell(tx, rules.ASKED, made, now, actor, {"kind": made.kind, "due_on": made.due_on.isoformat()})
    for reference in dict.fromkeys(command.references):
        add_case(tx, AddCase(made.id, reference), now, actor)
    return int(made.id)


@verb("identity.read", leaves=rules.CASE_ADDED)
def add_case(tx: Session, command: AddCase, now: datetime, actor: Actor) -> None:
    """Make a case part of a request; a second time it changes nothing. Raises NotFound, RequestSettled."""
    request = _open(tx, command.request_id)
    case = cases.subject(tx, command.reference)
    if _case(tx, request.id, case.id) is None:
        tx.add(PrivacyRequestCase(request_id=request.id, complaint_id=case.id))
    _tell(tx, rules.CASE_ADDED, request, now, actor, {"complaint": case.id})


@verb("identity.read", leaves=rules.SEARCHED)
def note_search(tx: Session, command: NoteSearch, now: datetime, actor: Actor) -> None:
    """Put a search for a person on record, and on each case it showed that its identity was read."""
    subject = ("organisation", actor.organisation_id)
    facts = {"found": len(command.shown)}
    journal.record(tx, rules.SEARCHED, now=now, actor=actor, subject=subject, facts=facts)
    for complaint_id in command.shown:
        journal.record(
            tx,
            core.IDENTITY_READ,
            now=now,
            actor=actor,
            subject=("complaint", complaint_id),
            facts={"by": "person-search"},
        )


@verb("identity.read", leaves=rules.HANDED_OVER)
def hand_over(tx: Session, command: HandOver, now: datetime, actor: Actor) -> None:
    """Note that a copy was made of every case of an access request. Raises NotFound."""
    request = _request(tx, command.request_id)
    for one in tx.execute(select(PrivacyRequestCase).where(PrivacyRequestCase.request_id == request.id)).scalars():
        if one.verdict == "":
            one.verdict = Verdict.GIVEN.value
    _tell(tx, rules.HANDED_OVER, request, now, actor, {})


@verb("organisation.manage", leaves=rules.ANONYMISED)
def erase_case(tx: Session, command: EraseCase, now: datetime, actor: Actor) -> None:
    """Erase a case because the person asked. Raises NotFound, RequestSettled, CannotAnonymise."""
    request = _open(tx, command.request_id)
    row = _listed(tx, request.id, command.reference)
    order = anonymising.Anonymise(command.reference, Ground.REQUEST.value, request_id=request.id)
    anonymising.anonymise(tx, order, now, actor)
    row.verdict, row.reason = Verdict.ERASED.value, ""


@verb("identity.read", leaves=rules.CASE_KEPT)
def keep_case(tx: Session, command: KeepCase, now: datetime, actor: Actor) -> None:
    """Say why a case is kept. Raises NotFound, RequestSettled, ReasonMissing, ReasonTooLong."""
    request = _open(tx, command.request_id)
    row = _listed(tx, request.id, command.reference)
    row.verdict, row.reason = Verdict.KEPT.value, rules.check_reason(command.reason)
    _tell(tx, rules.CASE_KEPT, request, now, actor, {"complaint": row.complaint_id})


@verb("identity.read", leaves=rules.SETTLED)
def settle(tx: Session, command: Settle, now: datetime, actor: Actor) -> None:
    """Note that the person was answered. Raises NotFound, RequestSettled, CasesUnsettled, ReasonMissing."""
    request = _open(tx, command.request_id)
    answer = rules.check_reason(command.answer) if command.refused else command.answer.strip()
    left = tx.execute(
        select(PrivacyRequestCase.complaint_id).where(
            PrivacyRequestCase.request_id == request.id, PrivacyRequestCase.verdict == ""
        )
    ).scalars()
    unsettled = [one.reference for one in cases.subjects(tx, list(left))]
    if unsettled and not command.refused:
        raise rules.CasesUnsettled(references=unsettled)
    request.state = (RequestState.REFUSED if command.refused else RequestState.ANSWERED).value
    request.settled_at, request.settled_by, request.answer = now, actor.person_id, answer
    _tell(tx, rules.SETTLED, request, now, actor, {"state": request.state})


def _request(tx: Session, request_id: int) -> PrivacyRequest:
    row = tx.execute(select(PrivacyRequest).where(PrivacyRequest.id == request_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _open(tx: Session, request_id: int) -> PrivacyRequest:
    row = _request(tx, request_id)
    if row.state != RequestState.OPEN:
        raise rules.RequestSettled
    return row


def _case(tx: Session, request_id: int, complaint_id: int) -> PrivacyRequestCase | None:
    return tx.execute(
        select(PrivacyRequestCase).where(
            PrivacyRequestCase.request_id == request_id, PrivacyRequestCase.complaint_id == complaint_id
        )
    ).scalar_one_or_none()


def _listed(tx: Session, request_id: int, reference: str) -> PrivacyRequestCase:
    row = _case(tx, request_id, cases.subject(tx, reference).id)
    if row is None:
        raise NotFound
    return row


def _tell(
    tx: Session, what: Event, request: PrivacyRequest, now: datetime, actor: Actor, facts: dict[str, Any]
) -> None:
    tx.flush()
    journal.record(tx, what, now=now, actor=actor, subject=(REQUEST, request.id), facts=facts)
