"""Reads over translations: what each language has, which version it follows, and what changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.content.blanks import fill
from auditkit.content.library import Library, policy_in
from auditkit.policies import models
from auditkit.policies.models import PolicyTranslationVersion
from auditkit.policies.queries.documents import PolicyView, Section, Version
from auditkit.policies.rules.cards import text_of
from auditkit.policies.rules.translations import Piece, changed_sections


@dataclass(frozen=True)
class Edition:
    """An approved version of a translation. `source`: the number of the version it follows."""

    language: str
    number: int
    source: int
    title: str
    sections: tuple[Piece, ...]
    digest: str
    edited_by_id: int | None
    approved_by_id: int
    approved_at: datetime
    approved_alone: bool
    reason: str


@dataclass(frozen=True)
class Translation:
    """The working text of a language and its approved versions, oldest first.

    `follows` is the version the working text is made from, `newest` the one it should follow; `changed` are the
    sections that differ between them, id -> title. `waiting`: those that changed since the source of what is approved.
    """

    language: str
    title: str
    sections: tuple[Piece, ...]
    revision: int
    edited_by_id: int | None
    edited_at: datetime
    follows: Version
    newest: Version
    changed: Mapping[str, str]
    versions: tuple[Edition, ...]
    waiting: Mapping[str, str]

    @property
    def approved(self) -> Edition | None:
        """The newest approved version."""
        return self.versions[-1] if self.versions else None

    @property
    def is_stale(self) -> bool:
        """Whether what is approved follows an older version with another text."""
        return bool(self.waiting)

    @property
    def has_changes(self) -> bool:
        """Whether the working text differs from what is approved."""
        last = self.approved
        return last is None or (self.title, self.sections, self.follows.number) != (
            last.title,
            last.sections,
            last.source,
        )


def pieces(sections: Iterable[Section]) -> list[Piece]:
    """Sections of a version as translations see them."""
    return [Piece(one.id, one.title, one.text) for one in sections]


def pieces_stored(stored: Iterable[Mapping[str, Any]]) -> tuple[Piece, ...]:
    """Stored sections of a translation."""
    return tuple(Piece(one["id"], one["title"], one["text"]) for one in stored)


def as_stored(sections: Iterable[Piece]) -> list[dict[str, str]]:
    """Sections of a translation as they are stored."""
    return [{"id": one.id, "title": one.title, "text": one.text} for one in sections]


def whole(version: Version) -> list[Piece]:
    """A version with its title as a piece of its own, for comparing."""
    return [Piece("", version.title, ""), *pieces(version.sections)]


def source_of(policy: PolicyView) -> Version | None:
    """The version that translations follow: the newest that is not withdrawn."""
    return next((one for one in reversed(policy.versions) if one.withdrawn_on is None), None)


def said_by_library(
    policy: PolicyView, version: Version, language: str, library: Library
) -> tuple[str, dict[str, Piece]]:
    """A version in the library's words of another language: its title, and those of its sections that the
    organisation took over as they were, filled with the version's answers. What it wrote itself is not in it.
    """
    name = text_of(policy.content_id)
    if name not in library.policies:
        return "", {}
    written, written_in = policy_in(library, name, policy.language)
    said, said_in = policy_in(library, name, language)
    if (written_in, said_in) != (policy.language, language):
        return "", {}
    there = {one.id: (one.title, one.text) for one in version.sections}
    return str(said.title) if version.title == written.title else "", {
        other.id: Piece(other.id, str(other.title), fill(other.text, version.answers))
        for one, other in zip(written.sections, said.sections, strict=True)
        if there.get(one.id) == (one.title, fill(one.text, version.answers))
    }


def translations(tx: Session, policy: PolicyView) -> list[Translation]:
    """The translations of a document by language."""
    newest = source_of(policy)
    by_id = {one.id: one for one in policy.versions}
    editions = _editions(tx, [policy.id], {one.id: one.number for one in policy.versions}).get(policy.id, {})
    query = select(models.PolicyTranslation).where(models.PolicyTranslation.policy_id == policy.id)
    found = []
    for row in tx.execute(query.order_by(models.PolicyTranslation.language)).scalars():
        follows = by_id[row.source_id]
        should = newest or follows
        approved = editions.get(row.language, [])
        last = policy.version(approved[-1].source) if approved else None
        found.append(
            Translation(
                row.language,
                row.title,
                pieces_stored(row.sections),
                row.revision,
                row.edited_by_id,
                row.edited_at,
                follows,
                should,
                changed_sections(whole(follows), whole(should)),
                tuple(approved),
                changed_sections(whole(last), whole(should)) if last else {},
            )
        )
    return found


def translation(tx: Session, policy: PolicyView, language: str) -> Translation:
    """One of them. Raises NotFound."""
    for one in translations(tx, policy):
        if one.language == language:
            return one
    raise NotFound


def in_force(tx: Session, policy: PolicyView, on: date) -> tuple[Version, dict[str, Edition], dict[str, bool]] | None:
    """The version in force, what each language has of it or of one before, and which of these are stale."""
    version = policy.in_force(on)
    if version is None:
        return None
    editions = _editions(tx, [policy.id], {one.id: one.number for one in policy.versions}).get(policy.id, {})
    fitting = {
        language: usable[-1]
        for language, all_of_it in editions.items()
        if (usable := [one for one in all_of_it if one.source <= version.number])
    }
    stale = {
        language: bool(changed_sections(whole(policy.version(one.source)), whole(version)))
        for language, one in fitting.items()
    }
    return version, fitting, stale


def editions_of(tx: Session, policy: PolicyView, number: int) -> list[Edition]:
    """The newest approved translation of a version in each language."""
    found = _editions(tx, [policy.id], {one.id: one.number for one in policy.versions}).get(policy.id, {})
    fitting = ([one for one in all_of_it if one.source == number] for all_of_it in found.values())
    return [one[-1] for one in fitting if one]


def edition_of(tx: Session, policy: PolicyView, number: int, language: str) -> Edition:
    """That of one language. Raises NotFound."""
    for one in editions_of(tx, policy, number):
        if one.language == language:
            return one
    raise NotFound


def languages(tx: Session, documents: Sequence[PolicyView]) -> dict[int, dict[str, bool]]:
    """Document id -> language of a translation -> whether it is stale, for the list of documents."""
    numbers = {version.id: version.number for one in documents for version in one.versions}
    editions = _editions(tx, [one.id for one in documents], numbers)
    found: dict[int, dict[str, bool]] = {}
    for policy in documents:
        newest = source_of(policy)
        for language, all_of_it in editions.get(policy.id, {}).items():
            source = policy.version(all_of_it[-1].source)
            stale = newest is not None and bool(changed_sections(whole(source), whole(newest)))
            found.setdefault(policy.id, {})[language] = stale
    return found


def _editions(tx: Session, documents: Sequence[int], numbers: Mapping[int, int]) -> dict[int, dict[str, list[Edition]]]:
    query = select(PolicyTranslationVersion).where(PolicyTranslationVersion.policy_id.in_(documents))
    found: dict[int, dict[str, list[Edition]]] = {}
    order = (PolicyTranslationVersion.language, PolicyTranslationVersion.number)
    for row in tx.execute(query.order_by(*order)).scalars():
        edition = Edition(
            row.language,
            row.number,
            numbers[row.source_id],
            row.title,
            pieces_stored(row.sections),
            row.digest,
            row.edited_by_id,
            row.approved_by_id,
            row.approved_at,
            row.approved_alone,
            row.reason,
        )
        found.setdefault(row.policy_id, {}).setdefault(row.language, []).append(edition)
    return found
