"""Complaints as plain JSON values, for capture as evidence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints import rules
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries.cases import CASE_COLUMNS
from auditkit.complaints.queries.histories import handling, plain_value

SNAPSHOT_FORMAT = "auditkit/complaint/1"
WITHHELD = "withheld"
PORTION = 500
_SNAPSHOT_COLUMNS = [name for name in CASE_COLUMNS if name not in ("id", "import_run_id", "owner_id", "deputy_id")]

SnapshotPart = Callable[[Session, Sequence[int]], dict[int, Any]]
_snapshot_parts: dict[str, SnapshotPart] = {"handling": handling}


def snapshot_part(name: str) -> Callable[[SnapshotPart], SnapshotPart]:
    """Declare what a folder above the core adds to snapshots as `name`: `(tx, ids) -> {id: plain JSON}`."""

    def declare(part: SnapshotPart) -> SnapshotPart:
        _snapshot_parts[name] = part
        return part

    return declare


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


def _plain(values: dict[str, Any], identity: bool) -> dict[str, Any]:
    complainant = {name.removeprefix("complainant_"): values.pop(name) for name in rules.IDENTITY}
    plain = {name: plain_value(value) for name, value in values.items()}
    if values["received_is_day"]:
        plain["received_at"] = values["received_at"].date().isoformat()
    if values["closed_is_day"] and values["closed_at"]:
        plain["closed_at"] = values["closed_at"].date().isoformat()
    known: Any = complainant if identity else WITHHELD
    return {"format": SNAPSHOT_FORMAT, **plain, "complainant": known if any(complainant.values()) else None}
