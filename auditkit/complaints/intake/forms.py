"""Forms of the public side: the complaint, the way into the own page and what is done there; the settings."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, DateField, EmailField, HiddenField, RadioField, TelField
from wtforms.validators import Email, InputRequired, Length, Optional

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, Lazy, _, lazy_
from auditkit.complaints import rules as register_rules
from auditkit.complaints.forms import ComplaintForm, RegisterForm
from auditkit.complaints.intake import rules
from auditkit.complaints.intake.alike import Said
from auditkit.complaints.intake.channels import ChannelView
from auditkit.complaints.intake.queries import Settings
from auditkit.complaints.intake.rules import PREFERENCE_TITLES
from auditkit.complaints.intake.service import Asked, KeepChannel, KeepPattern, KeepSettings
from auditkit.complaints.rules import LONGEST, TEXT_TITLES, Answer, Channel, Kind
from auditkit.complaints.service import Identity, Register
from auditkit.web.forms import TOO_LONG, ChoiceField, Form, LineField, TextField, TicksField, required
from auditkit.web.languages import LANGUAGES

LONGEST_STORY = 20_000
MYSELF, OTHER, ANONYMOUS = "myself", "other", "anonymous"
# Every kind of feedback as a stranger would say it, the commonest first.
KINDS_SAID = {
    Kind.COMPLAINT: N_("Something went wrong (complaint)"),
    Kind.SUGGESTION: N_("I know how you could do better (suggestion)"),
    Kind.REQUEST: N_("I have a question or a wish (request)"),
    Kind.COMPLIMENT: N_("Something was good (compliment)"),
    Kind.CONCERN: N_("I saw something that worries me (concern)"),
    Kind.DISPUTE: N_("We cannot agree, and I want it settled (dispute)"),
}

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    register_rules.SubjectMissing: "subject",
    register_rules.HappenedAfterReceipt: "happened_on",
    register_rules.ReceivedInFuture: "received_on",
    rules.NoWayBack: "email",
    rules.AuthorityMissing: "authority",
    rules.ConsentMissing: "consent",
    rules.TooManyFiles: "files",
    rules.TrapFilled: "website",
    rules.PatternMalformed: "pattern",
    rules.PatternAmbiguous: "pattern",
    rules.ChannelNameMissing: "name",
}


class NameWhenAnonymous(BadInput):
    message = N_("You chose to stay anonymous. Take this out, or choose that you write for yourself")


class NobodyNamed(BadInput):
    message = N_("Enter the name of the person you act for")


def _line(column: str, *validators: Any, **more: Any) -> LineField:
    return LineField(Lazy(TEXT_TITLES[column]), validators, max_length=LONGEST[column], **more)


def _own(name: str, label: str, *validators: Any) -> LineField:
    return LineField(label, validators, max_length=rules.LONGEST[name])


def email_field(label: Any = None) -> EmailField:
    """An e-mail address that may be left out."""
    return EmailField(
        label or lazy_("E-mail"),
        [
            Optional(),
            Length(max=LONGEST["complainant_email"], message=TOO_LONG),
            Email(lazy_("Enter an e-mail address such as name@example.org")),
        ],
    )


class IntakeForm(ComplaintForm):
    """What the forms of receipt share: refusals find the field that mends them."""

    mended_by = MENDED_BY

    def mending(self, error: Exception) -> str:
        """As of every complaint; a stranger is asked for whom they complain, staff for who represents whom."""
        field = super().mending(error)
        return "for_name" if field == "representative" and field not in self else field


class PublicComplaintForm(IntakeForm):
    """A stranger complains, suggests, asks or praises, in plain words.

    No CSRF token is asked for: nobody is signed in here, and a form must not be lost with its cookie.
    """

    class Meta(IntakeForm.Meta):
        """As every form, but for the token."""

        csrf = False

    ticket = HiddenField()
    wait = HiddenField()
    proof = HiddenField()
    website = LineField(lazy_("Leave this empty"))
    kind = RadioField(lazy_("What would you like to tell us?"), default=Kind.COMPLAINT.value)
    subject = _line("subject", required(lazy_("Tell us in a few words what it is about")))
    description = TextField(
        lazy_("What happened?"), [required(lazy_("Tell us what happened"))], max_length=LONGEST_STORY
    )
    happened_on = DateField(lazy_("When did it happen?"), [Optional()])
    site = _line("site")
    product = _line("product")
    order_reference = _own("order_reference", lazy_("Number of the order or contract"))
    batch = _own("batch", lazy_("Batch or serial number"))
    purchased_on = DateField(lazy_("Bought on"), [Optional()])
    wanted_remedy = TextField(lazy_("What would put it right?"), max_length=LONGEST["wanted_remedy"])
    files = MultipleFileField(lazy_("Pictures, letters, recordings"))
    whose = RadioField(lazy_("Who writes?"), default=MYSELF)
    for_name = _own("representative", lazy_("Name of the person you act for"))
    authority = TextField(lazy_("Why may you act for this person?"), max_length=rules.LONGEST["authority"])
    name = _line("complainant_name")
    email = email_field()
    phone = TelField(lazy_("Phone"), [Length(max=LONGEST["complainant_phone"], message=TOO_LONG)])
    street = _line("complainant_street")
    postcode = _line("complainant_postcode")
    city = _line("complainant_city")
    country = _line("complainant_country")
    contact_person = _own("contact_person", lazy_("Whom to ask for, if somebody else"))
    preference = RadioField(lazy_("How shall we answer?"), default=rules.Preference.EMAIL.value)
    accessibility = _own("accessibility", lazy_("What do you need so that you can follow and take part?"))
    may_share = BooleanField(lazy_("You may show it with my name to others who were part of it, such as the carrier"))
    consent = BooleanField(lazy_("You may keep and use what I write here to look into it"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [(word.value, _(title)) for word, title in KINDS_SAID.items()]
        self.whose.choices = [
            (MYSELF, _("I write for myself or my organisation")),
            (OTHER, _("I act for somebody else")),
            (ANONYMOUS, _("I want to stay anonymous")),
        ]
        self.preference.choices = [(str(word), _(title)) for word, title in PREFERENCE_TITLES.items()]

    @property
    def anonymous(self) -> bool:
        """Whether the complainant wants to stay unknown."""
        return bool(self.whose.data == ANONYMOUS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then what they say together."""
        good = bool(super().validate(extra_validators))
        together = (*self._who(), *self._agreed())
        for field, error in together:
            self.refuse(field, error)
        return good and not together

    def _who(self) -> list[tuple[str, Exception]]:
        fields = ("name", "email", "phone", "street", "city", "for_name", "contact_person")
        given = [one for one in fields if self[one].data]
        if self.anonymous:
            return [(one, NameWhenAnonymous()) for one in given]
        found: list[tuple[str, Exception]] = []
        if self.whose.data == OTHER and not self.for_name.data:
            found.append(("for_name", NobodyNamed()))
        if self.for_name.data and not self.authority.data:
            found.append(("authority", rules.AuthorityMissing()))
        if not (self.email.data or self.phone.data or (self.street.data and self.city.data)):
            found.append(("email", rules.NoWayBack()))
        return found

    def _agreed(self) -> list[tuple[str, Exception]]:
        return [] if self.consent.data else [("consent", rules.ConsentMissing())]

    def complaint(self, now: Any) -> Register:
        """What the register is told. Who acts for somebody is reached in that person's place."""
        names = ("subject", "description", "product", "site", "wanted_remedy")
        texts: dict[str, Any] = {one: self[one].data or "" for one in names}
        contact = ("email", "phone", "street", "postcode", "city", "country")
        name = self.for_name.data or self.name.data or ""
        return Register(
            received_at=now,
            kind=self.kind.data,
            channel=Channel.WEB.value,
            happened_on=self.happened_on.data,
            complainant=Identity(name=name, **{one: self[one].data or "" for one in contact}),
            **texts,
        )

    def asked(self, language: str) -> Asked:
        """What is kept beside the register."""
        acts = bool(self.for_name.data)
        return Asked(
            language=language,
            order_reference=self.order_reference.data or "",
            batch=self.batch.data or "",
            purchased_on=self.purchased_on.data,
            contact_person=self.contact_person.data or "",
            representative=(self.name.data or _("not named")) if acts else "",
            authority=(self.authority.data or "") if acts else "",
            accessibility=self.accessibility.data or "",
            preference=rules.Preference.PAGE.value if self.anonymous else self.preference.data or "",
            anonymous=self.anonymous,
            consent=bool(self.consent.data),
            may_share=bool(self.may_share.data),
        )


