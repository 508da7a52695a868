"""Pages of audits by certification bodies: who they are, their findings under their own numbers, response dates."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries as audits
from auditkit.audits.outside import queries, service
from auditkit.audits.outside.forms import BodyForm, OutsideFindingForm, ResponseForm
from auditkit.audits.outside.rules import ACCREDITED_TITLES, Accredited
from auditkit.audits.queries.findings import FindingView
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import Grade, State
from auditkit.audits.views.blueprint import grades, kept, words
from auditkit.audits.views.parts import audit_part, audit_tab, finding_part
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.evidence import intake
from auditkit.library.here import library
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS, done
from auditkit.web.languages import day_there

bp = Blueprint("outside", __name__, url_prefix="/audits", template_folder="templates")

audit_tab(20, N_("Certification body"), "outside.show", shown=lambda head: head.from_outside, outside=True)


def _head(number: str) -> AuditHead:
    head = audits.plans.by_number(reading(), number)
    if not head.from_outside:
        raise NotFound()
    return head


@bp.get("/<number>/outside")
@access("audits.read")
def show(number: str) -> str:
    """Who did the audit, and what they found."""
    return _page(_head(number))


def _page(
    head: AuditHead,
    *,
    body: BodyForm | None = None,
    finding: OutsideFindingForm | None = None,
    response: ResponseForm | None = None,
    responding: str = "",
) -> str:
    tx = reading()
    found = queries.body_of(tx, head.id)
    return render_template(
        "audits/outside/show.html",
        head=head,
        body=found,
        findings=queries.findings(tx, head.id),
        body_form=body or BodyForm(None, obj=found),
        form=finding or OutsideFindingForm(_clauses(head), grades(), None),
        response=lambda number: (
            response
            if response is not None and number == responding
            else ResponseForm(None, data={"responded_on": day_there(clock.now())})
        ),
        responding=responding,
        open=head.state in (State.PLANNED, State.RUNNING),
        today=day_there(clock.now()),
        ACCREDITED_TITLES=ACCREDITED_TITLES,
        **words(),
    )


def _clauses(head: AuditHead) -> list[tuple[str, str]]:
    return [(node.ref, node.label) for node in library().edition(head.edition_id).nodes if node.auditable]


@bp.post("/<number>/outside/body")
@access("audits.plan")
def record_body(number: str) -> str | Response:
    """Record who did the audit."""
    head, form = _head(number), BodyForm()
    texts = {name: form[name].data or "" for name in ("body", "reference", "auditors", "accreditation")}
    recorded = done(
        form,
        service.record_body,
        lambda: service.RecordBody(number, accredited=Accredited(form.accredited.data), **texts),
    )
    if recorded:
        flash(_("The certification body is on record."), "good")
        return redirect(url_for(".show", number=number))
    return _page(head, body=form)


@bp.post("/<number>/outside/findings")
@access("audits.run")
def record_finding(number: str) -> str | Response:
    """Record a finding as the body gave it."""
    head = _head(number)
    form = OutsideFindingForm(_clauses(head), grades())
    if form.validate_on_submit():
        try:
            received = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = _finding(number, form, kept(tx, received))
                service.record_finding(tx, command, clock.now(), current_actor(), library=library())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The finding is on record under their number and ours."), "good")
            return redirect(url_for(".show", number=number))
    return _page(head, finding=form)


def _finding(number: str, form: OutsideFindingForm, files: tuple[int, ...]) -> service.RecordFinding:
    return service.RecordFinding(
        number=number,
        their_number=form.their_number.data,
        grade=Grade(form.grade.data),
        statement=form.statement.data,
        criterion=form.criterion.data or "",
        evidence=form.evidence.data or "",
        clause=form.clause.data or "",
        response_due=form.response_due.data,
        files=files,
    )


@bp.post("/<number>/outside/findings/<finding>/response")
@access("audits.run")
def note_response(number: str, finding: str) -> str | Response:
    """Note when the response to a finding went out."""
    head, form = _head(number), ResponseForm()
    if done(form, service.note_response, lambda: service.NoteResponse(number, finding, form.responded_on.data)):
        return redirect(url_for(".show", number=number))
    return _page(head, response=form, responding=finding)


@audit_part("overview", order=20)
def part(head: AuditHead) -> str:
    """Who did it, and what waits for a response."""
    if not head.from_outside:
        return ""
    found = queries.findings(reading(), head.id)
    return render_template(
        "audits/outside/_part.html",
        head=head,
        body=queries.body_of(reading(), head.id),
        waiting=[one for one in found if one.response_due and one.responded_on is None],
        count=len(found),
        today=day_there(clock.now()),
    )


@finding_part(order=10)
def numbered(finding: FindingView) -> str:
    """The number that the certification body gave it, and until when it wants an answer."""
    theirs = queries.numbers(reading(), [finding.id]).get(finding.id)
    return render_template("audits/outside/_finding.html", theirs=theirs) if theirs else ""
