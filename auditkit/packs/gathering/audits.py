"""What packs take from audits: plan, report, registers, files, and whether the audits are complete (clause 8.5)."""

from collections.abc import Iterator
from datetime import datetime
from importlib import resources

from auditkit.audits.agenda import document as planning
from auditkit.audits.queries import findings as findings_of
from auditkit.audits.queries import grades, plans, registers, run, samples
from auditkit.audits.queries.findings import FindingView
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.registers import FindingLine
from auditkit.audits.queries.run import RowView
from auditkit.audits.queries.samples import SampleView
from auditkit.audits.rules import (
    FINDING_STATE_TITLES,
    NONCONFORMITIES,
    AnswerState,
    FindingState,
    Grade,
    State,
)
from auditkit.audits.signing import queries as signing
from auditkit.audits.signing.telling import told_amendments
from auditkit.audits.wording import Wording
from auditkit.base.text import N_, _, ngettext
from auditkit.content.shapes import Scale
from auditkit.documents.tables import Column, Sheet
from auditkit.evidence import queries as evidence
from auditkit.packs.gathering.found import (
    Document,
    Missing,
    Register,
    Scope,
    Script,
    Seen,
    day,
    number_of,
)
from auditkit.web.languages import day_there

REPORTED = (State.REPORTED, State.CLOSED)
NO_AUDIT = N_("No audit was planned for a day between %(start)s and %(end)s")


def heads(scope: Scope) -> list[AuditHead]:
    """The audits whose planned days touch the period."""
    if scope.audit:
        return scope.once("audits", lambda: [plans.by_number(scope.tx, scope.audit)])
    return scope.once("audits", lambda: plans.overlapping(scope.tx, scope.start, scope.end))


def found_in(scope: Scope) -> list[FindingLine]:
    """The findings of these audits."""
    found = scope.once("findings", lambda: list(registers.findings(scope.tx, scope.start, scope.end)))
    return [one for one in found if scope.audit in ("", one.audit)]


def findings_by_id(scope: Scope) -> dict[int, str]:
    """Id of each finding of these audits -> its number."""
    return {one.id: one.number for head in heads(scope) for one in _findings(scope, head)}


def rows_of(scope: Scope, head: AuditHead) -> list[RowView]:
    """The questions of an audit with answers and files."""
    if not head.tally.total:  # it has not begun
        return []
    return scope.once(("rows", head.id), lambda: _words(scope).rows(run.rows(scope.tx, head.id), head))


def _words(scope: Scope) -> Wording:
    """What reads the questions in the language of the pack, whatever language they were asked in."""

    return scope.once("words", lambda: Wording(scope.spoken))


def _findings(scope: Scope, head: AuditHead) -> list[FindingView]:
    def read() -> dict[int, list[FindingView]]:
        found: dict[int, list[FindingView]] = {}
        for one in findings_of.of_audits(scope.tx, [audit.id for audit in heads(scope)]):
            found.setdefault(one.audit_id, []).append(one)
        return found

    return scope.once("findings-by-audit", read).get(head.id, [])


def _samples(scope: Scope, head: AuditHead) -> list[SampleView]:
    sampled = scope.once("sampled", lambda: samples.sampled(scope.tx, [audit.id for audit in heads(scope)]))
    if head.id not in sampled:
        return []
    return scope.once(("samples", head.id), lambda: samples.of_audit(scope.tx, head, plans.team(scope.tx, head.id)))


def _no_audit(scope: Scope) -> str:
    return _(NO_AUDIT, start=day(scope.start), end=day(scope.end))


def newest(scope: Scope) -> datetime | None:
    """When anything of these audits last changed."""
    if scope.audit:
        return max(head.changed_at for head in heads(scope))
    return scope.once("newest of audits", lambda: registers.newest_change(scope.tx, scope.start, scope.end))


# Documents


def plan_documents(scope: Scope) -> list[Document] | str:
    """A plan for each audit of the period, or why there is none."""
    found = heads(scope)
    if not found:
        return _no_audit(scope)
    stored = planning.stored(scope.tx, [head.id for head in found])
    return [_plan(scope, head, stored[head.id]) for head in found]


def _plan(scope: Scope, head: AuditHead, stored: planning.Stored) -> Document:
    context = planning.told(stored, head, scope.organisation.name, scope.people, scope.language, _words(scope))
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
    """The report as it stands: signed or a draft, which it says, with every amendment."""
    # Here and not above: it needs what every kind of examination in an audit knows (decision 0007)
    from auditkit.audits.issuing import document
    from auditkit.audits.issuing.gathering import gather

    rows = rows_of(scope, head)
    facts = gather(scope.tx, head.number, scope.organisation.name, _words(scope))
    context = document.report(facts, language=scope.language)
    title = f"{_('Audit report')} {head.number}"
    answered = tuple(dict.fromkeys(row.clause for row in rows if row.answer_state is AnswerState.ANSWERED))
    return Document(title, context, head.changed_at, suffix=head.number, clauses=answered)


# Registers


