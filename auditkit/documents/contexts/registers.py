"""Register of findings and actions (clauses 8.5 and 8.7)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class Period:
    """First and last day that is covered."""

    start: str
    end: str


@drawn_from(Kind.FINDING, "number")
@dataclass(frozen=True)
class RegisteredFinding:
    """A finding as the register lists it."""

    number: str
    audit: str
    grade: str
    clause: str
    statement: str
    state: str


@drawn_from(Kind.ACTION, "number")
@dataclass(frozen=True)
class RegisteredAction:
    """An action. `origin` is what it answers; empty `completed` and `verified` mean not yet."""

    number: str
    origin: str
    kind: str
    description: str
    cause: str
    owner: str
    due: str
    completed: str
    verified: str
    state: str


@drawn_from(Kind.ORGANISATION, "organisation.name")
@dataclass(frozen=True)
class FindingsAndActions:
    """The whole register; template `findings-and-actions-register`."""

    organisation: Organisation
    document: DocumentFacts
    period: Period
    totals: tuple[Count, ...]
    findings: tuple[RegisteredFinding, ...]
    actions: tuple[RegisteredAction, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "FindingsAndActions":
        """Two findings, three actions."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("REG-FA", "2026-03-31", "31 March 2026"),
            Period("1 March 2025", "31 March 2026"),
            (Count("Findings", 2), Count("Actions", 3), Count("Open", 1), Count("Overdue", 1), Count("Verified", 1)),
            (
                RegisteredFinding("F-1", "IA-2026-01", "Minor nonconformity", "7.4",
                                  "Four of twenty complaints were acknowledged after three to five working days.",
                                  "Action open"),
                RegisteredFinding("F-2", "IA-2026-01", "Minor nonconformity", "8.2",
                                  "No analysis of causes since September 2025.", "Verified"),
            ),
            (
                RegisteredAction("A-1", "F-1", "Correction", "Acknowledge the four complaints and apologise", "",
                                 "Maia Lomidze", "6 March 2026", "5 March 2026", "", "Done"),
                RegisteredAction("A-2", "F-1", "Corrective action", "Acknowledge by the register itself on receipt",
                                 "Acknowledgement waits for the person who opens the mail", "Nino Beridze",
                                 "20 March 2026", "", "", "Overdue"),
                RegisteredAction("A-3", "F-2", "Corrective action", "Quality circle looks at causes every month",
                                 "No date was fixed", "Nino Beridze", "31 March 2026", "16 March 2026",
                                 "30 March 2026, Ketevan Maisuradze: two circles held", "Verified"),
            ),
            (LeftOut("Findings before 1 March 2025", "Outside the period"),),
        )  # fmt: skip
