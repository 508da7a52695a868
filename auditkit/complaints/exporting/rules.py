"""What leaves with a case and what is withheld. Pure. Checked by tests/slices/complaints_exporting/."""

import re
import unicodedata
from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

EXPORTED = event("complaint:file-exported", N_("Case file made"), about_records=False)
COPY_ADDED = event("complaint:redacted-copy-added", N_("Redacted copy of a file added"))
COPY_REMOVED = event("complaint:redacted-copy-removed", N_("Redacted copy of a file taken away"))

WITHHELD = "[withheld]"
"""What stands where personal data was withheld."""


class Extent(StrEnum):
    """How much of a case leaves."""

    WHOLE = "whole"
    REDACTED = "redacted"


EXTENT_TITLES = {
    Extent.WHOLE: N_("Whole"),
    Extent.REDACTED: N_(
        "Without personal data: identity and free texts are withheld, files unless there is a redacted copy"
    ),
}

COPY_SUBJECT = "complaint-redacted"
"""What redacted copies are attached to as evidence: beside the case, so that no list of its files holds them."""


class CopyMissing(BadInput):
    message = N_("Choose the redacted copy on your device")


class IsTheOriginal(RuleBroken):
    message = N_(
        "This is the original itself, byte for byte. Black out what must not leave, save it, and choose that file"
    )


class IsAnotherFile(RuleBroken):
    message = N_("This file is itself a file of this case, not a redacted copy of one. Choose the copy")


class NothingToCopy(RuleBroken):
    message = N_("The content of this file was erased; there is nothing a copy could stand for")


_UNSAFE = re.compile(r'[<>:"/\\|?*]')


def withheld(text: str) -> str:
    """What stands in place of a text: nothing for nothing, so that it still shows whether something was written."""
    return WITHHELD if text else ""


def paragraphs(text: str) -> tuple[str, ...]:
    """A text by its lines, without what a document cannot hold."""
    return tuple(printable(line) for line in text.splitlines() if line.strip())


def printable(text: str) -> str:
    """`text` without what XML cannot hold: control characters, halves of pairs, the two that are no characters."""
    return "".join(
        char if char == "\t" or not (unicodedata.category(char) in ("Cc", "Cs") or char in "\ufffe\uffff") else "\ufffd"
        for char in text
    )


def member_name(text: str) -> str:
    """`text` as a part of a name inside the ZIP that every system can unpack."""
    kept = "".join(char for char in _UNSAFE.sub("_", text) if unicodedata.category(char)[0] != "C").strip(". ")
    return kept[:80] or "case"
