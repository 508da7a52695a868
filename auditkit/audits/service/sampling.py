"""Drawing a sample of complaints: the seed is committed, the population closed, each complaint of it captured.

The two journal entries stand in one transaction, so they prove the order, and that this seed belongs to this draw.
A draw cannot be taken back (triggers): whoever draws again until it suits leaves every draw on the audit's page.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from auditkit.audits import rules, sampling
from auditkit.audits.models import Audit, AuditSample, AuditSampleItem
from auditkit.audits.queries.samples import SUBJECT
from auditkit.audits.rules import SAMPLE_DRAWN, SEED_COMMITTED
from auditkit.audits.sampling import Drawn, Population, Rule
from auditkit.audits.service.taking import note, taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import new_secret
from auditkit.base.verbs import verb
from auditkit.complaints import queries as complaints
from auditkit.complaints.rules import Severity, Stage, known_word
from auditkit.evidence import service as evidence


@dataclass(frozen=True)
class DrawSample:
    """Complaints received from one day to another (both included), of one stage or (empty) of any.

    `number` None: all critical ones and the square root of the others; a number of one's own needs a `reason`.
    """

    number: str
    received_from: date
    received_to: date
    stage: str = ""
    size: int | None = None
    reason: str = ""


@verb("audits.run", leaves=SAMPLE_DRAWN)
def draw_sample(tx: Session, command: DrawSample, now: datetime, actor: Actor) -> int:
    """Draw a sample in a running audit, capture its complaints as evidence, and return its number in the audit.

    Raises NotFound, SampleNotRunning, what `sampling.check_wish` refuses, UnknownWord (stage), PopulationEmpty,
    SampleTooLarge.
    """
    actor.require("complaints.read")
    audit = taken(tx, command.number)
    sampling.check_running(running=rules.State(audit.state) is rules.State.RUNNING)
    sampling.check_wish(command.received_from, command.received_to, command.size, command.reason)
    known_word(command.stage, Stage, empty=True)
    seed = new_secret()
    note(tx, SEED_COMMITTED, audit, now, actor, seed_sha256=sampling.commitment(seed))
    ids, population = _population(tx, command)
    drawn = sampling.draw(population, seed, sampling.size_of(population, command.size))
    sample = _sample(tx, audit, command, seed, population, drawn, now, actor)
    _capture(tx, sample, ids, drawn, now, actor)
    touch(audit, now)
    note(
        tx,
        SAMPLE_DRAWN,
        audit,
        now,
        actor,
        sample=sample.serial,
        **_asked(command),
        rule=sample.rule,
        seed=seed,
        seed_sha256=sample.seed_hash,
        population=sample.population_size,
        population_sha256=sample.population_digest,
        size=sample.size,
    )
    return sample.serial


def _asked(command: DrawSample) -> dict[str, Any]:
    return {
        "received_from": command.received_from.isoformat(),
        "received_to": command.received_to.isoformat(),
        "stage": command.stage,
    }


def _population(tx: Session, command: DrawSample) -> tuple[dict[str, int], Population]:
    """The ids of the complaints by reference, and the closed population."""
    days = (command.received_from, command.received_to)
    ids = {reference: key for key, reference in complaints.population(tx, *days, stage=command.stage)}
    if not ids:
        raise sampling.PopulationEmpty(start=days[0].isoformat(), end=days[1].isoformat())
    critical: set[str] = set()
    if command.size is None:
        found = complaints.population(tx, *days, stage=command.stage, severity=Severity.CRITICAL)
        critical = {reference for _key, reference in found if reference in ids}
    return ids, Population.closed(ids, critical)


def _sample(
    tx: Session,
    audit: Audit,
    command: DrawSample,
    seed: str,
    population: Population,
    drawn: list[Drawn],
    now: datetime,
    actor: Actor,
) -> AuditSample:
    """The sample with its captured record, of which it can be drawn again."""
    last = tx.execute(select(func.max(AuditSample.serial)).where(AuditSample.audit_id == audit.id)).scalar_one()
    serial = (last or 0) + 1
    rule = Rule.CRITICAL_AND_ROOT if command.size is None else Rule.NUMBER
    reason = command.reason.strip() if rule is Rule.NUMBER else ""
    asked = {"audit": audit.number, "sample": serial, **_asked(command)}
    record = sampling.described(population, seed, drawn, rule=rule, reason=reason, asked=asked)
    capture = evidence.Capture(
        kind=SUBJECT,
        origin=("audit", audit.id),
        record=record,
        name=f"{audit.number}-S{serial}.json",
        period=(command.received_from, command.received_to),
    )
    sample = AuditSample(
        audit_id=audit.id,
        serial=serial,
        received_from=command.received_from,
        received_to=command.received_to,
        stage=command.stage,
        seed=seed,
        seed_hash=sampling.commitment(seed),
        population_digest=population.digest,
        population_size=len(population.references),
        always_size=len(population.always),
        size=len(drawn),
        rule=rule,
        reason=reason,
        record_file_id=evidence.capture(tx, capture, now, actor),
        drawn_at=now,
        drawn_by=actor.person_id,
    )
    tx.add(sample)
    tx.flush()
    evidence.link(tx, evidence.Link(sample.record_file_id, (SUBJECT, sample.id)), now, actor)
    return sample


def _capture(
    tx: Session, sample: AuditSample, ids: dict[str, int], drawn: list[Drawn], now: datetime, actor: Actor
) -> None:
    """Capture the complaints drawn, the complainant withheld, and list them in the order drawn."""
    files = {}
    for record in complaints.snapshots(tx, [ids[one.reference] for one in drawn], identity=False):
        reference = record["reference"]
        received = date.fromisoformat(record["received_at"][:10])
        capture = evidence.Capture(
            kind="complaint",
            origin=("complaint", ids[reference]),
            record=record,
            name=f"{reference}.json",
            subject=(SUBJECT, sample.id),
            period=(received, received),
        )
        files[reference] = evidence.capture(tx, capture, now, actor)
    tx.execute(
        insert(AuditSampleItem),
        [
            {
                "organisation_id": sample.organisation_id,
                "sample_id": sample.id,
                "position": position,
                "complaint_id": ids[one.reference],
                "reference": one.reference,
                "always": one.always,
                "evidence_file_id": files[one.reference],
            }
            for position, one in enumerate(drawn, start=1)
        ],
    )
