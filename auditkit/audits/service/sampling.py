"""Drawing a sample of complaints: the seed is committed, the population closed, each complaint of it captured.

The two journal entries stand in one transaction, so they prove the order, and that this seed belongs to this draw.
A draw cannot be taken back (triggers): whoever draws again until it suits leaves every draw on the audit's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from auditkit.audits import rules, sampling
from auditkit.audits.models import Audit, AuditPick, AuditSample, AuditSampleDesign, AuditSampleItem
from auditkit.audits.queries.samples import SUBJECT
from auditkit.audits.rules import POPULATION_CLOSED, SAMPLE_DRAWN, SEED_COMMITTED
from auditkit.audits.sampling import COMPLAINT_PICKED, Drawn, Method, Population, Rule, Stratify
from auditkit.audits.service.taking import note, taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import new_secret
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.complaints import queries as complaints
from auditkit.complaints.checking import populations
from auditkit.complaints.checking.populations import Part
from auditkit.complaints.rules import Severity, Stage
from auditkit.evidence import service as evidence


@dataclass(frozen=True)
class DrawSample:
    """Complaints received from one day to another (both included) that fit `filters` (`populations.FILTERS`).

    `method` None: by the rule (all critical ones and the square root of the others), or where a `size` is given at
    random. A number of one's own needs a `reason`. `sizing`: what the size calculator was asked, as it says it.
    """

    number: str
    received_from: date
    received_to: date
    stage: str = ""
    size: int | None = None
    reason: str = ""
    method: Method | None = None
    by: Stratify | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    sizing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def how(self) -> Method:
        """The method asked for."""
        return self.method or (Method.CRITICAL_AND_ROOT if self.size is None else Method.RANDOM)

    @property
    def part(self) -> Part:
        """What is drawn of. Raises PartUnknown."""
        return populations.part(self.received_from, self.received_to, {"stage": self.stage, **self.filters})


@dataclass(frozen=True)
class PickComplaint:
    """A complaint chosen by judgement for an audit, and why."""

    number: str
    reference: str
    reason: str


@verb("audits.run", leaves=SAMPLE_DRAWN)
def draw_sample(tx: Session, command: DrawSample, now: datetime, actor: Actor) -> int:
    """Draw a sample in a running audit, capture its complaints as evidence, and return its number in the audit.

    Raises NotFound, SampleNotRunning, what `sampling.check_wish` and `sampling.size_of` refuse, PartUnknown,
    PopulationEmpty.
    """
    actor.require("complaints.read")
    audit = taken(tx, command.number)
    sampling.check_running(running=rules.State(audit.state) is rules.State.RUNNING)
    sampling.check_wish(
        command.received_from, command.received_to, command.size, command.reason, command.how, command.by
    )
    wanted = command.part
    seed = new_secret()
    note(tx, SEED_COMMITTED, audit, now, actor, seed_sha256=sampling.commitment(seed))
    ids, population = _population(tx, command, now)
    closed = {"population": len(population.references), "population_sha256": population.digest}
    note(tx, POPULATION_CLOSED, audit, now, actor, **wanted.plain(), **closed)
    size = None if command.how is Method.CRITICAL_AND_ROOT else command.size
    drawn = sampling.draw(population, seed, sampling.size_of(population, size, command.how))
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
        **wanted.plain(),
        method=command.how.value,
        by=command.by.value if command.how is Method.STRATIFIED and command.by else "",
        rule=sample.rule,
        seed=seed,
        seed_sha256=sample.seed_hash,
        population=sample.population_size,
        population_sha256=sample.population_digest,
        size=sample.size,
    )
    return sample.serial


@verb("audits.run", leaves=COMPLAINT_PICKED)
def pick_complaint(tx: Session, command: PickComplaint, now: datetime, actor: Actor) -> None:
    """Take a complaint into a running audit by judgement: captured as it stands, and never counted as part of a sample.

    Raises NotFound (audit), SampleNotRunning, PickReasonMissing, PickUnknown, PickedBefore.
    """
    actor.require("complaints.read")
    audit = taken(tx, command.number)
    sampling.check_running(running=rules.State(audit.state) is rules.State.RUNNING)
    reason, reference = command.reason.strip(), command.reference.strip()
    if not reason:
        raise sampling.PickReasonMissing()
    complaint_id = _complaint_id(tx, reference)
    known = select(AuditPick.id).where(AuditPick.audit_id == audit.id, AuditPick.complaint_id == complaint_id)
    if tx.execute(known).first() is not None:
        raise sampling.PickedBefore(reference=reference)
    pick = AuditPick(
        audit_id=audit.id,
        complaint_id=complaint_id,
        reference=reference,
        reason=reason,
        evidence_file_id=captured(tx, [complaint_id], ("audit", audit.id), now, actor)[reference],
        picked_at=now,
        picked_by=actor.person_id,
    )
    tx.add(pick)
    touch(audit, now)
    note(tx, COMPLAINT_PICKED, audit, now, actor, reference=reference)


def _complaint_id(tx: Session, reference: str) -> int:
    try:
        return complaints.by_reference(tx, reference).id
    except NotFound as error:
        raise sampling.PickUnknown(reference=reference) from error


def _population(tx: Session, command: DrawSample, now: datetime) -> tuple[dict[str, int], Population]:
    """The ids of the complaints by reference, and the closed population."""
    by = command.by if command.how is Method.STRATIFIED else None
    found = list(populations.members(tx, command.part, by.value if by else "", now))
    if not found:
        raise sampling.PopulationEmpty(start=command.received_from, end=command.received_to)
    critical: list[str] = []
    if command.how is Method.CRITICAL_AND_ROOT:
        critical = [one.reference for one in found if one.severity == Severity.CRITICAL]
    strata = {one.reference: one.stratum for one in found} if by else None
    ids = {one.reference: one.id for one in found}
    return ids, Population.closed(ids, critical, strata)


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
    serial, how = (last or 0) + 1, command.how
    rule = Rule.CRITICAL_AND_ROOT if how is Method.CRITICAL_AND_ROOT else Rule.NUMBER
    reason = command.reason.strip() if rule is Rule.NUMBER else ""
    if how is Method.ALL and not reason:
        reason = _("All of them")
    by = command.by.value if how is Method.STRATIFIED and command.by else ""
    stage = dict(command.part.filters).get("stage", "")
    asked = {"audit": audit.number, "sample": serial, "stage": "", **command.part.plain()}
    asked |= {"method": how.value, "stratified_by": by}
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
        stage=stage if stage in tuple(Stage) else "",
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
    tx.add(
        AuditSampleDesign(
            sample_id=sample.id,
            method=how.value,
            filters=dict(command.part.filters),
            stratified_by=by,
            strata=record["strata"],
            sizing=dict(command.sizing),
        )
    )
    evidence.link(tx, evidence.Link(sample.record_file_id, (SUBJECT, sample.id)), now, actor)
    return sample


def captured(
    tx: Session, complaint_ids: list[int], subject: tuple[str, int], now: datetime, actor: Actor
) -> dict[str, int]:
    """Capture complaints as they stand, the complainant withheld: reference -> id of the file."""
    files = {}
    by_id = dict.fromkeys(sorted(complaint_ids))
    for complaint_id, record in zip(by_id, complaints.snapshots(tx, by_id, identity=False), strict=True):
        received = date.fromisoformat(record["received_at"][:10])
        capture = evidence.Capture(
            kind="complaint",
            origin=("complaint", complaint_id),
            record=record,
            name=f"{record['reference']}.json",
            subject=subject,
            period=(received, received),
        )
        files[str(record["reference"])] = evidence.capture(tx, capture, now, actor)
    return files


def _capture(
    tx: Session, sample: AuditSample, ids: dict[str, int], drawn: list[Drawn], now: datetime, actor: Actor
) -> None:
    """Capture the complaints drawn, the complainant withheld, and list them in the order drawn."""
    files = captured(tx, [ids[one.reference] for one in drawn], (SUBJECT, sample.id), now, actor)
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
                "stratum": one.stratum,
                "evidence_file_id": files[one.reference],
            }
            for position, one in enumerate(drawn, start=1)
        ],
    )
