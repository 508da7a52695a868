"""What packs take from audits: plan, report, registers, files, and whether the audits are complete (clause 8.5)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from auditkit.audits.queries import findings as findings_of
from auditkit.audits.queries import plans, registers, run
from auditkit.audits.queries.findings import FindingView
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import (
    FINDING_STATE_TITLES,
    GRADE_TITLES,
    METHOD_TITLES,
    NONCONFORMITIES,
    TEAM_ROLE_TITLES,
    AnswerState,
    FindingState,
    Grade,
    State,
    TeamRole,
    conformity_percent,
    standing,
)
from auditkit.base.text import N_, _
from auditkit.content.shapes import Scale
from auditkit.documents.contexts.audit import (
    Answer,
    AuditPlan,
    AuditReport,
    ClauseAnswers,
    Coverage,
    Finding,
    PlannedAudit,
    ReportedAudit,
)
from auditkit.documents.contexts.facts import Count, Criterion, DocumentFacts, LeftOut, Organisation, Person
from auditkit.documents.tables import Column, Sheet
from auditkit.evidence import queries as evidence
from auditkit.packs.gathering.found import (
    NOT_STATED,
    Document,
    Missing,
    Register,
    Scope,
    Seen,
    day,
    lines_of,
    number_of,
)

REPORTED = (State.REPORTED, State.CLOSED)
NO_AUDIT = N_("No audit was planned for a day between %(start)s and %(end)s")
SAMPLED = N_(
    "An audit looks at samples. What was not looked into was not seen, and weaknesses may exist that this report does "
    "not name"
)


def heads(scope: Scope) -> list[AuditHead]:
    """The audits whose planned days touch the period."""
    return scope.once("audits", lambda: plans.overlapping(scope.tx, scope.start, scope.end))


def rows_of(scope: Scope, head: AuditHead) -> list[RowView]:
    """The questions of an audit with answers and files."""
    return scope.once(("rows", head.id), lambda: run.rows(scope.tx, head.id))


def _findings(scope: Scope, head: AuditHead) -> list[FindingView]:
    return scope.once(("findings", head.id), lambda: findings_of.of_audit(scope.tx, head.id))


def _no_audit(scope: Scope) -> str:
    return _(NO_AUDIT, start=day(scope.start), end=day(scope.end))


def newest(scope: Scope) -> datetime | None:
    """When anything of these audits last changed."""
    return registers.newest_change(scope.tx, scope.start, scope.end)


# Documents


def plan_documents(scope: Scope) -> list[Document] | str:
    """A plan for each audit of the period, or why there is none."""
    found = heads(scope)
    if not found:
        return _no_audit(scope)
    return [_plan(scope, head) for head in found]


def _plan(scope: Scope, head: AuditHead) -> Document:
    planned = PlannedAudit(
        reference=head.number,
        title=head.title,
        method=_(METHOD_TITLES[head.method]),
        start=day(head.planned_from),
        end=day(head.planned_to),
        scope=head.scope,
        sampling=_(NOT_STATED),
        language=_(NOT_STATED),
        confidentiality=_(NOT_STATED),
        follow_up=_(NOT_STATED),
    )
    context = AuditPlan(
        organisation=Organisation(scope.organisation.name),
        document=DocumentFacts(f"{head.number}/P", "1", day(head.planned_at.date())),
        audit=planned,
        objectives=lines_of(head.objectives),
        criteria=_criteria(head),
        team=_team(scope, head),
        agenda=(),
        distribution=(),
    )
    return Document(f"{_('Audit plan')} {head.number}", context, head.changed_at, suffix=head.number)


def report_documents(scope: Scope) -> list[Document] | str:
    """A report for each audit that was reported, or why there is none."""
    found = heads(scope)
    if not found:
        return _no_audit(scope)
    reported = [head for head in found if head.state in REPORTED]
    if not reported:
        numbers = ", ".join(one.number for one in found)
        return _("No audit of the period is reported yet (%(numbers)s)", numbers=numbers)
    return [_report(scope, head) for head in reported]


def _report(scope: Scope, head: AuditHead) -> Document:
    rows = rows_of(scope, head)
    found = _findings(scope, head)
    scale = Scale.model_validate(head.scale)
    labels = {answer.id: answer.label for answer in scale.answers}
    answers = Counter(row.answer for row in rows)
    grades = Counter(one.grade for one in found)
    reported_at = head.reported_at or head.changed_at
    context = AuditReport(
        organisation=Organisation(scope.organisation.name),
        document=DocumentFacts(f"{head.number}/R", "1", day(reported_at.date())),
        audit=ReportedAudit(
            reference=head.number,
            title=head.title,
            client=scope.organisation.name,
            method=_(METHOD_TITLES[head.method]),
            places=head.places,
            start=day(head.started_at.date() if head.started_at else head.planned_from),
            end=day(reported_at.date()),
            scope=head.scope,
            conclusion=head.conclusion,
            extent=_extent(rows),
            deviations="",
            sampling=_(SAMPLED),
            follow_up=_(NOT_STATED),
            confidentiality=_(NOT_STATED),
            leader=next((one.name for one in _team(scope, head)), ""),
        ),
        objectives=lines_of(head.objectives),
        criteria=_criteria(head),
        team=_team(scope, head),
        coverage=Coverage(head.tally.total, head.tally.answered, head.tally.not_covered),
        finding_counts=tuple(Count(_(GRADE_TITLES[grade]), grades[grade]) for grade in Grade),
        answer_counts=tuple(Count(answer.label, answers[answer.id]) for answer in scale.answers if answers[answer.id]),
        findings=tuple(_finding(one) for one in found),
        clauses=tuple(_clauses(rows, labels)),
        samples=(),
        not_covered=tuple(LeftOut(f"{number_of(row.clause)}: {row.question}", row.note) for row in _not_covered(rows)),
        diverging=(),
        distribution=(),
    )
    title = f"{_('Audit report')} {head.number}"
    answered = tuple(dict.fromkeys(row.clause for row in rows if row.answer_state is AnswerState.ANSWERED))
    return Document(title, context, head.changed_at, suffix=head.number, clauses=answered)


def _extent(rows: list[RowView]) -> str:
    counted = [(row.conformity, row.weight) for row in rows if row.conformity is not None]
    percent = conformity_percent(counted)
    if percent is None:
        return ""
    return _(
        "%(answered)s of %(total)s questions were answered and counted; weighed, they come to %(percent)s %% "
        "conformity",
        answered=len(counted),
        total=len(rows),
        percent=percent,
    )


def _not_covered(rows: list[RowView]) -> list[RowView]:
    return [row for row in rows if row.answer_state is AnswerState.OPEN and standing(row.answer_state, row.note)]


def _criteria(head: AuditHead) -> tuple[Criterion, ...]:
    return (Criterion(head.edition_name, ""), *(Criterion(line, "") for line in lines_of(head.criteria)))


def _team(scope: Scope, head: AuditHead) -> tuple[Person, ...]:
    members = plans.team(scope.tx, head.id)
    return tuple(Person(scope.person(one.person_id), _(TEAM_ROLE_TITLES[TeamRole(one.role)])) for one in members)


def _finding(one: FindingView) -> Finding:
    return Finding(
        number=one.number,
        grade=_(GRADE_TITLES[one.grade]),
        clause=number_of(one.clause),
        criterion=one.criterion,
        statement=one.statement,
        evidence=one.evidence,
        state=_(FINDING_STATE_TITLES[one.state]),
    )


def _clauses(rows: list[RowView], labels: dict[str, str]) -> Iterator[ClauseAnswers]:
    for label, group in groupby(rows, key=lambda row: row.clause_label):
        number, _space, title = label.partition(" ")
        yield ClauseAnswers(
            number,
            title,
            tuple(
                Answer(
                    id=row.item_id,
                    question=row.question,
                    answer=labels.get(row.answer, row.answer),
                    note=row.note,
                    evidence="; ".join(attached.file.shown_name for attached in row.files),
                )
                for row in group
            ),
        )


# Registers


def finding_register(scope: Scope) -> Register | str:
    """Findings of the period's audits as a table, or why there is none."""
    if not heads(scope):
        return _no_audit(scope)
    found = list(registers.findings(scope.tx, scope.start, scope.end))
    columns = [
        Column(_("Number"), 18),
        Column(_("Audit"), 14),
        Column(_("Grade"), 24),
        Column(_("Clause"), 10),
        Column(_("Edition"), 18),
        Column(_("Criterion"), 40),
        Column(_("Statement"), 60),
        Column(_("Evidence"), 40),
        Column(_("Raised on"), 12),
        Column(_("Raised by"), 22),
        Column(_("State"), 28),
        Column(_("Actions"), 24),
    ]

    def sheets() -> Iterator[Sheet]:
        yield Sheet(
            _("Findings"),
            columns,
            (
                (
                    one.number,
                    one.audit,
                    _(GRADE_TITLES[one.grade]),
                    number_of(one.clause),
                    one.edition_name,
                    one.criterion,
                    one.statement,
                    one.evidence,
                    one.raised_at.date(),
                    one.raised_by,
                    _(FINDING_STATE_TITLES[one.state]),
                    ", ".join(one.actions),
                )
                for one in found
            ),
        )

    return Register(_("Findings"), sheets, len(found), newest(scope))


