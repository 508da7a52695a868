"""Entering how many orders, contracts or customers there were."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.insights.indicators import rules
from auditkit.insights.indicators.models import BusinessVolume
from auditkit.insights.indicators.rules import VOLUME_SET
from auditkit.journal.service import record


@dataclass(frozen=True)
class SetVolume:
    """So many in a month (2026-03). `counts`: what, in the organisation's words; one kind for all months."""

    month: str
    counts: str
    number: int | None


@verb("organisation.manage", leaves=VOLUME_SET)
def set_volume(tx: Session, command: SetVolume, now: datetime, actor: Actor) -> None:
    """Enter it, or correct it. Raises MonthUnreadable, VolumeImpossible, CountsMissing."""
    month, number = rules.month_of(command.month), rules.checked_number(command.number)
    counts = rules.checked_counts(command.counts)
    row = tx.execute(select(BusinessVolume).where(BusinessVolume.month == month)).scalar_one_or_none()
    before = row.number if row else None
    if row is None:
        row = BusinessVolume(month=month)
        tx.add(row)
    row.counts, row.number, row.entered_at, row.entered_by = counts, number, now, actor.person_id
    tx.flush()
    facts = {"month": month.isoformat(), "counts": counts, "number": number, "before": before}
    record(tx, VOLUME_SET, now=now, actor=actor, subject=("business-volume", row.id), facts=facts)
