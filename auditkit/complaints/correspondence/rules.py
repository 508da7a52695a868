"""The words of correspondence, its events, and what may be written and sent. Pure.

Checked by tests/rules/test_correspondence_rules.py; the tables repeat the words as CHECK constraints.
"""

import re
from datetime import timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.complaints.rules import Kind

WRITTEN = event("complaint:message-written", N_("Message to the complainant"))
REPLIED = event("complaint:message-received", N_("Message from the complainant"))
LOGGED = event("complaint:contact-noted", N_("Contact noted"))
POSTED = event("complaint:letter-posted", N_("Letter posted"))
SENT = event("complaint:message-sent", N_("Message handed over for delivery"))
NOT_SENT = event("complaint:message-not-sent", N_("Message not delivered, or not known to be"))
SECRET_SENT = event("complaint:secret-sent", N_("Tracking secret sent with a message"))
TRIED_AGAIN = event("complaint:message-tried-again", N_("Delivery of a message tried again"))
BOUNCED = event("complaint:message-bounced", N_("Message came back"))
CAME_BY_MAIL = event("complaint:came-by-mail", N_("Complaint opened from an e-mail"))
MAIL_NOTED = event("mail:noted", N_("E-mail noted without opening a complaint"), about_records=False)
MAIL_ASIDE = event("mail:set-aside", N_("E-mail set aside"), about_records=False)
SETTINGS_CHANGED = event("correspondence:settings-changed", N_("Settings of correspondence changed"))
WORDING_CHANGED = event("correspondence:wording-changed", N_("Wording of a letter changed"))
READ = event("complaint:message-read", N_("Message read"), about_records=False)


FETCH_FAILS = event("mail:fetch-fails", N_("The mailbox cannot be read"), about_records=False)
FETCH_WORKS = event("mail:fetch-works-again", N_("The mailbox is read again"), about_records=False)

FAULTS = ("misnamed", "unreachable", "certificate", "refused", "storage")
"""What can be wrong when a mailbox is read; each has its advice in FAULT_ADVICE."""


FAULT_ADVICE = {
    "misnamed": N_("Whoever runs this installation has to correct AUDITKIT_MAILBOXES or AUDITKIT_MAILBOX_AFTER."),
    "unreachable": N_(
        "The mail server does not answer. Wait a little; if it stays so, whoever runs your mail has to look at it."
    ),
    "certificate": N_(
        "The connection to the mail server cannot be made safe, so no password was sent. Whoever runs your mail has to "
        "renew the certificate or turn encryption on."
    ),
    "refused": N_(
        "The mail server answered no: wrong password, a locked account or a folder that is gone. Whoever runs this "
        "installation has to correct AUDITKIT_MAILBOXES."
    ),
    "storage": N_("There is no room to keep the mails. Whoever runs this installation has to make some."),
}
LONGEST_WAIT = timedelta(hours=6)


def wait_after(failures: int, every: timedelta) -> timedelta:
    """How long to wait after so many failures in a row: twice as long each time, at most LONGEST_WAIT."""
    step = every or timedelta(minutes=5)
    doubled: int = 2 ** min(failures - 1, 20)
    return min(step * doubled, max(step, LONGEST_WAIT))


class Direction(StrEnum):
    """Who speaks to whom."""

    IN = "in"
    OUT = "out"


class Channel(StrEnum):
    """How a message travels. `web` is the complainant's tracking page: written there, it has arrived."""

    EMAIL = "e-mail"
    WEB = "web"
    SMS = "sms"
    CHAT = "chat"
    POST = "post"
    PHONE = "phone"
    IN_PERSON = "in-person"


class Author(StrEnum):
    """Who wrote a message; `system` is the automatic one."""

    PERSON = "person"
    COMPLAINANT = "complainant"
    SYSTEM = "system"


