"""Own templates of an organisation: what happens to them, what they may be. Pure."""

from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

ADDED = event("template:added", N_("Own Word template added"), about_records=False)
TAKEN = event("template:taken-into-use", N_("Own Word template taken into use"))
LEFT = event("template:taken-out-of-use", N_("Shipped Word template in use again"))
MADE = event("document:made", N_("Document made"), about_records=False)

MEBIBYTE = 1024 * 1024
LARGEST = 5 * MEBIBYTE
LONGEST_NAME = 200
LONGEST_NOTE = 1000


class Origin(StrEnum):
    """Whose template made a document."""

    SHIPPED = "shipped"
    INSTALLATION = "installation"
    ORGANISATION = "organisation"


ORIGIN_TITLES = {
    Origin.SHIPPED: N_("Shipped template"),
    Origin.INSTALLATION: N_("Template of the installation"),
    Origin.ORGANISATION: N_("Own template"),
}


class Kind(StrEnum):
    """What a document is made as."""

    WORD = "docx"
    PDF = "pdf"


class TooLarge(BadInput):
    message = N_("The file is larger than %(mebibytes)s MiB. Use smaller pictures")


class NotUsable(RuleBroken):
    message = N_("This template cannot be used. Errors: %(count)s. Mend them in Word and upload it again")


class SameAgain(RuleBroken):
    message = N_("This is version %(number)s, byte for byte. Nothing was added")


class NoneInUse(RuleBroken):
    message = N_("No template of your own is in use for this document")


def checked_size(content: bytes) -> bytes:
    """`content` where it is not too large to keep. Raises TooLarge."""
    if len(content) > LARGEST:
        raise TooLarge(mebibytes=LARGEST // MEBIBYTE)
    return content
