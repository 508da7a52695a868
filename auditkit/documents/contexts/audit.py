"""What the Word template `audit-report` may use (clause 8.5; contents after the guidance named in the audit)."""

from dataclasses import dataclass

from auditkit.documents.contexts.audit_plan import ACME, CRITERIA, OBJECTIVES, TEAM
from auditkit.documents.contexts.facts import (
    Count,
    Criterion,
    DocumentFacts,
    LeftOut,
    Organisation,
    Person,
)
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class ReportedAudit:
    """What was done, and what it comes to.

    `extent` says to what degree the criteria were met, in words, `founded` on how much kept evidence; `guidelines` what
    it was conducted after. `unsampled` stands where no sample was drawn. `process` how the audit went, `obstacles`
    what makes the conclusion less certain, with departures from the plan. `standing` says whether the report is signed.
    """

    reference: str
    title: str
    kind: str
    client: str
    auditee: str
    method: str
    places: str
    start: str
    end: str
    checklist: str
    guidelines: str
    scope: str
    conclusion: str
    extent: str
    founded: str
    compared: str
    process: str
    obstacles: str
    sampling: str
    unsampled: str
    follow_up: str
    confidentiality: str
    leader: str
    standing: str


@dataclass(frozen=True)
class Coverage:
    """How much of the checklist was asked."""

    questions: int
    answered: int
    not_covered: int


@dataclass(frozen=True)
class AnswerCount:
    """How often an answer was given, and what it rests on: each answer counts in one of the last three."""

    label: str
    count: int
    with_file: int
    with_note: int
    with_neither: int


@drawn_from(Kind.QUESTION, "id")
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
class Said:
    """What the auditee said to a finding, and how a dispute ended; `end` empty where nothing had to end."""

    kind: str
    by: str
    date: str
    text: str
    end: str


@drawn_from(Kind.FINDING, "number")
@dataclass(frozen=True)
class Finding:
    """A finding: the criterion, what was stated against it, and the evidence. `state` is that of its actions.

    `strength` and `edition` are the criterion's; `grade_reason` says why a nonconformity is graded as less; `repeats`
    names earlier findings that it repeats.
    """

    number: str
    grade: str
    clause: str
    principles: str
    criterion: str
    strength: str
    statement: str
    evidence: str
    origin: str
    grade_reason: str
    repeats: str
    state: str
    said: tuple[Said, ...]


@drawn_from(Kind.FINDING, "number")
@dataclass(frozen=True)
class GoodPractice:
    """Something worth keeping and telling others."""

    number: str
    clause: str
    statement: str
    evidence: str


@dataclass(frozen=True)
class ScoreLine:
    """A figure: how far a clause or principle is met, last time, and of how many questions."""

    title: str
    percent: str
    previous: str
    answered: str


@dataclass(frozen=True)
class ExceptionLine:
    """Somebody who was permitted what independence or competence forbids, or what was done instead."""

    person: str
    way: str
    what: str
    reason: str


@dataclass(frozen=True)
class CheckLine:
    """A check that was made of the audit before reporting: nothing found, found, or not checked."""

    title: str
    outcome: str
    details: str


@dataclass(frozen=True)
class PlanLine:
    """A fact of the plan."""

    label: str
    text: str


