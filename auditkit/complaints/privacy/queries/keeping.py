"""Rules of keeping, settings, and which cases have come to the end of their time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select

from auditkit.accounts.queries import organisations, zone_of_house
from auditkit.base.calendar.days import zone_of
from auditkit.base.calendar.spans import day_of, standing_for, start_of
from auditkit.base.db import UNSCOPED, Session
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy.models import (
    ComplaintAnonymisation,
    ComplaintHold,
    PrivacySettings,
    RetentionRule,
    RetentionWarning,
)
from auditkit.complaints.privacy.rules import (
    REQUEST_DAYS,
    Rule,
    add_months,
    goes_on,
    kept_until,
    rule_for,
    warned_from,
)
from auditkit.complaints.rules import Stage

PORTION = 1_000


@dataclass(frozen=True)
class Settings:
    """See `models.PrivacySettings`."""

    reason_required: bool = False
    request_days: int = REQUEST_DAYS

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings."""
        return f"{self.reason_required:d}-{self.request_days}"


@dataclass(frozen=True)
class Ending:
    """A closed case near or past the end of its time. `erase_on` is None until it was warned of."""

    complaint_id: int
    reference: str
    kind: str
    category: str
    ended_on: date
    end_is_known: bool
    rule: Rule
    until: date
    warned_on: date | None
    erase_on: date | None
    held: bool


def settings(tx: Session) -> Settings:
    """The organisation's settings, the defaults where nothing was set."""
    row = tx.execute(select(PrivacySettings)).scalar_one_or_none()
    return Settings(row.reason_required, row.request_days) if row else Settings()


def rules_in_force(tx: Session) -> list[Rule]:
    """The organisation's rules of keeping, the widest first."""
    query = select(RetentionRule).where(RetentionRule.ended_at.is_(None))
    found = tx.execute(query.order_by(RetentionRule.category, RetentionRule.kind)).scalars()
    return [_rule(row) for row in found]


def stamp(rules: Iterable[Rule]) -> str:
    """Says which rules a person saw: a rule is never changed, only ended and put anew, so their keys say it."""
    return "-".join(str(number) for number in sorted(one.id for one in rules)) or "none"


def rule(tx: Session, rule_id: int) -> Rule | None:
    """One rule, also one that has ended."""
    row = tx.execute(select(RetentionRule).where(RetentionRule.id == rule_id)).scalar_one_or_none()
    return _rule(row) if row else None


def _rule(row: RetentionRule) -> Rule:
    return Rule(row.id, row.kind, row.category, row.months, row.warn_days, row.duty, row.automatic, row.basis)


def houses_to_look_at(session: Session, now: datetime) -> list[int]:
    """Organisations that keep by a rule and were not looked at on their day. Across organisations, a plain read."""
    query = select(RetentionRule.organisation_id, PrivacySettings.looked_on).join(
        PrivacySettings, PrivacySettings.organisation_id == RetentionRule.organisation_id, isouter=True
    )
    query = query.where(RetentionRule.ended_at.is_(None)).distinct().execution_options(**{UNSCOPED: True})
    looked: dict[int, date | None] = {row[0]: row[1] for row in session.execute(query)}
    if not looked:
        return []
    today = _days(session, now)
    return sorted(house for house, on in looked.items() if on is None or on < today[house])


def houses_to_tidy(session: Session, now: datetime) -> list[int]:
    """Organisations that were not tidied on their day. Across organisations, a plain read."""
    query = select(PrivacySettings.organisation_id, PrivacySettings.tidied_on)
    tidied = {row[0]: row[1] for row in session.execute(query.execution_options(**{UNSCOPED: True}))}
    return [house for house, day in _days(session, now).items() if (tidied.get(house) or date.min) < day]


def _days(session: Session, now: datetime) -> dict[int, date]:
    """The day it is in each organisation."""
    return {one.id: now.astimezone(zone_of(one.zone)).date() for one in organisations(session)}


def ended_on(closed_at: datetime | None, recorded_at: datetime, zone: ZoneInfo) -> tuple[date, bool]:
    """From which day a closed case is kept, and whether that day is known or only when it was put on record."""
    return (day_of(closed_at or recorded_at, zone), closed_at is not None)


_COLUMNS = (
    Complaint.id,
    Complaint.reference,
    Complaint.kind,
    Complaint.category,
    Complaint.closed_at,
    Complaint.recorded_at,
    RetentionWarning.warned_at,
    RetentionWarning.until.label("warned_until"),
    ComplaintHold.id.label("hold_id"),
)


def endings(tx: Session, today: date, *, only: int | None = None) -> Iterator[Ending]:
    """Closed cases whose time ends within their days of warning, or has ended, in the order recorded.

    `only`: this complaint alone, however far the end is. A case with no rule is kept without limit and never here.
    """
    rules = rules_in_force(tx)
    if not rules:
        return
    zone = zone_of_house(tx)
    query = (
        select(*_COLUMNS)
        .join(RetentionWarning, RetentionWarning.complaint_id == Complaint.id, isouter=True)
        .join(
            ComplaintHold,
            and_(ComplaintHold.complaint_id == Complaint.id, ComplaintHold.lifted_at.is_(None)),
            isouter=True,
        )
        .where(
            Complaint.stage == Stage.CLOSED.value,
            Complaint.id.not_in(select(ComplaintAnonymisation.complaint_id)),
        )
        .order_by(Complaint.id)
    )
    if only is not None:
        query = query.where(Complaint.id == only)
    else:
        latest = max(add_months(today, -one.months).toordinal() + one.warn_days for one in rules)
        query = query.where(
            func.coalesce(Complaint.closed_at, Complaint.recorded_at)
            < max(start_of(date.fromordinal(latest + 1), zone), standing_for(date.fromordinal(latest + 1)))
        )
    for row in tx.execute(query.execution_options(yield_per=PORTION)):
        fitting = rule_for(rules, row.kind, row.category)
        if fitting is None:
            continue
        began, known = ended_on(row.closed_at, row.recorded_at, zone)
        until = kept_until(began, fitting)
        if only is None and warned_from(until, fitting) > today:
            continue
        warned_on = day_of(row.warned_at, zone) if row.warned_at is not None else None
        erase_on = goes_on(until, warned_on, fitting) if warned_on else None
        yield Ending(
            row.id, row.reference, row.kind, row.category, began, known, fitting, until, warned_on, erase_on,
            row.hold_id is not None,
        )  # fmt: skip
