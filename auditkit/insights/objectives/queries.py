"""Objectives as they stand: target, measurements, light, trend, comments, and the indicator they are measured by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.insights.objectives.models import ObjectiveComment, ObjectiveSource
from auditkit.insights.objectives.rules import Standing, standing
from auditkit.insights.rules import Span
from auditkit.registers import queries as registers
from auditkit.registers.queries import EntryView, MeasurementView

REGISTER = "objectives"


@dataclass(frozen=True)
class SourceView:
    """The indicator an objective is measured by."""

    figure: str
    span: Span


@dataclass(frozen=True)
class CommentView:
    """What was said about an objective."""

    text: str
    at: datetime
    by_id: int | None


@dataclass(frozen=True)
class Objective:
    """An objective with everything about how it stands."""

    entry: EntryView
    target: Decimal
    unit: str
    higher_is_better: bool
    by: date | None
    measured: tuple[MeasurementView, ...]
    standing: Standing
    source: SourceView | None
    comments: tuple[CommentView, ...]

    @property
    def comment(self) -> CommentView | None:
        """The newest comment."""
        return self.comments[-1] if self.comments else None


def objectives(tx: Session, today: date) -> list[Objective]:
    """Every objective in use, by number."""
    return _objectives(tx, registers.every(tx, REGISTER, today, retired=False), today)


def objective(tx: Session, number: str, today: date) -> Objective:
    """One objective. Raises NotFound."""
    return _objectives(tx, [registers.entry(tx, REGISTER, number, today)], today)[0]


def _objectives(tx: Session, entries: Sequence[EntryView], today: date) -> list[Objective]:
    ids = [one.id for one in entries]
    measured, sources, comments = registers.measurements(tx, ids), _sources(tx, ids), _comments(tx, ids)
    return [
        _objective(one, tuple(measured.get(one.id, ())), sources.get(one.id), tuple(comments.get(one.id, ())), today)
        for one in entries
    ]


def _objective(
    entry: EntryView,
    measured: tuple[MeasurementView, ...],
    source: SourceView | None,
    comments: tuple[CommentView, ...],
    today: date,
) -> Objective:
    values = entry.values
    target, by = Decimal(values["target"]), values.get("by")
    higher, last = values.get("better") != "lower", date.fromisoformat(by) if by else None
    told = [(one.on, one.value) for one in measured]
    found = standing(told, target=target, higher_is_better=higher, by=last, today=today)
    return Objective(entry, target, values["unit"], higher, last, measured, found, source, comments)


def _sources(tx: Session, ids: Sequence[int]) -> dict[int, SourceView]:
    rows = tx.execute(select(ObjectiveSource).where(ObjectiveSource.entry_id.in_(ids))).scalars()
    return {one.entry_id: SourceView(one.figure, Span(one.span)) for one in rows}


def _comments(tx: Session, ids: Sequence[int]) -> dict[int, list[CommentView]]:
    found: dict[int, list[CommentView]] = {}
    query = select(ObjectiveComment).where(ObjectiveComment.entry_id.in_(ids)).order_by(ObjectiveComment.id)
    for row in tx.execute(query).scalars():
        found.setdefault(row.entry_id, []).append(CommentView(row.text, row.at, row.by_id))
    return found
