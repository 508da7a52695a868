"""Forms of the register, and what the address of a list asks for. Lengths are those of the rules."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from wtforms import DateField, EmailField, TelField, TimeField
from wtforms.validators import Email, InputRequired, Length, Optional

from auditkit.base import clock
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, Lazy, _, lazy_
from auditkit.complaints import rules
from auditkit.complaints.categories import offered
from auditkit.complaints.queries import Sort, Wanted
from auditkit.complaints.rules import LONGEST, TEXT_TITLES
from auditkit.complaints.service import Identity, Register
from auditkit.library.here import library
from auditkit.web.forms import TOO_LONG, ChoiceField, Form, LineField, TextField, required

ALL_STAGES = "all"
_STAGES = frozenset({"open", ALL_STAGES, *rules.Stage})
_SORTS = frozenset(Sort)

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    rules.SubjectMissing: "subject",
    rules.ReceivedInFuture: "received_on",
    rules.HappenedAfterReceipt: "happened_on",
    rules.ReasonsMissing: "decision",
    rules.RefusalKeepsOpen: "ground",
    rules.NotAccepted: "ground",
    rules.NotToldYet: "ground",
    rules.NeverRefused: "ground",
    rules.NoteMissing: "closing_note",
    rules.ReasonMissing: "reason",
    rules.NothingCorrected: "reason",
    rules.SameKind: "kind",
    rules.ReopenFirst: "kind",
    rules.ImmediateActionMissing: "immediate_action",
    rules.NoSuchHandler: "owner",
    rules.OtherComplainedAbout: "owner",
    rules.DeputyIsOwner: "deputy",
    rules.ReviewMissing: "review_on",
    rules.FactsMissing: "facts",
    rules.CauseMissing: "cause",
    rules.IndependenceMissing: "independence",
    rules.AmountImpossible: "amount",
    rules.CurrencyMissing: "currency",
    rules.RemedyUndated: "promised_on",
    rules.PromisedInPast: "promised_on",
    rules.OthersUnnamed: "others_note",
    rules.DeliveredInFuture: "delivered_on",
    rules.DeliveryUnproven: "proof",
    rules.CheckedInFuture: "checked_on",
    rules.CheckedBeforeDelivery: "checked_on",
    rules.CheckUndescribed: "check_note",
    rules.NextStepsMissing: "next_external",
    rules.LevelUnknown: "level",
    rules.SameLevel: "level",
    rules.BodyMissing: "body",
    rules.ReferralBackwards: "on",
    rules.OutcomeMissing: "body_outcome",
    rules.LinkedToItself: "other",
    rules.LinkedAlready: "other",
    rules.DuplicateOfDuplicate: "other",
    rules.NothingWritten: "note",
    rules.NoSuchMember: "person",
    rules.NamedAlready: "person",
    rules.OwnerComplainedAbout: "person",
    rules.DaysImpossible: "review_days",
}


class DayUnreadable(BadInput):
    message = N_(
        "The address holds %(text)r where a day such as 2026-03-31 belongs. Choose the day in the filter again"
    )


class FilterUnreadable(BadInput):
    message = N_("The address asks for %(text)r, which this list does not know. Choose in the filter again")


def wanted_from(address: Mapping[str, str], *, find_by_identity: bool) -> Wanted:
    """What the address of the register asks for. Without a stage: what is open, longest waiting first.

    Raises DayUnreadable or FilterUnreadable for an address that was changed by hand.
    """
    stage = address.get("stage", "open")
    if stage not in _STAGES:
        raise FilterUnreadable(text=stage)
    sort = address.get("sort", "") or (Sort.OLDEST if stage == "open" else Sort.NEWEST)
    if sort not in _SORTS:
        raise FilterUnreadable(text=sort)
    run = address.get("run", "")
    if run and not (run.isascii() and run.isdigit() and len(run) < 18):
        raise FilterUnreadable(text=run)
    return Wanted(
        stage="" if stage == ALL_STAGES else stage,
        channel=address.get("channel", ""),
        severity=address.get("severity", ""),
        category=address.get("category", ""),
        received_from=_day(address.get("from", "")),
        received_to=_day(address.get("to", "")),
        import_run=int(run) if run else None,
        typed=address.get("q", "").strip(),
        find_by_identity=find_by_identity,
        sort=Sort(sort),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DayUnreadable(text=text) from error


def titled(titles: Mapping[Any, str], *, empty: str = "") -> list[tuple[str, str]]:
    """Choices of a field in the language of the screen; with `empty` the first one says that nothing is chosen."""
    return ([("", empty)] if empty else []) + [(str(word), _(title)) for word, title in titles.items()]


def line(column: str, *validators: Any) -> LineField:
    """One line, called and measured as the rules say."""
    return LineField(Lazy(TEXT_TITLES[column]), validators, max_length=LONGEST[column])


def lines(column: str, *validators: Any) -> TextField:
    """Several lines, called and measured as the rules say."""
    return TextField(Lazy(TEXT_TITLES[column]), validators, max_length=LONGEST[column])


class ComplaintForm(Form):
    """What the forms of complaints share: a refused text stands beside the field of its column."""

    mended_by = MENDED_BY

    def mending(self, error: Exception) -> str:
        """The column that the error names, else as the table says."""
        column = str(getattr(error, "column", "")).removeprefix("complainant_")
        return column or super().mending(error)


class Complainant:
    """The fields of who complained, for every form that has them."""

    name = line("complainant_name")
    email = EmailField(
        lazy_("E-mail"),
        [
            Optional(),
            Length(max=LONGEST["complainant_email"], message=TOO_LONG),
            Email(lazy_("Enter an e-mail address such as name@example.org")),
        ],
    )
    phone = TelField(lazy_("Phone"), [Length(max=LONGEST["complainant_phone"], message=TOO_LONG)])
    street = line("complainant_street")
    postcode = line("complainant_postcode")
    city = line("complainant_city")
    region = line("complainant_region")
    country = line("complainant_country")


class RegisterForm(Complainant, ComplaintForm):
    """Take a complaint down. `zone`: where the organisation is, whose day and time of receipt are written down."""

    zone: tzinfo = UTC
    subject = line("subject", required(lazy_("Enter in a few words what the complaint is about")))
    description = lines("description")
    received_on = DateField(
        lazy_("Received on"), [InputRequired(lazy_("Enter the day the complaint was received, such as 2026-03-31"))]
    )
    received_time = TimeField(lazy_("Time of receipt"), [Optional()])
    channel = ChoiceField(lazy_("How it came in"), [InputRequired(lazy_("Choose how the complaint came in"))])
    kind = ChoiceField(lazy_("Kind of feedback"))
    category = ChoiceField(lazy_("Category"))
    severity = ChoiceField(lazy_("Severity"))
    happened_on = DateField(lazy_("Happened on"), [Optional()])
    product = line("product")
    site = line("site")
    wanted_remedy = lines("wanted_remedy")
    external_reference = line("external_reference")

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.channel.choices = titled(rules.CHANNEL_TITLES, empty=_("Choose"))
        self.kind.choices = titled(rules.KIND_TITLES)
        self.category.choices = [("", _("Not sorted yet")), *offered(library()).items()]
        self.severity.choices = titled(rules.SEVERITY_TITLES, empty=_("Not assessed yet"))

    def command(self) -> Register:
        """What the verb is told."""
        received, is_day = self._received(clock.now())
        texts = ("subject", "description", "product", "site", "wanted_remedy", "external_reference")
        words = ("channel", "kind", "category", "severity")
        who = ("name", "email", "phone", "street", "postcode", "city", "region", "country")
        return Register(
            received_at=received,
            received_is_day=is_day,
            happened_on=self.happened_on.data,
            complainant=Identity(**{name: self[name].data or "" for name in who}),
            **{name: self[name].data or "" for name in (*texts, *words)},
        )

    def _received(self, now: datetime) -> tuple[datetime, bool]:
        """The moment of receipt, and whether only its day is known: midnight UTC then stands for the day.

        East of Greenwich a day begins before its midnight UTC. What came in today is written down as of now until then.
        """
        day, moment = self.received_on.data or date.min, self.received_time.data
        if moment is not None:
            return datetime.combine(day, moment, self.zone).astimezone(UTC), False
        midnight = datetime.combine(day, time(), UTC)
        if midnight > now and day == now.astimezone(self.zone).date():
            return now, False
        return midnight, True
