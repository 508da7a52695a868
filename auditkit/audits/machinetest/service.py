"""Testing a whole population by machine; what was found is kept with the population, so that it can be done again."""

from datetime import datetime

from sqlalchemy import func, select

from auditkit.audits.machinetest import rules
from auditkit.audits.machinetest.examining import Examined, PopulationWish, examine
from auditkit.audits.machinetest.models import AuditMachineRun
from auditkit.audits.machinetest.rules import FORMAT, POPULATION_TESTED, SUBJECT
from auditkit.audits.models import Audit
from auditkit.audits.rules import State
from auditkit.audits.service.taking import note, taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.evidence import service as evidence


@verb("audits.run", leaves=POPULATION_TESTED)
def run_tests(
    tx: Session,
    command: PopulationWish,
    now: datetime,
    actor: Actor,
    *,
    examined: Examined | None = None,
) -> int:
    """Keep results, exceptions and population of every machine test over the part; returns the run's number.

    `examined`: what was found beforehand; without it the tests are run now.

    Raises NotFound, PopulationTestNotRunning, SamplePeriodReversed, PartUnknown, PopulationTestEmpty.
    """
    actor.require("complaints.read")
    audit = taken(tx, command.number)
    if State(audit.state) is not State.RUNNING:
        raise rules.PopulationTestNotRunning()
    examined = examined or examine(tx, command, now)
    run = _kept(tx, audit, command, examined, actor)
    touch(audit, now)
    note(
        tx,
        POPULATION_TESTED,
        audit,
        now,
        actor,
        run=run.serial,
        **command.part.plain(),
        population=run.population_size,
        population_sha256=run.population_digest,
        exceptions={name: one["exceptions"] for name, one in examined.results.items() if one["exceptions"]},
    )
    return run.serial


def _kept(
    tx: Session,
    audit: Audit,
    command: PopulationWish,
    examined: Examined,
    actor: Actor,
) -> AuditMachineRun:
    population, results, now = examined.population, examined.results, examined.at
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
        "exceptions": {check.value: references for check, references in examined.exceptions.items()},
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
