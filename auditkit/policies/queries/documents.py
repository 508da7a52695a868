"""Reads over policies: the draft, the versions, and which one is in force on a day or in a period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.content.blanks import blanks_in, fill
from auditkit.content.library import Library, policy_in
from auditkit.content.shapes import PolicyShape
from auditkit.policies import models
from auditkit.policies.models import OrganisationFact, Policy, PolicyCard, PolicyVersion
from auditkit.policies.rules import (
    COMPLAINTS_POLICY,
    Dates,
    Kind,
    NoSuchSection,
    Question,
    State,
    in_force,
    in_force_during,
    is_superseded,
    unanswered,
)


@dataclass(frozen=True)
class Section:
    """A section: its Markdown (in a draft with blanks, in a version filled) and the clauses it answers, in full."""

    id: str
    title: str
    clauses: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class AskedFor:
    """A question with its answer so far. `otherwise`: the organisation's fact where this document says another."""

    question: Question
    example: str
    help: str
    answer: str
    otherwise: str | None = None


@dataclass(frozen=True)
class Card:
    """What the list of documents says beside the text; see models.PolicyCard."""

    kind: Kind
    owner_id: int | None = None
    retention: str = ""
    distribution: str = ""
    review_months: int = 12
    states: tuple[str, ...] = ()


Facts = Mapping[tuple[str, str], str]
"""(name, kind) of a question -> the organisation's answer."""


@dataclass(frozen=True)
class Version:
    """An approved version. Days are inclusive, `withdrawn_on` is the first day without it."""

    id: int
    policy_id: int
    number: int
    title: str
    sections: tuple[Section, ...]
    digest: str
    edited_by_id: int | None
    approved_by_id: int
    approved_at: datetime
    approved_alone: bool
    reason: str
    review_by: date | None
    state: State
    effective_on: date | None
    published_by_id: int | None
    published_at: datetime | None
    withdrawn_on: date | None
    withdrawn_at: datetime | None
    withdrawn_by_id: int | None
    withdrawn_reason: str
    answers: Mapping[str, str]
    """The answers that its blanks were filled with."""

    @property
    def dates(self) -> Dates:
        """What decides whether it is in force."""
        return Dates(self.number, self.effective_on, self.withdrawn_on)

    @property
    def newest(self) -> datetime:
        """When it was changed last: approved, published or withdrawn."""
        return max(when for when in (self.approved_at, self.published_at, self.withdrawn_at) if when is not None)


@dataclass(frozen=True)
class PolicyView:
    """A policy: its draft and its versions, oldest first."""

    id: int
    content_id: str
    reference: str
    title: str
    purpose: str
    edition: str
    language: str
    is_public: bool
    asked: tuple[AskedFor, ...]
    sections: tuple[Section, ...]
    revision: int
    edited_by_id: int | None
    edited_at: datetime
    versions: tuple[Version, ...]
    has_changes: bool
    """Whether the draft differs from the newest version (also true where there is none)."""
    card: Card

    @property
    def newest(self) -> Version | None:
        """The newest version."""
        return self.versions[-1] if self.versions else None

    @property
    def answers(self) -> dict[str, str]:
        """The answers given."""
        return {one.question.name: one.answer for one in self.asked if one.answer}

    @property
    def blanks(self) -> frozenset[str]:
        """The blanks that stand in the draft."""
        return frozenset(name for one in self.sections for name in blanks_in(one.text))

    @property
    def open_questions(self) -> list[Question]:
        """The questions that must be answered before approval."""
        return unanswered((one.question for one in self.asked), self.answers, (one.text for one in self.sections))

    def section(self, section_id: str) -> Section:
        """A section of the draft. Raises NoSuchSection."""
        for one in self.sections:
            if one.id == section_id:
                return one
        raise NoSuchSection(id=section_id)

    def version(self, number: int) -> Version:
        """A version by number. Raises NotFound."""
        for one in self.versions:
            if one.number == number:
                return one
        raise NotFound

    def in_force(self, on: date) -> Version | None:
        """The version in force on a day."""
        number = in_force((one.dates for one in self.versions), on)
        return None if number is None else self.version(number)

    def in_period(self, start: date, end: date) -> list[Version]:
        """The versions in force on any day from `start` to `end` (both inclusive), oldest first."""
        return [self.version(number) for number in in_force_during([one.dates for one in self.versions], start, end)]

    def is_superseded(self, version: Version, on: date) -> bool:
        """Whether a newer one has come into force."""
        return is_superseded((one.dates for one in self.versions), version.number, on)

    def shown(self, text: str) -> str:
        """Draft Markdown with its blanks filled; an open question stands in brackets where its answer will be."""
        values = {one.question.name: one.answer or f"[{one.question.question}]" for one in self.asked}
        optional = {one.question.name for one in self.asked if not one.question.required and not one.answer}
        return fill(text, {name: value for name, value in values.items() if name not in optional})

    def leaves_out(self, text: str) -> list[str]:
        """The optional questions without an answer for which `text` leaves a line or paragraph out."""
        optional = {one.question.name: one for one in self.asked if not one.question.required and not one.answer}
        return [optional[name].question.question for name in blanks_in(text) if name in optional]


