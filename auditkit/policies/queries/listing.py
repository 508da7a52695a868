"""The list of documents: what the register of documents says of each, and how it is filtered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditkit.base.db import Session
from auditkit.base.folding import fold
from auditkit.base.text import N_
from auditkit.policies.queries import approvals, readers, settings, translations
from auditkit.policies.queries.documents import PolicyView, Version, policies
from auditkit.policies.queries.settings import Outdated
from auditkit.policies.rules.readers import Coverage


class Mark(StrEnum):
    """What can be said of a document; several may be true at once."""

    IN_FORCE = "in-force"
    COMING = "coming"
    NONE = "no-version"
    UNDER_APPROVAL = "under-approval"
    CHANGED = "changed"
    OPEN_QUESTIONS = "open-questions"
    OUT_OF_DATE = "out-of-date"
    REVIEW_OVERDUE = "review-overdue"
    STALE_TRANSLATION = "stale-translation"
    UNREAD = "unread"


MARK_TITLES = {
    Mark.IN_FORCE: N_("In force"),
    Mark.COMING: N_("Published, not yet in force"),
    Mark.NONE: N_("No version in force"),
    Mark.UNDER_APPROVAL: N_("Under approval"),
    Mark.CHANGED: N_("Draft differs"),
    Mark.OPEN_QUESTIONS: N_("Questions open"),
    Mark.OUT_OF_DATE: N_("States what has changed"),
    Mark.REVIEW_OVERDUE: N_("Review overdue"),
    Mark.STALE_TRANSLATION: N_("Translation behind"),
    Mark.UNREAD: N_("Not read by all"),
}
MARK_TONES = {
    Mark.IN_FORCE: "good",
    Mark.COMING: "info",
    Mark.NONE: "warn",
    Mark.UNDER_APPROVAL: "info",
    Mark.CHANGED: "neutral",
    Mark.OPEN_QUESTIONS: "neutral",
    Mark.OUT_OF_DATE: "bad",
    Mark.REVIEW_OVERDUE: "bad",
    Mark.STALE_TRANSLATION: "warn",
    Mark.UNREAD: "warn",
}


@dataclass(frozen=True)
class Line:
    """A document in the list. `languages`: language -> whether its translation is stale; `turn`: who approves next."""

    policy: PolicyView
    version: Version | None
    marks: tuple[Mark, ...]
    outdated: Outdated | None
    languages: dict[str, bool]
    coverage: Coverage | None
    turn: int | None

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses its sections are tied to, in full, each once."""
        sections = self.version.sections if self.version else self.policy.sections
        return tuple(dict.fromkeys(clause for one in sections for clause in one.clauses))


@dataclass(frozen=True)
class Wanted:
    """A filter; empty values let everything through. `owner` 0: any. `clause` as typed (`5.3`)."""

    text: str = ""
    kind: str = ""
    mark: str = ""
    owner: int = 0
    clause: str = ""

    def takes(self, line: Line) -> bool:
        """Whether a document passes."""
        policy = line.policy
        numbers = {clause.rpartition(":")[2] for clause in line.clauses}
        return (
            (not self.text or fold(self.text) in fold(f"{policy.reference} {policy.title}"))
            and self.kind in ("", policy.card.kind)
            and (not self.mark or self.mark in line.marks)
            and self.owner in (0, policy.card.owner_id)
            and (not self.clause or any(one == self.clause or one.startswith(f"{self.clause}.") for one in numbers))
        )


def lines(tx: Session, today: date) -> list[Line]:
    """Every document by reference."""
    documents = policies(tx)
    outdated = settings.outdated(tx, documents, today)
    turns = approvals.under_approval(tx)
    languages = translations.languages(tx, documents)
    reading = {(one.policy.id, one.version.id): one.coverage for one in readers.readings(tx, today, documents)}
    found = []
    for policy in documents:
        version = policy.in_force(today)
        covered = reading.get((policy.id, version.id)) if version else None
        line = Line(
            policy, version, (), outdated.get(policy.id), languages.get(policy.id, {}), covered, turns.get(policy.id)
        )
        marks = tuple(mark for mark, true in _marks(line, policy.id in turns, today) if true)
        found.append(Line(policy, version, marks, line.outdated, line.languages, line.coverage, line.turn))
    return found


def _marks(line: Line, under_approval: bool, today: date) -> list[tuple[Mark, bool]]:
    policy, version, covered = line.policy, line.version, line.coverage
    coming = any(one.effective_on and one.effective_on > today and one.withdrawn_on is None for one in policy.versions)
    return [
        (Mark.IN_FORCE, version is not None),
        (Mark.COMING, coming),
        (Mark.NONE, version is None and not coming),
        (Mark.UNDER_APPROVAL, under_approval),
        (Mark.OPEN_QUESTIONS, bool(policy.open_questions)),
        (Mark.CHANGED, bool(policy.versions) and policy.has_changes and not under_approval),
        (Mark.OUT_OF_DATE, bool(line.outdated and line.outdated.is_out_of_date)),
        (Mark.REVIEW_OVERDUE, bool(version and version.review_by and version.review_by < today)),
        (Mark.STALE_TRANSLATION, any(line.languages.values())),
        (Mark.UNREAD, bool(covered and covered.read < covered.asked)),
    ]
