"""The words and events of the public side, and what a complaint has to say beside the register's own fields."""

from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

SETTINGS_CHANGED = event("intake:settings-changed", N_("Settings of the public pages changed"))
PATTERN_CHANGED = event("intake:pattern-changed", N_("Pattern of references changed"))
CHANNEL_CHANGED = event("intake:channel-changed", N_("Channel added or changed"))
PARTICULARS_NOTED = event("complaint:particulars-noted", N_("Particulars of the complaint noted"))
SECRET_REISSUED = event("complaint:secret-reissued", N_("New tracking secret given out; the old one works no longer"))

MAX_FILES = 10
MAX_FILE_BYTES = 25 * 1024 * 1024

# Longest texts, in characters, of the fields beside the register's own.
LONGEST = {
    "order_reference": 100,
    "batch": 100,
    "representative": 200,
    "authority": 1_000,
    "accessibility": 500,
    "contact_person": 200,
    "segment": 100,
    "recipient": 200,
    "unit": 200,
    "referred_by": 200,
    "department": 200,
    "words": 5_000,
    "channel_name": 100,
    "channel_address": 300,
    "phone": 100,
    "post": 500,
    "checked": 1_000,
}


class Preference(StrEnum):
    """How the complainant wants to be reached. `page`: only on the own page."""

    EMAIL = "e-mail"
    PHONE = "phone"
    POST = "post"
    PAGE = "page"


PREFERENCE_TITLES = {
    Preference.EMAIL: N_("By e-mail"),
    Preference.PHONE: N_("By phone"),
    Preference.POST: N_("By post"),
    Preference.PAGE: N_("Only on my own page"),
}


class Handed(StrEnum):
    """How a new tracking secret goes to the complainant."""

    PRINT = "print"
    POST = "post"
    EMAIL = "e-mail"


HANDED_TITLES = {
    Handed.PRINT: N_("Printed, and handed over here"),
    Handed.POST: N_("As a letter to the address on file"),
    Handed.EMAIL: N_("By e-mail to the address on file"),
}

# A stage as its complainant reads it: a title, and what it means.
STAGE_WORDS = {
    "received": (N_("We have it"), N_("What you wrote has arrived. A person will read it.")),
    "acknowledged": (N_("We have read it"), N_("We told you that it came in and who looks after it.")),
    "assessed": (N_("We know how urgent it is"), N_("We have looked at how serious it is and what to do first.")),
    "investigating": (N_("We are finding out"), N_("We are finding out what happened.")),
    "proposed": (N_("A decision is being checked"), N_("Somebody else looks over the decision before you get it.")),
    "decided": (N_("There is a decision"), N_("Read it below. You can accept it or refuse it.")),
    "acting": (N_("We are putting it right"), N_("We are doing what was decided.")),
    "closed": (N_("Closed"), N_("The case is closed. What was written stays here for you.")),
}


class NoWayBack(BadInput):
    message = N_("Give an e-mail address, a phone number or a postal address, or choose to stay anonymous")


class AuthorityMissing(BadInput):
    message = N_("Say why you may act for this person, for instance: I am the mother, or: I have a power of attorney")


class ConsentMissing(BadInput):
    message = N_("Tick that we may keep and use what you wrote; without it we cannot look into it")


class TooManyFiles(BadInput):
    message = N_("At most %(most)s files can be sent. Take out others first, or pack several into one ZIP file")


class LineTooLong(BadInput):
    message = N_("This is longer than %(longest)s characters. Shorten it")

    def __init__(self, field: str) -> None:
        super().__init__(longest=LONGEST[field])
        self.column = field


class LineNotStorable(BadInput):
    message = N_("This holds a character that cannot be stored (NUL or half a character pair). Remove it")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.column = field


class CheckMissing(BadInput):
    message = N_("Write down how you made sure that this is the complainant; without it no secret is given out")


class NoAddressOnFile(RuleBroken):
    message = N_("No postal address is on file. Hand the receipt over, or record the address in the case first")


class CaseErased(RuleBroken):
    message = N_("The personal data of this case was erased; there is no page any more that a secret could open")


class ChannelNameMissing(BadInput):
    message = N_("Enter what people call this channel, such as: Kiosk in the lobby")


def check_line(field: str, value: str) -> str:
    """`value`, stripped, when the field of LONGEST can store it. Raises LineTooLong or LineNotStorable."""
    value = value.strip()
    if len(value) > LONGEST[field]:
        raise LineTooLong(field)
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise LineNotStorable(field)
    return value