def answer_register(scope: Scope) -> Register | str:
    """Every question of the period's audits with its answer as a table, or why there is none."""
    found = heads(scope)
    if not found:
        return _no_audit(scope)
    labels = {
        (head.number, answer.id): answer.label
        for head in found
        if head.scale is not None
        for answer in Scale.model_validate(head.scale).answers
    }
    columns = [
        Column(_("Audit"), 14),
        Column(_("Row"), 6),
        Column(_("Question id"), 16),
        Column(_("Clause"), 36),
        Column(_("Question"), 60),
        Column(_("Answer"), 24),
        Column(_("Percent"), 9),
        Column(_("Note"), 50),
        Column(_("Answered on"), 12),
        Column(_("Answered by"), 22),
    ]

    def sheets() -> Iterator[Sheet]:
        yield Sheet(
            _("Answers"),
            columns,
            (
                (
                    row.audit,
                    row.position,
                    row.item_id,
                    row.clause_label,
                    row.question,
                    labels.get((row.audit, row.answer), row.answer),
                    row.conformity,
                    row.note,
                    row.answered_at.date() if row.answered_at else None,
                    row.answered_by,
                )
                for row in registers.rows(scope.tx, scope.start, scope.end)
            ),
        )

    return Register(_("Answers"), sheets, sum(head.tally.total for head in found), newest(scope))


