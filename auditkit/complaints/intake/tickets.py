"""Tickets of forms: signed, so that a form names its own draft and the time it was handed out, without a session."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from auditkit.base.ids import new_secret
from auditkit.complaints.intake.rules import CONFIRM_AFTER, Ticket, make_secret


def issue(now: datetime) -> Ticket:
    """A ticket for a form that is handed out now."""
    return Ticket(new_secret(24), now)


def write(ticket: Ticket) -> str:
    """The ticket as a hidden field carries it."""
    return str(_serializer("form").dumps([ticket.id, int(ticket.issued.timestamp())]))


def read(text: str, now: datetime) -> Ticket | None:
    """The ticket in a hidden field; None for one that we did not write or that is too old."""
    found = _read("form", text)
    if found is None:
        return None
    ticket = Ticket(found.id, found.at)
    return ticket if ticket.fresh(now) else None


def ask_to_wait(ticket: Ticket, now: datetime) -> str:
    """What a form carries that was asked to wait a little."""
    return str(_serializer("wait").dumps([ticket.id, int(now.timestamp())]))


def has_waited(ticket: Ticket, text: str, now: datetime) -> bool:
    """Whether this form was asked to wait, and did."""
    found = _read("wait", text)
    return found is not None and found.id == ticket.id and now - found.at >= CONFIRM_AFTER


def secret_of(ticket_id: str) -> str:
    """The tracking secret of the complaint that this form became."""
    return make_secret(ticket_id, current_app.config["SECRET_KEY"])


@dataclass(frozen=True)
class _Found:
    id: str
    at: datetime


def _read(purpose: str, text: str) -> _Found | None:
    try:
        ticket_id, at = _serializer(purpose).loads(text[:400])
        return _Found(str(ticket_id), datetime.fromtimestamp(int(at), UTC))
    except (BadSignature, ValueError, TypeError, OverflowError):
        return None


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"complaints.{purpose}")
