"""A message as the data of the Word template `complaint-letter`. Pure."""

import re

from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.queries import Facts, MessageView
from auditkit.complaints.correspondence.rules import MessageKind
from auditkit.documents.contexts.facts import Organisation
from auditkit.documents.contexts.letter import Letter, LetterFacts, Recipient
from auditkit.web.languages import day_there

LETTER = "complaint-letter"
LETTERS = {
    MessageKind.ACKNOWLEDGEMENT: "letter-acknowledgement",
    MessageKind.PROGRESS: "letter-progress",
    MessageKind.EXTENSION: "letter-progress",
    MessageKind.DECISION: "letter-decision",
    MessageKind.CLOSING: "letter-closing",
}
"""The templates of letters that have one of their own; every other message is a `LETTER`."""
_LAYOUT = {0x07: None, 0x0C: None}
"""Bell and form feed: in a Word template they would end the paragraph and the page; in a letter they say nothing."""


def letter(message: MessageView, facts: Facts, organisation: str) -> Letter:
    """What the letter is filled with. Lines of an address that are not known are left out."""
    place = " ".join(part for part in (facts.postcode, facts.city) if part)
    lines = (facts.street, place, facts.region, facts.country)
    return Letter(
        organisation=Organisation(organisation),
        letter=LetterFacts(
            reference=facts.reference,
            date=written_day(day_there(message.sent_at or message.created_at), message.language or "en"),
            subject=message.subject.translate(_LAYOUT),
            direction="rtl" if message.language == "fa" else "ltr",
        ),
        recipient=Recipient(facts.complainant, tuple(line for line in lines if line)),
        paragraphs=tuple(part for part in re.split(r"\n\s*\n", message.text.translate(_LAYOUT)) if part.strip()),
    )
