"""The texts of a complaint: how long each may be, what it is called, and which belong to the identity."""

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _

# Longest texts, in characters. PostgreSQL would refuse longer ones with an error nobody understands.
LONGEST = {
    "reference": 40,
    "external_reference": 100,
    "channel": 100,
    "complainant_name": 200,
    "complainant_email": 254,
    "complainant_phone": 60,
    "complainant_street": 200,
    "complainant_postcode": 40,
    "complainant_city": 100,
    "complainant_region": 100,
    "complainant_country": 100,
    "subject": 200,
    "description": 100_000,
    "product": 200,
    "category": 200,
    "site": 200,
    "wanted_remedy": 2_000,
    "source_status": 200,
    "decision": 20_000,
    "remedy": 2_000,
    "closing_note": 2_000,
    "detriment_note": 2_000,
    "check_note": 2_000,
    "note": 10_000,
    "reason": 2_000,
    "immediate_action": 2_000,
    "plan": 10_000,
    "complainant_side": 20_000,
    "other_side": 20_000,
    "facts": 20_000,
    "cause": 100,
    "cause_method": 200,
    "cause_note": 5_000,
    "independence": 2_000,
    "options": 5_000,
    "told_channel": 40,
    "others_note": 5_000,
    "delivery": 5_000,
    "body": 200,
    "body_reference": 100,
    "body_outcome": 5_000,
    "awaited": 2_000,
    "next_internal": 500,
    "next_external": 500,
    "currency": 3,
}
TEXT_TITLES = {
    "reference": N_("Its reference"),
    "external_reference": N_("Reference elsewhere"),
    "channel": N_("Channel"),
    "complainant_name": N_("Name"),
    "complainant_email": N_("E-mail"),
    "complainant_phone": N_("Phone"),
    "complainant_street": N_("Street and number"),
    "complainant_postcode": N_("Postcode"),
    "complainant_city": N_("Town"),
    "complainant_region": N_("Region"),
    "complainant_country": N_("Country"),
    "subject": N_("What it is about"),
    "description": N_("What happened"),
    "product": N_("Product or service"),
    "category": N_("Category"),
    "site": N_("Site or unit"),
    "wanted_remedy": N_("What would put it right"),
    "source_status": N_("State in the source"),
    "decision": N_("Decision and its reasons"),
    "remedy": N_("Remedy"),
    "closing_note": N_("Note"),
    "detriment_note": N_("What was found"),
    "check_note": N_("How it was checked, and what was seen"),
    "note": N_("Note"),
    "reason": N_("Reason"),
    "immediate_action": N_("Action taken at once"),
    "plan": N_("Plan"),
    "complainant_side": N_("What the complainant says"),
    "other_side": N_("What the other side says"),
    "facts": N_("What was found"),
    "cause": N_("Root cause"),
    "cause_method": N_("How the cause was found"),
    "cause_note": N_("About the cause"),
    "independence": N_("Independence"),
    "options": N_("Further options named"),
    "told_channel": N_("Told by"),
    "others_note": N_("Others affected"),
    "delivery": N_("What was delivered"),
    "body": N_("Body"),
    "body_reference": N_("Its reference"),
    "body_outcome": N_("What it decided"),
    "awaited": N_("What is awaited"),
    "next_internal": N_("Next step inside"),
    "next_external": N_("Next step outside"),
    "currency": N_("Currency"),
}
IDENTITY = (
    "complainant_name",
    "complainant_email",
    "complainant_phone",
    "complainant_street",
    "complainant_postcode",
    "complainant_city",
    "complainant_region",
    "complainant_country",
)


class TextRefused(BadInput):
    """A text that cannot be stored; `column` is its field in LONGEST."""

    def __init__(self, column: str) -> None:
        super().__init__(field=_(TEXT_TITLES[column]), longest=LONGEST[column])
        self.column = column


class TextTooLong(TextRefused):
    message = N_("%(field)s is longer than %(longest)s characters. Shorten it")


class TextNotStorable(TextRefused):
    message = N_("%(field)s holds a character that cannot be stored (NUL or half a character pair). Remove it")


def check_text(field: str, value: str) -> str:
    """`value` when the field `field` of LONGEST can store it. Raises TextTooLong or TextNotStorable."""
    if len(value) > LONGEST[field]:
        raise TextTooLong(field)
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise TextNotStorable(field)
    return value
