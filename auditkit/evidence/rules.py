"""What is taken as evidence and why not: events, limits, refusals, and the checks of a tag. Pure.

tests/rules/test_evidence_rules.py holds it; what each bad input meets is in tests/slices/evidence/.
"""

import re
from collections.abc import Sequence
from datetime import date

from auditkit.base.errors import AuditkitError, BadInput, Conflict, RuleBroken, Several
from auditkit.base.events import event
from auditkit.base.text import N_

ADDED = event("evidence:added", N_("Evidence file added"))
ADDED_AGAIN = event("evidence:added-again", N_("Evidence file received again; the stored one is kept"))
CAPTURED = event("evidence:captured", N_("Record captured as evidence"))
LINKED = event("evidence:linked", N_("Evidence attached"))
UNLINKED = event("evidence:unlinked", N_("Evidence detached"))
TAGGED = event("evidence:tagged", N_("Note, period or clauses of evidence changed"))
ERASED = event("evidence:erased", N_("Content of evidence erased; its digest is kept"))
READ = event("evidence:read", N_("Evidence file downloaded"), about_records=False)

ERASED_NAME = "erased"
"""The name of a file whose content was erased."""

MIB = 1024 * 1024
MAX_FILE_BYTES = 100 * MIB
MAX_PIXELS = 250_000_000
"""An A1 scan at 600 dpi or the largest telephone camera; a viewer needs 1 GB to show that many."""
MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 500 * MIB
MAX_RATIO = 200
RATIO_FROM_BYTES = 5 * MIB
"""Below this size no ratio is suspicious: an empty spreadsheet packs very well."""

MAX_NAME_CHARACTERS = 255
MAX_NOTE_CHARACTERS = 2_000
MAX_CLAUSES = 40

