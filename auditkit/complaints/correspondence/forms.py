"""Forms of correspondence: write, note a contact, settings, wording of a letter."""

from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, TimeField

from auditkit.base.text import N_, _, lazy_
from auditkit.complaints.correspondence import rules, service
from auditkit.complaints.correspondence.queries import Setting
from auditkit.complaints.correspondence.rules import Channel, Direction, MessageKind
from auditkit.complaints.correspondence.wording import Letter
from auditkit.complaints.rules import NO_DECISION_DUE
from auditkit.evidence.queries import Attached
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, TicksField, required
from auditkit.web.languages import day_there, zone_here

ANSWER = N_("Answer")
"""What the closing letter is called where nothing is decided."""
LANGUAGE_NAMES = {
    "en": "English",
    "ru": "Русский",
    "ka": "ქართული",
    "fa": "فارسی",
    "el": "Ελληνικά",
    "az": "Azərbaycanca",
    "tr": "Türkçe",
}
MENDED_BY: dict[type[Exception], str] = {
    rules.NoAddress: "channel",
    rules.NoNumber: "channel",
    rules.AddressUnusable: "channel",
    rules.SubjectTooLong: "subject",
    rules.SubjectMissing: "subject",
    rules.FutureContact: "happened_on",
    rules.PlusNeedsAddress: "reply_address",
    rules.CountsWithoutSending: "automatic_counts",
    rules.LetterBroken: "text",
    rules.BlankLeft: "text",
    rules.TextMissing: "text",
    rules.TextTooLong: "text",
    rules.TextNotStorable: "text",
}


class _Refusing(Form):
    mended_by = MENDED_BY

    def mending(self, error: Exception) -> str:
        """As the table says; an address is the reply address where no channel is chosen."""
        field = super().mending(error)
        return "reply_address" if field == "channel" and "channel" not in self else field


