"""Verbs that make a document: from a text of the library, or blank; and its card."""

from dataclasses import dataclass
from datetime import datetime

import rfc8785
from sqlalchemy import ColumnElement, func, or_, select

from auditkit.accounts.queries import language_of_house, members
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.base.verbs import verb
from auditkit.content.library import Library, policy_in
from auditkit.policies.drafts import LANGUAGE, draft, edited, make, stored_sections, tell
from auditkit.policies.models import Policy, PolicyCard
from auditkit.policies.rules import COMPLAINTS_POLICY, MAX_TITLE, STARTED, AlreadyStarted, Kind, cards
from auditkit.policies.rules.documents import checked_heading


@dataclass(frozen=True)
class Start:
    """`again`: one more document from a text that is in use already, such as one a site of its own.

    `language`: of the document; empty for the organisation's. A text that is not whole in it is taken in English.
    """

    content_id: str = COMPLAINTS_POLICY
    again: bool = False
    language: str = ""


@dataclass(frozen=True)
class StartBlank:
    """A document of the organisation's own. `language` is one of rules.cards.LANGUAGES."""

    title: str
    kind: str = Kind.OTHER.value
    purpose: str = ""
    language: str = LANGUAGE
    edition: str = "iso10002-2018"


@dataclass(frozen=True)
class ChangeCard:
    """What the list of documents says. `states`: live settings it states beside those of its blanks."""

    policy_id: int
    title: str
    purpose: str
    kind: str
    owner_id: int | None
    retention: str = ""
    distribution: str = ""
    review_months: int | None = 12
    is_public: bool = False
    states: tuple[str, ...] = ()


@verb("policies.edit", leaves=STARTED)
def start(tx: Session, command: Start, now: datetime, actor: Actor, *, library: Library) -> int:
    """Make the organisation's draft from a text of the library; its id.

    Its blanks are filled with the facts the organisation has given so far. Raises NotFound, AlreadyStarted,
    LanguageNotKnown.
    """
    wanted = cards.document_language(command.language) if command.language else language_of_house(tx)
    shape, language = policy_in(library, command.content_id, wanted)
    taken = tx.execute(select(func.count(Policy.id)).where(_made_from(shape.id))).scalar_one()
    if taken and not command.again:
        raise AlreadyStarted
    stored = shape.model_dump(mode="json")
    return make(
        tx,
        now,
        actor,
        cards.kind_of(shape.id),
        content_id=f"{shape.id}{cards.COPY}{taken + 1}" if taken else shape.id,
        content_digest=digest(rfc8785.dumps(stored)),
        title=f"{shape.title} ({taken + 1})" if taken else str(shape.title),
        purpose=str(shape.purpose),
        edition=shape.edition,
        language=language,
        is_public=shape.public,
        questions=stored["fields"],
        sections=stored_sections(shape),
    )


def _made_from(content_id: str) -> ColumnElement[bool]:
    """Documents made from a text of the library: the first and its further copies."""
    return or_(Policy.content_id == content_id, Policy.content_id.startswith(content_id + cards.COPY, autoescape=True))


@verb("policies.edit", leaves=STARTED)
def start_blank(tx: Session, command: StartBlank, now: datetime, actor: Actor) -> int:
    """Make a document without text; its id. Raises DocumentTitleMissing, KindUnknown, LanguageNotKnown."""
    kind = cards.kind_named(command.kind)
    return make(
        tx,
        now,
        actor,
        kind,
        title=checked_heading(command.title),
        purpose=command.purpose.strip()[: cards.LONGEST_DISTRIBUTION],
        edition=command.edition,
        language=cards.document_language(command.language),
    )


@verb("policies.edit", leaves=cards.CARD_CHANGED)
def change_card(tx: Session, command: ChangeCard, now: datetime, actor: Actor) -> None:
    """Change title, kind, owner, keeping and so on. A new title is a change of the draft.

    Raises NotFound, DocumentTitleMissing, KindUnknown, OwnerUnknown, MonthsMalformed.
    """
    policy = draft(tx, command.policy_id)
    title, kind = checked_heading(command.title), cards.kind_named(command.kind)
    if command.owner_id is not None and command.owner_id not in {one.person_id for one in members(tx)}:
        raise cards.OwnerUnknown
    card = tx.get(PolicyCard, policy.id)
    if card is None:
        card = PolicyCard(policy_id=policy.id)
        tx.add(card)
    card.kind, card.owner_id, card.states = kind.value, command.owner_id, sorted(set(command.states))
    card.review_months = cards.checked_months(command.review_months)
    card.retention = " ".join(command.retention.split())[: cards.LONGEST_LINE]
    card.distribution = command.distribution.strip()[: cards.LONGEST_DISTRIBUTION]
    policy.purpose, policy.is_public = command.purpose.strip()[: cards.LONGEST_DISTRIBUTION], command.is_public
    if title != policy.title:
        policy.title = title[:MAX_TITLE]
        edited(policy, now, actor)
    tell(
        tx,
        cards.CARD_CHANGED,
        policy.id,
        now,
        actor,
        kind=kind.value,
        owner=command.owner_id,
        public=command.is_public,
        states=card.states,
    )
