"""Making the audits of an item that are due by now: each once, however long nobody looked, and whoever looks.

Two workers at once cannot make two audits of one period: the item is locked before its periods are read, and the key
(item, period) holds it. tests/slices/audits/test_audit_programme.py sees both.
"""

from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import today_of_house
from auditkit.audits.programme import queries, rules, service
from auditkit.audits.programme.models import ProgrammeItem, ProgrammePeriod
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.content.library import Library


def due_periods(tx: Session, item: queries.ItemView, today: date) -> list[date]:
    """The periods of an item whose audit should be there by now and is not."""
    if item.stopped_at is not None:
        return []
    have = set(tx.execute(select(ProgrammePeriod.starts_on).where(ProgrammePeriod.item_id == item.id)).scalars())
    return rules.due(item.first_on, item.every_months, item.last_on, item.ahead_days, today, have)


def make_due(tx: Session, item_id: int, now: datetime, actor: Actor, *, library: Library) -> list[str]:
    """Make what is due of an item; returns the numbers, none where another worker was first.

    Raises NotFound, and what planning refuses.
    """
    tx.execute(select(ProgrammeItem.id).where(ProgrammeItem.id == item_id).with_for_update())
    days = due_periods(tx, queries.item(tx, item_id), today_of_house(tx, now))
    if not days:
        return []
    command = service.MakePeriods(item_id, tuple(days))
    found: list[str] = service.make_periods(tx, command, now, actor, library=library)
    return found