class TrackForm(Form):
    """The way into the own page."""

    reference = LineField(lazy_("Reference"), [required(lazy_("Enter the reference, such as C-2026-000123"))])
    secret = LineField(
        lazy_("Tracking secret"), [required(lazy_("Enter the tracking secret that stands on your receipt"))]
    )


class ReplyForm(Form):
    """The complainant writes, sends files, or both. `ticket` names the files of a form that came back."""

    ticket = HiddenField()
    text = TextField(lazy_("Your message"), max_length=rules.LONGEST["words"])
    files = MultipleFileField(lazy_("Files"))


class AnswerForm(Form):
    """The complainant accepts the decision or refuses it."""

    answer = RadioField(lazy_("What do you say to it?"), [InputRequired(lazy_("Choose what you say to the decision"))])
    words = TextField(lazy_("In your words"), max_length=rules.LONGEST["words"])
    version = HiddenField()

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.answer.choices = [
            (Answer.ACCEPTED.value, _("I accept the decision")),
            (Answer.REFUSED.value, _("I do not accept it; look at it again")),
        ]


class WordsForm(Form):
    """A wish with its reason: to withdraw, or that somebody higher looks at it."""

    words = TextField(lazy_("Why?"), [required(lazy_("Say why in a few words"))], max_length=rules.LONGEST["words"])


