"""What an import leaves in the journal, how rows are told apart, and when an import may be taken back. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from auditkit.base.errors import RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

IMPORTED = event("complaints:imported", N_("Complaints imported from a file"))
UNDONE = event("complaints:import-undone", N_("Import of complaints taken back"))
PROFILE_KEPT = event("complaints:import-profile-kept", N_("Profile of imports kept"), about_records=False)
PROFILE_RETIRED = event(
    "complaints:import-profile-retired", N_("Profile of imports no longer used"), about_records=False
)

LONGEST_NAME = 40
_APART = re.compile(r"[^a-z0-9]+")


class ProfileIsShipped(RuleBroken):
    message = N_("%(name)s is a profile that comes with auditkit. Give yours another title")


class ProfileNotKept(RuleBroken):
    message = N_("There is no profile %(name)s of your own")


class ImportNotUndoable(RuleBroken):
    message = N_("This import is still under way, or was cut off: import its file again first, so that it is whole")


class ImportAlreadyUndone(RuleBroken):
    message = N_("This import was taken back already")


class ImportBuiltOn(RuleBroken):
    message = N_(
        "The import cannot be taken back, because people have worked on what it brought: %(cases)s. Nothing more was "
        "removed"
    )


def profile_name(title: str, digest: str) -> str:
    """A name for commands and addresses made of a title; of its digest where the title has no Latin letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _APART.sub("-", plain).strip("-")[:LONGEST_NAME].strip("-") or f"profile-{digest[:8]}"


def row_digest(cells: Iterable[str]) -> bytes:
    """SHA-256 of a row's cells (UTF-8, each ended by U+001F): equal only for rows that say the same in every cell."""
    return hashlib.sha256("\x1f".join([*cells, ""]).encode()).digest()


def same_reference(reference: str) -> str:
    """The form in which references are compared: case and blanks do not count, accents do (Ş-1 is not S-1)."""
    return " ".join(unicodedata.normalize("NFC", reference).casefold().split())


def reference_key(source: str, reference: str) -> bytes:
    """What tells one complaint of `source` from another: SHA-256 over the source and the reference as compared."""
    return hashlib.sha256(f"{source}\x1f{same_reference(reference)}".encode()).digest()


def chunk_digest(digests: Iterable[bytes]) -> str:
    """SHA-256 (hex) over the digests of a chunk's rows, in the order they were stored: what the journal keeps."""
    total = hashlib.sha256()
    for digest in digests:
        total.update(digest)
    return total.hexdigest()