def policies(tx: Session) -> list[PolicyView]:
    """The organisation's documents by reference."""
    rows = tx.execute(select(Policy).options(selectinload(Policy.versions)).order_by(Policy.reference)).scalars().all()
    known, cards = facts(tx), _cards(tx)
    return [view(row, known, cards.get(row.id)) for row in rows]


def newest_change(tx: Session) -> datetime | None:
    """When a version of any document was last approved, published or withdrawn; None where there is none."""
    version = PolicyVersion
    newest = [func.max(moment) for moment in (version.approved_at, version.published_at, version.withdrawn_at)]
    return max((moment for moment in tx.execute(select(*newest)).one() if moment is not None), default=None)


def ids_by_reference(tx: Session) -> dict[str, int]:
    """The key of each document by what people call it."""
    return {row.reference: row.id for row in tx.execute(select(Policy.id, Policy.reference))}


def policy(tx: Session, policy_id: int) -> PolicyView:
    """One document. Raises NotFound."""
    row = tx.execute(select(Policy).where(Policy.id == policy_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return view(row, facts(tx), _cards(tx, policy_id).get(policy_id))


def by_reference(tx: Session, reference: str) -> int | None:
    """The id of the document with a reference such as POL-01."""
    return tx.execute(select(Policy.id).where(Policy.reference == reference)).scalar()


def complaints_policy(tx: Session) -> PolicyView | None:
    """The organisation's complaints-handling policy, None where it was not started."""
    row = tx.execute(select(Policy.id).where(Policy.content_id == COMPLAINTS_POLICY)).scalar_one_or_none()
    return None if row is None else policy(tx, row)


@dataclass(frozen=True)
class Imported:
    """The Word file a document came from, and what of it was not taken over as it was."""

    file_name: str
    digest: str
    left_out: tuple[Mapping[str, Any], ...]
    imported_at: datetime
    imported_by_id: int | None


def imported(tx: Session, policy_id: int) -> Imported | None:
    """Where a document was imported from; None where it was not."""
    row = tx.execute(select(models.PolicyImport).where(models.PolicyImport.policy_id == policy_id)).scalar_one_or_none()
    if row is None:
        return None
    return Imported(row.file_name, row.digest, tuple(row.left_out), row.imported_at, row.imported_by_id)


def facts(tx: Session) -> dict[tuple[str, str], str]:
    """The organisation's facts, (name, kind) -> value."""
    rows = tx.execute(select(OrganisationFact.name, OrganisationFact.kind, OrganisationFact.value))
    return {(row.name, row.kind): row.value for row in rows}


def _cards(tx: Session, policy_id: int | None = None) -> dict[int, Card]:
    query = select(PolicyCard)
    rows = tx.execute(query if policy_id is None else query.where(PolicyCard.policy_id == policy_id)).scalars()
    return {
        row.policy_id: Card(
            Kind(row.kind), row.owner_id, row.retention, row.distribution, row.review_months, tuple(row.states)
        )
        for row in rows
    }


def published(tx: Session, on: date) -> tuple[PolicyView, Version] | None:
    """The complaints-handling policy with the version in force on a day, for the public page and for packs."""
    found = complaints_policy(tx)
    version = found.in_force(on) if found else None
    return (found, version) if found and version else None


def to_start(tx: Session, library: Library, language: str) -> list[PolicyShape]:
    """The library's policy texts that the organisation has not started from yet; the complaints policy leads.

    In `language`, or in English where they are not whole in it: as `service.start` would take them.
    """
    started = set(tx.execute(select(Policy.content_id)).scalars())
    left = [policy_in(library, name, language)[0] for name in library.policies if name not in started]
    return sorted(left, key=lambda shape: shape.id != COMPLAINTS_POLICY)


def in_use(tx: Session, library: Library, language: str) -> list[PolicyShape]:
    """The library's policy texts that a document was made from, so that a second one may be; as `to_start`."""
    started = set(tx.execute(select(Policy.content_id)).scalars())
    return [policy_in(library, name, language)[0] for name in library.policies if name in started]


def answers_elsewhere(tx: Session, questions: Iterable[Question]) -> dict[str, str]:
    """The organisation's facts that answer these questions: same name and same kind."""
    known = facts(tx)
    return {one.name: known[one.name, one.kind] for one in questions if (one.name, one.kind) in known}


def answers_of(row: Policy, known: Facts) -> dict[str, str]:
    """What fills the blanks of a draft: the organisation's facts, but for what this document answers otherwise."""
    asked = {one.name: known.get((one.name, one.kind), "") for one in questions_of(row)}
    return {name: answer for name, answer in (asked | row.answers).items() if answer}


def filled_sections(
    questions: Iterable[Question], answers: dict[str, str], sections: Iterable[Section]
) -> list[Section]:
    """The sections with their blanks filled; one whose text is left out whole is left out.

    Raises BlankUnanswered where a required one is missing.
    """
    required = {one.name for one in questions if one.required}
    texts = [(one, fill(one.text, answers, required)) for one in sections]
    return [Section(one.id, one.title, one.clauses, text) for one, text in texts if text.strip()]


def as_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Sections as they are stored."""
    return [{"id": one.id, "title": one.title, "clauses": list(one.clauses), "text": one.text} for one in sections]


def sections_of(stored: list[dict[str, Any]]) -> tuple[Section, ...]:
    """Stored sections for reading."""
    return tuple(Section(one["id"], one["title"], tuple(one["clauses"]), one["text"]) for one in stored)


def questions_of(row: Policy) -> list[Question]:
    """The questions frozen with a policy."""
    return questions_stored(row.questions)


def questions_stored(stored: Iterable[dict[str, Any]]) -> list[Question]:
    """Questions as the library's JSON has them."""
    return [Question(one["name"], one["question"], one["type"], one["required"]) for one in stored]


def view(row: Policy, known: Facts, card: Card | None = None) -> PolicyView:
    """A document for reading, its blanks answered by the organisation's facts."""
    questions, answers = questions_of(row), answers_of(row, known)
    asked = tuple(
        AskedFor(
            question,
            stored["example"],
            stored["help"] or "",
            answers.get(question.name, ""),
            known.get((question.name, question.kind), "") if question.name in row.answers else None,
        )
        for question, stored in zip(questions, row.questions, strict=True)
    )
    versions = tuple(_version(one) for one in row.versions)
    return PolicyView(
        id=row.id,
        content_id=row.content_id,
        reference=row.reference,
        title=row.title,
        purpose=row.purpose,
        edition=row.edition,
        language=row.language,
        is_public=row.is_public,
        asked=asked,
        sections=sections_of(row.sections),
        revision=row.revision,
        edited_by_id=row.edited_by_id,
        edited_at=row.edited_at,
        versions=versions,
        has_changes=_has_changes(row, questions, answers, versions),
        card=card or Card(Kind.OTHER),
    )


def _has_changes(
    row: Policy, questions: list[Question], answers: dict[str, str], versions: tuple[Version, ...]
) -> bool:
    if not versions or unanswered(questions, answers, (one["text"] for one in row.sections)):
        return True
    filled = filled_sections(questions, answers, sections_of(row.sections))
    return (row.title, tuple(filled)) != (versions[-1].title, versions[-1].sections)


def _version(row: PolicyVersion) -> Version:
    return Version(
        id=row.id,
        policy_id=row.policy_id,
        number=row.number,
        title=row.title,
        sections=sections_of(row.sections),
        digest=row.digest,
        edited_by_id=row.edited_by_id,
        approved_by_id=row.approved_by_id,
        approved_at=row.approved_at,
        approved_alone=row.approved_alone,
        reason=row.reason,
        review_by=row.review_by,
        state=State(row.state),
        effective_on=row.effective_on,
        published_by_id=row.published_by_id,
        published_at=row.published_at,
        withdrawn_on=row.withdrawn_on,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by_id=row.withdrawn_by_id,
        withdrawn_reason=row.withdrawn_reason,
        answers=row.answers,
    )
