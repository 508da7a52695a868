"""An audit as the data of the Word template `audit-report`; for the download here and for packs.

Pure: what was read comes in, a context goes out. Texts that the records do not hold are named as such, never invented.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from babel.dates import format_date

from auditkit.audits.queries.findings import FindingView
from auditkit.audits.queries.plans import AuditHead, TeamMember
from auditkit.audits.queries.run import RowView
from auditkit.audits.queries.samples import SampleView
from auditkit.audits.rules import (
    FINDING_STATE_TITLES,
    GRADE_TITLES,
    METHOD_TITLES,
    TEAM_ROLE_TITLES,
    AnswerState,
    Grade,
    conformity_percent,
)
from auditkit.audits.sampling import Rule
from auditkit.base.text import N_, _
from auditkit.complaints.rules import STAGE_TITLES, Stage
from auditkit.content.shapes import Scale
from auditkit.documents.contexts.audit import (
    Answer,
    AuditReport,
    ClauseAnswers,
    Coverage,
    Finding,
    ReportedAudit,
    Sample,
)
from auditkit.documents.contexts.facts import Count, Criterion, DocumentFacts, LeftOut, Organisation, Person

PLAN, REPORT = "audit-plan", "audit-report"
NOT_STATED = N_("Not stated in the records")
SAMPLED = N_(
    "An audit looks at samples. What was not looked into was not seen, and weaknesses may exist that this report does "
    "not name"
)


def report(
    head: AuditHead,
    team: Sequence[TeamMember],
    rows: Sequence[RowView],
    findings: Sequence[FindingView],
    samples: Sequence[SampleView],
    organisation: str,
    names: Mapping[int, str],
    *,
    language: str = "en",
) -> AuditReport:
    """What the report is filled with; the audit must be reported.

    `names`: person id -> name; `language` writes the dates. Raises ValueError for an audit that has no report yet.
    """
    if head.reported_at is None or head.started_at is None:
        raise ValueError(f"{head.number} is not reported yet")
    scale = Scale.model_validate(head.scale)
    people = _team(team, names)
    return AuditReport(
        organisation=Organisation(organisation),
        document=DocumentFacts(f"{head.number}/R", "1", _day(head.reported_at.date(), language)),
        audit=ReportedAudit(
            reference=head.number,
            title=head.title,
            client=organisation,
            method=_(METHOD_TITLES[head.method]),
            places=head.places,
            start=_day(head.started_at.date(), language),
            end=_day(head.reported_at.date(), language),
            scope=head.scope,
            conclusion=head.conclusion,
            extent=_extent(rows),
            deviations="",
            sampling=_sampling(samples, names),
            follow_up=_(NOT_STATED),
            confidentiality=_(NOT_STATED),
            leader=people[0].name if people else "",
        ),
        objectives=_lines(head.objectives),
        criteria=_criteria(head),
        team=people,
        coverage=Coverage(head.tally.total, head.tally.answered, head.tally.not_covered),
        finding_counts=_finding_counts(findings),
        answer_counts=_answer_counts(scale, rows),
        findings=tuple(_finding(one) for one in findings),
        clauses=tuple(_clauses(rows, scale)),
        samples=tuple(_sample(one, language) for one in samples),
        not_covered=tuple(_left_out(rows)),
        diverging=(),
        distribution=(),
    )


def _day(value: date, language: str) -> str:
    return format_date(value, "d MMMM y", locale=language)


def _lines(text: str) -> tuple[str, ...]:
    """The lines that say something, list marks taken off: the templates set their own."""
    return tuple(line.strip().lstrip("-*•").strip() for line in text.splitlines() if line.strip(" -*•\t"))


def _criteria(head: AuditHead) -> tuple[Criterion, ...]:
    return (Criterion(head.edition_name, ""), *(Criterion(line, "") for line in _lines(head.criteria)))


def _team(team: Iterable[TeamMember], names: Mapping[int, str]) -> tuple[Person, ...]:
    return tuple(Person(names.get(one.person_id, ""), _(TEAM_ROLE_TITLES[one.role])) for one in team)


def _extent(rows: Sequence[RowView]) -> str:
    counted = [(row.conformity, row.weight) for row in rows if row.conformity is not None]
    percent = conformity_percent(counted)
    if percent is None:
        return _("No question was answered in a way that counts")
    return _(
        "%(answered)s of %(total)s questions were answered and counted; "
        "weighed, they come to %(percent)s %% conformity",
        answered=len(counted),
        total=len(rows),
        percent=percent,
    )


def _finding_counts(findings: Sequence[FindingView]) -> tuple[Count, ...]:
    counted = Counter(one.grade for one in findings)
    return tuple(Count(_(GRADE_TITLES[grade]), counted[grade]) for grade in Grade)


def _answer_counts(scale: Scale, rows: Sequence[RowView]) -> tuple[Count, ...]:
    counted = Counter(row.answer for row in rows)
    return tuple(Count(answer.label, counted[answer.id]) for answer in scale.answers if counted[answer.id])


def _finding(one: FindingView) -> Finding:
    return Finding(
        number=one.number,
        grade=_(GRADE_TITLES[one.grade]),
        clause=one.clause.rpartition(":")[2],
        criterion=one.criterion,
        statement=one.statement,
        evidence=one.evidence,
        state=_(FINDING_STATE_TITLES[one.state]),
    )


def _clauses(rows: Sequence[RowView], scale: Scale) -> Iterator[ClauseAnswers]:
    labels = {answer.id: answer.label for answer in scale.answers}
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


def _sampling(samples: Sequence[SampleView], names: Mapping[int, str]) -> str:
    """What sampling means, and which sampled complaints a member of the team had handled."""
    handled = {one.reference: one.handled_by for sample in samples for one in sample.handled}
    if not handled:
        return _(SAMPLED)
    listed = "; ".join(
        f"{reference} ({', '.join(names.get(person, '') for person in persons)})"
        for reference, persons in sorted(handled.items())
    )
    return _(
        "%(sampled)s. Sampled complaints that a member of the audit team had handled: %(listed)s",
        sampled=_(SAMPLED),
        listed=listed,
    )


def _sample(one: SampleView, language: str) -> Sample:
    """A sample with all that a redraw needs; the population itself is the file that is named."""
    days = {"start": _day(one.received_from, language), "end": _day(one.received_to, language)}
    population = _("Complaints received from %(start)s to %(end)s", **days)
    if one.stage:
        population = _(
            "%(population)s, stage: %(stage)s", population=population, stage=_(STAGE_TITLES[Stage(one.stage)])
        )
    if one.rule is Rule.NUMBER:
        how_many = _("A number of one's own: %(reason)s", reason=one.reason)
    else:
        how_many = _(
            "All critical ones (%(critical)s) and the square root of the others, at least 10", critical=one.always_size
        )
    how = _(
        "%(how_many)s. The lowest by SHA-256 of seed, zero byte and reference. Seed: %(seed)s. SHA-256 of the "
        "population: %(digest)s (%(file)s)",
        how_many=how_many,
        seed=one.seed,
        digest=one.population_digest,
        file=one.record.shown_name,
    )
    return Sample(population, one.population_size, one.size, how)


def _left_out(rows: Sequence[RowView]) -> Iterator[LeftOut]:
    for row in rows:
        if row.answer_state is AnswerState.OPEN:
            yield LeftOut(f"{row.clause_number}: {row.question}", row.note)
