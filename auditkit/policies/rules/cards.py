"""Kinds of documents and what the list of documents says of each. Pure."""

import calendar
import re
from datetime import date
from enum import StrEnum

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.text import N_

CARD_CHANGED = event("policy:card-changed", N_("Owner, keeping or distribution of the document changed"))

LONGEST_LINE = 200
LONGEST_DISTRIBUTION = 2_000
MOST_MONTHS = 120
LANGUAGES = ("en", "ru", "ka", "fa", "el", "az", "tr")


class Kind(StrEnum):
    """What sort of document it is."""

    POLICY = "policy"
    MANUAL = "manual"
    PROCEDURE = "procedure"
    ROLE = "role"
    LEAFLET = "leaflet"
    OTHER = "other"


KIND_TITLES = {
    Kind.POLICY: N_("Policy"),
    Kind.MANUAL: N_("Manual"),
    Kind.PROCEDURE: N_("Procedure"),
    Kind.ROLE: N_("Role description"),
    Kind.LEAFLET: N_("Leaflet"),
    Kind.OTHER: N_("Other document"),
}
PREFIXES = {
    Kind.POLICY: "POL",
    Kind.MANUAL: "MAN",
    Kind.PROCEDURE: "PRO",
    Kind.ROLE: "ROL",
    Kind.LEAFLET: "LEA",
    Kind.OTHER: "DOC",
}
_BY_ID = {"procedure": Kind.PROCEDURE, "role": Kind.ROLE, "manual": Kind.MANUAL, "leaflet": Kind.LEAFLET}


class KindUnknown(BadInput):
    message = N_("Choose one of the kinds of documents")


class LanguageNotKnown(BadInput):
    message = N_("Choose one of the languages of the documents")


class OwnerUnknown(BadInput):
    message = N_("Choose the owner from the members of the organisation")


class MonthsMalformed(BadInput):
    message = N_("Enter a number of months from 0 to 120")


COPY = "#"
"""Before the number of a further document made from the same text; no id of a text has it."""


def text_of(content_id: str) -> str:
    """The id of the library's text that a document, also a further one, was made from."""
    return content_id.partition(COPY)[0]


def kind_of(content_id: str) -> Kind:
    """The kind of a text of the library, by the words of its id (`procedure-audit`)."""
    for word in re.split(r"[-.]", content_id):
        if word in _BY_ID:
            return _BY_ID[word]
    return Kind.POLICY if content_id.endswith("policy") else Kind.OTHER


def kind_named(name: str) -> Kind:
    """Raises KindUnknown."""
    if name not in set(Kind):
        raise KindUnknown
    return Kind(name)


def document_language(language: str) -> str:
    """Raises LanguageNotKnown."""
    if language not in LANGUAGES:
        raise LanguageNotKnown
    return language


def checked_months(months: int | None) -> int:
    """Months until the next review, 0 for none. Raises MonthsMalformed."""
    if months is None or not 0 <= months <= MOST_MONTHS:
        raise MonthsMalformed
    return months


def months_after(day: date, months: int) -> date | None:
    """The same day of the month `months` later, or that month's last; None for 0 months."""
    if not months:
        return None
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
