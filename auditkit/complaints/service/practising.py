"""How the organisation handles complaints: limits of authority, external bodies, windows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.accounts.rules import role_named
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.complaints import queries, rules
from auditkit.complaints.models import ComplaintAuthority, ComplaintPractice
from auditkit.complaints.service.taking import check_member, texts
from auditkit.journal import service as journal

MANAGE = "organisation.manage"
SUBJECT_KIND = "complaint-practice"


@dataclass(frozen=True)
class SetLimit:
    """Up to `amount` (hundredths of `currency`) a role decides alone, or one person where `person_id` is given.

    `seen`: the limits the person looked at, None where nobody did.
    """

    currency: str
    amount: int
    role: str = ""
    person_id: int | None = None
    seen: str | None = None


@dataclass(frozen=True)
class RemoveLimit:
    """`seen`: the limits the person looked at, None where nobody did."""

    limit_id: int
    seen: str | None = None


@dataclass(frozen=True)
class SetPractice:
    """`review_days`: after a refusal the owner looks again; `repeat_days`: the window of a repeat.

    `seen`: the settings the person looked at, None where nobody did.
    """

    currency: str
    external_bodies: str
    review_days: int
    repeat_days: int
    seen: str | None = None


@verb(MANAGE, leaves=rules.AUTHORITY_SET)
def set_limit(tx: Session, command: SetLimit, now: datetime, actor: Actor) -> None:
    """Set a limit, in place of the one that was set.

    Raises AmountImpossible, CurrencyMissing, NoSuchRole or NoSuchMember, and Conflict when somebody else changed the
    limits since they were `seen`.
    """
    if not 0 <= command.amount <= rules.LARGEST_AMOUNT:
        raise rules.AmountImpossible
    if not rules.is_currency(command.currency):
        raise rules.CurrencyMissing
    _check_seen(tx, command.seen)
    role = ""
    if command.person_id is None:
        role = role_named(command.role).value
    else:
        check_member(tx, command.person_id)
    query = select(ComplaintAuthority).where(
        ComplaintAuthority.role == role,
        ComplaintAuthority.person_id == command.person_id
        if command.person_id is not None
        else ComplaintAuthority.person_id.is_(None),
        ComplaintAuthority.currency == command.currency,
    )
    one = tx.execute(query).scalar_one_or_none()
    if one is None:
        one = ComplaintAuthority(role=role, person_id=command.person_id, currency=command.currency, amount=0)
        tx.add(one)
    one.amount = command.amount
    tx.flush()
    facts = {"role": role, "person": command.person_id, "currency": command.currency, "amount": command.amount}
    _note(tx, rules.AUTHORITY_SET, one.id, now, actor, facts)


@verb(MANAGE, leaves=rules.AUTHORITY_REMOVED)
def remove_limit(tx: Session, command: RemoveLimit, now: datetime, actor: Actor) -> None:
    """Take a limit away. Raises NotFound, and Conflict when somebody else changed the limits since they were `seen`."""
    _check_seen(tx, command.seen)
    query = select(ComplaintAuthority).where(ComplaintAuthority.id == command.limit_id)
    one = tx.execute(query).scalar_one_or_none()
    if one is None:
        raise NotFound
    facts = {"role": one.role, "person": one.person_id, "currency": one.currency}
    tx.delete(one)
    _note(tx, rules.AUTHORITY_REMOVED, command.limit_id, now, actor, facts)


@verb(MANAGE, leaves=rules.PRACTICE_SET)
def set_practice(tx: Session, command: SetPractice, now: datetime, actor: Actor) -> None:
    """Change the settings of complaint handling. Raises CurrencyMissing or DaysImpossible, and Conflict when somebody
    else changed them since they were `seen`."""
    if command.currency and not rules.is_currency(command.currency):
        raise rules.CurrencyMissing
    rules.check_windows(command.review_days, command.repeat_days)
    if command.seen is not None and command.seen != queries.practice(tx).stamp:
        raise Conflict
    one = tx.execute(select(ComplaintPractice)).scalar_one_or_none()
    if one is None:
        one = ComplaintPractice()
        tx.add(one)
    one.currency = command.currency
    one.external_bodies = texts(next_external=command.external_bodies)["next_external"]
    one.review_days, one.repeat_days = command.review_days, command.repeat_days
    tx.flush()
    facts: dict[str, Any] = {"currency": one.currency, "external_bodies": one.external_bodies}
    facts |= {"review_days": one.review_days, "repeat_days": one.repeat_days}
    _note(tx, rules.PRACTICE_SET, one.id, now, actor, facts)


def _check_seen(tx: Session, seen: str | None) -> None:
    if seen is not None and seen != queries.limits_stamp(tx):
        raise Conflict


def _note(tx: Session, what: Event, number: int, now: datetime, actor: Actor, facts: dict[str, Any]) -> None:
    journal.record(tx, what, now=now, actor=actor, subject=(SUBJECT_KIND, number), facts=facts)


__all__ = ["RemoveLimit", "SetLimit", "SetPractice", "remove_limit", "set_limit", "set_practice"]
