"""Audit plan and audit report (clause 8.5; contents after the audit guidance named in the audit's criteria)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import (
    Count,
    Criterion,
    DocumentFacts,
    LeftOut,
    Organisation,
    Person,
)


@dataclass(frozen=True)
class PlannedAudit:
    """What is planned. `method` is on-site, remote or both, in words."""

    reference: str
    title: str
    method: str
    start: str
    end: str
    scope: str
    sampling: str
    language: str
    confidentiality: str
    follow_up: str


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


@dataclass(frozen=True)
class AuditPlan:
    """The whole plan; template `audit-plan`."""

    organisation: Organisation
    document: DocumentFacts
    audit: PlannedAudit
    objectives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    team: tuple[Person, ...]
    agenda: tuple[AgendaItem, ...]
    distribution: tuple[str, ...]

    @classmethod
    def example(cls) -> "AuditPlan":
        """An internal audit of two days."""
        return cls(
            _ACME,
            DocumentFacts("IA-2026-01/P", "1", "16 February 2026"),
            PlannedAudit(
                "IA-2026-01", "Internal audit of complaints handling 2026", "On site, one interview by video",
                "2 March 2026", "3 March 2026",
                "Complaints about goods, deliveries and repairs received by all channels from 1 March 2025 to 28 "
                "February 2026; head office and the service centre. Payment disputes are handled by the bank and are "
                "not part of it.",
                "20 complaints are drawn by a published random rule from the register as it stood on 27 February.",
                "English; interviews in Georgian", "Files are seen by the audit team only; no copies leave the office.",
                "Corrective actions are agreed within 30 days; their effect is checked at the next audit.",
            ),
            _OBJECTIVES,
            _CRITERIA,
            _TEAM,
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


@dataclass(frozen=True)
class ReportedAudit:
    """What was done, and what it comes to.

    `extent` says to what degree the criteria were met, in words; `deviations` names departures from the plan.
    """

    reference: str
    title: str
    client: str
    method: str
    places: str
    start: str
    end: str
    scope: str
    conclusion: str
    extent: str
    deviations: str
    sampling: str
    follow_up: str
    confidentiality: str
    leader: str


@dataclass(frozen=True)
class Coverage:
    """How much of the checklist was asked."""

    questions: int
    answered: int
    not_covered: int


@dataclass(frozen=True)
class Answer:
    """One question with its answer; `evidence` names the files and records that were seen."""

    id: str
    question: str
    answer: str
    note: str
    evidence: str


@dataclass(frozen=True)
class ClauseAnswers:
    """The answers about one clause."""

    number: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Finding:
    """A finding: the criterion, what was stated against it, and the evidence. `state` is that of its actions."""

    number: str
    grade: str
    clause: str
    criterion: str
    statement: str
    evidence: str
    state: str


@dataclass(frozen=True)
class Sample:
    """A sample: of what, how many of how many, and how it was drawn (so that it can be drawn again)."""

    population: str
    size: int
    drawn: int
    rule: str


@dataclass(frozen=True)
class AuditReport:
    """The whole report; template `audit-report`."""

    organisation: Organisation
    document: DocumentFacts
    audit: ReportedAudit
    objectives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    team: tuple[Person, ...]
    coverage: Coverage
    finding_counts: tuple[Count, ...]
    answer_counts: tuple[Count, ...]
    findings: tuple[Finding, ...]
    clauses: tuple[ClauseAnswers, ...]
    samples: tuple[Sample, ...]
    not_covered: tuple[LeftOut, ...]
    diverging: tuple[str, ...]
    distribution: tuple[str, ...]

    @classmethod
    def example(cls) -> "AuditReport":
        """The report of the audit that `AuditPlan.example` plans."""
        return cls(
            _ACME,
            DocumentFacts("IA-2026-01/R", "1", "10 March 2026"),
            ReportedAudit(
                "IA-2026-01", "Internal audit of complaints handling 2026", "Giorgi Kapanadze, director",
                "On site, one interview by video", "Head office and service centre, Tbilisi",
                "2 March 2026", "3 March 2026",
                "Complaints about goods, deliveries and repairs received by all channels from 1 March 2025 to 28 "
                "February 2026; head office and the service centre.",
                "Complaints are recorded and answered with care. The weak point is time: acknowledgements wait over "
                "weekends, and nobody looks at the list of open complaints.",
                "Of 58 questions answered, 51 show records found as expected, 5 in part and 2 not.",
                "The interview with the delivery partner was moved to 3 March and held by video.",
                "An audit looks at samples. What was not drawn was not seen, and weaknesses may exist that this "
                "report does not name.",
                "Corrective actions are due on 9 April 2026; their effect is checked at the next audit.",
                "Names of complainants were replaced by references. The report goes to the persons listed only.",
                "Ketevan Maisuradze",
            ),
            _OBJECTIVES,
            _CRITERIA,
            _TEAM,
            Coverage(60, 58, 2),
            (Count("Major nonconformity", 0), Count("Minor nonconformity", 2), Count("Opportunity for improvement", 0),
             Count("Good practice", 1)),
            (Count("Records found", 51), Count("In part", 5), Count("Not found", 2), Count("Not asked", 2)),
            (
                Finding("F-1", "Minor nonconformity", "7.4", "Receipt is acknowledged at once (policy, section 2: one "
                        "working day)", "Four of twenty complaints were acknowledged after three to five working days.",
                        "C-0113, C-0187, C-0240, C-0251; register extract of 27 February", "Action open"),
                Finding("F-2", "Minor nonconformity", "8.2", "Causes of repeated complaints are analysed",
                        "No analysis since September 2025, though late delivery was complained of 31 times.",
                        "Minutes of the quality circle; register", "Action open"),
                Finding("F-3", "Good practice", "4.7", "Complaints are handled without bias",
                        "A second person reads every refusal before it is sent.", "12 refusals, all countersigned", ""),
            ),
            (
                ClauseAnswers("7.2", "Receipt of complaint", (
                    Answer("q18-7.2-1", "Is every complaint recorded with a reference, whatever the channel?",
                           "Records found", "All channels sampled", "Register extract; 20 files"),
                    Answer("q18-7.2-3", "Are complaints made by telephone or at the counter recorded as well?",
                           "In part", "Counter in Rustavi keeps a paper book, entered weekly", "Paper book, pages 3–9"),
                )),
                ClauseAnswers("7.4", "Acknowledgement of complaint", (
                    Answer("q18-7.4-1", "Is the receipt of each complaint acknowledged at once?", "Not found",
                           "See finding F-1", "20 files"),
                )),
            ),
            (Sample("Complaints received 1 March 2025 to 28 February 2026", 412, 20,
                    "SHA-256 of the seed 2026-03-01 and the reference, lowest twenty"),),
            (LeftOut("8.6 Management review", "The review takes place on 30 March; it is asked for then"),
             LeftOut("Night shift of the call centre", "Not staffed on the audit days")),
            ("The head of sales holds that weekend days should not count as waiting time.",),
            ("Giorgi Kapanadze, director", "Nino Beridze, quality manager"),
        )  # fmt: skip


_ACME = Organisation("Borjomi Home Appliances")
_OBJECTIVES = (
    "Find out whether complaints are handled as the policy promises",
    "See whether the actions of the last audit had effect",
    "Name opportunities for improvement",
)
_CRITERIA = (
    Criterion("ISO 10002:2018, Customer satisfaction — Guidelines for complaints handling", "4 to 8"),
    Criterion("Complaints-handling policy POL-01, version 1.0", "all sections"),
)
_TEAM = (Person("Ketevan Maisuradze", "Audit team leader"), Person("Levan Gelashvili", "Auditor"))
