"""A message as the data of the Word template `complaint-letter`. Pure."""

import re
from dataclasses import replace

from auditkit.base.text import N_, _, enumerated
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.queries import Facts, MessageView
from auditkit.complaints.correspondence.rules import MessageKind
from auditkit.documents import catalogue
from auditkit.documents.contexts.facts import Organisation
from auditkit.documents.contexts.letter import Foot, Letter, LetterFacts, Recipient
from auditkit.documents.direction import RIGHT_TO_LEFT, figure, sided
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
PAGE = N_("Page %(page)s of %(pages)s")
_NUMBERS = re.compile("[\0\1]")
_LAYOUT = {0x07: None, 0x0C: None}
"""Bell and form feed: in a Word template they would end the paragraph and the page; in a letter they say nothing."""


def letter(message: MessageView, facts: Facts, organisation: str, edition: str) -> Letter:
    """What the letter is filled with; `edition` is the version of its template.

    Lines of an address that are not known are left out. Call it inside `spoken` the letter's language.
    """
    place = " ".join(part for part in (facts.postcode, facts.city) if part)
    lines = (facts.street, place, facts.region, facts.country)
    language = message.language or "en"
    made = Letter(
        organisation=Organisation(organisation),
        letter=LetterFacts(
            reference=facts.reference,
            date=written_day(day_there(message.sent_at or message.created_at), language),
            subject=message.subject.translate(_LAYOUT),
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        ),
        recipient=Recipient(facts.complainant, tuple(line for line in lines if line)),
        paragraphs=tuple(part for part in re.split(r"\n\s*\n", message.text.translate(_LAYOUT)) if part.strip()),
        foot=_foot(template_of(message.kind), edition),
    )
    return replace(made, recipient=sided(made.recipient, language))


def template_of(kind: str) -> str:
    """The template of a letter."""
    return LETTERS.get(MessageKind(kind), LETTER)


def _foot(template: str, edition: str) -> Foot:
    before, between, after = _NUMBERS.split(_(PAGE, page="\0", pages="\1"))
    form = enumerated([_(catalogue.title(template)), _("version %(number)s", number=figure(edition))])
    return Foot(form, before, between, after)
