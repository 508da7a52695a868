"""A checklist to fill by hand, and the self-assessment with its evidence (clause 8.5 and Annex J)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class AuditedBy:
    """The audit that the sheet belongs to."""

    reference: str
    title: str
    scope: str
    criteria: str
    checklist: str
    team: str
    start: str
    end: str


@drawn_from(Kind.QUESTION, "number")
@dataclass(frozen=True)
class Question:
    """A question to ask, what to look for, and how.

    `good` when it is met, `guidance` to whoever asks, `needs`: answers that want a note or a file, `last`: what the
    audit before said. These four may be empty.
    """

    number: str
    clauses: str
    strength: str
    question: str
    good: str
    guidance: str
    evidence: str
    methods: str
    needs: str
    last: str


@dataclass(frozen=True)
class QuestionSection:
    """A section of the checklist."""

    title: str
    questions: tuple[Question, ...]


@drawn_from(Kind.AUDIT, "audit.reference")
@dataclass(frozen=True)
class AuditChecklist:
    """The whole sheet; template `audit-checklist`."""

    organisation: Organisation
    document: DocumentFacts
    audit: AuditedBy
    answers: tuple[str, ...]
    sections: tuple[QuestionSection, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "AuditChecklist":
        """Two sections."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("IA-2026-01/C", "1", "2 March 2026"),
            AuditedBy(
                "IA-2026-01", "Internal audit of complaints handling 2026", "All channels", "ISO 10002:2018",
                "Internal audit 2018", "Ketevan Maisuradze", "2 March 2026", "3 March 2026",
            ),
            ("Conforms", "Partly", "Does not conform", "Opportunity", "Not applicable", "Not checked"),
            (
                QuestionSection("7.2 Receipt of complaint", (
                    Question("1", "7.2", "requirement", "Is every complaint recorded when it comes in?",
                             "Each has a number on the day it came", "Begin with the telephone", "Register, call log",
                             "D, I", "File for: Conforms", "Partly (IA-2025-01): two of ten were late"),
                    Question("2", "7.2", "guidance", "Are complaints told by mouth recorded too?", "", "", "Shop book",
                             "O", "", ""),
                )),
                QuestionSection("7.4 Acknowledgement", (
                    Question("3", "7.4", "own rule", "Is each acknowledged at once?", "", "",
                             "Ten files, times of letters", "D", "", ""),
                )),
            ),
            (LeftOut("8.6 Management review", "Audited in autumn"),),
        )  # fmt: skip


@drawn_from(Kind.QUESTION, "number")
@dataclass(frozen=True)
class Assessed:
    """A question with its answer. `evidence` names what was seen: files and records, with their references."""

    number: str
    clauses: str
    question: str
    answer: str
    note: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class AssessedSection:
    """A section of the self-assessment."""

    title: str
    questions: tuple[Assessed, ...]


@drawn_from(Kind.AUDIT, "audit.reference")
@dataclass(frozen=True)
class SelfAssessment:
    """The whole self-assessment; template `self-assessment`."""

    organisation: Organisation
    document: DocumentFacts
    audit: AuditedBy
    totals: tuple[Count, ...]
    sections: tuple[AssessedSection, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "SelfAssessment":
        """Two questions with their evidence."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("IA-2026-02/S", "2026-03-02", "2 March 2026"),
            AuditedBy(
                "IA-2026-02", "Gap analysis", "The whole process", "ISO 10002:2018", "Gap analysis 2018",
                "Nino Beridze", "2 February 2026", "6 February 2026",
            ),
            (Count("Conforms", 1), Count("Partly", 1), Count("Not checked", 12)),
            (
                AssessedSection("5.3 Policy", (
                    Assessed("1", "5.3", "Is there an approved policy?", "Conforms", "Approved on 27 February 2026",
                             ("POL-01, version 1", "policy.pdf, SHA-256 3f2a9c01")),
                    Assessed("2", "5.3, 7.1", "Is it known to staff?", "Partly", "Shops have not confirmed", ()),
                )),
            ),
            (LeftOut("12 questions", "Not checked"),),
        )  # fmt: skip
