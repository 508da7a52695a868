"""References by the organisation's pattern, for whoever records complaints."""

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.complaints.intake.models import ReferencePattern
from auditkit.complaints.intake.rules import DEFAULT_PATTERN, Pattern, parse_pattern


def patterns(tx: Session) -> list[str]:
    """Every pattern references were ever given out by, the one in force last."""
    found = tx.execute(select(ReferencePattern.pattern).order_by(ReferencePattern.id)).scalars().all()
    return [DEFAULT_PATTERN, *found]


def pattern_in_force(tx: Session) -> Pattern:
    """The pattern of the session's organisation: `pattern_in_force(tx).reference(year, number)`."""
    return parse_pattern(patterns(tx)[-1])
