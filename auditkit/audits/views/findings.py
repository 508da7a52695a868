"""Pages of findings: raising one, its page with the actions that answer it, changing its wording."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries, service
from auditkit.audits.forms import FindingForm
from auditkit.audits.queries.findings import SUBJECT
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import Grade
from auditkit.audits.views.blueprint import REFUSALS, bp, entries, kept, names, words
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.content.shapes import Scale
from auditkit.evidence import intake
from auditkit.evidence import queries as evidence
from auditkit.library.here import here
from auditkit.web.access import access, current_actor

_GRADE_OFFERED = {"nonconformity": Grade.MINOR, "opportunity": Grade.OPPORTUNITY, "observation": Grade.OBSERVATION}


@bp.route("/<number>/findings/new", methods=["GET", "POST"])
@access("audits.run")
def new_finding(number: str) -> str | Response:
    """Raise a finding, from the question `row` or free."""
    head = queries.plans.by_number(reading(), number)
    row_id = request.args.get("row", type=int)
    row = queries.run.row(reading(), number, row_id) if row_id is not None else None
    form = FindingForm(_clauses(head), data=_offered(row, head))
    if row is not None:
        del form.clause  # the question's own
    if form.validate_on_submit():
        try:
            raised = _raise(number, row_id, form)
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("%(number)s was raised.", number=raised), "good")
            return redirect(url_for(".finding", number=raised))
    return render_template("audits/finding_edit.html", form=form, head=head, row=row, finding=None, **words())


def _raise(number: str, row_id: int | None, form: FindingForm) -> str:
    received = intake.receive_uploads(form.files.data or [])
    clause = form.clause.data if form.clause else ""
    with transaction(current_actor()) as tx:
        command = service.RaiseFinding(number, row_id=row_id, clause=clause, files=kept(tx, received), **_said(form))
        return str(service.raise_finding(tx, command, clock.now(), current_actor(), library=here().library))


def _clauses(head: AuditHead) -> list[tuple[str, str]]:
    edition = here().library.editions.get(head.edition_id)
    return [(node.ref, node.label) for node in edition.nodes if node.auditable] if edition else []


def _offered(row: RowView | None, head: AuditHead) -> dict[str, Any]:
    """What the form starts with: the question's clause, the grade its answer suggests, its note as evidence."""
    if row is None or head.scale is None:
        return {}
    chosen = Scale.model_validate(head.scale).answer(row.answer)
    offered = chosen.finding if chosen is not None else None
    return {
        "grade": _GRADE_OFFERED[offered].value if offered else None,
        "criterion": f"{row.edition_name}, {row.clause_label}",
        "evidence": row.note,
    }


def _said(form: FindingForm) -> dict[str, Any]:
    return {
        "grade": Grade(form.grade.data),
        "statement": form.statement.data,
        "evidence": form.evidence.data or "",
        "criterion": form.criterion.data or "",
    }


@bp.get("/findings/<number>")
@access("audits.read")
def finding(number: str) -> str:
    """One finding with its evidence and the actions that answer it."""
    tx = reading()
    found = queries.findings.by_number(tx, number)
    return render_template(
        "audits/finding.html",
        finding=found,
        audit=queries.plans.by_number(tx, found.audit_number),
        row=queries.run.row(tx, found.audit_number, found.row_id) if found.row_id else None,
        files=evidence.for_subject(tx, (SUBJECT, found.id)),
        names=names(),
        entries=entries((SUBJECT, found.id)),
        today=clock.now().date(),
        **words(),
    )


@bp.route("/findings/<number>/edit", methods=["GET", "POST"])
@access("audits.run")
def edit_finding(number: str) -> str | Response:
    """Change the wording or grade of a finding while the audit runs."""
    found = queries.findings.by_number(reading(), number)
    head = queries.plans.by_number(reading(), found.audit_number)
    form = FindingForm([], obj=found)
    del form.clause  # a finding stays under the clause it was raised under
    if form.validate_on_submit():
        try:
            received = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = service.ReviseFinding(number, form.version.data or 0, files=kept(tx, received), **_said(form))
                service.revise_finding(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The finding was saved."), "good")
            return redirect(url_for(".finding", number=number))
    return render_template("audits/finding_edit.html", form=form, head=head, row=None, finding=found, **words())
