"""A part of the register by the filters of its address, and what an auditor draws of it or divides it by.

The members are read in one statement, however many; tests/slices/complaints_checking holds it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, or_, select, text
from sqlalchemy.orm import aliased

from auditkit.accounts.queries import zone_of_house
from auditkit.base import clock
from auditkit.base.calendar.spans import Span
from auditkit.base.db import SCOPE, Session
from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints import models, rules
from auditkit.complaints.clock import models as timing
from auditkit.complaints.clock.rules import Ended
from auditkit.complaints.models import POSTGRESQL_SEARCH_EXPRESSION, Complaint
from auditkit.complaints.queries.register import matched
from auditkit.complaints.rules import LEVEL_TITLES, Kind, Outcome, Relation, Severity, Stage

OPEN_STAGES = "open"
YES = "yes"
NOBODY = "nobody"
MISSED, KEPT = "missed", "kept"
WORDS = ("channel", "category", "site", "priority")
NUMBERS = ("owner", "deputy", "import_run")
FILTERS = (
    "kind",
    "stage",
    "channel",
    "severity",
    "category",
    "site",
    "outcome",
    "priority",
    "level",
    "safety",
    "repeat",
    "words",
    "owner",
    "deputy",
    "due",
    "import_run",
)
_KNOWN: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "stage": (OPEN_STAGES, *Stage),
    "severity": tuple(Severity),
    "outcome": tuple(Outcome),
    "level": tuple(str(level) for level in range(len(LEVEL_TITLES))),
    "safety": (YES,),
    "repeat": (YES,),
    "due": (MISSED, KEPT),
}
AGES = ((7, "0-7"), (30, "8-30"), (60, "31-60"))
OLDEST = "61-"


class PartUnknown(BadInput):
    message = N_("%(filter)s has no %(value)r. Choose in the filter again")


@dataclass(frozen=True)
class Part:
    """Complaints received from one day to another (both included, by the organisation's clocks) that fit the filters.

    Filters are as in the address.
    """

    received_from: date
    received_to: date
    filters: tuple[tuple[str, str], ...] = ()

    def plain(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "received_from": self.received_from.isoformat(),
            "received_to": self.received_to.isoformat(),
            **dict(self.filters),
        }


@dataclass(frozen=True, slots=True)
class Member:
    """A complaint of a population. `stratum`: the group it is in, where it was asked by what to divide."""

    id: int
    reference: str
    severity: str
    stratum: str


def part(received_from: date, received_to: date, filters: Mapping[str, str]) -> Part:
    """The part these filters name; what is empty is left out. Raises PartUnknown."""
    kept = {name: value.strip() for name, value in filters.items() if value.strip()}
    for name, value in kept.items():
        known = name in FILTERS and value in _KNOWN.get(name, (value,))
        if not known or (name in NUMBERS and not _is_number(name, value)):
            raise PartUnknown(filter=name, value=value)
    return Part(received_from, received_to, tuple(sorted(kept.items())))


def _is_number(name: str, value: str) -> bool:
    return (value.isascii() and value.isdecimal() and len(value) < 19) or (name == "owner" and value == NOBODY)


def conditions(tx: Session, wanted: Part) -> list[Any]:
    """What the part asks of a complaint, for a statement over the register. Raises PartUnknown for words of nothing."""
    return [
        Span(wanted.received_from, wanted.received_to, zone_of_house(tx)).covers(Complaint.received_at),
        *(_condition(tx, name, value) for name, value in wanted.filters),
    ]


def _condition(tx: Session, name: str, value: str) -> Any:
    match name:
        case "stage" if value == OPEN_STAGES:
            return Complaint.stage != Stage.CLOSED.value
        case "level":
            return Complaint.level == int(value)
        case "safety":
            return flagged()
        case "repeat":
            return repeated()
        case "words":
            return _said(tx, value)
        case "owner" if value == NOBODY:
            return Complaint.owner_id.is_(None)
        case "owner" | "deputy" | "import_run":
            return getattr(Complaint, f"{name}_id") == int(value)
        case "due":
            return _missed() if value == MISSED else ~_missed()
        case _:
            return getattr(Complaint, name) == value


def _said(tx: Session, typed: str) -> Any:
    """That all the words stand in the complaint, found as the register finds them and never by who complained."""
    organisation_id: int = tx.info[SCOPE]
    groups = rules.wanted_words(organisation_id, typed, identity=False)
    if not groups:
        raise PartUnknown(filter="words", value=typed)
    sqlite = tx.connection().dialect.name == "sqlite"
    if sqlite:
        found = "SELECT rowid FROM complaint_search WHERE complaint_search MATCH :said"
    else:
        found = (
            f"SELECT id FROM complaint WHERE {POSTGRESQL_SEARCH_EXPRESSION} @@ CAST(:said AS tsquery) "  # noqa: S608 - our own names; each word carries its organisation
            f"AND organisation_id = {int(organisation_id)}"
        )
    return text(f"complaint.id IN ({found})").bindparams(said=matched(groups, sqlite))


def _missed() -> Any:
    """Whether a due date was missed, or is over by now."""
    due = timing.ComplaintDue
    late = or_(
        and_(due.state == Ended.MET.value, due.late.is_(True)),
        and_(due.state == Ended.RUNNING.value, due.due_at < clock.now()),
    )
    return Complaint.id.in_(select(due.complaint_id).where(late))


def flagged() -> Any:
    """Whether the newest assessment of a complaint says that safety is concerned."""
    later = aliased(models.ComplaintAssessment)
    newest = select(func.max(later.id)).group_by(later.complaint_id)
    return Complaint.id.in_(
        select(models.ComplaintAssessment.complaint_id).where(
            models.ComplaintAssessment.safety.is_(True), models.ComplaintAssessment.id.in_(newest)
        )
    )


def repeated() -> Any:
    """Whether a complaint is linked as a repeat, or its complainant stands in the register more than once.

    People are told apart by e-mail address, and else by telephone number, as they are written; nobody sees them.
    """

    other = aliased(Complaint)

    def more_than_once(name: str) -> Any:
        column, theirs = getattr(Complaint, name), getattr(other, name)
        often = select(theirs).where(theirs != "").group_by(theirs).having(func.count() > 1)
        return and_(column != "", column.in_(often))

    linked = select(models.ComplaintLink.complaint_id).where(models.ComplaintLink.relation == Relation.REPEAT.value)
    return or_(
        Complaint.id.in_(linked),
        more_than_once("complainant_email"),
        more_than_once("complainant_phone"),
    )


def size(tx: Session, wanted: Part) -> int:
    """How many complaints the part has."""
    return int(tx.execute(select(func.count()).select_from(Complaint).where(*conditions(tx, wanted))).scalar_one())


def members(tx: Session, wanted: Part, by: str = "", now: datetime | None = None) -> Iterator[Member]:
    """The complaints of the part by id, each with its group where `by` says what to divide by (`now` for ages)."""
    # Moments cost more to read than all the rest: only where ages are asked for
    moments = (Complaint.received_at, Complaint.closed_at) if by == "age" else ()
    query: Select[Any] = select(Complaint.id, Complaint.reference, Complaint.severity, _stratum(by), *moments)
    rows = tx.execute(query.where(*conditions(tx, wanted)).order_by(Complaint.id))
    if by == "age":
        assert now is not None  # noqa: S101 - whoever asks for ages says of which day
        for row in rows:
            yield Member(row.id, row.reference, row.severity, _age(row.received_at, row.closed_at or now))
        return
    yield from starmap(Member, rows)


def _stratum(by: str) -> Any:
    match by:
        case "" | "age":
            return literal("").label("stratum")
        case "repeat":
            return case((repeated(), YES), else_="no").label("stratum")
        case "safety":
            assessed = exists().where(models.ComplaintAssessment.complaint_id == Complaint.id)
            return case((flagged(), YES), (assessed, "no"), else_="").label("stratum")
        case _:
            return getattr(Complaint, by).label("stratum")


def _age(received_at: datetime, until: datetime) -> str:
    days = (until - received_at).days
    return next((name for most, name in AGES if days <= most), OLDEST)