# Files


def files(scope: Scope) -> list[Seen] | str:
    """Files attached to questions and findings of the period's audits, or why there are none."""
    audits = heads(scope)
    if not audits:
        return _no_audit(scope)
    seen: dict[int, Seen] = {}
    for head in audits:
        for row in rows_of(scope, head):
            label = _("%(audit)s, question %(question)s", audit=head.number, question=row.item_id)
            for attached in row.files:
                _note(seen, attached, label, [row.clause, *row.clauses])
        found = {one.id: one for one in _findings(scope, head)}
        for finding_id, held in evidence.for_subjects(scope.tx, findings_of.SUBJECT, list(found)).items():
            for attached in held:
                _note(seen, attached, found[finding_id].number, [found[finding_id].clause])
    return list(seen.values()) or _("No file is attached to a question or finding of these audits")


def _note(seen: dict[int, Seen], attached: evidence.Attached, label: str, clauses: list[str]) -> None:
    one = seen.setdefault(attached.file.id, Seen(attached.file))
    one.used(label, [*clauses, *attached.file.clauses], max(attached.added_at, attached.file.added_at))


# Conditions


def not_reported(scope: Scope) -> list[Missing]:
    """Audits of the period that are not reported."""
    return [
        Missing(
            _("Report of audit %(number)s", number=head.number),
            _("The audit is planned and has not started") if head.state is State.PLANNED else _("The audit is running"),
        )
        for head in heads(scope)
        if head.state not in REPORTED
    ]


def without_action(scope: Scope) -> list[Missing]:
    """Nonconformities that nothing is done about."""
    found = [one for head in heads(scope) for one in _findings(scope, head)]
    return [
        Missing(
            _("Action on finding %(number)s", number=one.number),
            _("No action answers this nonconformity yet"),
        )
        for one in found
        if one.grade in NONCONFORMITIES and one.state is FindingState.OPEN
    ]


def not_covered(scope: Scope) -> list[Missing]:
    """Audits with questions that nobody looked into."""
    missing = []
    for head in heads(scope):
        if head.state is State.PLANNED:
            continue
        rows = [row for row in rows_of(scope, head) if row.answer_state is AnswerState.OPEN]
        if rows:
            clauses = ", ".join(dict.fromkeys(number_of(row.clause) for row in rows))
            what = _("%(count)s questions of audit %(number)s", count=len(rows), number=head.number)
            missing.append(Missing(what, _("Not looked into (clauses %(clauses)s)", clauses=clauses)))
    return missing
