"""Frozen figures: listed, read, and computed again from the records as they are now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.accounts.queries import days_of_zone
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.models import Complaint
from auditkit.insights.freezing import rules
from auditkit.insights.freezing.models import FrozenFigure
from auditkit.insights.freezing.rules import Behind, Changes
from auditkit.insights.indicators import computing
from auditkit.insights.rules import Figure, Selection, Side, Unit, selection_of

LISTED = 200


@dataclass(frozen=True)
class Frozen:
    """A figure as it was stated. See models.FrozenFigure."""

    id: int
    figure: Figure
    selection: Selection
    zone: str
    counted_digest: str | None
    of_digest: str | None
    frozen_at: datetime
    frozen_by: int | None


@dataclass(frozen=True)
class Again:
    """A frozen figure and the same question asked of the records of today, as of the day it was frozen.

    `now` None: it is not computed any more. `counted` are the changes among the records counted, `of` among all.
    """

    frozen: Frozen
    now: Figure | None
    counted: Changes
    of: Changes

    @property
    def changes(self) -> Changes:
        """What changed in either, each reference once."""
        pairs = zip(*((one.came, one.went, one.changed) for one in (self.counted, self.of)), strict=True)
        return Changes(*(tuple(dict.fromkeys([*one, *other])) for one, other in pairs))

    @property
    def same(self) -> bool:
        """Whether it comes to the same numbers from the same records, none of which came or went."""
        if self.now is None:
            return False
        moved = self.changes.came or self.changes.went
        return not moved and rules.same_numbers(rules.stated(self.frozen.figure), rules.stated(self.now))


def listing(tx: Session) -> list[Frozen]:
    """The newest LISTED, newest first."""
    query = select(*_COLUMNS).order_by(FrozenFigure.id.desc()).limit(LISTED)
    return [_view(row) for row in tx.execute(query)]


def frozen(tx: Session, frozen_id: int) -> Frozen:
    """One of them. Raises NotFound."""
    row = tx.execute(select(*_COLUMNS).where(FrozenFigure.id == frozen_id)).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def taken(tx: Session, moments: Collection[datetime]) -> dict[datetime, int]:
    """The one figure frozen at each of these moments, by its key; left out where there were none or several."""
    query = select(FrozenFigure.frozen_at, FrozenFigure.id).where(FrozenFigure.frozen_at.in_(moments))
    found: dict[datetime, list[int]] = {}
    for moment, key in tx.execute(query):
        found.setdefault(moment, []).append(key)
    return {moment: keys[0] for moment, keys in found.items() if len(keys) == 1}


def records(tx: Session, frozen_id: int) -> Behind | None:
    """The complaints it was made of; None where none were kept."""
    stored = tx.execute(select(FrozenFigure.records).where(FrozenFigure.id == frozen_id)).scalar_one_or_none()
    return rules.unpacked(stored) if stored else None


def again(tx: Session, frozen_id: int) -> Again:
    """Ask its question again, as of the moment it was frozen and by the clocks of then. Raises NotFound."""
    kept = frozen(tx, frozen_id)
    with days_of_zone(tx, kept.zone):
        return _again(tx, kept)


def _again(tx: Session, kept: Frozen) -> Again:
    name, currency = kept.figure.name, kept.figure.currency
    if name not in computing.names():
        return Again(kept, None, Changes(), Changes())
    computed = computing.compute_named(tx, name, kept.selection, kept.frozen_at, looks_back=True)
    same_currency = [one for one in computed if one.currency == currency] or [one for one in computed if not one.n]
    before = records(tx, kept.id)
    if before is None:
        return Again(kept, same_currency[0] if same_currency else None, Changes(), Changes())
    after = behind(tx, kept.figure, kept.selection, kept.frozen_at, looks_back=True)
    return Again(
        kept,
        same_currency[0] if same_currency else None,
        rules.changes(before.counted, after.counted),
        rules.changes(before.of, after.of),
    )


def behind(
    tx: Session, figure: Figure, selection: Selection, now: datetime, *, looks_back: bool = False
) -> Behind:  # fmt: skip
    """The complaints behind a figure, each with its version."""
    sides = {}
    for side in (Side.COUNTED, Side.OF):
        conditions = computing.behind(
            tx, figure.name, side, selection, now, currency=figure.currency, looks_back=looks_back
        )
        query = select(Complaint.reference, Complaint.version).where(*conditions).order_by(Complaint.id)
        sides[side] = {row.reference: row.version for row in tx.execute(query)}
    return Behind(sides[Side.COUNTED], sides[Side.OF])


_COLUMNS = tuple(getattr(FrozenFigure, name) for name in (
    "id", "name", "currency", "selection", "zone", "stated", "counted_digest", "of_digest", "frozen_at", "frozen_by",
))  # fmt: skip


def _view(row: Any) -> Frozen:
    told = dict(row.stated)
    known = row.name in computing.names()
    figure = Figure(
        name=row.name,
        indicator=computing.indicator_of(row.name) if known else "",
        title=computing.title_of(row.name) if known else row.name,
        unit=Unit(told.pop("unit")),
        currency=row.currency,
        opens=row.of_digest is not None,
        **told,
    )
    return Frozen(
        row.id, figure, selection_of(row.selection), row.zone, row.counted_digest, row.of_digest, row.frozen_at,
        row.frozen_by,
    )  # fmt: skip
