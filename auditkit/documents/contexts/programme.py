"""The audit programme of a year (clause 8.5; ISO 19011, 5)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class ProgrammeFacts:
    """The frame of the programme."""

    year: str
    objectives: str
    scope: str
    methods: str
    resources: str
    responsible: str


@dataclass(frozen=True)
class ProgrammeRisk:
    """A risk or an opportunity of the programme."""

    kind: str
    what: str
    response: str


@drawn_from(Kind.AUDIT, "number")
@dataclass(frozen=True)
class ProgrammeAudit:
    """An audit of the year. `number` and `state` are empty where it was not made yet."""

    begins: str
    title: str
    kind: str
    clauses: str
    auditee: str
    lead: str
    method: str
    number: str
    state: str


@dataclass(frozen=True)
class ProgrammeReview:
    """A review of the programme."""

    date: str
    participants: str
    conclusions: str
    changes: str


@drawn_from(Kind.PROGRAMME, "document.reference")
@dataclass(frozen=True)
class AuditProgramme:
    """The whole programme; template `audit-programme`."""

    organisation: Organisation
    document: DocumentFacts
    programme: ProgrammeFacts
    risks: tuple[ProgrammeRisk, ...]
    audits: tuple[ProgrammeAudit, ...]
    reviews: tuple[ProgrammeReview, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "AuditProgramme":
        """Two audits."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("PROG-2026", "3", "2 March 2026"),
            ProgrammeFacts(
                "2026", "Every clause once in the year, receipt and decision twice", "All shops and the service centre",
                "On site; interviews also by video", "Two internal auditors, four days each", "Nino Beridze",
            ),
            (ProgrammeRisk("Risk", "Auditors audit their own work", "Independence is checked by the product"),),
            (
                ProgrammeAudit("2 March 2026", "Whole process", "Internal audit", "4 to 8", "Complaints desk",
                               "Ketevan Maisuradze", "On site", "IA-2026-01", "Reported"),
                ProgrammeAudit("1 September 2026", "Receipt to closing", "Internal audit", "7", "Shops",
                               "Ketevan Maisuradze", "On site", "", "Not made yet"),
            ),
            (ProgrammeReview("15 December 2025", "Director, quality manager", "Suitable", "One audit more in autumn"),),
            (LeftOut("Clause 8.6", "Not in any audit of the year"),),
        )  # fmt: skip
