"""Decisions about packs that need no database: what members may be called, which gaps stop a pack, its events.

Checked by tests/rules/test_packs_names.py and tests/rules/test_packs_gaps.py.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from auditkit.base.errors import AuditkitError, BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.packs.verify.layout import REDACTED, WHOLE

BUILT = event("pack:built", N_("Pack built"), about_records=False)
FILE_REMOVED = event("pack:file-removed", N_("File of a pack removed"), about_records=False)
DOWNLOADED = event("pack:downloaded", N_("Pack downloaded"), about_records=False)
KEY_RENEWED = event("signing-key:renewed", N_("Signing key renewed"), about_records=False)
KEY_REVOKED = event("signing-key:revoked", N_("Signing key revoked"), about_records=False)
KEY_LOCKED = event("signing-key:locked", N_("Signing key locked with a passphrase"), about_records=False)
KEY_UNLOCKED = event("signing-key:unlocked", N_("Passphrase of the signing key removed"), about_records=False)

STALE_AFTER = timedelta(days=365)
"""What is older than this at the end of the period is shown as stale (domain: evidence not older than 12 months)."""


class ClauseState(StrEnum):
    """What a pack shows for a clause."""

    FOUND = "records-found"
    GAP = "gap"
    NOT_CHECKED = "not-checked"


CLAUSE_STATE_TITLES = {
    ClauseState.FOUND: N_("Records found"),
    ClauseState.GAP: N_("Gap"),
    ClauseState.NOT_CHECKED: N_("Not checked"),
}


FORM_TITLES = {
    WHOLE: N_("Whole: names of people stand in it"),
    REDACTED: N_("Redacted: marks in the place of names, files only where somebody decided that they may be seen"),
}


@dataclass(frozen=True)
class Gap:
    """Something a pack should hold and does not: which part, what, why, and the clauses it would have shown."""

    part: str
    what: str
    why: str
    clauses: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what} ({self.why})"


class PeriodReversed(BadInput):
    message = N_("Enter a last day that is not before the first day (%(first)s)")


class PackHasGaps(RuleBroken):
    """The pack is not built until its gaps are accepted with a reason; `gaps` holds them."""

    message = N_("%(count)s things are missing. Add them, or accept that with a reason: %(gaps)s")

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)
        super().__init__(count=len(gaps), gaps="; ".join(map(str, gaps)))


class EvidenceLost(AuditkitError):
    """Stored evidence is not there; no reason can stand for it. `names` holds the files."""

    message = N_(
        "%(count)s evidence files are missing or damaged in the store. Bring them back from a backup: %(names)s"
    )

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(count=len(names), names="; ".join(names))


def check_period(start: date, end: date) -> None:
    """Raises PeriodReversed."""
    if end < start:
        raise PeriodReversed(first=start)


def check_gaps(gaps: Sequence[Gap], reason: str) -> None:
    """Raises PackHasGaps where something is missing and no reason was given for going on without it."""
    if gaps and not reason.strip():
        raise PackHasGaps(gaps)


def is_stale(newest: date | None, end: date) -> bool:
    """Whether something last changed more than a year before the period's end."""
    return newest is not None and newest < end - STALE_AFTER


def clause_state(shown: bool, missing: bool) -> ClauseState:
    """What is said of a clause for which something is `shown`, or a part that would have shown it is `missing`."""
    if missing:
        return ClauseState.GAP
    return ClauseState.FOUND if shown else ClauseState.NOT_CHECKED


LANGUAGES = ("en", "fa")
"""Languages in which the documents of packs and the room have templates and texts."""


class SubjectUnfit(BadInput):
    message = N_("Say which audit or complaint the pack is about; a pack about the organisation takes none")


class LanguagesUnfit(BadInput):
    message = N_("Choose one or more languages of: %(known)s")


