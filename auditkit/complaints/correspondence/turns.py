"""Whose turn it is to read a mailbox, and how the readings go: one at a time, later and later while they fail.

A turn is a row that is held for a few minutes and renewed while mails come; who died is not waited for. Checked by
tests/slices/complaints/correspondence/test_regular_fetching.py.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import Session, transaction
from auditkit.base.errors import Conflict
from auditkit.base.ids import new_secret
from auditkit.base.text import N_
from auditkit.complaints.correspondence import rules
from auditkit.complaints.correspondence.models import MailboxFetch
from auditkit.journal.service import record

HELD_FOR = timedelta(minutes=5)
RENEWED_EVERY = timedelta(minutes=1)
LONGEST_FAILURE = 500


class MailboxBusy(Conflict):
    message = N_("The mailbox is being read at this moment. Nothing is lost; look again in a minute")


class Turn:
    """The right to read an organisation's mailbox. Make it by `take`; `end` it in any case."""

    def __init__(self, actor: Actor, token: str, until: datetime) -> None:
        self.actor, self._token, self._until = actor, token, until

    def renew(self) -> None:
        """Say that it is still at it; costs nothing most times. Raises MailboxBusy when somebody else took over."""
        now = clock.now()
        if now < self._until - HELD_FOR + RENEWED_EVERY:
            return
        with transaction(self.actor) as tx:
            self._own(tx).held_until = self._until = now + HELD_FOR

    def succeeded(self, taken: int, next_at: datetime) -> None:
        """Note that the mailbox was read to its end, with so many mails taken."""
        now = clock.now()
        with transaction(self.actor) as tx:
            row = self._own(tx)
            if row.failures:
                record(tx, rules.FETCH_WORKS, now=now, actor=self.actor, subject=_organisation(self.actor))
            row.succeeded_at, row.taken, row.next_at = now, taken, next_at
            row.failures, row.fault, row.failure, row.failed_at = 0, "", "", None

    def failed(self, fault: str, failure: str, every: timedelta) -> None:
        """Note why it could not be read; the next one waits the longer, the more failed in a row."""
        now = clock.now()
        with transaction(self.actor) as tx:
            row = self._own(tx)
            if not row.failures:
                facts = {"fault": fault}
                record(tx, rules.FETCH_FAILS, now=now, actor=self.actor, subject=_organisation(self.actor), facts=facts)
            row.failures += 1
            row.fault, row.failure, row.failed_at = fault, failure[:LONGEST_FAILURE], now
            row.next_at = now + rules.wait_after(row.failures, every)

    def end(self) -> None:
        """Let the next one begin."""
        with transaction(self.actor) as tx:
            mine = update(MailboxFetch).where(MailboxFetch.held_by == self._token)
            tx.execute(mine.values(held_by="", held_until=None))

    def _own(self, tx: Session) -> MailboxFetch:
        query = select(MailboxFetch).where(MailboxFetch.held_by == self._token).with_for_update()
        row = tx.execute(query).scalar_one_or_none()
        if row is None:
            raise MailboxBusy
        return row


def take(actor: Actor, mailbox: str) -> Turn:
    """The turn, if nobody has it. Raises MailboxBusy."""
    now, token = clock.now(), new_secret(16)
    _make_row(actor)
    with transaction(actor) as tx:
        free = or_(MailboxFetch.held_until.is_(None), MailboxFetch.held_until < now)
        row = tx.execute(select(MailboxFetch).where(free).with_for_update()).scalar_one_or_none()
        if row is None:
            raise MailboxBusy
        row.mailbox, row.held_by, row.held_until = mailbox, token, now + HELD_FOR
    return Turn(actor, token, now + HELD_FOR)


def _make_row(actor: Actor) -> None:
    try:
        with transaction(actor) as tx:
            if tx.execute(select(MailboxFetch.id)).first() is None:
                tx.add(MailboxFetch())
    except IntegrityError:
        return  # another process made it at the same moment


def _organisation(actor: Actor) -> tuple[str, int]:
    return ("organisation", actor.organisation_id)
