"""Everything a report is made of, read once: for the files made here and for packs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from auditkit.accounts.queries import names as person_names
from auditkit.audits.agenda import queries as agenda
from auditkit.audits.agenda.rules import Activity
from auditkit.audits.checking import queries as checking
from auditkit.audits.checking.rules import Result
from auditkit.audits.filetest import queries as filetests
from auditkit.audits.filetest.queries import TestState
from auditkit.audits.findings import queries as said
from auditkit.audits.findings.queries import ResponseView
from auditkit.audits.identity import queries as identity
from auditkit.audits.independence import gates as independence
from auditkit.audits.independence.queries import ExceptionView
from auditkit.audits.machinetest import queries as machinetest
from auditkit.audits.machinetest.queries import RunView
from auditkit.audits.outside.queries import numbers
from auditkit.audits.queries import findings as findings_of
from auditkit.audits.queries import grades as grade_words
from auditkit.audits.queries import plans, run
from auditkit.audits.queries.findings import FindingView
from auditkit.audits.queries.plans import AuditHead, Further, TeamMember
from auditkit.audits.queries.run import RowView
from auditkit.audits.reconciling import queries as reconciling
from auditkit.audits.reconciling.queries import LogView
from auditkit.audits.recounting import queries as recounting
from auditkit.audits.recounting.queries import RecountView
from auditkit.audits.rules import Grade, Method, ReportNotReady
from auditkit.audits.samples.queries import SamplingStatement, sampling_statement
from auditkit.audits.scoring import queries as scoring
from auditkit.audits.scoring.queries import Scores
from auditkit.audits.signing import queries as signing
from auditkit.audits.signing.queries import AmendmentView, SignatureView, Texts
from auditkit.audits.tailoring.queries import Tailoring, tailoring
from auditkit.audits.wording import Wording
from auditkit.base.db import Session
from auditkit.content.library import standards


@dataclass(frozen=True)
class Facts:
    """An audit with all that its report says.

    `theirs`: number of the certification body and its date for a response, by finding; `grades`: what they are called
    here; `methods`: of the lines of the timetable; `files`: tests of complaint files; `opened`: complaints whose
    complainant an auditor was granted to see; `names`: person id -> name; `principles`: code -> title, of the
    edition.
    """

    head: AuditHead
    further: Further
    team: list[TeamMember]
    texts: Texts
    rows: list[RowView]
    scores: Scores
    findings: list[FindingView]
    said: dict[int, list[ResponseView]]
    repeats: dict[int, list[str]]
    theirs: dict[int, tuple[str, date | None]]
    sampling: SamplingStatement
    tailored: Tailoring
    exceptions: list[ExceptionView]
    checks: list[Result]
    auditee: int | None
    signatures: list[SignatureView]
    amendments: list[AmendmentView]
    methods: list[Method]
    files: dict[str, TestState]
    opened: list[str]
    runs: list[RunView]
    logs: list[LogView]
    recounts: list[RecountView]
    organisation: str
    names: Mapping[int, str]
    grades: Mapping[Grade, str]
    principles: Mapping[str, str]


def gather(tx: Session, number: str, organisation: str, words: Wording | None = None) -> Facts:
    """What the report of this audit says, its questions in the language of `words`; as they were asked without.

    Raises NotFound, and ReportNotReady before the audit is reported.
    """
    head = plans.by_number(tx, number)
    if head.reported_at is None:
        raise ReportNotReady()
    findings = findings_of.of_audit(tx, head.id)
    ids = [one.id for one in findings]
    facts = Facts(
        head=head,
        further=plans.further(tx, head.id),
        team=plans.team(tx, head.id),
        texts=signing.texts(tx, head.id),
        rows=run.rows(tx, head.id),
        scores=scoring.scores(tx, head.id),
        findings=findings,
        said=said.responses(tx, ids),
        repeats=said.repeats(tx, ids),
        theirs=numbers(tx, ids),
        sampling=sampling_statement(tx, head.id),
        tailored=tailoring(tx, head.id),
        exceptions=[*independence.overrides_of(tx, head.id), *independence.mitigations_of(tx, head.id)],
        checks=checking.results(tx, head.id),
        auditee=signing.auditee(tx, head.id),
        signatures=signing.signatures(tx, head.id),
        amendments=signing.amendments(tx, head.id),
        methods=[one.method for one in agenda.lines(tx, head.id) if one.kind is not Activity.BREAK],
        files=filetests.states(tx, head.id),
        opened=sorted({one.reference for one in identity.of_audit(tx, head.id) if one.granted}),
        runs=machinetest.runs(tx, head.id),
        logs=reconciling.logs(tx, head.id),
        recounts=recounting.recounts(tx, head.id),
        organisation=organisation,
        names=person_names(tx),
        grades=grade_words.titles(tx),
        principles=_principles(head),
    )
    return _worded(facts, words) if words else facts


def _worded(facts: Facts, words: Wording) -> Facts:
    return replace(
        facts,
        head=words.head(facts.head),
        rows=words.rows(facts.rows, facts.head),
        findings=[
            replace(one, criterion=words.criterion(one.clause, one.edition_name, one.criterion))
            for one in facts.findings
        ],
        scores=words.scores(facts.scores),
        tailored=words.tailored(facts.tailored),
        checks=words.checks(facts.checks),
        principles=words.principles(facts.head.edition_id),
    )


def _principles(head: AuditHead) -> dict[str, str]:
    edition = standards().editions.get(head.edition_id)
    return {node.code: node.title for node in edition.principles if node.code} if edition else {}
