"""Single complaints and figures over them: the page of a complaint, snapshots for evidence, samples, counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select, text

from auditkit.accounts.queries import zone_of_house
from auditkit.base.calendar.spans import Span
from auditkit.base.db import SCOPE, NoScope, Session
from auditkit.base.errors import NotFound
from auditkit.complaints import rules
from auditkit.complaints.models import OPEN, Complaint
from auditkit.complaints.queries.standing import STANDING_COLUMNS, standing_of
from auditkit.complaints.rules import Stage

SNAPSHOT_FORMAT = "auditkit/complaint/1"
WITHHELD = "withheld"
PORTION = 500
_EARLIEST, _LATEST = date(1000, 1, 1), date(9990, 1, 1)

SnapshotPart = Callable[[Session, Sequence[int]], dict[int, Any]]
_snapshot_parts: dict[str, SnapshotPart] = {}


def snapshot_part(name: str) -> Callable[[SnapshotPart], SnapshotPart]:
    """Declare what a folder above the core adds to snapshots as `name`: `(tx, ids) -> {id: plain JSON}`."""

    def declare(part: SnapshotPart) -> SnapshotPart:
        _snapshot_parts[name] = part
        return part

    return declare


@dataclass(frozen=True)
class Case:
    """A complaint for its page. Who complained is read through `service.read_identity` only; `has_identity` says
    whether anything is known. `next_act` is the one obvious next act (`rules.next_act`). `there`: what hangs on it,
    from `History.there`; None where nobody asked."""

    id: int
    reference: str
    version: int
    kind: str
    stage: str
    channel: str
    category: str
    severity: str
    received_at: datetime
    received_is_day: bool
    happened_on: date | None
    recorded_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    outcome: str
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    closed_is_day: bool
    closed_date_unknown: bool
    closes_before_received: bool
    closing_ground: str
    closing_note: str
    owner_id: int | None
    deputy_id: int | None
    review_on: date | None
    priority: str
    level: int
    reopened: int
    subject: str
    description: str
    product: str
    site: str
    wanted_remedy: str
    decision: str
    remedy: str
    external_reference: str
    source_status: str
    import_run_id: int | None
    has_identity: bool
    standing: rules.Standing
    next_act: str | None
    there: frozenset[str] | None = None

    def has(self, name: str) -> bool:
        """Whether what `presence.asked_first` declared as `name` may hang on it; True where nobody asked."""
        return self.there is None or name in self.there


@dataclass(frozen=True)
class PeriodCounts:
    """How many complaints were received in a period, and how many of them got how far. `imported` came from files."""

    received: int
    acknowledged: int
    decided: int
    closed: int
    refused: int
    imported: int


_REACHED = ("has_identity", "standing", "next_act", "there")
_CASE_COLUMNS = [name for name in Case.__dataclass_fields__ if name not in _REACHED]
_STANDING_MORE = [column for column in STANDING_COLUMNS if column.key not in _CASE_COLUMNS]
_SNAPSHOT_COLUMNS = [name for name in _CASE_COLUMNS if name not in ("id", "import_run_id", "owner_id", "deputy_id")]
_HAS_IDENTITY = case((and_(*(getattr(Complaint, name) == "" for name in rules.IDENTITY)), False), else_=True).label(
    "has_identity"
)


_BY_REFERENCE = select(*(getattr(Complaint, name) for name in _CASE_COLUMNS), *_STANDING_MORE, _HAS_IDENTITY).where(
    Complaint.reference == bindparam("wanted")
)


def by_reference(tx: Session, reference: str) -> Case:
    """The complaint with this reference. Raises NotFound, also for another organisation's."""
    row = tx.execute(_BY_REFERENCE, {"wanted": reference}).one_or_none()
    if row is None:
        raise NotFound
    standing = standing_of(row)
    own = {name: getattr(row, name) for name in _CASE_COLUMNS}
    return Case(**own, has_identity=bool(row.has_identity), standing=standing, next_act=rules.next_act(standing))


def snapshot(tx: Session, complaint_id: int, *, identity: bool = False) -> dict[str, Any]:
    """One complaint as plain JSON values, for capture as evidence. Raises NotFound.

    Without `identity` the complainant is "withheld" (null where none is known). Free texts stay as they were written,
    and people may have put names into them.
    """
    for found in snapshots(tx, [complaint_id], identity=identity):
        return found
    raise NotFound


