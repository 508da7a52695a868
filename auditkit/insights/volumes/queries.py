"""The volumes that hold, now or as of an earlier moment."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.base.db import Session
from auditkit.insights.volumes.models import VolumeEntry
from auditkit.insights.volumes.rules import Volume


def volumes(tx: Session, at: datetime) -> list[Volume]:
    """What held at that moment, newest month first, then by what is counted; the whole before its sites."""
    newest = (
        select(func.max(VolumeEntry.id))
        .where(VolumeEntry.entered_at <= at)
        .group_by(VolumeEntry.month, VolumeEntry.counts, VolumeEntry.site)
    )
    query = (
        select(VolumeEntry.month, VolumeEntry.counts, VolumeEntry.number, VolumeEntry.site)
        .where(VolumeEntry.id.in_(newest), VolumeEntry.number.is_not(None))
        .order_by(VolumeEntry.month.desc(), VolumeEntry.counts, VolumeEntry.site)
    )
    return [Volume(month, counts, number or 0, site) for month, counts, number, site in tx.execute(query)]


def by_kind(known: Sequence[Volume], sites: Sequence[str] = ()) -> dict[str, dict[date, int]]:
    """What is counted, that of most months first: its months (first day) and how many there were.

    Of the whole organisation, or of these sites together: then of months that are known of each of them.
    """
    wanted = set(sites) or {""}
    if sites and "" in wanted:
        return {}  # nobody counts the orders of no site
    months: dict[str, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in known:
        if one.site in wanted:
            months[one.counts][one.month].append(one.number)
    whole = {
        counts: {month: sum(numbers) for month, numbers in of.items() if len(numbers) == len(wanted)}
        for counts, of in months.items()
    }
    return {counts: whole[counts] for counts in sorted(whole, key=lambda one: (-len(whole[one]), one)) if whole[counts]}


def kinds(tx: Session, at: datetime, sites: Sequence[str] = ()) -> list[str]:
    """What is counted, that of most months first: the first is what the indicator is held against."""
    return list(by_kind(volumes(tx, at), sites))


def of_kind(tx: Session, counts: str, at: datetime, sites: Sequence[str] = ()) -> dict[date, int]:
    """The months of one kind: their first day and how many there were."""
    return by_kind(volumes(tx, at), sites).get(counts, {})


def words(tx: Session, at: datetime) -> tuple[list[str], list[str]]:
    """What is counted and at which sites, as they are spelt; the whole organisation is no site."""
    known = volumes(tx, at)
    kinds_of = Counter(one.counts for one in known)
    return sorted(kinds_of, key=lambda counts: (-kinds_of[counts], counts)), sorted({one.site for one in known} - {""})
