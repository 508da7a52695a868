"""What the worker does for personal data: it warns, erases what has come to its end, and sees that erased is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from auditkit.base import clock, compaction, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import db, separate_scope, transaction
from auditkit.complaints.privacy.fates import FATES
from auditkit.complaints.privacy.queries import keeping
from auditkit.complaints.privacy.rules import CannotAnonymise, Ground
from auditkit.complaints.privacy.service import anonymising
from auditkit.complaints.privacy.service import keeping as service
from auditkit.evidence import erasing as evidence

PORTION = 50
REWRITTEN = (*FATES, "outbox_mail", "journal_personal", "evidence_file", "evidence_link")


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
    removed = evidence.remove_bytes(actor)
    compaction.forget_deleted(REWRITTEN)
    return {"files": removed}


@jobs.watch
def look_at_retention() -> None:
    """Once a day for every organisation that keeps by a rule; a plain read where there is nothing to do."""
    session = db.session()
    today = clock.now().date()
    houses = keeping.houses_to_look_at(session, today)
    session.rollback()
    for organisation_id in houses:
        with separate_scope():
            look(Actor.system(organisation_id))


def look(actor: Actor, *, dry_run: bool = False) -> Round:
    """One organisation: warn of cases whose end is near, erase those whose time and warning are over.

    A few cases a transaction, so that nobody waits long; cut off, the next look goes on.
    """
    today = clock.now().date()
    done = Round()
    with transaction(actor) as tx:
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


def _erase(ending: keeping.Ending, actor: Actor, done: Round) -> None:
    command = anonymising.Anonymise(ending.reference, Ground.RETENTION.value, rule_id=ending.rule.id)
    try:
        with transaction(actor) as tx:
            anonymising.anonymise(tx, command, clock.now(), actor)
    except CannotAnonymise:
        done.refused += 1  # a message still waits, or somebody was faster; the next look sees
    else:
        done.erased += 1
