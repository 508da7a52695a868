"""What the organisation settled about handling: its practice, and the limits of authority."""

from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.complaints import rules
from auditkit.complaints.models import ComplaintAuthority, ComplaintPractice
from auditkit.complaints.rules import Limit


@dataclass(frozen=True)
class Practice:
    """The organisation's settings. Until it has any: a review after 14 days, repeats within 90."""

    currency: str = ""
    external_bodies: str = ""
    review_days: int = 14
    repeat_days: int = 90

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings."""
        return digest(repr((self.currency, self.external_bodies, self.review_days, self.repeat_days)).encode())[:16]


@dataclass(frozen=True)
class LimitLine:
    """A limit of authority for its page."""

    id: int
    limit: Limit


def limit_lines(tx: Session) -> list[LimitLine]:
    """The limits of authority, those of roles first."""
    rows = tx.execute(
        select(
            ComplaintAuthority.id,
            ComplaintAuthority.role,
            ComplaintAuthority.person_id,
            ComplaintAuthority.currency,
            ComplaintAuthority.amount,
        ).order_by(ComplaintAuthority.person_id.is_not(None), ComplaintAuthority.role, ComplaintAuthority.id)
    )
    return [LimitLine(row.id, rules.Limit(row.role, row.person_id, row.currency, row.amount)) for row in rows]


def limits_stamp(tx: Session) -> str:
    """Says whether two people looked at the same limits of authority."""
    return digest(repr(limit_lines(tx)).encode())[:16]


def limits(tx: Session) -> list[Limit]:
    """The limits of authority, for the rules."""
    return [one.limit for one in limit_lines(tx)]


_PRACTICE = select(*(getattr(ComplaintPractice, name) for name in Practice.__dataclass_fields__))


def practice(tx: Session) -> Practice:
    """The organisation's settings of complaint handling."""
    row = tx.execute(_PRACTICE).one_or_none()
    return Practice(**row._mapping) if row is not None else Practice()
