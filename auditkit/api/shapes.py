"""The JSON that comes in and goes out. pydantic reads it strictly; its schemas are the ones openapi.json shows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.intake.rules import LONGEST as INTAKE_LONGEST
from auditkit.complaints.intake.rules import Preference
from auditkit.complaints.intake.service import Asked
from auditkit.complaints.queries import Case, RegisterRow
from auditkit.complaints.rules import LONGEST, Kind, Severity
from auditkit.complaints.service import Identity, Register
from auditkit.web.languages import LANGUAGES


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


def _line(name: str) -> Any:
    return Field(default="", max_length=INTAKE_LONGEST[name])


def _known_language(code: str) -> str:
    if code and code not in LANGUAGES:
        raise ValueError(f"send one of {', '.join(LANGUAGES)}")
    return code


class DetailsShape(_Incoming):
    """What is kept beside the register's own fields; all of it may be left out. `language` is the complainant's, empty
    the organisation's own; `anonymous`: who complained is not kept; who has a `representative` gives the `authority`.
    """

    language: Annotated[str, AfterValidator(_known_language)] = ""
    order_reference: str = _line("order_reference")
    batch: str = _line("batch")
    purchased_on: date | None = None
    representative: str = _line("representative")
    authority: str = _line("authority")
    contact_person: str = _line("contact_person")
    accessibility: str = _line("accessibility")
    preference: Preference | None = None
    segment: str = _line("segment")
    anonymous: bool = False
    consent: bool = False
    may_share: bool = False
    recipient: str = _line("recipient")
    unit: str = _line("unit")
    recurrent: bool = False
    referred_by: str = _line("referred_by")
    department: str = _line("department")

    def asked(self, language: str) -> Asked:
        """What the verb is told; `language` is the organisation's own."""
        values = self.model_dump(exclude={"language", "preference"})
        return Asked(
            language=self.language or language, preference=self.preference.value if self.preference else "", **values
        )


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
    details: DetailsShape = Field(default_factory=DetailsShape)

    def command(self) -> Register:
        """The verb's command. Raises BodyRefused for a time without a zone."""
        at, is_day = self.received_at, not isinstance(self.received_at, datetime)
        moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)
        if moment.tzinfo is None:
            raise BodyRefused(problems="received_at: send the zone too, such as 2026-03-31T14:30:00Z")
        named = self.model_dump(exclude={"received_at", "complainant", "severity", "kind", "details"})
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


class ReceivedFile(_Shape):
    """A file that came with the complaint, as its receipt has it. `size` in bytes."""

    name: str
    size: int
    sha256: str


class RegisteredComplaint(WholeComplaint):
    """A complaint that was registered just now, with what its complainant gets: `tracking_page` and `tracking_secret`
    open the own page together with the reference. Only a digest of the secret is kept; it is null where it works no
    longer. `files` are those that came with it."""

    tracking_page: str
    tracking_secret: str | None
    files: list[ReceivedFile]


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


def registered(
    case: Case, page: str, secret: str | None, files: Sequence[Mapping[str, Any]] = ()
) -> RegisteredComplaint:
    """What a request to register is answered with."""
    sent = [ReceivedFile(**file) for file in files]
    return RegisteredComplaint(**whole(case, None).model_dump(), tracking_page=page, tracking_secret=secret, files=sent)
