"""The complaints behind a figure as a list that can be paged and taken along, and cut by the words of a dimension."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from auditkit.base.db import Session
from auditkit.complaints.models import Complaint
from auditkit.insights.indicators import computing, volumes, ways
from auditkit.insights.indicators.frame import Conditions, frame
from auditkit.insights.queries import DIMENSION_COLUMNS
from auditkit.insights.rules import Figure, Selection, Side

PAGE_ROWS = 50
COUNTED_UP_TO = 10_000
MOST_WORDS = 50


@dataclass(frozen=True)
class Line:
    """One complaint of the list."""

    id: int
    reference: str
    subject: str
    category: str
    stage: str
    received_at: datetime
    decided_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Lines:
    """A page of them. `after`: the id to go on from, None at the end. `more`: `total` is where counting stopped."""

    rows: list[Line]
    total: int
    more: bool
    after: int | None


def lines(
    tx: Session, name: str, side: Side, selection: Selection, now: datetime, *, currency: str = "", after: int = 0
) -> Lines:
    """A page of the complaints behind a figure, in the order of recording. Raises NotFound for a figure without."""
    return lines_of(tx, computing.behind(tx, name, side, selection, now, currency=currency), after)


def lines_of(tx: Session, conditions: Conditions, after: int = 0) -> Lines:
    """A page of the complaints that are so."""
    columns = [getattr(Complaint, field) for field in Line.__dataclass_fields__]
    query = select(*columns).where(*conditions, Complaint.id > after).order_by(Complaint.id).limit(PAGE_ROWS + 1)
    found = [Line(*row) for row in tx.execute(query)]
    limited = select(Complaint.id).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    total = int(tx.execute(select(func.count()).select_from(limited)).scalar_one())
    rows = found[:PAGE_ROWS]
    return Lines(
        rows, min(total, COUNTED_UP_TO), total > COUNTED_UP_TO, rows[-1].id if len(found) > PAGE_ROWS else None
    )


def references(
    tx: Session, name: str, side: Side, selection: Selection, now: datetime, currency: str = ""
) -> list[str]:
    """All of them by reference, in the order in which the digest of a frozen figure takes them."""
    conditions = computing.behind(tx, name, side, selection, now, currency=currency)
    return list(tx.execute(select(Complaint.reference).where(*conditions).order_by(Complaint.id)).scalars())


def by_word(tx: Session, name: str, selection: Selection, now: datetime, dimension: str) -> list[tuple[str, Figure]]:
    """A share or a rate cut by the words of a dimension, most cases first; nothing for figures that are neither."""
    if name == volumes.NAME:
        return volumes.by_word(frame(tx, selection, now), dimension, MOST_WORDS)
    way = ways.BY_NAME.get(name)
    if way is None:
        return []
    counted, column = frame(tx, selection, now), DIMENSION_COLUMNS[dimension]
    good = func.sum(case((way.counted(counted), 1), else_=0)) if way.counted is not None else func.count()
    query = (
        select(column, func.count(), good)
        .where(*way.of(counted))
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(MOST_WORDS)
    )
    return [(row[0], computing.share_figure(way, int(row[2]), int(row[1]), {})) for row in tx.execute(query)]
