"""How the organisation corresponds: its settings and its own wordings, each change on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict
from auditkit.base.verbs import verb
from auditkit.complaints.correspondence import queries, rules, wording
from auditkit.complaints.correspondence.models import CorrespondenceSetting, LetterWording
from auditkit.journal.service import record


@dataclass(frozen=True)
class ChangeSettings:
    """All settings as they shall be; `version` is the one that the person saw."""

    version: int
    reply_address: str = ""
    plus_addresses: bool = False
    sender_name: str = ""
    automatic_acknowledgement: bool = False
    automatic_counts: bool = False
    own_lists: str = ""


@dataclass(frozen=True)
class ChangeWording:
    """An own wording of a letter; both texts empty: back to the supplied one. `version` is the newest that was seen,
    `sort` one of `rules.SORTS`."""

    kind: str
    language: str
    version: int
    subject: str = ""
    text: str = ""
    sort: str = ""


@verb("organisation.manage", leaves=rules.SETTINGS_CHANGED)
def change_settings(tx: Session, command: ChangeSettings, now: datetime, actor: Actor) -> None:
    """Replace the settings. Raises Conflict, AddressUnusable, PlusNeedsAddress, CountsWithoutSending."""
    row = tx.execute(select(CorrespondenceSetting).with_for_update()).scalar_one_or_none()
    if (row.version if row is not None else 0) != command.version:
        raise Conflict
    if command.plus_addresses and not command.reply_address.strip():
        raise rules.PlusNeedsAddress
    if command.automatic_counts and not command.automatic_acknowledgement:
        raise rules.CountsWithoutSending
    if row is None:
        row = CorrespondenceSetting(version=0)
        tx.add(row)
    row.version = command.version + 1
    row.reply_address = rules.mail_address(command.reply_address) if command.reply_address.strip() else ""
    row.plus_addresses = command.plus_addresses
    row.sender_name = rules.check_subject(command.sender_name)[:100]
    row.automatic_acknowledgement = command.automatic_acknowledgement
    row.automatic_counts = command.automatic_counts
    row.own_lists = rules.check_text(command.own_lists, may_be_empty=True)
    tx.flush()
    names = ("reply_address", "plus_addresses", "sender_name", "automatic_acknowledgement", "automatic_counts")
    facts = {"version": row.version, **{name: getattr(row, name) for name in names}}
    record(tx, rules.SETTINGS_CHANGED, now=now, actor=actor, subject=("correspondence", row.id), facts=facts)


@verb("organisation.manage", leaves=rules.WORDING_CHANGED)
def change_wording(tx: Session, command: ChangeWording, now: datetime, actor: Actor) -> None:
    """Add a version of an own wording. Raises UnknownLetter, LetterBroken, TextMissing, Conflict and as messages do."""
    if command.kind not in rules.LETTER_KINDS or command.language not in rules.LANGUAGES:
        raise rules.UnknownLetter
    wording.supplied(command.kind, "en", command.sort)
    if queries.wording_version(tx, command.kind, command.language, command.sort) != command.version:
        raise Conflict
    back = not command.subject.strip() and not command.text.strip()
    subject, text = ("", "") if back else (rules.check_subject(command.subject), rules.check_text(command.text))
    if not back and not subject:
        raise rules.SubjectMissing
    wording.check(subject, text, wording.AUTOMATIC_BLANKS if command.kind == rules.AUTOMATIC else wording.BLANKS)
    row = LetterWording(
        kind=command.kind,
        language=command.language,
        version=queries.last_version(tx, command.kind, command.language) + 1,
        sort=command.sort,
        subject=subject,
        text=text,
        person_id=actor.person_id,
        created_at=now,
    )
    tx.add(row)
    tx.flush()
    facts = {"kind": row.kind, "sort": row.sort, "language": row.language, "version": row.version, "own": not back}
    record(tx, rules.WORDING_CHANGED, now=now, actor=actor, subject=("letter", row.id), facts=facts)
