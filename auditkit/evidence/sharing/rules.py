"""Decisions about showing files to outsiders: the choices, what each needs, the event. Pure."""

from enum import StrEnum

from auditkit.base.errors import RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

DECIDED = event("evidence:sharing-decided", N_("Decided what of a file a redacted pack shows"))
MAX_NOTE_CHARACTERS = 500


class Sharing(StrEnum):
    """What of a file a redacted pack shows."""

    AS_IT_IS = "as-it-is"
    COPY = "copy"
    WITHHELD = "withheld"


TITLES = {
    Sharing.AS_IT_IS: N_("The file as it is"),
    Sharing.COPY: N_("A redacted copy in its place"),
    Sharing.WITHHELD: N_("Nothing; it is withheld"),
}


class ReasonMissing(RuleBroken):
    message = N_("Say why: who looked at the file, and what was found or blacked out")


class CopyMissing(RuleBroken):
    message = N_("Choose the redacted copy, or decide otherwise")


class CopyIsTheFile(RuleBroken):
    message = N_("The copy is the file itself, byte for byte: nothing was blacked out in it")


def check(sharing: Sharing, note: str, file_id: int, copy_id: int | None) -> None:
    """Raises ReasonMissing, CopyMissing, CopyIsTheFile."""
    if not note.strip():
        raise ReasonMissing
    if sharing is Sharing.COPY:
        if copy_id is None:
            raise CopyMissing
        if copy_id == file_id:
            raise CopyIsTheFile
