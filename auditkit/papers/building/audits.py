"""The audit programme of a year, a checklist to fill by hand, the self-assessment with its evidence."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from auditkit.audits.programme import queries as programmes
from auditkit.audits.programme import rules as programme_rules
from auditkit.audits.queries import plans, run
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import KIND_TITLES, METHOD_TITLES, STATE_TITLES, STRENGTH_TITLES, AnswerState
from auditkit.audits.tailoring.queries import tailoring
from auditkit.audits.wording import Wording
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, SEMICOLON, _, enumerated
from auditkit.content.shapes import Method
from auditkit.documents.contexts.checklist import (
    Assessed,
    AssessedSection,
    AuditChecklist,
    AuditedBy,
    Question,
    QuestionSection,
    SelfAssessment,
)
from auditkit.documents.contexts.facts import Count, DocumentFacts, LeftOut
from auditkit.documents.contexts.programme import (
    AuditProgramme,
    ProgrammeAudit,
    ProgrammeFacts,
    ProgrammeReview,
    ProgrammeRisk,
)
from auditkit.documents.direction import figure
from auditkit.papers.building.asked import Asked, clauses
from auditkit.papers.rules import NotBegun, NothingChosen
from auditkit.web.languages import day_there

NOT_CHECKED = N_("Not checked")


def programme(asked: Asked) -> AuditProgramme:
    """The programme of a year with the reviews held until `asked.today`. Raises NothingChosen, NotFound."""
    if not asked.subject.isdigit():
        raise NothingChosen()
    year = int(asked.subject)
    found = programmes.of_year(asked.tx, year)
    if found is None:
        raise NotFound(N_("There is no audit programme for this year"))
    audits = _audits_of(asked, year)
    missing = [LeftOut(f"{one.begins} {one.title}", _("Not made yet")) for one in audits if not one.number]
    return AuditProgramme(
        asked.house,
        DocumentFacts(f"PROG-{year}", figure(found.version), asked.day(day_there(found.saved_at))),
        ProgrammeFacts(
            str(year),
            found.objectives,
            found.scope,
            found.methods,
            found.resources,
            asked.person(found.responsible_id),
        ),
        tuple(
            ProgrammeRisk(_(programme_rules.SIDE_TITLES[one.side]), one.what, one.response)
            for one in programmes.risks(asked.tx, found.id)
        ),
        audits,
        tuple(
            ProgrammeReview(asked.day(one.held_on), one.participants, one.conclusions, one.changes)
            for one in programmes.reviews(asked.tx, found.id)
            if one.held_on <= asked.today
        ),
        tuple(missing),
    )


def _audits_of(asked: Asked, year: int) -> tuple[ProgrammeAudit, ...]:
    made, found = programmes.made(asked.tx), []
    for item in programmes.items(asked.tx):
        have = made.get(item.id, {})
        last = date(year, 12, 31)
        days = [day for day in have if day.year == year]
        if item.stopped_at is None or day_there(item.stopped_at) > asked.today:
            days += programme_rules.periods(item.first_on, item.every_months, item.last_on, last)
        for day in sorted({day for day in days if day.year == year}):
            period = have.get(day)
            state = _(STATE_TITLES[period.state]) if period and period.state else _("Not made yet")
            line = ProgrammeAudit(
                asked.day(day),
                item.title,
                _(KIND_TITLES[item.kind]),
                clauses(item.clauses) or _("all"),
                item.auditee,
                asked.person(item.lead_id),
                _(METHOD_TITLES[item.method]),
                (period.number if period else None) or "",
                state,
            )
            found.append((day, line))
    return tuple(line for _day, line in sorted(found, key=lambda one: one[0]))


def _head(asked: Asked) -> tuple[AuditHead, list[RowView]]:
    if not asked.subject:
        raise NothingChosen()
    words = Wording(asked.library)
    head = words.head(plans.by_number(asked.tx, asked.subject))
    rows = words.rows(run.rows(asked.tx, head.id), head)
    if not rows:
        raise NotBegun(number=head.number)
    return head, rows


def _audited(asked: Asked, head: AuditHead) -> AuditedBy:
    return AuditedBy(
        head.number,
        head.title,
        head.scope,
        head.edition_name,
        head.checklist_title,
        enumerated(asked.person(one.person_id) for one in plans.team(asked.tx, head.id)),
        asked.day(head.planned_from),
        asked.day(head.planned_to),
    )


def checklist(asked: Asked) -> AuditChecklist:
    """The questions of an audit that began. Raises NothingChosen, NotFound, NotBegun."""
    head, rows = _head(asked)
    scale = head.scale or {}
    labels = {str(one["id"]): str(one["label"]) for one in scale.get("answers", ())}
    sections: dict[str, list[Question]] = {}
    for row in rows:
        sections.setdefault(row.section_title or row.clause_label, []).append(_question(row, labels))
    return AuditChecklist(
        asked.house,
        DocumentFacts(f"{head.number}/C", figure(head.version), asked.day(asked.today)),
        _audited(asked, head),
        tuple(str(one["label"]) for one in scale.get("answers", ())),
        tuple(QuestionSection(title, tuple(found)) for title, found in sections.items()),
        _not_asked(asked, head, rows),
    )


def _question(row: RowView, labels: dict[str, str]) -> Question:
    needs = []
    if row.note_for:
        needs.append(_("Note for: %(answers)s", answers=[labels.get(one, one) for one in row.note_for]))
    if row.evidence_for:
        needs.append(_("File for: %(answers)s", answers=[labels.get(one, one) for one in row.evidence_for]))
    last = ""
    if row.previous is not None:
        said = f"{row.previous.answer} ({row.previous.from_number})"
        last = f"{said}: {row.previous.note}" if row.previous.note else said
    return Question(
        str(row.position),
        clauses(row.clauses),
        _(STRENGTH_TITLES[row.strength]) if row.strength in STRENGTH_TITLES else row.strength,
        row.question,
        row.good,
        row.guidance,
        row.expected,
        enumerated(Method(one).value for one in row.methods),
        enumerated(needs, SEMICOLON),
        last,
    )


def _not_asked(asked: Asked, head: AuditHead, rows: Sequence[RowView]) -> tuple[LeftOut, ...]:
    """The questions of the checklist that this audit does not ask, and those that were found not to apply."""
    tailored = tailoring(asked.tx, head.id).left_out
    return (
        *(LeftOut(f"{one.clause.rpartition(':')[2]} {one.question}", one.why) for one in tailored),
        *(
            LeftOut(f"{row.position} {row.question}", row.note or _("Does not apply"))
            for row in rows
            if row.answer_state is AnswerState.EXCLUDED
        ),
    )


def self_assessment(asked: Asked) -> SelfAssessment:
    """Every question with its answer and what was seen; those without an answer are named."""
    head, rows = _head(asked)
    labels = {str(one["id"]): str(one["label"]) for one in (head.scale or {}).get("answers", ())}
    answers = {row.id: labels.get(row.answer, row.answer) or _(NOT_CHECKED) for row in rows}
    sections: dict[str, list[Assessed]] = {}
    for row in rows:
        sections.setdefault(row.section_title or row.clause_label, []).append(
            Assessed(str(row.position), clauses(row.clauses), row.question, answers[row.id], row.note, _seen(row))
        )
    unanswered = [row for row in rows if not row.answer]
    return SelfAssessment(
        asked.house,
        DocumentFacts(f"{head.number}/S", asked.today.isoformat(), asked.day(asked.today)),
        _audited(asked, head),
        tuple(Count(label, count) for label, count in Counter(answers.values()).most_common()),
        tuple(AssessedSection(title, tuple(found)) for title, found in sections.items()),
        _unanswered(unanswered),
    )


def _seen(row: RowView) -> tuple[str, ...]:
    files = tuple(f"{one.file.name}, SHA-256 {one.file.digest[:16]}" for one in row.files)
    return files + tuple(_("Finding %(number)s", number=one.number) for one in row.findings)


def _unanswered(rows: Sequence[RowView]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(f"{row.position} {row.question}", row.note or _(NOT_CHECKED)) for row in rows)
