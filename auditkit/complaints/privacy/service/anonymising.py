"""Erasing the personal data of one case: recorded, counted, with a tombstone that says what stays and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditkit.accounts.queries import today_of_house
from auditkit.base import jobs
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.base.verbs import verb
from auditkit.complaints.privacy import elsewhere, erasing, rules
from auditkit.complaints.privacy.models import ComplaintAnonymisation
from auditkit.complaints.privacy.queries import cases
from auditkit.complaints.privacy.rules import Ground, Obstacle
from auditkit.journal import service as journal

FORGET = "privacy.forget"
COMPLAINT = "complaint"

WHY_FILE = N_("It is also used elsewhere, where it is evidence")
WHY_CAPTURE = N_("A copy without the identity was taken for an audit and is part of its record")
WHY_DATES = N_("Dates, stages, categories, outcome and amounts: figures are made of them, and they name nobody")
WHY_JOURNAL = N_("That something happened, when, and by which member; of texts only salted hashes without their salts")
WHY_DIGESTS = N_("Digests of what was received, so that the same file or mail does not bring the person back")


@dataclass(frozen=True)
class Anonymise:
    """`reason` is needed by hand; `rule_id` for retention, `request_id` for a person's request."""

    reference: str
    ground: str
    reason: str = ""
    rule_id: int | None = None
    request_id: int | None = None


@verb("organisation.manage", leaves=rules.ANONYMISED)
def anonymise(tx: Session, command: Anonymise, now: datetime, actor: Actor) -> None:
    """Erase a case's personal data for good; figures and journal stay whole.

    The bytes of its files, and what the database keeps of deleted rows, go in a job after the transaction.
    Raises NotFound, ReasonMissing, CannotAnonymise.
    """
    case = cases.subject(tx, command.reference)
    ground = Ground(command.ground)
    reason = rules.check_reason(command.reason) if ground is Ground.BY_HAND else command.reason.strip()
    complaint = erasing.row_of(tx, actor.organisation_id, case.id, lock=True)
    if complaint is None:
        raise NotFound
    standing = cases.standing(tx, case, actor.organisation_id)
    against = rules.obstacles(standing, today_of_house(tx, now), asked_for=ground is not Ground.RETENTION)
    if against:
        raise rules.CannotAnonymise(reason=said(against[0], standing))
    if ground is Ground.RETENTION and command.rule_id is None:
        raise ValueError("the end of keeping has its rule")
    gone = erasing.erase(tx, complaint, _erasure_reason(ground), now, actor)
    held = elsewhere.erase(tx, case.reference, now, actor)
    gone.counts |= {name: count for name, count in held.counts.items() if count}
    tx.add(
        ComplaintAnonymisation(
            complaint_id=case.id,
            ground=ground.value,
            reason=reason,
            rule_id=command.rule_id,
            request_id=command.request_id,
            done_at=now,
            done_by=actor.person_id,
            erased=gone.counts,
            kept=[*_kept(gone), *held.kept],
        )
    )
    journal.record(
        tx,
        rules.ANONYMISED,
        now=now,
        actor=actor,
        subject=(COMPLAINT, case.id),
        facts={
            "reference": case.reference,
            "ground": ground.value,
            "rule": command.rule_id,
            "request": command.request_id,
            "erased": gone.counts,
        },
    )
    if all(one.state != "queued" for one in jobs.under_way(tx, FORGET)):
        jobs.put(tx, FORGET, {}, now=now, actor=Actor.system(actor.organisation_id))


def said(obstacle: Obstacle, standing: rules.Standing) -> str:
    """An obstacle in words."""
    day = standing.duty_until.isoformat() if standing.duty_until else ""
    return _(rules.OBSTACLE_TITLES[obstacle], day=day)


def _erasure_reason(ground: Ground) -> str:
    return {
        Ground.RETENTION: "retention ended",
        Ground.REQUEST: "erasure request",
        Ground.BY_HAND: "erased by hand",
    }[ground]


def _kept(gone: erasing.Erased) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = [{"why": WHY_DATES}, {"why": WHY_JOURNAL}, {"why": WHY_DIGESTS}]
    kept += [{"evidence": one, "why": WHY_FILE} for one in gone.shared_files]
    kept += [{"evidence": one, "why": WHY_CAPTURE} for one in gone.captures]
    return kept
