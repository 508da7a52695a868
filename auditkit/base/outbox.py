"""What leaves the house: written in the transaction that causes it, sent after it (decision 1), and never sent twice.

A parcel (an e-mail, an SMS, a chat message) goes through these states:

    waiting -> taken -> sending -> sent
       ^         |         |-> failed      the other side said no, or we tried for three days
       |_________|         |-> uncertain   we were stopped, or the line broke, after the content left us and before
                                           the answer came: it may have arrived, so it is not sent again by itself

A parcel is `taken` under a lease by one worker, outside any transaction; `sending` is stored just before its content
goes over the line. A worker that dies before that leaves a parcel that goes back to `waiting`; one that dies after it
leaves `uncertain`, and a person decides (`try_again`). Every attempt carries the same Message-ID, so that a receiver
can drop a copy. Checked by tests/slices/base/test_outbox.py and test_outbox_killed.py.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    CursorResult,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import JsonDict, Key, Model, Session, UtcDateTime, reading, separate_scope, transaction
from auditkit.base.delivery import ATTEMPTS_OF_ALL, FAILURES, Attachment, Deliver, Fate, Parcel, fate, one_line, said
from auditkit.base.ids import new_secret

ATTEMPTS = ATTEMPTS_OF_ALL
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)
LEASE = timedelta(minutes=30)
"""Longer than the slowest sending of the largest mail. It only delays what a dead worker left; it cannot double it."""
CHANNELS = ("e-mail", "sms", "chat")
STATES = ("waiting", "taken", "sending", "sent", "failed", "uncertain")
LEASED = ("taken", "sending")
NEED_A_PERSON = ("failed", "uncertain")
HIDDEN = "•••"

log = logging.getLogger(__name__)


class OutboxMail(Model):
    """One parcel to one address. `organisation_id` is empty for mail about a person's own sign-in.

    `message_id` is the Message-ID of every attempt; `headers` holds further headers of a mail (Reply-To, References,
    Auto-Submitted); `about_*` names the record that caused it, as in the journal; `reference` is what people call that
    record. `hidden` lists texts (such as the secret of a tracking page) that are blotted out of `body` once it is sent.
    """

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    channel: Mapped[str] = mapped_column(String(10), default="e-mail")
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    headers: Mapped[dict[str, str]] = mapped_column(JsonDict, default=dict)
    about_kind: Mapped[str] = mapped_column(String(40), default="")
    about_id: Mapped[int | None] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(40), default="")
    hidden: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    tried_again: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        CheckConstraint("(state IN ('taken', 'sending')) = (leased_until IS NOT NULL)", name="taken_has_lease"),
        CheckConstraint("(about_kind = '') = (about_id IS NULL)", name="about_is_whole"),
        CheckConstraint("about_kind = '' OR organisation_id IS NOT NULL", name="about_has_organisation"),
        Index(None, "state", "due_at"),
        Index(None, "about_kind", "about_id"),
    )


@dataclass(frozen=True)
class About:
    """The record that causes a parcel: whose, what, and what people call it (`C-2026-000123`)."""

    organisation_id: int
    kind: str
    id: int
    reference: str = ""


def put(
    tx: Session,
    *,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    channel: str = "e-mail",
    about: About | None = None,
    headers: dict[str, str] | None = None,
    hidden: Sequence[str] = (),
) -> OutboxMail:
    """Queue a plain text to one address (or, for `sms` and `chat`, one number) in the open transaction.

    `hidden`: texts in `body` that are kept only until it is sent. Line breaks in `subject` and `headers` become spaces.
    """
    mail = OutboxMail(
        channel=channel,
        recipient=one_line(to),
        subject=one_line(subject)[:400],
        body=body,
        message_id=f"<{new_secret(18)}.auditkit@{_domain_of(headers)}>",
        headers={name: one_line(value) for name, value in (headers or {}).items()},
        organisation_id=about.organisation_id if about else None,
        about_kind=about.kind if about else "",
        about_id=about.id if about else None,
        reference=about.reference if about else "",
        hidden=list(hidden),
        due_at=now,
    )
    tx.add(mail)
    return mail


def _domain_of(headers: dict[str, str] | None) -> str:
    """The domain for Message-IDs: that of the address we answer under, else one that can belong to nobody."""
    domain = (headers or {}).get("Reply-To", "").rpartition("@")[2].strip("> ")
    return domain if domain.isascii() and domain.replace("-", "").replace(".", "").isalnum() else "auditkit.invalid"


# What other slices know about their parcels

Attach = Callable[[Session, int], list[Attachment]]
Settle = Callable[[Session, OutboxMail, datetime], None]
ShowPage = Callable[[Session, int], str]
_attach: dict[str, Attach] = {}
_page: dict[str, ShowPage] = {}
_settle: dict[str, Settle] = {}


def attaches(kind: str) -> Callable[[Attach], Attach]:
    """Declare `(session, about_id) -> attachments` for parcels about records of `kind`; read when they are sent."""

    def declare(function: Attach) -> Attach:
        _attach[kind] = function
        return function

    return declare


def shows(kind: str) -> Callable[[ShowPage], ShowPage]:
    """Declare `(session, about_id) -> HTML` for parcels about records of `kind`: the text of the mail as a page."""

    def declare(function: ShowPage) -> ShowPage:
        _page[kind] = function
        return function

    return declare


def settles(kind: str) -> Callable[[Settle], Settle]:
    """Declare `(tx, parcel, now)`, called in the transaction that stores that a parcel is sent, failed or uncertain."""

    def declare(function: Settle) -> Settle:
        _settle[kind] = function
        return function

    return declare


# Sending


def waiting(session: Session) -> bool:
    """Whether there is anything to do: something due, or something that a dead worker left."""
    now = clock.now()
    due = select(OutboxMail.id).where(OutboxMail.state == "waiting", OutboxMail.due_at <= now).limit(1)
    left = select(OutboxMail.id).where(OutboxMail.state.in_(LEASED), OutboxMail.leased_until < now).limit(1)
    return session.execute(due).first() is not None or session.execute(left).first() is not None


def send_due(deliver: Deliver, sender: str) -> int:
    """Send everything that is due; returns how many parcels left. What cannot leave waits ever longer.

    Where a server cannot be reached at all, the other parcels of its channel wait with the one that found out.
    """
    sent = 0
    with separate_scope():
        _release()
        while (taken := _take(sender)) is not None:
            sent += _send(taken, deliver)
    return sent


@dataclass(frozen=True)
class _Taken:
    """A parcel in the hands of this worker. `attempt` tells this taking from a later one."""

    id: int
    organisation_id: int | None
    attempt: tuple[int, int]
    parcel: Parcel
    about: tuple[str, int | None]

    def store(self, tx: Session, *states: str, **values: Any) -> bool:
        """Write into the row while it is in one of `states` and still this worker's; whether it was."""
        mine = update(OutboxMail).where(
            OutboxMail.id == self.id,
            OutboxMail.state.in_(states),
            OutboxMail.attempts == self.attempt[0],
            OutboxMail.tried_again == self.attempt[1],
        )
        done = tx.execute(mine.values(**values))
        assert isinstance(done, CursorResult)  # noqa: S101 - what an UPDATE gives
        return done.rowcount > 0


