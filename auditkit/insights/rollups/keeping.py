"""Keeping the sums: what is stale, summing it again, and comparing all of it with the register."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, insert, select

from auditkit.accounts.queries import zone_of_house
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import SCOPE, UNSCOPED, Session, db, reading, separate_scope, transaction
from auditkit.complaints.models import Complaint
from auditkit.insights import queries
from auditkit.insights.rollups.models import FigureDay, FigureStale, FigureState, FigureWait
from auditkit.insights.rollups.summing import DaySum, Summing, WaitSum

AT_ONCE = 12
"""Cohorts summed in one transaction, so that nobody waits long for the write lock."""
_CHUNK = 500


@dataclass(frozen=True)
class Standing:
    """How the sums stand: up to which complaint, and which cohorts are not to be used.

    `usable` False: there are none, or they are by the days of another zone.
    """

    usable: bool
    up_to: int
    stale: frozenset[str]
    marks: tuple[int, ...] = ()


def standing(tx: Session, zone: ZoneInfo | None = None) -> Standing:
    """What of the sums of the session's organisation is fresh at this moment. `zone`: its own, where it is known."""
    rows = tx.execute(_STANDING).all()
    if not rows or rows[0].zone != (zone or zone_of_house(tx)).key:
        return Standing(False, 0, frozenset())
    marks = {row.id: row.cohort for row in rows if row.id is not None}
    stale = {*marks.values(), *_recorded_after(tx, rows[0].up_to)}
    return Standing(True, rows[0].up_to, frozenset(stale), tuple(marks))


_STANDING = select(FigureState.zone, FigureState.up_to, FigureStale.id, FigureStale.cohort).outerjoin(
    FigureStale, FigureStale.organisation_id == FigureState.organisation_id
)


def _recorded_after(tx: Session, up_to: int) -> Iterable[str]:
    """The cohorts of what was recorded since: ids are given out in the order of commits (complaints.SERIES)."""
    return tx.execute(_after(queries.is_sqlite(tx)), {"up_to": up_to}).scalars()


@cache
def _after(sqlite: bool) -> Any:
    cohort = func.substr(queries.utc_day(Complaint.received_at, sqlite), 1, 7)
    return select(cohort).distinct().where(Complaint.id > bindparam("up_to"))


def refresh(tx: Session, now: datetime, most: int = AT_ONCE) -> int:
    """Sum again what is stale, at most so many cohorts, newest first; returns how many are left."""
    found = standing(tx)
    if not found.usable:
        _begin(tx, now)
        found = Standing(True, 0, frozenset(_recorded_after(tx, 0)))
    newest = tx.execute(select(func.max(Complaint.id))).scalar_one() or 0
    ordered = sorted(found.stale, reverse=True)
    now_done, left = ordered[:most], ordered[most:]
    again = [*left, *_sum(tx, now_done, now)]
    for first in range(0, len(found.marks), _CHUNK):
        tx.execute(delete(FigureStale).where(FigureStale.id.in_(found.marks[first : first + _CHUNK])))
    if again:
        organisation_id = tx.info[SCOPE]
        tx.execute(insert(FigureStale), [{"organisation_id": organisation_id, "cohort": one} for one in again])
    state = tx.execute(select(FigureState)).scalar_one()
    state.up_to, state.made_at = newest, now
    return len(left)


def forget(tx: Session) -> None:
    """Throw the sums of the session's organisation away; until they are made again everything is counted straight."""
    for model in (FigureDay, FigureWait, FigureStale, FigureState):
        tx.execute(delete(model))


def _begin(tx: Session, now: datetime) -> None:
    forget(tx)
    tx.add(FigureState(zone=zone_of_house(tx).key, up_to=0, made_at=now))
    tx.flush()


def _sum(tx: Session, cohorts: Iterable[str], now: datetime) -> Iterator[str]:
    """Sums them; gives those that must not count as fresh, because they hold something dated later than now."""
    summing = Summing(tx, zone_of_house(tx), now)
    for cohort in cohorts:
        for model in (FigureDay, FigureWait):
            tx.execute(delete(model).where(model.cohort == cohort))
        of = {"organisation_id": tx.info[SCOPE], "cohort": cohort}
        for model, rows in ((FigureDay, summing.days(cohort)), (FigureWait, summing.waits(cohort))):
            values = [{**of, **asdict(row)} for row in rows]
            if values:
                tx.execute(insert(model), values)
        if summing.holds_future(cohort):
            yield cohort


@dataclass(frozen=True)
class Difference:
    """A cohort that claims to be fresh and whose sums are not those of the register: a defect."""

    cohort: str
    rows: int


def compare(tx: Session, now: datetime) -> list[Difference]:
    """Sum every fresh cohort anew and hold it against what is kept; nothing is written."""
    found = standing(tx)
    if not found.usable:
        return []
    summing = Summing(tx, zone_of_house(tx), now)
    differences = []
    for cohort in sorted(_cohorts(tx) - found.stale):
        kept = _kept(tx, cohort)
        straight: set[DaySum | WaitSum] = {*summing.days(cohort), *summing.waits(cohort)}
        if kept != straight:
            differences.append(Difference(cohort, len(kept ^ straight)))
    return differences


def _kept(tx: Session, cohort: str) -> set[DaySum | WaitSum]:
    days = select(
        FigureDay.figure, FigureDay.part, FigureDay.day, FigureDay.word, FigureDay.whole, FigureDay.counted
    ).where(FigureDay.cohort == cohort)
    waits = select(
        FigureWait.figure, FigureWait.month, FigureWait.state, FigureWait.took, FigureWait.number
    ).where(FigureWait.cohort == cohort)  # fmt: skip
    return {*(DaySum(*row) for row in tx.execute(days)), *(WaitSum(*row) for row in tx.execute(waits))}


def _cohorts(tx: Session) -> set[str]:
    """Of the register and of the sums."""
    kept = {one for model in (FigureDay, FigureWait) for one in tx.execute(select(model.cohort).distinct()).scalars()}
    return kept | set(_recorded_after(tx, 0))


@jobs.watch
def keep_fresh() -> None:
    """Sum again what has changed, for every organisation; plain reads where nothing has."""
    session = db.session()
    everybody = session.execute(
        select(Complaint.organisation_id).distinct().execution_options(**{UNSCOPED: True})
    ).scalars().all()  # fmt: skip
    session.rollback()
    for organisation_id in everybody:
        with separate_scope():
            actor = Actor.system(organisation_id)
            if _is_stale(actor):
                while _refresh(actor):
                    pass


def _is_stale(actor: Actor) -> bool:
    tx = reading(actor)
    found = standing(tx)
    tx.rollback()
    return not found.usable or bool(found.stale)


def _refresh(actor: Actor) -> bool:
    with transaction(actor) as tx:
        return refresh(tx, clock.now()) > 0