def check_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the order chosen. Raises LanguagesUnfit."""
    chosen = tuple(dict.fromkeys(languages))
    if not chosen or not set(chosen) <= set(LANGUAGES):
        raise LanguagesUnfit(known=", ".join(LANGUAGES))
    return chosen


def bag_name(
    slug: str, pack_id: str, start: date, end: date, subject: str = "", languages: Sequence[str] = ("en",)
) -> str:
    """The bag's folder, and the begin of the ZIP's name: `acme_internal-audit_2026-01-01_2026-06-30`.

    What it is about stands in it, and its languages where it is not the English one alone.
    """
    name = f"{slug}_{pack_id}_{start.isoformat()}_{end.isoformat()}"
    if subject:
        name += f"_{safe_name(subject, 32).replace(' ', '-')}"
    if tuple(languages) != ("en",):
        name += f"_{'-'.join(languages)}"
    return safe_name(name, MAX_BAG_CHARACTERS)  # the form is added to it


MAX_NAME_CHARACTERS = 80
MAX_NAME_BYTES = 160
MAX_BAG_CHARACTERS = 70
MAX_PATH_CHARACTERS = 180
"""Leaves room below Windows' 260 for the folder into which somebody unpacks."""

_DEVICES = re.compile(
    r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)"
)
# `%` because BagIt escapes it and sha256sum does not; the rest because Windows refuses them.
_FORBIDDEN = frozenset('<>:"/\\|?*%')
_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic words need them
_WITHOUT_JOINERS = dict.fromkeys(map(ord, _JOINERS))


@lru_cache(maxsize=8192)
def safe_name(name: str, limit: int = MAX_NAME_CHARACTERS, byte_limit: int = MAX_NAME_BYTES) -> str:
    """`name` as one path component that Windows, macOS, unzip, sha256sum and BagIt tools all keep as it is.

    Composed to NFC; what they refuse, or what cannot be seen, becomes `_`; reserved names get `_` in front; a name
    longer than `limit` characters (at least 24) is cut before its extension and marked with six digits of its digest.
    The same name always gives the same result, and a safe name gives itself.
    """
    composed = unicodedata.normalize("NFC", name)
    text = "".join("_" if _is_unsafe(char) else char for char in composed)
    text = " ".join(text.split()).rstrip(". ") or "_"
    if text[0] in ".~-" or _DEVICES.match(text):
        text = "_" + text
    if len(text) > limit or len(text.encode()) > byte_limit:
        text = _cut(text, name, limit, byte_limit)
    return text


def _is_unsafe(char: str) -> bool:
    if char in _FORBIDDEN:
        return True
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and char not in _JOINERS


def _cut(text: str, original: str, limit: int, byte_limit: int) -> str:
    stem, extension = _split(text)
    mark = "~" + hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:6] + extension
    kept = stem[: limit - len(mark)]
    while len((kept + mark).encode()) > byte_limit:
        kept = kept[:-1]
    return kept.rstrip(" .") + mark


def _split(name: str) -> tuple[str, str]:
    """Stem and extension (with its dot); a long tail after a dot is no extension."""
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem and len(extension.encode()) <= 12 else (name, "")


def collision_key(path: str) -> str:
    """What two paths have in common when some file system cannot hold both: case, composition, width, joiners."""
    if path.isascii():
        return path.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
    return folded.translate(_WITHOUT_JOINERS)


def member_paths(wanted: Iterable[tuple[str, str]]) -> list[str]:
    """A path for each (folder, original name), in order: safe, short enough, no two the same on any file system.

    Folders are the caller's, safe already and at most 120 characters. Of names that collide the first keeps its own and
    the others are numbered (`report-2.pdf`), so hand them in an order that does not change.
    """
    taken: set[str] = set()
    paths = []
    for folder, name in wanted:
        limit = min(MAX_NAME_CHARACTERS, MAX_PATH_CHARACTERS - len(folder) - 1)
        path = f"{folder}/{safe_name(name, limit)}"
        number = 1
        while (key := collision_key(path)) in taken:
            number += 1
            stem, extension = _split(safe_name(name, limit - 6, MAX_NAME_BYTES - 6))
            path = f"{folder}/{stem}-{number}{extension}"
        taken.add(key)
        paths.append(path)
    return paths


def is_safe_path(path: str) -> bool:
    """Whether every component of `path` is one that `safe_name` would leave as it is, and the whole is short enough."""
    return len(path) <= MAX_PATH_CHARACTERS and all(safe_name(part) == part for part in path.split("/"))
