"""Reads over schemes and their limits, and over due dates of which there is something to notice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.actions import rules
from auditkit.actions.models import ActionDue, ActionScheme
from auditkit.actions.rules import Grade, LimitRule, Need
from auditkit.actions.timing import limits_of
from auditkit.base.db import UNSCOPED, Session
from auditkit.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class SchemeView:
    """Time limits of a body or of one's own, and what it asks of each grade."""

    id: int
    title: str
    preset: str
    needs: dict[Grade, frozenset[Need]]
    later: frozenset[Grade]
    limits: tuple[LimitRule, ...]
    added_at: datetime
    ended_at: datetime | None


def schemes(tx: Session, *, ended: bool = False) -> list[SchemeView]:
    """The schemes, oldest first; those that have ended only when asked for."""
    query = select(ActionScheme).order_by(ActionScheme.id)
    if not ended:
        query = query.where(ActionScheme.ended_at.is_(None))
    return [_view(tx, one) for one in tx.execute(query).scalars().all()]


def scheme(tx: Session, scheme_id: int) -> SchemeView:
    """One scheme. Raises NotFound."""
    row = tx.execute(select(ActionScheme).where(ActionScheme.id == scheme_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _view(tx, row)


def _view(tx: Session, one: ActionScheme) -> SchemeView:
    return SchemeView(
        one.id,
        one.title,
        one.preset,
        {Grade.MAJOR: rules.needs_of(one.needs_major), Grade.MINOR: rules.needs_of(one.needs_minor)},
        frozenset(grade for grade, yes in ((Grade.MAJOR, one.later_major), (Grade.MINOR, one.later_minor)) if yes),
        tuple(limits_of(tx, one.id)),
        one.added_at,
        one.ended_at,
    )


def houses_to_notice(tx: Session, now: datetime) -> list[int]:
    """The organisations, by key, with due dates to notice. Reads across organisations, keys only."""
    query = select(ActionDue.organisation_id).where(ActionDue.notice_at <= now).distinct()
    return sorted(tx.execute(query.execution_options(**{UNSCOPED: True})).scalars())


def to_notice(tx: Session, now: datetime, limit: int) -> tuple[int, ...]:
    """The oldest due dates, at most `limit`, of which there is something to notice; locked for this transaction."""
    query = select(ActionDue.id).where(ActionDue.notice_at <= now).order_by(ActionDue.notice_at, ActionDue.id)
    return tuple(tx.execute(query.limit(limit).with_for_update(skip_locked=True)).scalars())