class MessageKind(StrEnum):
    """What a message is for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    PROGRESS = "progress"
    EXTENSION = "extension"
    DECISION = "decision"
    CLOSING = "closing"
    SURVEY = "survey"
    MESSAGE = "message"
    REPLY = "reply"


DIRECTION_TITLES = {Direction.IN: N_("From the complainant"), Direction.OUT: N_("To the complainant")}
CHANNEL_TITLES = {
    Channel.EMAIL: N_("E-mail"),
    Channel.WEB: N_("Tracking page"),
    Channel.SMS: N_("SMS"),
    Channel.CHAT: N_("Chat"),
    Channel.POST: N_("Letter by post"),
    Channel.PHONE: N_("Phone"),
    Channel.IN_PERSON: N_("In person"),
}
KIND_TITLES = {
    MessageKind.ACKNOWLEDGEMENT: N_("Acknowledgement"),
    MessageKind.PROGRESS: N_("Progress report"),
    MessageKind.EXTENSION: N_("New date"),
    MessageKind.DECISION: N_("Decision"),
    MessageKind.CLOSING: N_("Closing letter"),
    MessageKind.SURVEY: N_("Invitation to the survey"),
    MessageKind.MESSAGE: N_("Message"),
    MessageKind.REPLY: N_("Reply"),
}
FROM_COMPLAINANT = (MessageKind.MESSAGE, MessageKind.REPLY)
BY_OUTBOX = (Channel.EMAIL, Channel.SMS, Channel.CHAT)
"""Channels whose messages this installation sends by itself."""
BY_HAND = (Channel.POST, Channel.PHONE, Channel.IN_PERSON)

OUTCOMES = ("opened", "answered", "bounced", "noted", "ignored", "aside")
LETTERS = (
    MessageKind.ACKNOWLEDGEMENT,
    MessageKind.PROGRESS,
    MessageKind.EXTENSION,
    MessageKind.DECISION,
    MessageKind.CLOSING,
    MessageKind.SURVEY,
)
LONGEST_SUBJECT = 300
LONGEST_TEXT = 100_000
LANGUAGES = ("en", "ru", "ka", "fa", "el", "az", "tr")

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]{1,64}@[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+")
_NUMBER = re.compile(r"\+?[0-9][0-9 ().\-/]{4,24}")
BLANK_BEGINS, BLANK_ENDS = "⟦", "⟧"
_UNFILLED = re.compile(f"{BLANK_BEGINS}(.+?){BLANK_ENDS}")


class TextMissing(BadInput):
    message = N_("Write the message before it is sent")


class TextNotStorable(BadInput):
    message = N_("The message holds a character that cannot be stored (NUL or half a character pair). Remove it")


class TextTooLong(BadInput):
    message = N_("The message is longer than %(longest)s characters. Shorten it, or attach a file")


class SubjectTooLong(BadInput):
    message = N_("The subject is longer than %(longest)s characters. Shorten it")


class BlankLeft(RuleBroken):
    message = N_("The message still has a blank to fill in: %(blank)s. Fill it in or take the sentence out")


class NoAddress(RuleBroken):
    message = N_("No e-mail address of the complainant is known. Write a letter, or record the address first")


class NoNumber(RuleBroken):
    message = N_("No telephone number of the complainant is known that an SMS could go to. Choose another channel")


class AddressUnusable(BadInput):
    message = N_("“%(address)s” is not one e-mail address. Correct it in the case, or write a letter")


class ChannelNotSetUp(RuleBroken):
    message = N_("Messages by %(channel)s are not set up in this installation. Choose another channel")


class NotToBePosted(Conflict):
    message = N_("This letter is not waiting to be posted")


class NotToBeTried(Conflict):
    message = N_("This message is on its way or has arrived; there is nothing to try again")


class FutureContact(RuleBroken):
    message = N_("This contact lies in the future. Enter when it happened")


def check_subject(text: str) -> str:
    """A subject in one line. Raises SubjectTooLong or TextNotStorable."""
    _storable(text)
    line = " ".join(text.split())
    if len(line) > LONGEST_SUBJECT:
        raise SubjectTooLong(longest=LONGEST_SUBJECT)
    return line


def check_text(text: str, *, may_be_empty: bool = False) -> str:
    """A text that can be stored. Raises TextMissing, TextTooLong or TextNotStorable."""
    if not may_be_empty and not text.strip():
        raise TextMissing
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(longest=LONGEST_TEXT)
    _storable(text)
    return text


def _storable(text: str) -> None:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise TextNotStorable


def check_filled(*texts: str) -> None:
    """Raises BlankLeft, naming the first blank that a draft left open."""
    for text in texts:
        if blank := _UNFILLED.search(text):
            raise BlankLeft(blank=blank[1])


def mail_address(text: str) -> str:
    """`text` as one address that a mail can go to, its domain in ASCII. Raises NoAddress or AddressUnusable."""
    address = text.strip()
    if not address:
        raise NoAddress
    if not _ADDRESS.fullmatch(address) or len(address) > 254 or ".." in address:
        raise AddressUnusable(address=address[:80])
    local, _at, domain = address.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise AddressUnusable(address=address[:80]) from error
    if local.startswith(".") or local.endswith(".") or ascii_domain.startswith((".", "-")):
        raise AddressUnusable(address=address[:80])
    return f"{local}@{ascii_domain}"


def phone_number(text: str) -> str:
    """`text` as a number that an SMS can go to: digits, with a leading plus where there was one. Raises NoNumber."""
    number = text.strip()
    if not _NUMBER.fullmatch(number):
        raise NoNumber
    digits = "".join(char for char in number if char.isdigit())
    return f"+{digits}" if number.startswith("+") else digits


class NotByHand(RuleBroken):
    message = N_("Only calls, visits and letters by post are noted by hand. Write the message instead")


class UnknownLetter(BadInput):
    message = N_("There is no letter of this kind in this language")


class LetterBroken(BadInput):
    message = N_("Line %(line)s of the letter: %(what)s")


class SubjectMissing(BadInput):
    message = N_("Give the letter a subject")


class PlusNeedsAddress(RuleBroken):
    message = N_("Enter the address for answers before its parts after a plus can be used")


class CountsWithoutSending(RuleBroken):
    message = N_("What is not sent cannot count. Turn the automatic acknowledgement on as well")


AUTOMATIC = "automatic"
"""The letter that is sent without a person; as a message it is an acknowledgement."""
LETTER_KINDS = (AUTOMATIC, *map(str, LETTERS))
LETTER_TITLES = {AUTOMATIC: N_("Automatic acknowledgement"), **{str(kind): KIND_TITLES[kind] for kind in LETTERS}}
NEUTRAL = "message"
"""The letters that say neither complaint nor praise: what a kind of feedback has none of its own for."""
SORTS = ("", *(str(kind) for kind in (Kind.SUGGESTION, Kind.REQUEST, Kind.COMPLIMENT, Kind.CONCERN)), NEUTRAL)
"""For what letters are worded: complaints and disputes (""), other kinds of feedback, any but a complaint."""
SORT_TITLES = {
    "": N_("To a complaint or a dispute"),
    "suggestion": N_("To a suggestion"),
    "request": N_("To a request"),
    "compliment": N_("To a compliment"),
    "concern": N_("To a concern"),
    NEUTRAL: N_("To a suggestion, a request, a compliment or a concern"),
}
NOTES = {
    "charset-guessed": N_("The letters of this mail were in another character set than it says; look at the original"),
    "original-aside": N_("The original could not be kept as evidence; it lies in the folder mail-aside"),
    "subject-cut": N_("The subject is longer; the whole of it is in the original"),
    "text-cut": N_("The text is longer; the whole of it is in the original"),
    "date-unusable": N_("The mail has no usable date; the time it was taken in stands for it"),
    "other-sender": N_("It came from another address than the complainant's"),
}
MAIL_KIND_TITLES = {
    "letter": N_("Written by a person"),
    "auto-reply": N_("Automatic answer"),
    "bounce": N_("Returned mail"),
    "list": N_("Mailing list"),
    "own": N_("Our own mail"),
    "": N_("Could not be read"),
}
OUTCOME_TITLES = {
    "opened": N_("Complaint opened"),
    "answered": N_("Message in a case"),
    "bounced": N_("Message came back"),
    "noted": N_("Noted in a case"),
    "ignored": N_("No complaint"),
    "aside": N_("Set aside"),
}
