"""How many figures were frozen in a period: what the clause matrix counts. tests/slices/insights/test_freezing.py."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from auditkit.accounts.queries import zone_of_house
from auditkit.base.db import Session
from auditkit.insights.freezing.models import FrozenFigure
from auditkit.insights.rules import OF_SATISFACTION, Period


@dataclass(frozen=True)
class Counted:
    """Figures frozen in the period, those of satisfaction among them, and the day of the last of each."""

    number: int
    newest: date | None
    of_satisfaction: int
    newest_of_satisfaction: date | None


def counted(tx: Session, first: date, last: date) -> Counted:
    """The figures frozen from `first` to `last`, both included, by the days of the organisation."""
    zone = zone_of_house(tx)
    begins, ends = Period(first, last).moments(zone)
    query = select(FrozenFigure.name, func.count(), func.max(FrozenFigure.frozen_at)).group_by(FrozenFigure.name)
    rows = list(tx.execute(query.where(FrozenFigure.frozen_at >= begins, FrozenFigure.frozen_at < ends)))
    told = [row for row in rows if row[0] in OF_SATISFACTION]
    (number, newest), (of_them, newest_of_them) = (
        (sum(row[1] for row in some), max((row[2] for row in some), default=None)) for some in (rows, told)
    )
    return Counted(
        number,
        newest.astimezone(zone).date() if newest else None,
        of_them,
        newest_of_them.astimezone(zone).date() if newest_of_them else None,
    )
