"""Where each fact of the organisation stands, and which blanks a text may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from auditkit.base.db import Session
from auditkit.base.text import enumerated
from auditkit.content.library import Library, in_language
from auditkit.policies import facts
from auditkit.policies.facts import Setting
from auditkit.policies.queries.documents import PolicyView, Version, policies
from auditkit.policies.queries.documents import facts as known_facts
from auditkit.policies.rules import Question


@dataclass(frozen=True)
class Place:
    """A document with a fact: whether it stands in the draft, and what the version in force says, if that is other.

    `own`: what this document says otherwise on purpose; None: it follows the fact.
    """

    policy: PolicyView
    in_draft: bool
    version: Version | None
    said: str | None
    own: str | None


@dataclass(frozen=True)
class Fact:
    """A question that documents ask, its answer, and where it stands. `setting`: the live setting it is about.

    `language`: of the document whose question it is; another may ask the same in another language.
    """

    question: Question
    example: str
    value: str
    places: tuple[Place, ...]
    setting: Setting | None
    language: str


def all_facts(tx: Session, today: date) -> list[Fact]:
    """Every fact that some document asks for; those that stand in most documents first."""
    documents, known, live = policies(tx), known_facts(tx), suggestions(tx)
    asked: dict[tuple[str, str], tuple[Question, str, str, list[Place]]] = {}
    for policy in documents:
        for one in policy.asked:
            key = (one.question.name, one.question.kind)
            entry = asked.setdefault(key, (one.question, one.example, policy.language, []))
            entry[3].append(_place(policy, one.question.name, known.get(key, ""), one.answer, one.otherwise, today))
    found = [
        Fact(question, example, known.get(key, ""), tuple(places), live.get(key[0]), language)
        for key, (question, example, language, places) in asked.items()
    ]
    return sorted(found, key=lambda one: (-len(one.places), one.question.name))


def fact(tx: Session, name: str, kind: str, today: date) -> Fact | None:
    """One of them; None where no document asks for it."""
    return next((one for one in all_facts(tx, today) if (one.question.name, one.question.kind) == (name, kind)), None)


def _place(policy: PolicyView, name: str, value: str, answer: str, otherwise: str | None, today: date) -> Place:
    version = policy.in_force(today)
    said = version.answers.get(name, "") if version and name in policy.blanks else None
    own = answer if otherwise is not None else None
    return Place(policy, name in policy.blanks, version, said if said != value and own is None else None, own)


def stands_in(tx: Session, but: int) -> dict[tuple[str, str], list[PolicyView]]:
    """(name, kind) of a question -> the other documents that take its answer from the organisation's facts."""
    found: dict[tuple[str, str], list[PolicyView]] = {}
    for policy in policies(tx):
        for one in policy.asked:
            if policy.id != but and one.otherwise is None:
                found.setdefault((one.question.name, one.question.kind), []).append(policy)
    return found


def suggestions(tx: Session) -> dict[str, Setting]:
    """Blank -> the live setting it is about."""
    return {blank: one for one in facts.live(tx).values() for blank in one.blanks}


def offered(policy: PolicyView, library: Library) -> list[tuple[str, str]]:
    """The blanks a text of this document may use, (name, answer or question): its own first, then the library's.

    The questions stand in the document's language, where the library has them in it.
    """
    own = [(one.question.name, one.answer or one.question.question) for one in policy.asked]
    known = {name for name, _said in own}
    more: dict[str, str] = {}
    for shape in in_language(library, policy.language).policies.values():
        for blank in shape.fields:
            if blank.name not in known:
                more.setdefault(blank.name, " ".join(blank.question.split()))
    return own + sorted(more.items())


def names_of(documents: Sequence[PolicyView]) -> str:
    """Their references in a row."""
    return enumerated(one.reference for one in documents)