@dataclass(frozen=True)
class ChangeLine:
    """What an amendment changed, from what to what."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class AmendmentLine:
    """A change after signing."""

    number: str
    subject: str
    reason: str
    date: str
    by: str
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class SignatureLine:
    """A signature: for what, by whom, when, over which digest, and who acknowledged it."""

    what: str
    name: str
    date: str
    digest: str
    acknowledged: str


@dataclass(frozen=True)
class Sample:
    """A sample: of what, how many of how many, and how it was drawn (so that it can be drawn again)."""

    population: str
    size: int
    drawn: int
    rule: str


@drawn_from(Kind.COMPLAINT, "reference")
@dataclass(frozen=True)
class FollowedFile:
    """A complaint whose file was followed from receipt to closing; `result` counts what was not as it should be."""

    reference: str
    chosen: str
    tested: str
    result: str


@dataclass(frozen=True)
class PopulationTest:
    """One test by machine over every complaint of a population. `percent` is of those that could be checked."""

    title: str
    percent: str
    checked: int
    exceptions: int
    not_checked: int


@dataclass(frozen=True)
class Population:
    """Every complaint of a part of the register, tested by machine; `kept` says where the list is."""

    title: str
    kept: str
    tests: tuple[PopulationTest, ...]


@dataclass(frozen=True)
class ChannelLog:
    """A channel's own log beside the register. `unmatched` may be complaints that nobody recorded."""

    title: str
    entries: int
    matched: int
    unmatched: int
    others: str


@drawn_from(Kind.FIGURE, "title")
@dataclass(frozen=True)
class RecountedFigure:
    """A figure as it was reported, beside the one counted from the records."""

    title: str
    reported: str
    counted: str
    result: str


