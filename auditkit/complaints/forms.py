"""Forms of the register, and what the address of a list asks for. Lengths are those of the rules."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from wtforms import DateField, EmailField, HiddenField, RadioField, TelField, TimeField
from wtforms.validators import Email, InputRequired, Length, Optional

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, Lazy, _, lazy_
from auditkit.complaints import rules
from auditkit.complaints.queries import Sort, Wanted
from auditkit.complaints.rules import LONGEST, TEXT_TITLES, Answer, Ground, Outcome
from auditkit.complaints.service import Identity, Register
from auditkit.web.forms import TOO_LONG, ChoiceField, Form, LineField, TextField, required

ALL_STAGES = "all"

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    rules.SubjectMissing: "subject",
    rules.ReceivedInFuture: "received_on",
    rules.HappenedAfterReceipt: "happened_on",
    rules.ReasonsMissing: "decision",
    rules.RefusalKeepsOpen: "ground",
    rules.NotAccepted: "ground",
    rules.NeverRefused: "ground",
    rules.NoteMissing: "closing_note",
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
    if stage not in ("open", ALL_STAGES, *rules.Stage):
        raise FilterUnreadable(text=stage)
    sort = address.get("sort", "") or (Sort.OLDEST if stage == "open" else Sort.NEWEST)
    if sort not in list(Sort):
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


def _line(column: str, *validators: Any) -> LineField:
    return LineField(Lazy(TEXT_TITLES[column]), validators, max_length=LONGEST[column])


def _lines(column: str, *validators: Any) -> TextField:
    return TextField(Lazy(TEXT_TITLES[column]), validators, max_length=LONGEST[column])


class _ComplaintForm(Form):
    def refuse_verb(self, error: Exception) -> None:
        """Show what a verb refused, beside the field that mends it where the form has it."""
        column = getattr(error, "column", "").removeprefix("complainant_")
        field = column or MENDED_BY.get(type(error), "")
        self.refuse(field if field in self else "", error)


class RegisterForm(_ComplaintForm):
    """Take a complaint down."""

    subject = _line("subject", required(lazy_("Enter in a few words what the complaint is about")))
    description = _lines("description")
    received_on = DateField(
        lazy_("Received on"), [InputRequired(lazy_("Enter the day the complaint was received, such as 2026-03-31"))]
    )
    received_time = TimeField(lazy_("Time of receipt (UTC)"), [Optional()])
    channel = ChoiceField(lazy_("How it came in"), [InputRequired(lazy_("Choose how the complaint came in"))])
    kind = ChoiceField(lazy_("Kind of feedback"))
    category = ChoiceField(lazy_("Category"))
    severity = ChoiceField(lazy_("Severity"))
    happened_on = DateField(lazy_("Happened on"), [Optional()])
    product = _line("product")
    site = _line("site")
    wanted_remedy = _lines("wanted_remedy")
    external_reference = _line("external_reference")
    name = _line("complainant_name")
    email = EmailField(
        lazy_("E-mail"),
        [
            Optional(),
            Length(max=LONGEST["complainant_email"], message=TOO_LONG),
            Email(lazy_("Enter an e-mail address such as name@example.org")),
        ],
    )
    phone = TelField(lazy_("Phone"), [Length(max=LONGEST["complainant_phone"], message=TOO_LONG)])
    street = _line("complainant_street")
    postcode = _line("complainant_postcode")
    city = _line("complainant_city")
    region = _line("complainant_region")
    country = _line("complainant_country")

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.channel.choices = titled(rules.CHANNEL_TITLES, empty=_("Choose"))
        self.kind.choices = titled(rules.KIND_TITLES)
        self.category.choices = titled(rules.CATEGORY_TITLES, empty=_("Not sorted yet"))
        self.severity.choices = titled(rules.SEVERITY_TITLES, empty=_("Not assessed yet"))

    def command(self) -> Register:
        """What the verb is told."""
        received = datetime.combine(self.received_on.data or date.min, self.received_time.data or time(), UTC)
        texts = ("subject", "description", "product", "site", "wanted_remedy", "external_reference")
        words = ("channel", "kind", "category", "severity")
        who = ("name", "email", "phone", "street", "postcode", "city", "region", "country")
        return Register(
            received_at=received,
            received_is_day=self.received_time.data is None,
            happened_on=self.happened_on.data,
            complainant=Identity(**{name: self[name].data or "" for name in who}),
            **{name: self[name].data or "" for name in (*texts, *words)},
        )


class _ChangeForm(_ComplaintForm):
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version of the complaint that the person looked at; 0 for one that cannot be read."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class AcknowledgeForm(_ChangeForm):
    """The complainant was told."""


class DecideForm(_ChangeForm):
    """The decision."""

    outcome = RadioField(lazy_("Decision"), [InputRequired(lazy_("Choose what was decided"))])
    decision = _lines("decision", required(lazy_("Give the reasons of the decision")))
    remedy = _lines("remedy")

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.outcome.choices = _words(Outcome, rules.OUTCOME_TITLES)
        self.decision.label.text = _("Reasons, as the complainant is told them")


class AnswerForm(_ChangeForm):
    """What the complainant said to the decision."""

    answer = RadioField(lazy_("The complainant"), [InputRequired(lazy_("Choose what the complainant answered"))])

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.answer.choices = [
            (Answer.ACCEPTED.value, _("accepts the decision")),
            (Answer.REFUSED.value, _("refuses the decision: the case stays open")),
        ]


class CloseForm(_ChangeForm):
    """Why the complaint is closed."""

    ground = RadioField(lazy_("Why"), [InputRequired(lazy_("Choose why the complaint is closed"))])
    closing_note = _lines("closing_note")

    def __init__(self, answer: str, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        refused = answer == Answer.REFUSED
        fitting = {
            Ground.ACCEPTED: answer == Answer.ACCEPTED,
            Ground.NO_ANSWER: not answer,
            Ground.DECIDED_EXTERNALLY: refused,
            Ground.EXHAUSTED: refused,
        }
        self.ground.choices = [
            (ground.value, _(rules.GROUND_TITLES[ground])) for ground, fits in fitting.items() if fits
        ]
        if len(self.ground.choices) == 1:
            self.ground.data = self.ground.data or self.ground.choices[0][0]


def _words(words: type[StrEnum], titles: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(word.value, _(titles[word])) for word in words]
