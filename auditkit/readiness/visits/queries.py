"""Reads of visits, and readiness in a line for lists of clients."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.accounts.queries import today_of_house
from auditkit.audits.queries import showing as of_audits
from auditkit.base.db import Session
from auditkit.content.library import Library
from auditkit.readiness import queries as matrices
from auditkit.readiness import rules
from auditkit.readiness.models import ReadinessVisit
from auditkit.readiness.queries import band_of, counting
from auditkit.readiness.rules import Matrix, State, Stopped
from auditkit.readiness.visits.rules import Since, since

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Visit:
    """The matrix at a visit. `states`: clause in full -> state."""

    id: int
    edition: str
    begins: date
    ends: date
    note: str
    content: str
    digest: str
    percent: int
    checked: int
    stops: tuple[str, ...]
    states: dict[str, str]
    taken_at: datetime
    taken_by: int | None

    def count(self, state: str) -> int:
        """How many clauses stood in a state."""
        return sum(one == state for one in self.states.values())


def visits(tx: Session, edition: str) -> list[Visit]:
    """The visits by an edition, the newest first."""
    query = select(ReadinessVisit).where(ReadinessVisit.edition == edition)
    rows = tx.execute(query.order_by(ReadinessVisit.id.desc()).limit(SHOWN)).scalars()
    return [_visit(row) for row in rows]


def percents(tx: Session, edition: str) -> tuple[int, ...]:
    """The number at each visit by an edition, the oldest first."""
    query = select(ReadinessVisit.percent).where(ReadinessVisit.edition == edition)
    newest = tx.execute(query.order_by(ReadinessVisit.id.desc()).limit(SHOWN)).scalars().all()
    return tuple(reversed(newest))


def _visit(row: Any) -> Visit:
    values = {name: getattr(row, name) for name in Visit.__dataclass_fields__}
    return Visit(**{**values, "stops": tuple(row.stops)})


def changed(visit: Visit, made: Matrix) -> Since:
    """What changed since a visit."""
    return since(visit.states, visit.stops, visit.percent, made)


@dataclass(frozen=True, slots=True)
class Summary:
    """Readiness of the session's organisation in a line. `band` is the id of its words; `stops`, worst first.

    `last_visit` and `since` are None where the matrix was never kept. `nonconformities`: how many are open;
    `audit_on`: the day of the next audit by a certification body, `days` from today, negative where it is past.
    """

    edition: str
    percent: int
    checked: int
    found: int
    gaps: int
    not_checked: int
    band: str
    band_title: str
    stops: tuple[Stopped, ...]
    digest: str
    last_visit: datetime | None
    since: Since | None
    nonconformities: int
    audit_on: date | None
    days: int | None


def summary(tx: Session, library: Library, now: datetime, edition: str = "iso10002-2018") -> Summary:
    """Readiness over the twelve months up to `now`. For the first page and for lists of clients."""
    today = today_of_house(tx, now)
    period, audit_on = rules.year_to(today), of_audits.next_from_outside(tx)
    made = matrices.matrix(tx, library, edition, period, now)
    probes = counting(library, edition).probes
    band, counts = band_of(probes, made), made.counts()
    last = next(iter(visits(tx, edition)), None)
    return Summary(
        edition=edition,
        percent=made.score.percent,
        checked=made.score.checked_percent,
        found=counts[State.FOUND],
        gaps=counts[State.GAP],
        not_checked=counts[State.NOT_CHECKED],
        band=band,
        band_title=next(one.title for one in probes.bands if one.id == band),
        stops=tuple(one for one in made.stops if one.state is State.GAP),
        digest=made.digest,
        last_visit=last.taken_at if last else None,
        since=changed(last, made) if last else None,
        nonconformities=sum(one.nonconformity and one.open for one in of_audits.found(tx, period.first, period.last)),
        audit_on=audit_on,
        days=(audit_on - today).days if audit_on else None,
    )
