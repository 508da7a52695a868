"""What an import leaves in the journal, and how rows are told apart. Pure."""

import hashlib
import unicodedata
from collections.abc import Iterable

from auditkit.base.events import event
from auditkit.base.text import N_

IMPORTED = event("complaints:imported", N_("Complaints imported from a file"))


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
