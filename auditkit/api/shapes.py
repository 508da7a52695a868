"""The JSON that comes in and goes out. pydantic reads it strictly; its schemas are the ones openapi.json shows."""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.queries import Case, RegisterRow
from auditkit.complaints.rules import LONGEST, Kind, Severity
from auditkit.complaints.service import Identity, Register


def _text(column: str, default: str = "") -> Any:
    return Field(default=default, max_length=LONGEST[column])


class BodyRefused(BadInput):
    message = N_("The complaint cannot be read: %(problems)s")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Incoming(_Shape):
    model_config = ConfigDict(str_strip_whitespace=True)


class ComplainantShape(_Incoming):
    """Who complained; all of it may be left out."""

    name: str = _text("complainant_name")
    email: str = _text("complainant_email")
    phone: str = _text("complainant_phone")
    street: str = _text("complainant_street")
    postcode: str = _text("complainant_postcode")
    city: str = _text("complainant_city")
    region: str = _text("complainant_region")
    country: str = _text("complainant_country")


class NewComplaint(_Incoming):
    """A complaint to be registered. `received_at` carries its zone; without a time of day send the day alone."""

    subject: str = Field(min_length=1, max_length=LONGEST["subject"])
    received_at: datetime | date
    description: str = _text("description")
    kind: Kind = Kind.COMPLAINT
    channel: str = _text("channel", "other")
    category: str = _text("category")
    severity: Severity | None = None
    happened_on: date | None = None
    product: str = _text("product")
    site: str = _text("site")
    wanted_remedy: str = _text("wanted_remedy")
    external_reference: str = _text("external_reference")
    complainant: ComplainantShape = Field(default_factory=ComplainantShape)

    def command(self) -> Register:
        """The verb's command. Raises BodyRefused for a time without a zone."""
        at, is_day = self.received_at, not isinstance(self.received_at, datetime)
        moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)
        if moment.tzinfo is None:
            raise BodyRefused(problems="received_at: send the zone too, such as 2026-03-31T14:30:00Z")
        named = self.model_dump(exclude={"received_at", "complainant", "severity", "kind"})
        return Register(
            received_at=moment,
            received_is_day=is_day,
            kind=self.kind.value,
            severity=self.severity.value if self.severity else "",
            complainant=Identity(**self.complainant.model_dump()),
            **named,
        )


def new_complaint(body: bytes) -> NewComplaint:
    """Read a body. Raises BodyRefused, which names every fault with its place."""
    try:
        return NewComplaint.model_validate_json(body)
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()[:20]]
        raise BodyRefused(problems="; ".join(told)) from error


class ListedComplaint(_Shape):
    """A complaint in a list."""

    reference: str
    kind: str
    stage: str
    channel: str
    category: str
    severity: str
    received_at: datetime
    received_is_day: bool
    subject: str
    product: str


class WholeComplaint(ListedComplaint):
    """One complaint. `complainant` is there only when it was asked for by a token that may read it."""

    version: int
    description: str
    site: str
    wanted_remedy: str
    external_reference: str
    happened_on: date | None
    recorded_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    outcome: str
    decision: str
    remedy: str
    answer: str
    closed_at: datetime | None
    closing_ground: str
    complainant: ComplainantShape | None = None


class ComplaintPage(_Shape):
    """A page of the list. `total` is counted up to 1,000; `total_is_more` says that there are more."""

    items: list[ListedComplaint]
    total: int
    total_is_more: bool
    next_cursor: str | None


class Problem(_Shape):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


def listed(row: RegisterRow) -> ListedComplaint:
    """A line of the register."""
    return ListedComplaint(**{name: getattr(row, name) for name in ListedComplaint.model_fields})


def whole(case: Case, identity: Identity | None) -> WholeComplaint:
    """A complaint with everything the token may see."""
    names = [name for name in WholeComplaint.model_fields if name != "complainant"]
    who = ComplainantShape(**vars(identity)) if identity is not None else None
    return WholeComplaint(**{name: getattr(case, name) for name in names}, complainant=who)
