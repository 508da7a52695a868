"""The survey hears of closing and reopening through the journal, and is planned in the same transaction."""

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from auditkit.accounts.queries import organisations
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import CLOSED, REOPENED
from auditkit.complaints.survey import queries, service
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.complaints.survey.rules import KINDS_NOT_ASKED, State, Why
from auditkit.journal.rules import EntryContent
from auditkit.journal.service import follows


def address_of(tx: Session, organisation_id: int) -> str:
    """Where the survey's page of an organisation is, with `{secret}` in it."""
    slug = next(one.slug for one in organisations(tx) if one.id == organisation_id)
    public_url: str = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    return f"{public_url}/p/{slug}/survey/{{secret}}"


def send(tx: Session, survey_id: int, now: datetime, actor: Actor) -> None:
    """Send what is due of a survey now, as the system."""
    key: str = current_app.extensions["auditkit.settings"].key()
    command = service.Invite(survey_id, address_of(tx, actor.organisation_id), key)
    service.invite(tx, command, now, Actor.system(actor.organisation_id))


@follows("complaint")
def keep_up(tx: Session, entry: EntryContent, actor: Actor) -> None:
    """Plan the survey of a case that was closed; drop one that waits when the case is opened again."""
    if entry.event == CLOSED.name:
        _closed(tx, entry, actor)
    elif entry.event == REOPENED.name:
        found = queries.of_case(tx, entry.subject_id)
        if found is not None and found.state == State.WAITING:
            service.drop(tx, service.Drop(entry.subject_id, Why.REOPENED.value), entry.at, actor)


def _closed(tx: Session, entry: EntryContent, actor: Actor) -> None:
    practice = queries.practice(tx)
    if not practice.on:
        return
    kind = tx.execute(select(Complaint.kind).where(Complaint.id == entry.subject_id)).scalar_one()
    if kind in KINDS_NOT_ASKED:
        return
    found = queries.of_case(tx, entry.subject_id)
    if found is not None and found.state in (State.SENT, State.ANSWERED):
        return  # asked once; nobody is asked twice about one case
    if found is not None:
        tx.delete(tx.execute(select(ComplaintSurvey).where(ComplaintSurvey.id == found.id)).scalar_one())
        tx.flush()
    system = Actor.system(actor.organisation_id)
    survey_id = service.plan(tx, service.Plan(entry.subject_id), entry.at, system)
    planned = queries.of_case(tx, entry.subject_id)
    if practice.wait_days == 0 and planned is not None and planned.state == State.WAITING:
        send(tx, survey_id, entry.at, system)
