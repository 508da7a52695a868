"""Verbs over objectives: choose the indicator they are measured by, take a measurement from it, comment.

tests/slices/insights_objectives/test_objectives.py holds them.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.accounts.queries import today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.content.shapes import RegisterShape
from auditkit.insights.freezing import service as freezing
from auditkit.insights.indicators import computing
from auditkit.insights.objectives import queries, rules
from auditkit.insights.objectives.models import ObjectiveComment, ObjectiveSource
from auditkit.insights.objectives.queries import REGISTER
from auditkit.insights.rules import Selection, Span, period_of
from auditkit.journal.service import record
from auditkit.registers import queries as registers
from auditkit.registers import service as register_service

SUBJECT = registers.SUBJECT


@dataclass(frozen=True)
class SetSource:
    """Measure the objective by `figure` over a period that moves on."""

    number: str
    figure: str
    span: Span


@dataclass(frozen=True)
class TakeMeasurement:
    """Compute the indicator now and write it down as a measurement."""

    shape: RegisterShape
    number: str


@dataclass(frozen=True)
class Comment:
    number: str
    text: str


@verb("registers.edit", leaves=rules.SOURCE_SET)
def set_source(tx: Session, command: SetSource, now: datetime, actor: Actor) -> None:
    """Raises NotFound, UnknownFigure, ReadSince."""
    entry = registers.entry(tx, REGISTER, command.number, today_of_house(tx, now))
    rules.check_source(figure=command.figure, known=computing.names(), span=command.span)
    row = tx.execute(select(ObjectiveSource).where(ObjectiveSource.entry_id == entry.id)).scalar_one_or_none()
    if row is None:
        row = ObjectiveSource(entry_id=entry.id)
        tx.add(row)
    row.figure, row.span, row.set_at, row.set_by = command.figure, command.span.value, now, actor.person_id
    facts = {"number": entry.number, "figure": command.figure, "span": command.span.value}
    record(tx, rules.SOURCE_SET, now=now, actor=actor, subject=(SUBJECT, entry.id), facts=facts)


@verb("registers.edit", leaves=rules.TAKEN)
def take(tx: Session, command: TakeMeasurement, now: datetime, actor: Actor) -> None:
    """Measure an objective by its indicator as of now; the figure is frozen with the complaints behind it.

    Raises NotFound, NoSource, CannotBeTold (too few cases), EntryRetired.
    """
    found = queries.objective(tx, command.number, today_of_house(tx, now))
    if found.source is None:
        raise rules.NoSource()
    today = today_of_house(tx, now)
    selection = Selection(period_of(found.source.span, today), span=found.source.span)
    figure = computing.compute_named(tx, found.source.figure, selection, now)[0]
    if figure.value is None:
        raise rules.CannotBeTold(why=_(figure.note) if figure.note else _("there is nothing to count"))
    value = rules.as_measured(figure.unit, figure.value)
    key = freezing.keep(tx, figure, selection, now, actor)
    period = selection.period
    note = _(
        "%(indicator)s, %(first)s to %(last)s, of %(count)s; frozen figure %(key)s",
        indicator=_(figure.title),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        count=figure.n,
        key=key,
    )
    on = min(period.last, today_of_house(tx, now))
    measured = register_service.MeasureEntry(command.shape, command.number, on, value, note)
    register_service.measure(tx, measured, now, actor)
    facts = {"number": command.number, "figure": figure.name, "frozen": key, "value": str(value)}
    record(tx, rules.TAKEN, now=now, actor=actor, subject=(SUBJECT, found.entry.id), facts=facts)


@verb("registers.edit", leaves=rules.COMMENTED)
def comment(tx: Session, command: Comment, now: datetime, actor: Actor) -> None:
    """Say something about how an objective stands. Raises NotFound, CommentMissing."""
    entry = registers.entry(tx, REGISTER, command.number, today_of_house(tx, now))
    text = command.text.strip()
    if not text:
        raise rules.CommentMissing()
    tx.add(ObjectiveComment(entry_id=entry.id, text=text, at=now, by_id=actor.person_id))
    facts = {"number": entry.number, "characters": len(text)}
    record(tx, rules.COMMENTED, now=now, actor=actor, subject=(SUBJECT, entry.id), facts=facts)
