"""Samples as they were drawn, with the captured complaints, and who of the audit team had handled one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.audits import models
from auditkit.audits.models import Audit, AuditSample
from auditkit.audits.queries.plans import AuditHead, TeamMember
from auditkit.audits.rules import TeamRole
from auditkit.audits.sampling import Method, Rule, Stratum
from auditkit.base.db import SCOPE, Session
from auditkit.base.errors import NotFound
from auditkit.complaints import rules as complaints
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import File
from auditkit.journal.queries import actors_of

SUBJECT = "audit-sample"
HANDLING = frozenset(one.name for one in complaints.HANDLING)
"""By these a person has handled a complaint; reading it, or importing a file it came in, is not handling it."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """A complaint of a sample: the file it was captured in, and which members of the team had a hand in it.

    `always`: taken in any case, not drawn. `handled_by`: ids of persons.
    """

    position: int
    reference: str
    always: bool
    file: File
    handled_by: tuple[int, ...]
    stratum: str = ""
    complaint_id: int = 0


@dataclass(frozen=True, slots=True)
class PickView:
    """A complaint chosen by judgement, with the file it was captured in; `picked_by`, `handled_by`: ids of persons."""

    complaint_id: int
    reference: str
    reason: str
    picked_at: datetime
    picked_by: int | None
    file: File
    handled_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample with what a redraw needs; `record` is the file that holds the population itself."""

    id: int
    serial: int
    received_from: date
    received_to: date
    stage: str
    seed: str
    seed_hash: str
    population_digest: str
    population_size: int
    always_size: int
    size: int
    rule: Rule
    reason: str
    drawn_at: datetime
    drawn_by: int | None
    record: File
    items: tuple[ItemView, ...]
    method: Method = Method.CRITICAL_AND_ROOT
    filters: tuple[tuple[str, str], ...] = ()
    stratified_by: str = ""
    strata: tuple[Stratum, ...] = ()
    sizing: tuple[tuple[str, Any], ...] = ()

    @property
    def handled(self) -> tuple[ItemView, ...]:
        """The complaints that a member of the audit team had handled."""
        return tuple(one for one in self.items if one.handled_by)


_PLAIN = (
    AuditSample.id,
    AuditSample.serial,
    AuditSample.received_from,
    AuditSample.received_to,
    AuditSample.stage,
    AuditSample.seed,
    AuditSample.seed_hash,
    AuditSample.population_digest,
    AuditSample.population_size,
    AuditSample.always_size,
    AuditSample.size,
    AuditSample.reason,
    AuditSample.drawn_at,
    AuditSample.drawn_by,
)


def sampled(tx: Session, audit_ids: Sequence[int]) -> set[int]:
    """Those of these audits for which a sample was drawn."""
    return set(tx.scalars(select(AuditSample.audit_id).where(AuditSample.audit_id.in_(audit_ids)).distinct()))


def of_audit(tx: Session, head: AuditHead, team: Sequence[TeamMember]) -> list[SampleView]:
    """The samples of one audit in the order drawn; five statements, however many (more over 500 complaints).

    Who handled a complaint is read from the journal, up to the report where the audit has one. Observers do not
    count: they judge nothing.
    """
    found = tx.execute(
        select(*_PLAIN, AuditSample.rule, AuditSample.record_file_id)
        .where(AuditSample.audit_id == head.id)
        .order_by(AuditSample.serial)
    ).all()
    if not found:
        return []
    items = _items(tx, [row.id for row in found])
    designs = _designs(tx, [row.id for row in found])
    files = _files(tx, found, items)
    members = {one.person_id for one in team if one.role is not TeamRole.OBSERVER}
    handlers = actors_of(
        tx,
        tx.info[SCOPE],
        "complaint",
        sorted({item.complaint_id for held in items.values() for item in held}),
        HANDLING,
        head.reported_at,
    )

    def item(row: Any) -> ItemView:
        handled_by = tuple(sorted(members & handlers.get(row.complaint_id, set())))
        file = files[row.evidence_file_id]
        return ItemView(row.position, row.reference, row.always, file, handled_by, row.stratum, row.complaint_id)

    return [
        SampleView(
            **{column.key: getattr(row, column.key) for column in _PLAIN},
            rule=Rule(row.rule),
            record=files[row.record_file_id],
            items=tuple(item(one) for one in items.get(row.id, [])),
            **_design(designs.get(row.id), Rule(row.rule), row.stage),
        )
        for row in found
    ]


