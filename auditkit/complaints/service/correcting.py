"""Putting right what was taken down: what a complaint is about, and who complained. The account stays."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.categories import check_category
from auditkit.complaints.models import Complaint
from auditkit.complaints.service.recording import Identity, search_words_of
from auditkit.complaints.service.taking import HANDLE, changed, for_change, texts
from auditkit.content.library import Library, shared

_TEXTS = ("subject", "product", "site", "wanted_remedy", "external_reference")
_BEFORE = "%s_before"


@dataclass(frozen=True)
class Correct:
    """All that the record says of the matter from now on, but for the complainant's own account."""

    reference: str
    version: int
    subject: str
    reason: str
    category: str = ""
    product: str = ""
    site: str = ""
    happened_on: date | None = None
    wanted_remedy: str = ""
    external_reference: str = ""


@dataclass(frozen=True)
class CorrectIdentity:
    """What changes of who complained. Empty texts stay as they are; `removed` names columns that are emptied."""

    reference: str
    version: int
    reason: str
    complainant: Identity = field(default_factory=Identity)
    removed: tuple[str, ...] = ()


@verb(HANDLE, leaves=rules.CORRECTED)
def correct(tx: Session, command: Correct, now: datetime, actor: Actor, *, library: Library | None = None) -> None:
    """Correct what the complaint is about, with the reason; the journal keeps what stood there.

    The categories are those of `library` (None: as shipped). Raises ReasonMissing, ErasedStays, SubjectMissing,
    UnknownWord, HappenedAfterReceipt, NothingCorrected, TextTooLong or TextNotStorable.
    """
    complaint = _for_correction(tx, command.reference, command.version, command.reason)
    if not command.subject.strip():
        raise rules.SubjectMissing
    rules.check_dates(complaint.received_at, command.happened_on, now)
    said = texts(**{name: getattr(command, name) for name in _TEXTS})
    said["category"] = check_category(library or shared(), command.category, complaint.category)
    facts: dict[str, Any] = {}
    if said["category"] != complaint.category:
        facts["category"] = [complaint.category, said["category"]]
    if command.happened_on != complaint.happened_on:
        facts["happened_on"] = [_day(complaint.happened_on), _day(command.happened_on)]
    written = _put(complaint, said)
    complaint.happened_on = command.happened_on
    written.pop("category", None)
    written.pop(_BEFORE % "category", None)
    names = [name for name in _TEXTS if name in written]
    _tell(tx, complaint, rules.CORRECTED, now, actor, {"fields": [*facts, *names], **facts}, written, command.reason)


@verb(HANDLE, leaves=rules.IDENTITY_CORRECTED)
def correct_identity(tx: Session, command: CorrectIdentity, now: datetime, actor: Actor) -> None:
    """Correct who complained, without reading it: a misheard address, a name that came later.

    Raises ReasonMissing, ErasedStays, NothingCorrected, UnknownWord, TextTooLong or TextNotStorable.
    """
    complaint = _for_correction(tx, command.reference, command.version, command.reason)
    given = {f"complainant_{one.name}": getattr(command.complainant, one.name).strip() for one in fields(Identity)}
    unknown = set(command.removed) - set(rules.IDENTITY)
    if unknown:
        raise rules.UnknownWord(word=min(unknown), known=rules.IDENTITY)
    said = texts(**{name: text for name, text in given.items() if text})
    written = _put(complaint, {**dict.fromkeys(command.removed, ""), **said})
    names = [name for name in rules.IDENTITY if name in written]
    _tell(tx, complaint, rules.IDENTITY_CORRECTED, now, actor, {"fields": names}, written, command.reason)


def _for_correction(tx: Session, reference: str, version: int, reason: str) -> Complaint:
    complaint = for_change(tx, reference, version)
    rules.check_reason(reason)
    return complaint


def _put(complaint: Complaint, said: dict[str, str]) -> dict[str, str]:
    """Put into the complaint what differs; what stands there now and what stood there, for the journal."""
    written: dict[str, str] = {}
    for name, text in said.items():
        before = getattr(complaint, name)
        if text != before:
            setattr(complaint, name, text)
            written |= {name: text, _BEFORE % name: before}
    return written


def _tell(
    tx: Session,
    complaint: Complaint,
    what: Any,
    now: datetime,
    actor: Actor,
    facts: dict[str, Any],
    written: dict[str, str],
    reason: str,
) -> None:
    if not facts["fields"]:
        raise rules.NothingCorrected
    complaint.search_words = search_words_of(complaint)
    changed(tx, complaint, what, now, actor, facts, {**written, **texts(reason=reason)})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
