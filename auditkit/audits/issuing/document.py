"""A report as the data of the Word template `audit-report`, in one language throughout.

Pure: what was read comes in, a context goes out. Texts that the records do not hold are named as such, never invented.
Checked by tests/slices/audits_issuing/test_issuing_report.py.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import groupby

from auditkit.audits.checking.rules import CHECK_TITLES, Item, Result
from auditkit.audits.checking.rules import OUTCOME_TITLES as CHECKED_TITLES
from auditkit.audits.checking.rules import Outcome as Checked
from auditkit.audits.findings.queries import ResponseView
from auditkit.audits.findings.rules import OUTCOME_TITLES, RESPONSE_TITLES, ResponseKind
from auditkit.audits.independence.queries import ExceptionView
from auditkit.audits.independence.rules import GROUND_TITLES, WAY_TITLES
from auditkit.audits.issuing import examined, statements
from auditkit.audits.issuing.gathering import Facts
from auditkit.audits.queries.findings import FindingView
from auditkit.audits.rules import (
    FINDING_STATE_TITLES,
    KIND_TITLES,
    ORIGIN_TITLES,
    STRENGTH_TITLES,
    TEAM_ROLE_TITLES,
    AnswerState,
    Grade,
    TeamRole,
)
from auditkit.audits.samples.queries import SampleFacts
from auditkit.audits.scoring.rules import Score
from auditkit.audits.signing.telling import told_amendments
from auditkit.audits.tailoring.rules import WHY_TITLES, Why
from auditkit.audits.telling import NOT_STATED, criteria, guidelines, lines_of, method_told, places
from auditkit.base import jalali
from auditkit.base.long_day import long_day
from auditkit.base.text import SEMICOLON, Points, _, enumerated
from auditkit.content.shapes import Scale
from auditkit.documents.contexts.audit import (
    AmendmentLine,
    Answer,
    AuditReport,
    ChangeLine,
    CheckLine,
    ClauseAnswers,
    Coverage,
    ExceptionLine,
    Finding,
    GoodPractice,
    PlanLine,
    ReportedAudit,
    Said,
    Sample,
    ScoreLine,
    SignatureLine,
)
from auditkit.documents.contexts.facts import Count, DocumentFacts, LeftOut, Organisation, Person
from auditkit.documents.direction import RIGHT_TO_LEFT, figure, sided
from auditkit.web.languages import day_there

REPORT = "audit-report"
_LISTED = 12


def report(facts: Facts, *, language: str = "en") -> AuditReport:
    """What the report is filled with. Call it inside `translated_by` the same `language`, which writes the dates."""
    return sided(_report(facts, language), language)


def _report(facts: Facts, language: str) -> AuditReport:
    head, scale = facts.head, Scale.model_validate(facts.head.scale) if facts.head.scale else None
    reported = [one for one in facts.findings if one.grade is not Grade.GOOD_PRACTICE]
    day = partial(_day, language=language)
    ids = {row.position: row.item_id for row in facts.rows}
    return AuditReport(
        organisation=Organisation(facts.organisation),
        document=DocumentFacts(f"{head.number}/R", figure(1 + len(facts.amendments)), _issued(facts, language)),
        audit=_audit(facts, language),
        objectives=lines_of(head.objectives),
        criteria=tuple(criteria(head, facts.further, statements.asked(facts))),
        team=_team(facts),
        plan=tuple(_plan(facts, language)),
        coverage=Coverage(head.tally.total, head.tally.answered, head.tally.not_covered),
        finding_counts=_finding_counts(facts),
        answer_counts=tuple(examined.answer_counts(facts, scale)),
        clause_scores=tuple(_score(one) for one in facts.scores.clauses),
        principle_scores=tuple(_score(one, facts.principles.get(one.key, "")) for one in facts.scores.principles),
        findings=tuple(_finding(facts, one, language) for one in reported),
        good_practices=tuple(
            GoodPractice(one.number, one.clause_number or "–", one.statement, one.evidence)
            for one in facts.findings
            if one.grade is Grade.GOOD_PRACTICE
        ),
        clauses=tuple(_clauses(facts, scale)),
        samples=tuple(_sample(one, language) for one in facts.sampling.samples),
        followed=tuple(examined.followed(facts, day)),
        populations=tuple(examined.populations(facts, day)),
        logs=tuple(examined.logs(facts, day)),
        figures=tuple(examined.figures(facts, day)),
        exceptions=tuple(_exception(one) for one in facts.exceptions),
        checks=tuple(_check(one, ids) for one in facts.checks),
        not_covered=tuple(_left_out(facts)),
        diverging=tuple(_diverging(facts)),
        amendments=tuple(_amendments(facts, language)),
        signatures=tuple(_signatures(facts, language)),
        distribution=lines_of(facts.texts.distribution or head.distribution),
    )


def _issued(facts: Facts, language: str) -> str:
    signed = facts.signatures[-1].signed_at if facts.signatures else facts.head.reported_at
    return _day(day_there(signed), language) if signed else ""


def _audit(facts: Facts, language: str) -> ReportedAudit:
    head, texts = facts.head, facts.texts
    lead = next((one.person_id for one in facts.team if one.role is TeamRole.LEAD), None)
    kind = _(KIND_TITLES[head.kind])
    assert head.reported_at is not None  # noqa: S101 - gather refuses others
    return ReportedAudit(
        reference=head.number,
        title=head.title,
        kind=_("%(kind)s: %(number)s", kind=kind, number=facts.further.followed) if facts.further.followed else kind,
        client=_flat(texts.client) or facts.organisation,
        auditee=_auditee(facts),
        method=method_told(head.method, facts.methods, lines_of(head.virtual_places)),
        guidelines=guidelines(facts.further),
        places=enumerated(places(head), SEMICOLON) or _(NOT_STATED),
        start=_day(day_there(head.started_at) if head.started_at else head.planned_from, language),
        end=_day(day_there(head.reported_at), language),
        checklist=_(
            "%(title)s, %(count)s questions, SHA-256 %(digest)s",
            title=head.checklist_title,
            count=figure(head.tally.total),
            digest=(head.checklist_digest or "")[:16],
        ),
        scope=head.scope,
        conclusion=head.conclusion,
        extent=statements.extent(facts),
        founded=examined.founded(facts),
        compared=statements.compared(facts),
        process=texts.process,
        obstacles=texts.obstacles,
        sampling=statements.sampling(facts),
        unsampled=examined.unsampled(facts),
        follow_up=texts.follow_up or head.follow_up or _(NOT_STATED),
        confidentiality=texts.confidentiality or head.confidentiality or _(NOT_STATED),
        leader=facts.names.get(lead, "") if lead else "",
        standing=statements.standing(facts),
    )


def _auditee(facts: Facts) -> str:
    person = facts.names.get(facts.auditee, "") if facts.auditee else ""
    named = _flat(facts.head.auditee)
    return enumerated((one for one in (named, person) if one), SEMICOLON) or facts.organisation


def _team(facts: Facts) -> tuple[Person, ...]:
    return tuple(Person(facts.names.get(one.person_id, ""), _(TEAM_ROLE_TITLES[one.role])) for one in facts.team)


def _plan(facts: Facts, language: str) -> Iterator[PlanLine]:
    head = facts.head
    days = _("%(first)s to %(last)s", first=_day(head.planned_from, language), last=_day(head.planned_to, language))
    yield PlanLine(_("Planned days"), days)
    for label, text in (
        (_("Interviewees"), head.interviewees),
        (_("Sampling as planned"), head.sampling),
        (_("Language of the audit"), head.language),
        (_("Logistics"), head.logistics),
        (_("Remote work: risks and what is done about them"), head.remote_risk),
    ):
        if text.strip():
            yield PlanLine(label, _flat(text))


def _finding_counts(facts: Facts) -> tuple[Count, ...]:
    counted = Counter(one.grade for one in facts.findings)
    return tuple(Count(facts.grades[grade], counted[grade]) for grade in Grade)


def _score(one: Score, named: str = "") -> ScoreLine:
    return ScoreLine(
        f"{one.title} {named}" if named else one.title,
        _met(one),
        _percent(one.previous),
        _("%(done)s of %(all)s", done=figure(one.answered), all=figure(one.total)),
    )


def _met(one: Score) -> str:
    """The figure, with the mean level where the scale grades maturity."""
    if one.maturity is None:
        return _percent(one.percent)
    return _(
        "%(percent)s, maturity %(level)s of 5", percent=_percent(one.percent), level=figure(f"{one.maturity / 10:.1f}")
    )


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{figure(value)} %"


def _finding(facts: Facts, one: FindingView, language: str) -> Finding:
    strength = _(STRENGTH_TITLES[one.strength])
    origin = _(ORIGIN_TITLES[one.origin])
    if one.origin_text:
        origin = f"{origin}: {one.origin_text}"
    if one.id in facts.theirs:
        origin = f"{origin}. {_theirs(*facts.theirs[one.id], language)}"
    return Finding(
        number=one.number,
        grade=facts.grades[one.grade],
        clause=one.clause_number or "–",
        principles=enumerated(one.principles),
        criterion=one.criterion or "–",
        strength=f"{strength} · {one.edition_name}" if one.edition_name else strength,
        statement=one.statement,
        evidence=one.evidence or "–",
        origin=origin,
        grade_reason=one.grade_reason,
        repeats=enumerated(facts.repeats.get(one.id, [])),
        state=_(FINDING_STATE_TITLES[one.state]),
        said=tuple(_said(facts, each, language) for each in facts.said.get(one.id, [])),
    )


def _theirs(number: str, due: date | None, language: str) -> str:
    """The number a certification body gave a finding, and its date for a response."""
    if due is None:
        return _("Number of the certification body: %(number)s", number=number)
    return _(
        "Number of the certification body: %(number)s; response due %(day)s", number=number, day=_day(due, language)
    )


def _said(facts: Facts, one: ResponseView, language: str) -> Said:
    end = ""
    if one.outcome is not None:
        end = _(
            "%(outcome)s: %(why)s (%(person)s, %(day)s)",
            outcome=_(OUTCOME_TITLES[one.outcome]),
            why=one.resolution,
            person=facts.names.get(one.resolved_by, "") if one.resolved_by else "",
            day=_day(day_there(one.resolved_at), language) if one.resolved_at else "",
        )
    elif one.open_dispute:
        end = _("This dispute has not ended.")
    return Said(_(RESPONSE_TITLES[one.kind]), one.said_by, _day(day_there(one.responded_at), language), one.text, end)


def _clauses(facts: Facts, scale: Scale | None) -> Iterator[ClauseAnswers]:
    labels = {answer.id: answer.label for answer in scale.answers} if scale else {}
    for label, group in groupby(facts.rows, key=lambda row: row.clause_label):
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
                    evidence=enumerated((attached.file.shown_name for attached in row.files), SEMICOLON),
                )
                for row in group
            ),
        )


def _sample(one: SampleFacts, language: str) -> Sample:
    """A sample with all that a redraw needs; the population itself is the file that is named."""
    population = _(
        "Complaints received from %(start)s to %(end)s",
        start=_day(one.received_from, language),
        end=_day(one.received_to, language),
    )
    said = [one.method]
    if one.reason:
        said.append(one.reason)
    if one.groups:
        groups = Points(f"{group.name}: {group.size}/{group.population}" for group in one.groups)
        said.append(_("by %(kind)s: %(groups)s", kind=one.stratified_by, groups=groups))
    said.append(
        _(
            "The lowest by SHA-256 of seed, zero byte and reference. Seed: %(seed)s. SHA-256 of the population: "
            "%(digest)s (%(file)s)",
            seed=one.seed,
            digest=one.population_digest,
            file=one.record_name,
        )
    )
    return Sample(
        f"{population}, {one.filters}" if one.filters else population, one.population, one.size, ". ".join(said)
    )


def _exception(one: ExceptionView) -> ExceptionLine:
    what = _(GROUND_TITLES[one.ground])
    why = [one.reason]
    if one.instead:
        why.append(_("Done instead: %(instead)s", instead=one.instead))
    if one.outcome:
        why.append(one.outcome)
    return ExceptionLine(
        one.person, _(WAY_TITLES[one.way]), f"{what}: {one.about}" if one.about else what, ". ".join(why)
    )


def _check(one: Result, ids: Mapping[int, str]) -> CheckLine:
    if one.outcome is Checked.NOT_CHECKED:
        details = _(one.why)
    else:
        details = enumerated((_item(item, ids) for item in one.items[:_LISTED]), SEMICOLON)
        if len(one.items) > _LISTED:
            details = _("%(listed)s and %(more)s more", listed=details, more=figure(len(one.items) - _LISTED))
    return CheckLine(_(CHECK_TITLES[one.check]), _(CHECKED_TITLES[one.outcome]), details)


def _item(one: Item, ids: Mapping[int, str]) -> str:
    """A question by the number it has in the annex, anything else by its own words."""
    return _("Question %(position)s", position=ids.get(one.position, one.position)) if one.position else one.text


def _left_out(facts: Facts) -> Iterator[LeftOut]:
    for row in facts.rows:
        if row.answer_state is AnswerState.OPEN:
            yield LeftOut(f"{row.clause_number}: {row.question}", row.note)
    yield from _not_asked(facts)


def _not_asked(facts: Facts) -> Iterator[LeftOut]:
    """What was left out before the start: a clause of which nothing was asked in one line, else each question."""
    asked, told = {row.clause_label for row in facts.rows}, set[str]()
    for one in facts.tailored.left_out:
        why = Why(one.why)
        whole = why is Why.SECTION and one.clause not in asked
        what = one.clause if whole else f"{one.clause.partition(' ')[0]}: {one.question}"
        if what not in told:
            told.add(what)
            yield LeftOut(what, f"{_(WHY_TITLES[why])}: {facts.tailored.reason}")


def _diverging(facts: Facts) -> Iterator[str]:
    """What the report was told, and every dispute about a finding, ended or not."""
    yield from lines_of(facts.texts.diverging)
    for finding in facts.findings:
        for one in facts.said.get(finding.id, []):
            if one.kind is ResponseKind.DISPUTED:
                yield _("%(number)s: %(person)s: %(text)s", number=finding.number, person=one.said_by, text=one.text)


def _amendments(facts: Facts, language: str) -> Iterator[AmendmentLine]:
    for one in told_amendments(facts.amendments, facts.grades):
        yield AmendmentLine(
            figure(one.serial),
            one.subject,
            one.reason,
            _day(day_there(one.made_at), language),
            facts.names.get(one.made_by, ""),
            tuple(ChangeLine(change.what, change.old, change.new) for change in one.changes),
        )


def _signatures(facts: Facts, language: str) -> Iterator[SignatureLine]:
    for one in facts.signatures:
        acknowledged = _("not yet")
        if one.acknowledged_at is not None:
            acknowledged = f"{one.acknowledged_name}, {_day(day_there(one.acknowledged_at), language)}"
            acknowledged = f"{acknowledged}: {one.remark}" if one.remark else acknowledged
        yield SignatureLine(
            _("Report") if one.serial == 0 else _("Amendment %(serial)s", serial=one.serial),
            one.typed_name,
            _day(day_there(one.signed_at), language),
            one.digest,
            acknowledged,
        )


def _day(value: date, language: str) -> str:
    if language in RIGHT_TO_LEFT:
        return jalali.day_in_persian(value)
    return long_day(value, language)


def _flat(text: str) -> str:
    return enumerated(lines_of(text), SEMICOLON)
