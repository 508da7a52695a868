"""What the worker does for personal data: it warns, erases what has come to its end, and sees that erased is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from auditkit.accounts.queries import OrganisationView, members, members_with, organisations, today_of_house
from auditkit.base import clock, compaction, jobs, outbox
from auditkit.base.actor import Actor
from auditkit.base.db import db, separate_scope, transaction
from auditkit.base.text import _, ngettext, spoken
from auditkit.complaints.correspondence.running import Aside
from auditkit.complaints.privacy import beside, elsewhere
from auditkit.complaints.privacy.fates import FATES
from auditkit.complaints.privacy.models import PrivacySettings
from auditkit.complaints.privacy.queries import keeping
from auditkit.complaints.privacy.rules import REQUEST_DAYS, TIDIED, CannotAnonymise, Ground
from auditkit.complaints.privacy.service import anonymising
from auditkit.complaints.privacy.service import keeping as service
from auditkit.evidence import erasing as evidence
from auditkit.journal.service import record
from auditkit.web.languages import day

PORTION = 50
LISTED = 40
REWRITTEN = (*FATES, "outbox_mail", "journal_personal", "evidence_file", "evidence_link", "register_filter")


@dataclass
class Round:
    """What one look at an organisation's cases did, or would do. `waits`: the time is over, a person decides."""

    warned: int = 0
    erased: int = 0
    waits: int = 0
    held: int = 0
    refused: int = 0


@jobs.handler(anonymising.FORGET)
def forget(_payload: dict[str, Any], actor: Actor, _progress: Callable[[float], None]) -> dict[str, Any]:
    """Remove the bytes of erased files, then what the database still holds of deleted rows."""
    removed = evidence.remove_bytes(actor) + elsewhere.remove_bytes(actor)
    with transaction(actor) as tx:
        digests = beside.digests_of_erased(tx)
    beside.remove_mail_files(_aside(actor), digests)
    compaction.forget_deleted(REWRITTEN)
    return {"files": removed}


@jobs.watch
def look_at_retention() -> None:
    """Once a day for every organisation that keeps by a rule; a plain read where there is nothing to do."""
    session = db.session()
    houses = keeping.houses_to_look_at(session, clock.now())
    session.rollback()
    for organisation_id in houses:
        with separate_scope():
            look(Actor.system(organisation_id))


@jobs.watch
def tidy_beside() -> None:
    """Once a day for every organisation: erase what is kept beside the cases and has come to its end."""
    session = db.session()
    houses = keeping.houses_to_tidy(session, clock.now())
    session.rollback()
    for organisation_id in houses:
        with separate_scope():
            tidy(Actor.system(organisation_id))


def tidy(actor: Actor) -> dict[str, int]:
    """One organisation: what went, by kind. The mails themselves go after the transaction."""
    now = clock.now()
    with transaction(actor) as tx:
        counts, digests = beside.tidy(tx, actor.organisation_id, now)
        row = tx.execute(select(PrivacySettings)).scalar_one_or_none()
        if row is None:
            row = PrivacySettings(reason_required=False, request_days=REQUEST_DAYS)
            tx.add(row)
        row.tidied_on = today_of_house(tx, now)
        if counts:
            subject = ("organisation", actor.organisation_id)
            record(tx, TIDIED, now=now, actor=actor, subject=subject, facts={"erased": counts})
            if all(one.state != "queued" for one in jobs.under_way(tx, anonymising.FORGET)):
                jobs.put(tx, anonymising.FORGET, {}, now=now, actor=Actor.system(actor.organisation_id))
    beside.remove_mail_files(_aside(actor), digests)
    return counts


def _aside(actor: Actor) -> Path:
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return Aside(instance, actor.organisation_id).folder


def look(actor: Actor, *, dry_run: bool = False) -> Round:
    """One organisation: warn of cases whose end is near, erase those whose time and warning are over.

    A few cases a transaction, so that nobody waits long; cut off, the next look goes on.
    """
    done = Round()
    with transaction(actor) as tx:
        today = today_of_house(tx, clock.now())
        found = list(keeping.endings(tx, today))
        if not dry_run:
            service.looked(tx, service.Looked(today), clock.now(), actor)
    new = [one for one in found if one.warned_on is None]
    over = [one for one in found if one.erase_on is not None and one.erase_on <= today]
    done.warned = len(new)
    done.held = sum(one.held for one in over)
    ready = [one for one in over if not one.held]
    done.waits = sum(not one.rule.automatic for one in ready)
    if dry_run:
        done.erased = sum(one.rule.automatic for one in ready)
        return done
    _warn(new, actor)
    _tell(new, [one for one in ready if one.erase_on == today and not one.rule.automatic], actor)
    for ending in ready:
        if ending.rule.automatic:
            _erase(ending, actor, done)
    return done


def _warn(new: list[keeping.Ending], actor: Actor) -> None:
    waiting = iter(new)
    while portion := list(islice(waiting, PORTION)):
        with transaction(actor) as tx:
            command = service.Warn(tuple((one.complaint_id, one.rule.id, one.until) for one in portion))
            service.warn(tx, command, clock.now(), actor)


def _tell(new: list[keeping.Ending], over: list[keeping.Ending], actor: Actor) -> None:
    """Mail whoever manages the organisation: what was newly warned of, and what waits for a person from today."""
    if not new and not over:
        return
    now = clock.now()
    house = next(one for one in organisations(db.session()) if one.id == actor.organisation_id)
    db.session.rollback()
    with transaction(actor) as tx, spoken(house.locale):
        subject, body = _letter(new, over, house)
        about = outbox.About(actor.organisation_id, "organisation", actor.organisation_id)
        for one in members(tx):
            if one.person_id in {other.person_id for other in members_with(tx, "organisation.manage")}:
                outbox.put(tx, to=one.email, subject=subject, body=body, now=now, about=about)


def _letter(new: list[keeping.Ending], over: list[keeping.Ending], house: OrganisationView) -> tuple[str, str]:
    """Subject and text. References and days only: what a complaint is about stays in the house."""
    number = len(new) + len(over)
    subject = ngettext(
        "%(num)s complaint comes to the end of its keeping",
        "%(num)s complaints come to the end of their keeping",
        number,
    )
    lines: list[str] = []
    for title, listed in (
        (_("Personal data goes after the warning, unless somebody places a hold:"), new),
        (_("Their time is over; a person has to decide:"), over),
    ):
        if listed:
            lines += [title, "", *(f"{one.reference}  {day(one.until)}" for one in listed[:LISTED])]
            lines += [_("and more; the whole list:"), ""] if len(listed) > LISTED else [""]
    public_url = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    lines.append(f"{public_url}/o/{house.slug}/complaints/privacy/")
    return f"{house.name}: {subject}", "\n".join(lines)


def _erase(ending: keeping.Ending, actor: Actor, done: Round) -> None:
    command = anonymising.Anonymise(ending.reference, Ground.RETENTION.value, rule_id=ending.rule.id)
    try:
        with transaction(actor) as tx:
            anonymising.anonymise(tx, command, clock.now(), actor)
    except CannotAnonymise:
        done.refused += 1  # a message still waits, or somebody was faster; the next look sees
    else:
        done.erased += 1
