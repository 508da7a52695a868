"""What a device may send, and when it cannot be taken. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auditkit.audits.rules import Change
from auditkit.base.errors import BadInput
from auditkit.base.text import N_

CELLS = ("answer", "note", "interviewee")
MAX_TEXT = 20_000
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class NotAnArrival(BadInput):
    message = N_("The device sent something that is no answer (%(what)s). Reload the page; what you typed is kept")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer was given, in degrees; `accuracy` in metres."""

    latitude: float
    longitude: float
    accuracy: float | None = None


def client_id(text: str) -> str:
    """The name a device gave its answer. Raises NotAnArrival."""
    if not _CLIENT_ID.fullmatch(text):
        raise NotAnArrival(what="client_id")
    return text


def moment(text: str, now: datetime) -> datetime:
    """When the device says the answer was given; not later than now, because clocks of devices go wrong.

    Raises NotAnArrival.
    """
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotAnArrival(what="made_at") from error
    return min(said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC), now)


def changes(sent: Any) -> dict[str, Change]:
    """The cells a device changed: `{"note": {"base": "", "value": "Seen"}}`. Raises NotAnArrival."""
    if not isinstance(sent, Mapping):
        raise NotAnArrival(what="cells")
    found = {}
    for cell, pair in sent.items():
        if cell not in CELLS or not isinstance(pair, Mapping):
            raise NotAnArrival(what="cells")
        base, value = pair.get("base"), pair.get("value")
        if not isinstance(base, str) or not isinstance(value, str) or max(len(base), len(value)) > MAX_TEXT:
            raise NotAnArrival(what=cell)
        found[cell] = Change(_plain(base), _plain(value))
    return found


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def place(latitude: str, longitude: str, accuracy: str) -> Place | None:
    """The place a device sent, None where it sent none. Raises NotAnArrival."""
    if not latitude and not longitude:
        return None
    try:
        found = Place(float(latitude), float(longitude), float(accuracy) if accuracy else None)
    except ValueError as error:
        raise NotAnArrival(what="place") from error
    if not (-90 <= found.latitude <= 90 and -180 <= found.longitude <= 180):
        raise NotAnArrival(what="place")
    return found
