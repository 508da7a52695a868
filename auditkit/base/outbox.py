"""Outgoing mail: written in the transaction that causes it, sent after it (decision 1).

Without a mail server in the settings, mails are kept as `.eml` files in the instance: nothing leaves the machine.
"""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base import clock
from auditkit.base.db import Key, Model, Session, UtcDateTime, transaction
from auditkit.base.settings import Settings

ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
TIMEOUT_SECONDS = 30

Deliver = Callable[[EmailMessage], None]


class OutboxMail(Model):
    """One mail to one address. `state` is waiting, sent or failed (after the last attempt)."""

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        Index(None, "state", "due_at"),
    )


def put(tx: Session, *, to: str, subject: str, body: str, now: datetime) -> OutboxMail:
    """Queue a plain-text mail in the open transaction."""
    mail = OutboxMail(recipient=to, subject=" ".join(subject.split()), body=body, due_at=now)
    tx.add(mail)
    return mail


def _message(mail: OutboxMail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.recipient, mail.subject
    message["Date"] = format_datetime(clock.now())
    # The same id at every attempt, so that a receiver can drop a copy sent twice around a crash.
    message["Message-ID"] = f"<outbox-{mail.id}.{make_msgid(domain='auditkit.invalid').split('.')[-1]}"
    message.set_content(mail.body)
    return message


def deliver_to_folder(folder: Path) -> Deliver:
    """Keep mails as files: the way without a mail server."""

    def deliver(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").split("@")[0]
        (folder / f"{name}.eml").write_bytes(message.as_bytes())

    return deliver


def deliver_by_smtp(url: str) -> Deliver:
    """Send over SMTP. `url` is `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://`."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("AUDITKIT_MAIL_URL must look like smtp://user:password@host:port")
    host, port = parts.hostname, parts.port

    def connect() -> smtplib.SMTP:
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        return server

    def deliver(message: EmailMessage) -> None:
        with connect() as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return deliver


def deliverer(settings: Settings) -> Deliver:
    """The way of delivery that the settings name."""
    return deliver_by_smtp(settings.mail_url) if settings.mail_url else deliver_to_folder(settings.instance / "mail")


def waiting(session: Session) -> bool:
    """Whether a mail is due."""
    due = select(OutboxMail.id).where(OutboxMail.state == "waiting", OutboxMail.due_at <= clock.now()).limit(1)
    return session.execute(due).first() is not None


def send_due(deliver: Deliver, sender: str) -> int:
    """Send every mail that is due, each in its own transaction; returns how many left. Failures wait ever longer."""
    sent = 0
    while True:
        with transaction() as tx:
            mail = tx.execute(
                select(OutboxMail)
                .where(OutboxMail.state == "waiting", OutboxMail.due_at <= clock.now())
                .order_by(OutboxMail.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).scalar_one_or_none()
            if mail is None:
                return sent
            mail.attempts += 1
            try:
                deliver(_message(mail, sender))
            except (OSError, smtplib.SMTPException) as error:
                mail.last_error = f"{type(error).__name__}: {error}"[:1000]
                if mail.attempts >= ATTEMPTS:
                    mail.state = "failed"
                else:
                    mail.due_at = clock.now() + FIRST_WAIT * 2 ** (mail.attempts - 1)
            else:
                mail.state, mail.sent_at, mail.last_error = "sent", clock.now(), None
                sent += 1
