"""What the Word template `audit-plan` may use (clause 8.5; contents after the guidance named in the audit)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import EXAMPLE_HOUSE, Criterion, DocumentFacts, Organisation, Person
from auditkit.documents.contexts.records import Kind, drawn_from

ACME = EXAMPLE_HOUSE
OBJECTIVES = (
    "Find out whether complaints are handled as the policy promises",
    "See whether the actions of the last audit had effect",
    "Name opportunities for improvement",
)
CRITERIA = (
    Criterion(
        "Standard, edition", "ISO 10002:2018, Customer satisfaction — Guidelines for complaints handling", "4 to 8"
    ),
    Criterion("Own document", "Complaints-handling policy POL-01, version 1.0", "all sections"),
)
TEAM = (Person("Ketevan Maisuradze", "Audit team leader"), Person("Levan Gelashvili", "Auditor"))


@dataclass(frozen=True)
class PlannedAudit:
    """What is planned. `method` is on-site, remote or both, in words; `technology` what was checked for remote work."""

    reference: str
    title: str
    kind: str
    auditee: str
    method: str
    guidelines: str
    start: str
    end: str
    scope: str
    sampling: str
    language: str
    confidentiality: str
    follow_up: str
    technology: str
    logistics: str


@dataclass(frozen=True)
class AgendaItem:
    """A line of the timetable; `place` may be a virtual one."""

    date: str
    time: str
    activity: str
    clauses: str
    auditor: str
    participants: str
    place: str


@drawn_from(Kind.AUDIT, "audit.reference")
@dataclass(frozen=True)
class AuditPlan:
    """The whole plan; template `audit-plan`."""

    organisation: Organisation
    document: DocumentFacts
    audit: PlannedAudit
    places: tuple[str, ...]
    interviewees: tuple[str, ...]
    objectives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    team: tuple[Person, ...]
    agenda: tuple[AgendaItem, ...]
    distribution: tuple[str, ...]

    @classmethod
    def example(cls) -> "AuditPlan":
        """An internal audit of two days."""
        return cls(
            ACME,
            DocumentFacts("IA-2026-01/P", "1", "16 February 2026"),
            PlannedAudit(
                "IA-2026-01", "Internal audit of complaints handling 2026", "Internal audit", "Borjomi Home Appliances",
                "On site, one interview by video", "ISO 19011:2026", "2 March 2026", "3 March 2026",
                "Complaints about goods, deliveries and repairs received by all channels from 1 March 2025 to 28 "
                "February 2026; head office and the service centre. Payment disputes are handled by the bank and are "
                "not part of it.",
                "20 complaints are drawn by a published random rule from the register as it stood on 27 February.",
                "English; interviews in Georgian", "Files are seen by the audit team only; no copies leave the office.",
                "Corrective actions are agreed within 30 days; their effect is checked at the next audit.",
                "Line and shared screen were tried on 24 February; without a line the interview moves to 3 March.",
                "Board room on both days; visitors sign in at the gate.",
            ),
            ("Head office, Tbilisi", "Service centre, Rustavi", "Video room of the delivery partner"),
            ("Director", "Quality manager", "Complaint handlers", "Delivery partner"),
            OBJECTIVES,
            CRITERIA,
            TEAM,
            (
                AgendaItem("2 March", "09:00", "Opening meeting", "", "Ketevan Maisuradze", "Management", "Board room"),
                AgendaItem("2 March", "09:30", "Policy, responsibilities, objectives", "5.2, 5.3, 6.2",
                           "Ketevan Maisuradze", "Director, quality manager", "Board room"),
                AgendaItem("2 March", "11:00", "Receipt, tracking and acknowledgement: sample of files", "7.2–7.4",
                           "Levan Gelashvili", "Complaint handlers", "Service centre"),
                AgendaItem("3 March", "10:00", "Satisfaction, analysis, improvement", "8.2, 8.3, 8.7",
                           "Ketevan Maisuradze", "Quality manager", "Video call"),
                AgendaItem("3 March", "15:00", "Closing meeting", "", "Ketevan Maisuradze", "Management", "Board room"),
            ),
            ("Giorgi Kapanadze, director", "Nino Beridze, quality manager"),
        )  # fmt: skip