class _Lost(Exception):
    """The lease ran out and somebody else has the parcel now."""


def _release() -> None:
    """Give back what dead workers held: untouched parcels wait again, half-sent ones are uncertain."""
    while True:
        with transaction() as tx:
            mail = tx.execute(
                select(OutboxMail)
                .where(OutboxMail.state.in_(LEASED), OutboxMail.leased_until < clock.now())
                .order_by(OutboxMail.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).scalar_one_or_none()
            if mail is None:
                return
            state, mail_id, organisation_id = mail.state, mail.id, mail.organisation_id
            if state == "taken":
                mail.state, mail.leased_until = "waiting", None
                continue
        with transaction(_actor(organisation_id)) as tx:
            settle(tx, mail_id, ("sending",), state="uncertain", last_error="the program was stopped while sending")


def _take(sender: str) -> _Taken | None:
    with transaction() as tx:
        mail = tx.execute(
            select(OutboxMail)
            .where(OutboxMail.state == "waiting", OutboxMail.due_at <= clock.now())
            .order_by(OutboxMail.due_at, OutboxMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if mail is None:
            return None
        mail.state, mail.leased_until = "taken", clock.now() + LEASE
        mail.attempts += 1
        return _Taken(
            mail.id,
            mail.organisation_id,
            (mail.attempts, mail.tried_again),
            Parcel(mail.channel, sender, mail.recipient, mail.subject, mail.body, mail.message_id, dict(mail.headers)),
            (mail.about_kind, mail.about_id),
        )


def _loaded(taken: _Taken) -> Parcel:
    """The parcel with its files, read without the write lock: they may be large."""
    kind, number = taken.about
    if number is None or kind not in _attach:
        return taken.parcel
    session = reading(_actor(taken.organisation_id))
    try:
        page = _page[kind](session, number) if kind in _page else ""
        return taken.parcel.carrying(_attach[kind](session, number), page)
    finally:
        session.rollback()


def _send(taken: _Taken, deliver: Deliver) -> bool:
    """Deliver one parcel and store what became of it; whether it was sent."""
    begun = False

    def content_leaves() -> None:
        nonlocal begun
        with transaction() as tx:
            if not taken.store(tx, "taken", state="sending", leased_until=clock.now() + LEASE):
                raise _Lost
        begun = True

    try:
        deliver(_loaded(taken), content_leaves)
    except _Lost:
        return False
    except Exception as error:
        # The worker must outlive any parcel; a defect is logged whole, and the row says what happened.
        what = fate(error, begun=begun)
        if not isinstance(error, FAILURES):
            log.exception("parcel %s could not be sent", taken.id)
        _failed(taken, what, one_line(said(error))[:1000])
        return False
    with transaction(_actor(taken.organisation_id)) as tx:
        return settle(tx, taken.id, ("taken", "sending", "uncertain"), state="sent", sent_at=clock.now())


def _failed(taken: _Taken, what: Fate, said: str) -> None:
    attempts = taken.attempt[0]
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    with transaction(_actor(taken.organisation_id)) as tx:
        if what is Fate.UNCERTAIN:
            settle(tx, taken.id, ("sending",), state="uncertain", last_error=said)
        elif what is Fate.REFUSED or attempts >= ATTEMPTS:
            settle(tx, taken.id, ("taken", "sending"), state="failed", last_error=said)
        else:
            again = {"state": "waiting", "leased_until": None, "due_at": clock.now() + wait, "last_error": said}
            taken.store(tx, "taken", "sending", **again)
            if what is Fate.NO_SERVER:
                later = update(OutboxMail).where(
                    OutboxMail.state == "waiting",
                    OutboxMail.channel == taken.parcel.channel,
                    OutboxMail.due_at < clock.now() + FIRST_WAIT,
                )
                tx.execute(later.values(due_at=clock.now() + FIRST_WAIT).execution_options(synchronize_session=False))


def settle(tx: Session, mail_id: int, states: tuple[str, ...], **values: Any) -> bool:
    """Store the end of a parcel that is still in one of `states`, and tell the slice that caused it."""
    mail = tx.execute(
        select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.state.in_(states)).with_for_update()
    ).scalar_one_or_none()
    if mail is None:
        return False
    mail.leased_until, mail.last_error = None, None
    for name, value in values.items():
        setattr(mail, name, value)
    if mail.state == "sent":
        for secret in mail.hidden:
            mail.body = mail.body.replace(secret, HIDDEN)
        mail.hidden = []
    tx.flush()
    if mail.about_kind in _settle:
        _settle[mail.about_kind](tx, mail, clock.now())
    return True


def try_again(tx: Session, mail: OutboxMail, now: datetime) -> None:
    """Let a parcel that failed, or may have failed, wait again from the start. Raises ValueError for any other."""
    if mail.state not in NEED_A_PERSON:
        raise ValueError(f"parcel {mail.id} is {mail.state}")
    mail.state, mail.attempts, mail.due_at = "waiting", 0, now
    mail.tried_again += 1


def _actor(organisation_id: int | None) -> Actor | None:
    return Actor.system(organisation_id) if organisation_id is not None else None
