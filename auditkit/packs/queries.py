"""The packs that were built."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.packs.models import Pack

PAGE = 50


@dataclass(frozen=True)
class BuiltPack:
    """One building of a pack. `gaps` are plain JSON: part, what, why, clauses."""

    id: int
    definition: str
    title: str
    period_start: date
    period_end: date
    dated: datetime | None
    bag: str
    root: str
    size: int
    files: int
    payload_bytes: int
    signing_key: str
    journal_entry: int | None
    form: str
    shared_root: str
    languages: str
    subject: str
    gaps: list[dict[str, Any]]
    gap_count: int
    reason: str
    stored: bool
    built_at: datetime
    built_by_id: int | None


_COLUMNS = tuple(getattr(Pack, name) for name in BuiltPack.__dataclass_fields__)


def page(tx: Session, before: int | None = None) -> tuple[list[BuiltPack], int | None]:
    """Packs, newest first, at most 50; with the `before` of the next page, or None at the end."""
    query = select(*_COLUMNS).order_by(Pack.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Pack.id < before)
    found = [BuiltPack(*row) for row in tx.execute(query)]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def by_id(tx: Session, pack_id: int) -> BuiltPack:
    """One building of a pack. Raises NotFound, also for another organisation's."""
    row = tx.execute(select(*_COLUMNS).where(Pack.id == pack_id)).one_or_none()
    if row is None:
        raise NotFound
    return BuiltPack(*row)
