"""The complaints behind a figure as a list that can be paged and taken along, and cut by the words of a dimension."""

from collections.abc import Iterable, Sequence
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


def by_words(
    tx: Session, name: str, selection: Selection, now: datetime, dimensions: Sequence[str]
) -> list[list[tuple[str, Figure]]]:
    """A share or a rate cut by the words of each dimension, most cases first; nothing for figures that are neither.

    A share is counted once, by all dimensions together: what makes a case count may be dear to find out.
    """
    if name == volumes.NAME:
        return [volumes.by_word(frame(tx, selection, now), one, MOST_WORDS) for one in dimensions]
    way = ways.BY_NAME.get(name)
    if way is None:
        return [[] for _dimension in dimensions]
    counted, columns = frame(tx, selection, now), [DIMENSION_COLUMNS[one] for one in dimensions]
    good = func.sum(case((way.counted(counted), 1), else_=0)) if way.counted is not None else func.count()
    rows = tx.execute(select(*columns, func.count(), good).where(*way.of(counted)).group_by(*columns)).all()
    return [
        _of_dimension(way, [(row[place], int(row[-2]), int(row[-1])) for row in rows]) for place in range(len(columns))
    ]


def _of_dimension(way: ways.Share, counted: Iterable[tuple[str, int, int]]) -> list[tuple[str, Figure]]:
    """(word, whole, part) added up by word."""
    sums: dict[str, tuple[int, int]] = {}
    for word, whole, part in counted:
        before = sums.get(word, (0, 0))
        sums[word] = (before[0] + whole, before[1] + part)
    most = sorted(sums.items(), key=lambda one: (-one[1][0], one[0]))[:MOST_WORDS]
    return [(word, computing.share_figure(way, part, whole, {})) for word, (whole, part) in most]