class WriteForm(_Refusing):
    """A message to the complainant, begun from a letter and changed at will."""

    kind = HiddenField()
    language = HiddenField()
    wording = HiddenField()
    channel = ChoiceField(lazy_("How it goes"))
    subject = LineField(lazy_("Subject"), max_length=rules.LONGEST_SUBJECT)
    text = TextField(
        lazy_("Text"), [required(lazy_("Write the message before it is sent"))], max_length=rules.LONGEST_TEXT
    )
    files = TicksField(lazy_("Files of the case that go along"), coerce=int)

    def __init__(self, channels: list[Channel], files: list[Attached], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = [(str(one), _(rules.CHANNEL_TITLES[one])) for one in channels]
        self.files.choices = [(one.file.id, one.file.shown_name) for one in files]

    def command(self, complaint_id: int) -> service.Write:
        """What was written, as the verb wants it."""
        return service.Write(
            complaint_id=complaint_id,
            kind=self.kind.data or "",
            text=self.text.data or "",
            subject=self.subject.data or "",
            channel=self.channel.data or "",
            language=self.language.data if self.language.data in rules.LANGUAGES else "",
            files=self.files.data or (),
            wording=(self.wording.data or "")[:60],
        )


class NoteForm(_Refusing):
    """A call, a visit or a letter that happened."""

    direction = ChoiceField(lazy_("Who spoke"))
    channel = ChoiceField(lazy_("How"))
    happened_on = DateField(lazy_("Day"), [required(lazy_("Enter the day it happened"))])
    happened_at = TimeField(lazy_("Time"), [required(lazy_("Enter the time it happened, such as 14:30"))])
    text = TextField(lazy_("What was said"), [required(lazy_("Write down what was said"))])

    def __init__(self, now: datetime, *args: Any, **kwargs: Any) -> None:
        self.zone = zone_here() or UTC
        there = now.astimezone(self.zone)
        super().__init__(*args, happened_on=day_there(now), happened_at=there.time(), **kwargs)
        self.direction.choices = [(str(one), _(rules.DIRECTION_TITLES[one])) for one in Direction]
        wanted = (Channel.PHONE, Channel.IN_PERSON, Channel.POST)
        self.channel.choices = [(str(one), _(rules.CHANNEL_TITLES[one])) for one in wanted]

    def command(self, complaint_id: int) -> service.NoteContact:
        """What was noted, as the verb wants it."""
        moment = datetime.combine(self.happened_on.data or date.min, self.happened_at.data or time(), self.zone)
        return service.NoteContact(
            complaint_id=complaint_id,
            direction=self.direction.data or "",
            channel=self.channel.data or "",
            text=self.text.data or "",
            happened_at=moment,
        )


class PostedForm(_Refusing):
    """When a letter went to the post."""

    posted_on = DateField(lazy_("Posted on"), [required(lazy_("Enter the day the letter was posted"))])


class SettingsForm(_Refusing):
    """How the organisation corresponds."""

    version = HiddenField()
    sender_name = LineField(lazy_("Name shown as sender"), max_length=100)
    reply_address = LineField(lazy_("Address for answers"), max_length=254)
    plus_addresses = BooleanField(lazy_("The mail server delivers name+anything@… to that address"))
    automatic_acknowledgement = BooleanField(lazy_("Send an automatic acknowledgement"))
    automatic_counts = BooleanField(lazy_("The automatic acknowledgement counts as the acknowledgement"))
    own_lists = TextField(lazy_("Group addresses and list names that complaints come through"), max_length=2_000)

    @classmethod
    def of(cls, setting: Setting) -> "SettingsForm":
        """The form with the settings in force."""
        return cls(data={name: getattr(setting, name) for name in cls._names()})

    @staticmethod
    def _names() -> tuple[str, ...]:
        return (
            "version",
            "sender_name",
            "reply_address",
            "plus_addresses",
            "automatic_acknowledgement",
            "automatic_counts",
            "own_lists",
        )

    def command(self) -> service.ChangeSettings:
        """The settings as they shall be."""
        return service.ChangeSettings(
            version=_number(self.version.data),
            reply_address=self.reply_address.data or "",
            plus_addresses=bool(self.plus_addresses.data),
            sender_name=self.sender_name.data or "",
            automatic_acknowledgement=bool(self.automatic_acknowledgement.data),
            automatic_counts=bool(self.automatic_counts.data),
            own_lists=self.own_lists.data or "",
        )


class WordingForm(_Refusing):
    """An own wording of a letter."""

    version = HiddenField()
    subject = LineField(lazy_("Subject"), max_length=rules.LONGEST_SUBJECT)
    text = TextField(lazy_("Text"))

    @classmethod
    def of(cls, letter: Letter, version: int) -> "WordingForm":
        """The form with the wording in force."""
        return cls(data={"version": str(version), "subject": letter.subject, "text": letter.text})

    def command(self, kind: str, language: str, sort: str, *, back: bool) -> service.ChangeWording:
        """The wording as it shall be; `back`: the supplied one again."""
        subject, text = ("", "") if back else (self.subject.data or "", self.text.data or "")
        return service.ChangeWording(kind, language, _number(self.version.data), subject, text, sort)


class Empty(_Refusing):
    """Only the token: for buttons."""


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


def begin_choices(feedback: str) -> list[tuple[str, str]]:
    """(kind, title) of what a message about this kind of feedback can begin from."""
    if feedback in NO_DECISION_DUE:
        kinds = [MessageKind.ACKNOWLEDGEMENT, MessageKind.PROGRESS, MessageKind.CLOSING, MessageKind.MESSAGE]
        return [(str(kind), _(rules.KIND_TITLES[kind] if kind != MessageKind.CLOSING else ANSWER)) for kind in kinds]
    return [(str(kind), _(rules.KIND_TITLES[kind])) for kind in (*rules.LETTERS, MessageKind.MESSAGE)]
