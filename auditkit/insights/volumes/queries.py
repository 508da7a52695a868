"""The volumes that hold, now or as of an earlier moment."""

from collections import Counter
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.base.db import Session
from auditkit.insights.volumes.models import VolumeEntry
from auditkit.insights.volumes.rules import Volume


def volumes(tx: Session, at: datetime) -> list[Volume]:
    """What held at that moment, newest month first, then by what is counted."""
    newest = (
        select(func.max(VolumeEntry.id))
        .where(VolumeEntry.entered_at <= at)
        .group_by(VolumeEntry.month, VolumeEntry.counts)
    )
    query = (
        select(VolumeEntry.month, VolumeEntry.counts, VolumeEntry.number)
        .where(VolumeEntry.id.in_(newest), VolumeEntry.number.is_not(None))
        .order_by(VolumeEntry.month.desc(), VolumeEntry.counts)
    )
    return [Volume(month, counts, number or 0) for month, counts, number in tx.execute(query)]


def kinds(tx: Session, at: datetime) -> list[str]:
    """What is counted, that of most months first: the first is what the indicator is held against."""
    months = Counter(one.counts for one in volumes(tx, at))
    return sorted(months, key=lambda counts: (-months[counts], counts))


def of_kind(tx: Session, counts: str, at: datetime) -> dict[date, int]:
    """The months of one kind: their first day and how many there were."""
    return {one.month: one.number for one in volumes(tx, at) if one.counts == counts}