def picks(tx: Session, head: AuditHead, team: Sequence[TeamMember]) -> list[PickView]:
    """The complaints chosen by judgement, in the order chosen."""
    found = (
        tx.execute(select(models.AuditPick).where(models.AuditPick.audit_id == head.id).order_by(models.AuditPick.id))
        .scalars()
        .all()
    )
    if not found:
        return []
    members = {one.person_id for one in team if one.role is not TeamRole.OBSERVER}
    ids = sorted(one.complaint_id for one in found)
    handlers = actors_of(tx, tx.info[SCOPE], "complaint", ids, HANDLING, head.reported_at)
    return [
        PickView(
            one.complaint_id,
            one.reference,
            one.reason,
            one.picked_at,
            one.picked_by,
            evidence.file(tx, one.evidence_file_id),
            tuple(sorted(members & handlers.get(one.complaint_id, set()))),
        )
        for one in found
    ]


def _designs(tx: Session, sample_ids: Sequence[int]) -> dict[int, "models.AuditSampleDesign"]:
    query = select(models.AuditSampleDesign).where(models.AuditSampleDesign.sample_id.in_(sample_ids))
    return {one.sample_id: one for one in tx.execute(query).scalars()}


def _design(design: "models.AuditSampleDesign | None", rule: Rule, stage: str) -> dict[str, Any]:
    """What the view says of a sample's design; what older samples have none for is told by their rule."""
    if design is None:
        method = Method.CRITICAL_AND_ROOT if rule is Rule.CRITICAL_AND_ROOT else Method.RANDOM
        return {"method": method, "filters": (("stage", stage),) if stage else ()}
    return {
        "method": Method(design.method),
        "filters": tuple(sorted(design.filters.items())),
        "stratified_by": design.stratified_by,
        "strata": tuple(Stratum(one["name"], one["population"], one["size"]) for one in design.strata),
        "sizing": tuple(sorted(design.sizing.items())),
    }


def _items(tx: Session, sample_ids: Sequence[int]) -> dict[int, list[Any]]:
    query = (
        select(
            models.AuditSampleItem.sample_id,
            models.AuditSampleItem.position,
            models.AuditSampleItem.complaint_id,
            models.AuditSampleItem.reference,
            models.AuditSampleItem.always,
            models.AuditSampleItem.evidence_file_id,
            models.AuditSampleItem.stratum,
        )
        .where(models.AuditSampleItem.sample_id.in_(sample_ids))
        .order_by(models.AuditSampleItem.sample_id, models.AuditSampleItem.position)
    )
    held: dict[int, list[Any]] = {}
    for row in tx.execute(query):
        held.setdefault(row.sample_id, []).append(row)
    return held


def _files(tx: Session, samples: Sequence[Any], items: dict[int, list[Any]]) -> dict[int, File]:
    """The captured files by id: those attached to the samples at once, one that was detached by itself."""
    attached = evidence.for_subjects(tx, SUBJECT, [row.id for row in samples])
    files = {one.file.id: one.file for held in attached.values() for one in held}
    wanted = [row.record_file_id for row in samples] + [one.evidence_file_id for held in items.values() for one in held]
    for file_id in wanted:
        if file_id not in files:
            files[file_id] = evidence.file(tx, file_id)
    return files


def place(tx: Session, sample_id: int) -> tuple[str, int]:
    """The audit's number and the sample's number in it. Raises NotFound."""
    found = tx.execute(
        select(Audit.number, AuditSample.serial)
        .join(Audit, Audit.id == AuditSample.audit_id)
        .where(AuditSample.id == sample_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, found.serial
