"""Kinds of report files and ways to people. Pure; checked by tests/slices/audits_issuing/."""

from enum import StrEnum

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.text import N_

FILED = event("audit:report-filed", N_("Report made as a file"))
DISTRIBUTED = event("audit:report-distributed", N_("Report given or sent to somebody"))


class Kind(StrEnum):
    """What a report is written as."""

    WORD = "docx"
    PDF = "pdf"


KIND_TITLES = {Kind.WORD: N_("Word"), Kind.PDF: N_("PDF")}


class Way(StrEnum):
    """How somebody got it."""

    MAIL = "e-mail"
    HAND = "by-hand"


WAY_TITLES = {Way.MAIL: N_("by e-mail"), Way.HAND: N_("handed over")}


class RecipientMissing(BadInput):
    message = N_("Enter who gets the report")


class AddressMissing(BadInput):
    message = N_("Enter the e-mail address to send it to, or choose “handed over”")


class AddressNotNeeded(BadInput):
    message = N_("Leave the address empty for a report that is handed over, or choose “by e-mail”")


def check_distribution(way: Way, recipient: str, address: str) -> None:
    """Whether a distribution says who and how. Raises RecipientMissing, AddressMissing or AddressNotNeeded."""
    if not recipient.strip():
        raise RecipientMissing()
    name, _at, domain = address.strip().partition("@")
    if way is Way.MAIL and not (name and domain):
        raise AddressMissing()
    if way is Way.HAND and address.strip():
        raise AddressNotNeeded()