def finding_register(scope: Scope) -> Register | str:
    """Findings of the period's audits as a table, or why there is none."""
    audits = heads(scope)
    if not audits:
        return _no_audit(scope)
    found = found_in(scope)
    called = grades.titles(scope.tx)
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
                    called[one.grade],
                    number_of(one.clause),
                    one.edition_name,
                    one.criterion,
                    one.statement,
                    one.evidence,
                    day_there(one.raised_at),
                    one.raised_by,
                    _(FINDING_STATE_TITLES[one.state]),
                    ", ".join(one.actions),
                )
                for one in found
            ),
        )
        yield from _signed_sheets(scope, audits, called)

    return Register(_("Findings"), sheets, len(found), newest(scope))


def _signed_sheets(scope: Scope, audits: list[AuditHead], called: dict[Grade, str]) -> Iterator[Sheet]:
    """Who signed and acknowledged the reports of these audits, over which digest; and every amendment."""
    amended = signing.amendments_of(scope.tx, [head.id for head in audits])
    signatures = signing.signatures_of(scope.tx, [head.id for head in audits])
    yield Sheet(
        _("Signatures"),
        [Column(_("Audit"), 14), Column(_("For"), 18), Column(_("Signed by"), 24), Column(_("Signed on"), 12),
         Column(_("SHA-256 of what was signed"), 66), Column(_("Signature (Ed25519)"), 40), Column(_("Key"), 40),
         Column(_("Acknowledged by"), 24), Column(_("Acknowledged on"), 12)],
        (
            (
                head.number,
                _("Report") if one.serial == 0 else _("Amendment %(serial)s", serial=one.serial),
                one.typed_name,
                day_there(one.signed_at),
                one.digest,
                one.signature,
                one.key_fingerprint,
                one.acknowledged_name,
                day_there(one.acknowledged_at) if one.acknowledged_at else None,
            )
            for head in audits
            for one in signatures.get(head.id, [])
        ),
    )  # fmt: skip
    yield Sheet(
        _("Amendments"),
        [Column(_("Audit"), 14), Column(_("No."), 6), Column(_("What it changes"), 18), Column(_("Text"), 24),
         Column(_("Before"), 50), Column(_("From now on"), 50), Column(_("Why"), 40), Column(_("Made on"), 12),
         Column(_("Made by"), 22)],
        (
            (
                head.number,
                one.serial,
                one.subject,
                change.what,
                change.old,
                change.new,
                one.reason,
                day_there(one.made_at),
                scope.people.get(one.made_by, ""),
            )
            for head in audits
            for one in told_amendments(amended.get(head.id, []), called)
            for change in one.changes
        ),
    )  # fmt: skip


def answer_register(scope: Scope) -> Register | str:
    """Every question of the period's audits with its answer as a table, or why there is none."""
    found = heads(scope)
    if not found:
        return _no_audit(scope)
    labels = {
        (head.number, answer.id): answer.label
        for head in found
        if head.scale is not None
        for answer in Scale.model_validate(_words(scope).head(head).scale).answers
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
                    day_there(row.answered_at) if row.answered_at else None,
                    row.answered_by,
                )
                for row in registers.rows(scope.tx, scope.start, scope.end)
                if scope.audit in ("", row.audit)
            ),
        )

    return Register(_("Answers"), sheets, sum(head.tally.total for head in found), newest(scope))


# Files


def files(scope: Scope) -> list[Seen] | str:
    """Files attached to questions and findings of the period's audits, and the draws of samples; or why there are none.

    The complaints captured for a sample are not taken: people write names into free texts (`captured_complaints`).
    """
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
        for sample in _samples(scope, head):
            label = _("%(audit)s, sample %(sample)s", audit=head.number, sample=sample.serial)
            one = seen.setdefault(sample.record.id, Seen(sample.record))
            one.used(label, sample.record.clauses, sample.drawn_at)
            one.script = _redraw(scope)
    return list(seen.values()) or _("No file is attached to a question or finding of these audits")


def _redraw(scope: Scope) -> Script:
    """The script that draws a sample again, as the page of samples hands it out."""

    def read() -> Script:
        content = resources.files("auditkit.audits.samples").joinpath("redraw.py").read_bytes()
        return Script("redraw.py", _("Program that draws a sample again"), content)

    return scope.once("redraw", read)


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
            clauses = list(dict.fromkeys(number_of(one) for one in scope.in_order(row.clause for row in rows)))
            what = ngettext(
                "%(num)s question of audit %(audit)s",
                "%(num)s questions of audit %(audit)s",
                len(rows),
                audit=head.number,
            )
            missing.append(Missing(what, _("Not looked into (clauses %(clauses)s)", clauses=clauses)))
    return missing


def captured_complaints(scope: Scope) -> list[Missing]:
    """The complaints that were captured for a sample, which stay in the house."""
    return [
        Missing(
            _(
                "%(count)s captured complaints of sample %(sample)s of audit %(number)s",
                count=sample.size,
                sample=sample.serial,
                number=head.number,
            ),
            _("They hold free texts, in which people may be named. They are shown on site"),
        )
        for head in heads(scope)
        for sample in _samples(scope, head)
    ]