def snapshots(tx: Session, complaint_ids: Iterable[int], *, identity: bool = False) -> Iterator[dict[str, Any]]:
    """The same for many, in the order of their ids. A declared part stands in those that have something of it."""
    ids = sorted(set(complaint_ids))
    columns = [getattr(Complaint, name) for name in ("id", *_SNAPSHOT_COLUMNS, *rules.IDENTITY)]
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        added = {name: part(tx, portion) for name, part in _snapshot_parts.items()}
        for row in tx.execute(select(*columns).where(Complaint.id.in_(portion)).order_by(Complaint.id)):
            values = dict(row._mapping)
            complaint_id = values.pop("id")
            parts = {name: found[complaint_id] for name, found in added.items() if complaint_id in found}
            yield {**_plain(values, identity), **parts}


def population(
    tx: Session,
    received_from: date | None = None,
    received_to: date | None = None,
    *,
    stage: str = "",
    severity: str = "",
) -> list[tuple[int, str]]:
    """(id, reference) of complaints received in the days given (both included), by id: what a sample is drawn of.

    Empty `stage` and `severity`: of any.
    """
    query = _received(tx, select(Complaint.id, Complaint.reference), received_from, received_to).order_by(Complaint.id)
    if stage:
        query = query.where(Complaint.stage == stage)
    if severity:
        query = query.where(Complaint.severity == severity)
    return [(row.id, row.reference) for row in tx.execute(query)]


def period_counts(
    tx: Session, received_from: date | None = None, received_to: date | None = None, *, decision_due: bool = False
) -> PeriodCounts:
    """Figures over the feedback received in the days given (both included); with `decision_due` without suggestions,
    requests and compliments."""

    def counted(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = select(
        func.count(),
        counted(Complaint.acknowledged_at.is_not(None)),
        counted(Complaint.outcome != ""),
        counted(Complaint.stage == Stage.CLOSED.value),
        counted(Complaint.answer == rules.Answer.REFUSED.value),
        counted(Complaint.import_run_id.is_not(None)),
    ).select_from(Complaint)
    if decision_due:
        query = query.where(Complaint.kind.not_in([word.value for word in rules.NO_DECISION_DUE]))
    return PeriodCounts(*(int(number) for number in tx.execute(_received(tx, query, received_from, received_to)).one()))


def stage_counts(tx: Session) -> dict[str, int]:
    """Stage -> number of complaints, exact, for every stage."""
    organisation_id = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("counting complaints needs transaction(actor) or reading(actor)")
    rows = tx.execute(
        text("SELECT stage, count(*) AS number FROM complaint WHERE organisation_id = :organisation_id GROUP BY stage"),
        {"organisation_id": organisation_id},
    )
    found = {str(row.stage): int(row.number) for row in rows}
    return {stage.value: found.get(stage.value, 0) for stage in Stage}


def oldest_open(tx: Session, limit: int = 5) -> list[Case]:
    """The open complaints that wait longest, oldest first."""
    query = select(Complaint.reference).where(text(OPEN)).order_by(Complaint.received_at, Complaint.id).limit(limit)
    return [by_reference(tx, reference) for reference in tx.execute(query).scalars().all()]


def newest_change(tx: Session, received_from: date | None = None, received_to: date | None = None) -> datetime | None:
    """When one of the complaints received in the days given (both included) was last changed; None for none."""
    query = _received(tx, select(func.max(Complaint.changed_at)).select_from(Complaint), received_from, received_to)
    newest: datetime | None = tx.execute(query).scalar_one()
    return newest


def _received(tx: Session, query: Any, received_from: date | None, received_to: date | None) -> Any:
    if received_from is None and received_to is None:
        return query
    days = Span(received_from or _EARLIEST, received_to or _LATEST, zone_of_house(tx))
    return query.where(days.covers(Complaint.received_at))


def _plain(values: dict[str, Any], identity: bool) -> dict[str, Any]:
    complainant = {name.removeprefix("complainant_"): values.pop(name) for name in rules.IDENTITY}
    plain = {name: plain_value(value) for name, value in values.items()}
    if values["received_is_day"]:
        plain["received_at"] = values["received_at"].date().isoformat()
    if values["closed_is_day"] and values["closed_at"]:
        plain["closed_at"] = values["closed_at"].date().isoformat()
    known: Any = complainant if identity else WITHHELD
    return {"format": SNAPSHOT_FORMAT, **plain, "complainant": known if any(complainant.values()) else None}


def plain_value(value: Any) -> Any:
    """A value of a column as JSON has it: moments in UTC, days as they are written."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    return value


def of_kind(tx: Session, kind: str, received_from: date, received_to: date) -> list[tuple[str, str, datetime]]:
    """(reference, category, when received) of messages of one kind, such as suggestions, oldest first."""
    query = select(Complaint.reference, Complaint.category, Complaint.received_at).where(Complaint.kind == kind)
    rows = tx.execute(_received(tx, query, received_from, received_to).order_by(Complaint.received_at, Complaint.id))
    return [(row.reference, row.category, row.received_at) for row in rows]