@drawn_from(Kind.AUDIT, "audit.reference")
@dataclass(frozen=True)
class AuditReport:
    """The whole report; template `audit-report`."""

    organisation: Organisation
    document: DocumentFacts
    audit: ReportedAudit
    objectives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    team: tuple[Person, ...]
    plan: tuple[PlanLine, ...]
    coverage: Coverage
    finding_counts: tuple[Count, ...]
    answer_counts: tuple[AnswerCount, ...]
    clause_scores: tuple[ScoreLine, ...]
    principle_scores: tuple[ScoreLine, ...]
    findings: tuple[Finding, ...]
    good_practices: tuple[GoodPractice, ...]
    clauses: tuple[ClauseAnswers, ...]
    samples: tuple[Sample, ...]
    followed: tuple[FollowedFile, ...]
    populations: tuple[Population, ...]
    logs: tuple[ChannelLog, ...]
    figures: tuple[RecountedFigure, ...]
    exceptions: tuple[ExceptionLine, ...]
    checks: tuple[CheckLine, ...]
    not_covered: tuple[LeftOut, ...]
    diverging: tuple[str, ...]
    amendments: tuple[AmendmentLine, ...]
    signatures: tuple[SignatureLine, ...]
    distribution: tuple[str, ...]

    @classmethod
    def example(cls) -> "AuditReport":
        """The report of the audit that `AuditPlan.example` plans."""
        return cls(
            ACME,
            DocumentFacts("IA-2026-01/R", "2", "10 March 2026"),
            ReportedAudit(
                "IA-2026-01", "Internal audit of complaints handling 2026", "Internal audit",
                "Giorgi Kapanadze, director", "Nino Beridze, quality manager",
                "On site, one interview by video", "Head office and service centre, Tbilisi; video call",
                "2 March 2026", "3 March 2026", "Internal audit, ISO 10002:2018 (60 questions, SHA-256 4f1c…)",
                "ISO 19011:2026",
                "Complaints about goods, deliveries and repairs received by all channels from 1 March 2025 to 28 "
                "February 2026; head office and the service centre.",
                "Complaints are recorded and answered with care. The weak point is time: acknowledgements wait over "
                "weekends, and nobody looks at the list of open complaints.",
                "58 of 60 questions were answered and counted; weighed, they come to 91 % conformity.",
                "Of 51 answers that meet the criteria, 30 rest on a file, 12 on a note only and 9 on neither.",
                "Beside audit IA-2025-01 on the same checklist",
                "Opening meeting on 2 March with management; nine interviews; closing meeting on 3 March.",
                "The interview with the delivery partner was moved to 3 March and held by video.",
                "An audit looks at samples. What was not drawn was not seen, and weaknesses may exist that this "
                "report does not name.",
                "",
                "Corrective actions are due on 9 April 2026; their effect is checked at the next audit.",
                "Names of complainants were replaced by references. The report goes to the persons listed only.",
                "Ketevan Maisuradze", "Signed by the lead auditor and acknowledged by the auditee",
            ),
            OBJECTIVES,
            CRITERIA,
            TEAM,
            (PlanLine("Planned days", "2 and 3 March 2026"), PlanLine("Interviewees", "Handlers; quality manager")),
            Coverage(60, 58, 2),
            (Count("Major nonconformity", 0), Count("Minor nonconformity", 2), Count("Opportunity for improvement", 0),
             Count("Good practices", 1)),
            (AnswerCount("Records found", 51, 30, 12, 9), AnswerCount("In part", 5, 3, 2, 0),
             AnswerCount("Not found", 2, 1, 1, 0), AnswerCount("Not asked", 2, 0, 2, 0)),
            (ScoreLine("7.4 Acknowledgement of complaint", "50 %", "75 %", "4 of 4"),
             ScoreLine("8.2 Analysis", "67 %", "–", "3 of 5")),
            (ScoreLine("ACC Accountability", "88 %", "80 %", "12 of 12"),),
            (
                Finding("F-1", "Minor nonconformity", "7.4", "RES", "Receipt is acknowledged at once (policy, section "
                        "2: one working day)", "own rule · ISO 10002:2018",
                        "Four of twenty complaints were acknowledged after three to five working days.",
                        "C-0113, C-0187, C-0240, C-0251; register extract of 27 February", "Sampled complaint: C-0113",
                        "", "IA-2025-01-F2", "Action under way",
                        (Said("Disputed", "Head of sales", "3 March 2026", "Weekend days should not count.",
                              "The finding stands: the policy says days (Ketevan Maisuradze, 4 March 2026)"),)),
                Finding("F-2", "Observation", "8.2", "CI", "Causes of repeated complaints are analysed",
                        "guidance (should) · 2018 edition",
                        "No analysis since September 2025, though late delivery was complained of 31 times.",
                        "Minutes of the quality circle; register", "Question of the checklist",
                        "The analysis was shown in draft on the second day", "", "Noted, no action asked for", ()),
            ),
            (GoodPractice("F-3", "4.7", "A second person reads every refusal before it is sent.",
                          "12 refusals, all countersigned"),),
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
            (FollowedFile("C-0113", "Sample 1", "2 March 2026", "1 question not as it should be"),
             FollowedFile("C-0187", "By judgement: twice opened again", "not tested", "–")),
            (Population("Complaints received 1 March 2025 to 28 February 2026: 412",
                        "Run 1, kept as IA-2026-01-P1.json",
                        (PopulationTest("Acknowledged on time", "98.2 %", 398, 7, 14),
                         PopulationTest("Closed after the decision", "100 %", 380, 0, 0))),),
            (ChannelLog("Mailbox service@, January 2026", 64, 58, 2, "4"),),
            (RecountedFigure("Acknowledged on time, January 2026", "98.2 % (management review, page 4)", "91.0 %",
                             "Does not agree"),),
            (ExceptionLine("Levan Gelashvili", "Permitted with a reason", "Owns the process “Receipt”",
                           "No other auditor speaks Georgian; answers were read by the lead auditor"),),
            (CheckLine("Sampled complaints that were not tested", "Nothing found", ""),
             CheckLine("Conflicts with a workbook that nobody settled", "Not checked", "No workbook came back")),
            (LeftOut("8.6 Management review", "The review takes place on 30 March; it is asked for then"),
             LeftOut("Night shift of the call centre", "Not staffed on the audit days")),
            ("The head of sales holds that weekend days should not count as waiting time.",),
            (AmendmentLine("1", "IA-2026-01-F1", "The fourth complaint was counted twice", "8 March 2026",
                           "K. Maisuradze",
                           (ChangeLine("Statement", "Five of twenty complaints", "Four of twenty complaints"),)),),
            (SignatureLine("Signature of the report", "Ketevan  Maisuradze", "5 March 2026", "0f3a91…c2",
                           "N. Beridze, 6 March 2026"),),
            ("Giorgi Kapanadze (director)", "Quality manager"),
        )  # fmt: skip