UPLOAD, CAPTURE = "upload", "capture"
SOURCES = (UPLOAD, CAPTURE)

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUBJECT_KIND = re.compile(r"[a-z][a-z-]{0,39}")
_CLAUSE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*:[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")

# What a person is told about a file that was taken all the same. Kept with the file by these names.
NOTICES = {
    "named-otherwise": N_("The name ends in %(extension)s, but by its content this is: %(kind)s"),
    "trailing-data": N_("There are %(bytes)s bytes after the end of the picture"),
    "cut-off": N_("The end of the file is missing; it may have been cut off"),
    "active-pdf": N_("This PDF contains scripts or starts something when opened (%(what)s). Open it in a safe viewer"),
    "encrypted-pdf": N_("This PDF is encrypted; a reviewer may need a password"),
    "active-svg": N_("This drawing contains scripts or refers to other places. It is offered for download only"),
    "active-html": N_("This is a web page and may contain scripts. It is offered for download only"),
    "members-unchecked": N_("Documents inside the archive were not checked for macros"),
    "charset-unknown": N_("The text is not in UTF-8; its letters may be shown wrongly"),
}


class FileRefused(BadInput):
    """Base of every refusal of a file; `place` is its name. Nothing of it was stored."""

    message = N_("This file cannot be taken as evidence")


class FileEmpty(FileRefused):
    message = N_("The file is empty. Choose the file that holds the evidence")


class FileTooLarge(FileRefused):
    message = N_("The file is larger than %(limit)s MiB. Split it, or send the part that matters")


class ProgramRefused(FileRefused):
    message = N_(
        "This is a program (%(what)s), whatever its name says. Programs are not taken; send a picture of what it shows"
    )


class KindRefused(FileRefused):
    message = N_(
        "Files of this kind are not taken (%(what)s). Send a PDF, office document, picture, recording, text or ZIP"
    )


class OtherArchive(FileRefused):
    message = N_("Archives of this kind are not taken (%(what)s). Pack the files as ZIP, or send them one by one")


class MacrosRefused(FileRefused):
    message = N_("The document contains macros. Save it without them (as .docx, .xlsx, .pptx or PDF) and send that")


class DocumentLocked(FileRefused):
    message = N_("The document is password protected. Save it without a password and send that")


class FileDamaged(FileRefused):
    message = N_("The file begins like a file of the kind “%(kind)s” but is damaged at byte %(offset)s. Save it again")


class PictureTooLarge(FileRefused):
    message = N_("The picture has %(width)s × %(height)s pixels; at most %(limit)s million are taken. Make it smaller")


class TwoInOne(FileRefused):
    message = N_("The file is two things at once: %(kind)s with a ZIP archive inside. Send them as separate files")


class ArchiveDamaged(FileRefused):
    message = N_("The archive is cut off or damaged. Pack the files again")


class MemberDamaged(FileRefused):
    message = N_("“%(member)s” in the archive is damaged (its checksum does not fit). Pack the files again")


class ArchiveLocked(FileRefused):
    message = N_("The archive is password protected (“%(member)s”). Pack the files again without a password")


class MemberMisplaced(FileRefused):
    message = N_("“%(member)s” in the archive names a place outside it. Pack the files again with plain names")


class MemberIsLink(FileRefused):
    message = N_("“%(member)s” in the archive is a link, not a file. Pack the file that it points to")


class MemberTwice(FileRefused):
    message = N_("The archive holds “%(member)s” twice. Pack the files again with different names")


class MemberIsArchive(FileRefused):
    message = N_("“%(member)s” is an archive inside the archive. Unpack it first, and send the files themselves")


class MemberIsProgram(FileRefused):
    message = N_(
        "“%(member)s” in the archive is a program (%(what)s). Programs are not taken; pack the files without it"
    )


class MemberPackedOddly(FileRefused):
    message = N_("“%(member)s” is packed in a way that cannot be checked. Pack the files again as an ordinary ZIP")


class ArchiveTooMany(FileRefused):
    message = N_("The archive holds %(count)s files; at most %(limit)s are taken. Split it")


class ArchiveTooLarge(FileRefused):
    message = N_("Unpacked, the archive would have %(size)s MiB; at most %(limit)s are taken. Split it")


class ArchiveBomb(FileRefused):
    message = N_(
        "The archive unpacks to %(ratio)s times its size; at most %(limit)s times is taken. Send the files themselves"
    )


class UploadsRefused(Several, FileRefused):
    """Several files were sent and some cannot be taken; none was stored. `refusals` has one error a file."""

    message = N_("Nothing was stored")

    def __init__(self, refusals: Sequence[FileRefused]) -> None:
        super().__init__()
        self.refusals = tuple(refusals)

    def __str__(self) -> str:
        return "\n".join(str(one) for one in self.refusals)


class StorageFull(AuditkitError):
    message = N_("There is no room left to store the file. Nothing was stored. Tell the administrator")


class StorageFailed(AuditkitError):
    message = N_("The file could not be stored (%(reason)s). Nothing was stored. Tell the administrator")


class StoredObjectDamaged(AuditkitError):
    message = N_(
        "The stored file %(digest)s no longer has its digest. Tell the administrator: it must come back from a backup"
    )


class StoredObjectMissing(AuditkitError):
    message = N_("The stored file %(digest)s is missing. Tell the administrator: it must come back from a backup")


class NotALink(Conflict):
    message = N_("This evidence is not attached here, or no longer")


class PeriodBackwards(RuleBroken):
    message = N_("The period ends before it begins. Enter the earlier date first")


class ClauseMalformed(BadInput):
    message = N_("“%(clause)s” is not a clause. Write it as edition:clause, such as iso10002-2018:7.4")


class SubjectMalformed(ValueError):
    """A subject that is no (kind, id): a defect of the caller, not of the input."""


def is_digest(text: str) -> bool:
    """Whether `text` is a SHA-256 in 64 lower-case hexadecimal digits."""
    return _DIGEST.fullmatch(text) is not None


def checked_subject(subject: tuple[str, int]) -> tuple[str, int]:
    """`subject` as (kind, id), the kind as in the journal (`audit-answer`). Raises SubjectMalformed."""
    kind, number = subject
    if not _SUBJECT_KIND.fullmatch(kind) or number <= 0:
        raise SubjectMalformed(f"{subject!r} is no subject of evidence")
    return subject


def checked_period(begins: date | None, ends: date | None) -> tuple[date | None, date | None]:
    """The days that evidence covers, both inclusive, either open. Raises PeriodBackwards."""
    if begins is not None and ends is not None and ends < begins:
        raise PeriodBackwards
    return begins, ends


def checked_clauses(clauses: Sequence[str]) -> list[str]:
    """Clause references in full, once each, in the order given. Raises ClauseMalformed."""
    wanted = list(dict.fromkeys(clause.strip() for clause in clauses if clause.strip()))
    for clause in wanted[:MAX_CLAUSES]:
        if not _CLAUSE.fullmatch(clause):
            raise ClauseMalformed(clause=clause)
    if len(wanted) > MAX_CLAUSES:
        raise ClauseMalformed(clause=wanted[MAX_CLAUSES])
    return wanted
