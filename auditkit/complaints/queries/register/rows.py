"""What a page of the register and a line of its export hold."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Date

from auditkit.base.db import UtcDateTime


@dataclass(slots=True)
class RegisterRow:
    """One line of the register. The complainant is not in it. `due_at`: in a list by due date, what is due first."""

    id: int
    reference: str
    stage: str
    answer: str
    kind: str
    channel: str
    category: str
    severity: str
    received_at: datetime
    received_is_day: bool
    subject: str
    product: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Register:
    """A page of the register. `total` stops at COUNTED_UP_TO, then `more` is True. Cursors are None at the ends."""

    rows: list[RegisterRow]
    total: int
    more: bool
    previous: str | None
    next: str | None


@dataclass(slots=True)
class ExportRow:
    """One complaint for a file, which `id` does not go into. The complainant's fields are empty unless they were asked
    for."""

    id: int
    reference: str
    external_reference: str
    kind: str
    stage: str
    channel: str
    category: str
    severity: str
    received_at: datetime
    received_is_day: bool
    happened_on: date | None
    recorded_at: datetime
    subject: str
    description: str
    product: str
    site: str
    wanted_remedy: str
    acknowledged_at: datetime | None
    decided_at: datetime | None
    outcome: str
    decision: str
    remedy: str
    answer: str
    closed_at: datetime | None
    closed_is_day: bool
    closed_date_unknown: bool
    closes_before_received: bool
    closing_ground: str
    source_status: str
    complainant_name: str = ""
    complainant_email: str = ""
    complainant_phone: str = ""
    complainant_street: str = ""
    complainant_postcode: str = ""
    complainant_city: str = ""
    complainant_region: str = ""
    complainant_country: str = ""


ROW_COLUMNS = tuple(RegisterRow.__dataclass_fields__)[:-1]
EXPORT_COLUMNS = tuple(ExportRow.__dataclass_fields__)
TYPES = {
    "received_at": UtcDateTime(),
    "recorded_at": UtcDateTime(),
    "acknowledged_at": UtcDateTime(),
    "decided_at": UtcDateTime(),
    "closed_at": UtcDateTime(),
    "happened_on": Date(),
    "received_is_day": Boolean(),
    "closed_is_day": Boolean(),
    "closed_date_unknown": Boolean(),
    "closes_before_received": Boolean(),
}


def made(row: Any) -> RegisterRow:
    """A line of the register from ROW_COLUMNS, the due date and the total, as the driver gives them."""
    id_, reference, stage, answer, kind, channel, category, severity, at, is_day, subject, product, due_at, _ = row
    received = _moment(at)
    due = _moment(due_at) if due_at else None
    return RegisterRow(
        id_, reference, stage, answer, kind, channel, category, severity, received, bool(is_day), subject, product, due
    )


def _moment(value: Any) -> datetime:
    """A moment as the driver gives it: text on SQLite."""
    found: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)
    return found