class ChannelForm(IntakeForm):
    """A channel of the organisation. `seen` carries what stood there when the page was opened; empty for a new one."""

    seen = HiddenField()
    name = _own("channel_name", lazy_("What people call it"))
    address = _own("channel_address", lazy_("How people find it"))
    owner = ChoiceField(lazy_("Who looks after it"))
    opening = RadioField(lazy_("Its complaints begin as"), default=register_rules.Stage.RECEIVED.value)
    kind = ChoiceField(lazy_("An e-mail that comes by it opens as"), default=Kind.COMPLAINT.value)
    public = BooleanField(lazy_("Shown on the public page"), default=True)
    in_use = BooleanField(lazy_("Complaints can come in by it"), default=True)

    def __init__(
        self, people: Sequence[tuple[int, str]], *arguments: Any, takes_mail: bool = True, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [(str(word), _(title)) for word, title in register_rules.KIND_TITLES.items()]
        if not takes_mail:
            del self.kind
        self.owner.choices = [("", _("Nobody yet")), *((str(number), name) for number, name in people)]
        self.opening.choices = [
            (register_rules.Stage.RECEIVED.value, _("Received: somebody has to acknowledge it")),
            (
                register_rules.Stage.ACKNOWLEDGED.value,
                _("Acknowledged: whoever takes it down tells the complainant at once"),
            ),
        ]

    @classmethod
    def of(cls, channel: ChannelView, people: Sequence[tuple[int, str]]) -> "ChannelForm":
        """The form with what is known about a channel."""
        return cls(
            people,
            seen=channel.stamp if channel.name else "",
            name=channel.name,
            address=channel.address,
            owner=str(channel.owner_id or ""),
            opening=channel.opening,
            kind=channel.kind,
            takes_mail=channel.takes_mail,
            public=channel.public,
            in_use=channel.in_use,
        )

    def command(self, name: str = "") -> KeepChannel:
        """What the verb is told; `name` of an existing channel is kept."""
        return KeepChannel(
            name or self.name.data or "",
            self.address.data or "",
            int(self.owner.data) if self.owner.data else None,
            self.opening.data,
            bool(self.public.data),
            bool(self.in_use.data),
            self.seen.data or None,
            self.kind.data if "kind" in self else Kind.COMPLAINT.value,
        )


class PatternForm(IntakeForm):
    """How references look."""

    pattern = LineField(
        lazy_("Pattern of references"),
        [required(lazy_("Enter a pattern such as C-{year}-{number:06}"))],
        max_length=rules.LONGEST_PATTERN,
    )

    def command(self) -> KeepPattern:
        """What the verb is told."""
        return KeepPattern(self.pattern.data or "")


class SettingsForm(IntakeForm):
    """What the public pages say. `seen` carries what stood there when the page was opened."""

    seen = HiddenField()
    languages = TicksField(lazy_("Languages of the public form"))
    phone = _own("phone", lazy_("Phone number for complaints"))
    post = TextField(lazy_("Postal address for complaints"), max_length=rules.LONGEST["post"])
    publishes_figures = BooleanField(lazy_("Publish how many complaints came in and how they ended"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.languages.choices = list(LANGUAGES.items())

    @classmethod
    def of(cls, kept: Settings, **more: Any) -> "SettingsForm":
        """The form with what is kept."""
        return cls(
            seen=kept.stamp,
            languages=list(kept.languages),
            phone=kept.phone,
            post=kept.post,
            publishes_figures=kept.publishes_figures,
            **more,
        )

    def command(self) -> KeepSettings:
        """What the verb is told."""
        return KeepSettings(
            self.languages.data or (),
            self.phone.data or "",
            self.post.data or "",
            bool(self.publishes_figures.data),
            self.seen.data or None,
        )


class TakeDownForm(RegisterForm):
    """A member takes a complaint down: the register's own fields, and what is kept beside them."""

    mended_by = MENDED_BY

    ticket = HiddenField()
    language = ChoiceField(lazy_("Language of the complainant"))
    order_reference = _own("order_reference", lazy_("Number of the order or contract"))
    batch = _own("batch", lazy_("Batch or serial number"))
    purchased_on = DateField(lazy_("Bought on"), [Optional()])
    representative = _own("representative", lazy_("Who acts for the complainant"))
    authority = TextField(lazy_("Why this person may act"), max_length=rules.LONGEST["authority"])
    contact_person = _own("contact_person", lazy_("Whom to ask for, if somebody else"))
    accessibility = _own("accessibility", lazy_("What the complainant needs so as to follow and take part"))
    preference = ChoiceField(lazy_("How to answer"))
    segment = _own("segment", lazy_("Customer group"))
    anonymous = BooleanField(lazy_("Wants to stay anonymous: name and address are not kept"))
    consent = BooleanField(lazy_("Agrees that this is kept and used to look into it"))
    may_share = BooleanField(lazy_("Agrees that others who were part of it are shown the name"))
    recipient = _own("recipient", lazy_("Who received it"))
    unit = _own("unit", lazy_("Unit or site that received it"))
    recurrent = BooleanField(lazy_("The complainant says that it happened before"))
    referred_by = _own("referred_by", lazy_("Who passed it on"))
    department = _own("department", lazy_("Department concerned"))
    files = MultipleFileField(lazy_("Files"))

    def __init__(
        self, channels: Sequence[ChannelView], languages: Sequence[str], zone: ZoneInfo, *rest: Any, **more: Any
    ) -> None:
        super().__init__(*rest, **more)
        self.zone = zone
        self.received_time.description = _("Times of %(zone)s", zone=zone.key)
        self.channel.choices = [("", _("Choose")), *((one.name, one.title) for one in channels)]
        self.language.choices = [(code, LANGUAGES[code]) for code in languages]
        self.preference.choices = [
            ("", _("Not said")),
            *((str(word), _(title)) for word, title in PREFERENCE_TITLES.items()),
        ]

    def asked(self) -> Asked:
        """What is kept beside the register."""
        texts = (
            *("order_reference", "batch", "representative", "authority", "contact_person", "accessibility"),
            *("preference", "segment", "recipient", "unit", "referred_by", "department"),
        )
        ticked = ("anonymous", "consent", "may_share", "recurrent")
        values: dict[str, Any] = {name: self[name].data or "" for name in texts}
        values |= {name: bool(self[name].data) for name in ticked}
        values |= {"preference": ""} if self.anonymous.data else {}
        return Asked(language=self.language.data or "", purchased_on=self.purchased_on.data, **values)

    def said(self) -> Said:
        """What similar complaints are looked for by."""
        return Said(*(self[name].data or "" for name in ("subject", "order_reference", "name", "email", "phone")))
