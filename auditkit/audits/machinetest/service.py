"""Testing a whole population by machine; what was found is kept with the population, so that it can be done again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.audits import sampling
from auditkit.audits.machinetest import rules
from auditkit.audits.machinetest.models import AuditMachineRun
from auditkit.audits.machinetest.rules import FORMAT, POPULATION_TESTED, SUBJECT
from auditkit.audits.models import Audit
from auditkit.audits.rules import State
from auditkit.audits.sampling import Population
from auditkit.audits.service.taking import note, taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints.checking import machine, populations
from auditkit.complaints.checking.populations import Part
from auditkit.evidence import service as evidence


@dataclass(frozen=True)
class PopulationWish:
    """All complaints received from one day to another (both included) that fit `filters` (`populations.FILTERS`)."""

    number: str
    received_from: date
    received_to: date
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def part(self) -> Part:
        """What is tested. Raises PartUnknown."""
        return populations.part(self.received_from, self.received_to, self.filters)


def _quiet(_share: float) -> None:
    """Nobody waits for how far it is."""


@verb("audits.run", leaves=POPULATION_TESTED)
def run_tests(
    tx: Session,
    command: PopulationWish,
    now: datetime,
    actor: Actor,
    *,
    progress: Callable[[float], None] = _quiet,
) -> int:
    """Run every machine test over the part, keep results, exceptions and population; returns the run's number.

    Raises NotFound, PopulationTestNotRunning, SamplePeriodReversed, PartUnknown, PopulationTestEmpty.
    """
    actor.require("complaints.read")
    audit = taken(tx, command.number)
    if State(audit.state) is not State.RUNNING:
        raise rules.PopulationTestNotRunning()
    if command.received_to < command.received_from:
        raise sampling.SamplePeriodReversed(first=command.received_from.isoformat())
    wanted = command.part
    population = Population.closed(one.reference for one in populations.members(tx, wanted))
    if not population.references:
        raise rules.PopulationTestEmpty()
    progress(0.2)
    results = {one.test.value: one.plain() for one in machine.run(tx, wanted, now)}
    progress(0.5)
    found = machine.exception_references(tx, wanted, now)
    progress(0.8)
    run = _kept(tx, audit, command, population, results, found, now, actor)
    touch(audit, now)
    note(
        tx,
        POPULATION_TESTED,
        audit,
        now,
        actor,
        run=run.serial,
        **wanted.plain(),
        population=run.population_size,
        population_sha256=run.population_digest,
        exceptions={name: one["exceptions"] for name, one in results.items() if one["exceptions"]},
    )
    return run.serial


def _kept(
    tx: Session,
    audit: Audit,
    command: PopulationWish,
    population: Population,
    results: dict[str, dict[str, int]],
    found: dict[machine.Check, list[str]],
    now: datetime,
    actor: Actor,
) -> AuditMachineRun:
    last = tx.execute(select(func.max(AuditMachineRun.serial)).where(AuditMachineRun.audit_id == audit.id)).scalar_one()
    serial = (last or 0) + 1
    record = {
        "format": FORMAT,
        "audit": audit.number,
        "run": serial,
        **command.part.plain(),
        "run_at": now.isoformat(),
        "population": population.plain(),
        "population_sha256": population.digest,
        "results": results,
        "exceptions": {check.value: references for check, references in found.items()},
    }
    capture = evidence.Capture(
        kind=SUBJECT,
        origin=("audit", audit.id),
        record=record,
        name=f"{audit.number}-P{serial}.json",
        period=(command.received_from, command.received_to),
    )
    run = AuditMachineRun(
        audit_id=audit.id,
        serial=serial,
        received_from=command.received_from,
        received_to=command.received_to,
        filters=dict(command.part.filters),
        population_size=len(population.references),
        population_digest=population.digest,
        results=results,
        record_file_id=evidence.capture(tx, capture, now, actor),
        run_at=now,
        run_by=actor.person_id,
    )
    tx.add(run)
    tx.flush()
    evidence.link(tx, evidence.Link(run.record_file_id, (SUBJECT, run.id)), now, actor)
    return run
