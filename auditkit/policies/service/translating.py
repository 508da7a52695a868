"""Verbs of translation: start a language, write it, follow a newer version, approve it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import rfc8785
from sqlalchemy import select

from auditkit.accounts.queries import members_with
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.policies.drafts import tell
from auditkit.policies.models import PolicyTranslation, PolicyTranslationVersion
from auditkit.policies.queries import policy as policy_view
from auditkit.policies.queries import translations as reads
from auditkit.policies.queries.documents import PolicyView
from auditkit.policies.rules import (
    MAX_TEXT,
    MAX_TITLE,
    DraftChanged,
    TextTooLong,
    approval_alone,
    checked_reason,
    translations,
)
from auditkit.policies.rules.translations import Piece


@dataclass(frozen=True)
class StartTranslation:
    policy_id: int
    language: str


@dataclass(frozen=True)
class Translate:
    """`sections`: id -> (heading, text); those left out stay. `follow`: from now on made from the newest version."""

    policy_id: int
    language: str
    title: str
    sections: Mapping[str, tuple[str, str]]
    revision: int | None = None
    follow: bool = False


@dataclass(frozen=True)
class ApproveTranslation:
    policy_id: int
    language: str
    reason: str
    revision: int | None = None


@verb("policies.edit", leaves=translations.TRANSLATION_STARTED)
def start_translation(
    tx: Session, command: StartTranslation, now: datetime, actor: Actor, *, library: Library | None = None
) -> int:
    """Begin a language; how many sections have a text already, the others are empty.

    Where the version says what the library says, and the library says it in that language too, its words are taken
    over; the answers in them stay as they were given. Raises NotFound, NothingToTranslate, LanguageUnknown.
    """
    policy = policy_view(tx, command.policy_id)
    source = reads.source_of(policy)
    if source is None:
        raise translations.NothingToTranslate
    taken = [one.language for one in reads.translations(tx, policy)]
    language = translations.checked_language(command.language, policy.language, taken)
    title, known = reads.said_by_library(policy, source, language, library) if library else ("", {})
    tx.add(
        PolicyTranslation(
            policy_id=policy.id,
            language=language,
            source_id=source.id,
            title=title,
            sections=reads.as_stored(known.get(one.id, Piece(one.id, "", "")) for one in source.sections),
            edited_by_id=actor.person_id,
            edited_at=now,
        )
    )
    tx.flush()
    facts = {"language": language, "source": source.number, "from_library": len(known)}
    tell(tx, translations.TRANSLATION_STARTED, policy.id, now, actor, **facts)
    return len(known)


@verb("policies.edit", leaves=translations.TRANSLATED)
def translate(tx: Session, command: Translate, now: datetime, actor: Actor) -> None:
    """Write the working text; it may stay unfinished. Raises NotFound, DraftChanged, TextTooLong."""
    policy = policy_view(tx, command.policy_id)
    row = _working(tx, policy, command.language, command.revision)
    now_there = reads.pieces_stored(row.sections)
    written = [_written(one, command.sections) for one in now_there]
    if command.follow and (newest := reads.source_of(policy)) is not None:
        written = translations.carried_over(written, reads.pieces(newest.sections))
        row.source_id = newest.id
    row.title = " ".join(command.title.split())[:MAX_TITLE]
    row.sections, row.revision = reads.as_stored(written), row.revision + 1
    row.edited_by_id, row.edited_at = actor.person_id, now
    facts = {"language": row.language, "revision": row.revision, "follow": command.follow}
    tell(tx, translations.TRANSLATED, policy.id, now, actor, **facts)


@verb("policies.approve", leaves=translations.TRANSLATION_APPROVED)
def approve_translation(tx: Session, command: ApproveTranslation, now: datetime, actor: Actor) -> int:
    """Freeze the working text as the language's next version; its number. It is public with the version it follows.

    Raises NotFound, DraftChanged, NotAllTranslated, TranslationUnchanged, ReasonMissing, ApproverIsEditor.
    """
    policy = policy_view(tx, command.policy_id)
    row = _working(tx, policy, command.language, command.revision)
    reason = checked_reason(command.reason)
    one = reads.translation(tx, policy, row.language)
    titles = {"": one.follows.title} | {section.id: section.title for section in one.follows.sections}
    translations.require_whole(row.title, one.sections, reads.pieces(one.follows.sections), titles)
    if one.approved is not None and not one.has_changes:
        raise translations.TranslationUnchanged(number=one.approved.number)
    may = {member.person_id: member.name for member in members_with(tx, "policies.approve")}
    alone = approval_alone(actor.person_id, row.edited_by_id, may)
    number = one.approved.number + 1 if one.approved else 1
    text_digest = digest(rfc8785.dumps({"title": row.title, "sections": row.sections}))
    tx.add(
        PolicyTranslationVersion(
            policy_id=policy.id,
            language=row.language,
            number=number,
            source_id=row.source_id,
            title=row.title,
            sections=row.sections,
            digest=text_digest,
            edited_by_id=row.edited_by_id,
            approved_by_id=actor.person_id,
            approved_at=now,
            approved_alone=alone,
            reason=reason,
        )
    )
    tx.flush()
    facts = {"language": row.language, "number": number, "source": one.follows.number, "digest": text_digest}
    tell(tx, translations.TRANSLATION_APPROVED, policy.id, now, actor, **facts)
    return number


def _working(tx: Session, policy: PolicyView, language: str, revision: int | None) -> PolicyTranslation:
    query = select(PolicyTranslation).where(
        PolicyTranslation.policy_id == policy.id, PolicyTranslation.language == language
    )
    row = tx.execute(query.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound
    if revision is not None and revision != row.revision:
        raise DraftChanged
    return row


def _written(one: Piece, sections: Mapping[str, tuple[str, str]]) -> Piece:
    if one.id not in sections:
        return one
    title, text = sections[one.id]
    if len(text) > MAX_TEXT:
        raise TextTooLong(length=len(text), limit=MAX_TEXT)
    return Piece(one.id, " ".join(title.split())[:MAX_TITLE], text.replace("\r\n", "\n").strip())
