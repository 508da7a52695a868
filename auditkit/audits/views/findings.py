"""Pages of findings: raising one from dataclasses import replace
from whatever it comes from, its page, changing its wording."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries, rules, service
from auditkit.audits.forms import FindingForm
from auditkit.audits.queries.findings import SUBJECT, FindingView
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import Grade, Origin
from auditkit.audits.views.asked import wording
from auditkit.audits.views.blueprint import bp, entries, grades, kept, names, words
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.content.shapes import Scale
from auditkit.evidence import intake
from auditkit.evidence import queries as evidence
from auditkit.library.here import library
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import day_there

_GRADE_OFFERED = {"nonconformity": Grade.MINOR, "opportunity": Grade.OPPORTUNITY, "observation": Grade.OBSERVATION}
COMPOSE = "compose"
# What a page that offers a finding may fill in by its link, beside `row`, `origin`, `origin_id` and `origin_text`.
_OFFERED = ("grade", "clause", "criterion", "strength", "evidence", "gap", "statement")


@bp.route("/<number>/findings/new", methods=["GET", "POST"])
@access("audits.run")
def new_finding(number: str) -> str | Response:
    """Raise a finding: from the question `row`, from what `origin` names, or free."""
    head = wording().head(queries.plans.by_number(reading(), number))
    row_id = request.args.get("row", type=int)
    row = wording().row(queries.run.row(reading(), number, row_id), head) if row_id is not None else None
    form = _form(head, data=_offered(row, head))
    if row is not None:
        del form.clause  # the question's own
    if form.validate_on_submit() and not _composed(form):
        try:
            raised = _raise(number, row_id, form)
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("%(number)s was raised.", number=raised), "good")
            return redirect(url_for(".finding", number=raised))
    return _edit_page(form, head, row=row)


def _form(head: AuditHead, **more: Any) -> FindingForm:
    return FindingForm(_clauses(head), grades(), _principles(head), **more)


def _edit_page(
    form: FindingForm, head: AuditHead, row: RowView | None = None, finding: FindingView | None = None
) -> str:
    origin = finding.origin if finding else _origin()
    text = finding.origin_text if finding else request.args.get("origin_text", "")
    return render_template(
        "audits/finding_edit.html",
        form=form,
        head=head,
        row=row,
        finding=finding,
        origin=origin,
        origin_text=text,
        asked={name: request.args[name] for name in ("origin", "origin_id", "origin_text") if name in request.args},
        **words(),
    )


def _composed(form: FindingForm) -> bool:
    """Whether the wording helper was asked: then the statement is put together and the form is shown again."""
    if COMPOSE not in request.form:
        return False
    try:
        form.statement.data = rules.wording(
            requirement=form.criterion.data or "", evidence=form.evidence.data or "", gap=form.gap.data or ""
        )
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
    return True


def _origin() -> Origin | None:
    """What the address names. Raises NotFound for a kind that there is not."""
    named = request.args.get("origin", "")
    if named and named not in set(Origin):
        raise NotFound()
    return Origin(named) if named else None


def _raise(number: str, row_id: int | None, form: FindingForm) -> str:
    received = intake.receive_uploads(form.files.data or [])
    clause = form.clause.data if form.clause else ""
    with transaction(current_actor()) as tx:
        command = service.RaiseFinding(
            number,
            row_id=row_id,
            clause=clause,
            files=kept(tx, received),
            origin=_origin(),
            origin_id=request.args.get("origin_id", type=int),
            origin_text=request.args.get("origin_text", ""),
            **_said(form),
        )
        return str(service.raise_finding(tx, command, clock.now(), current_actor(), library=library()))


def _clauses(head: AuditHead) -> list[tuple[str, str]]:
    edition = library().editions.get(head.edition_id)
    return [(node.ref, node.label) for node in edition.nodes if node.auditable] if edition else []


def _principles(head: AuditHead) -> list[tuple[str, str]]:
    edition = library().editions.get(head.edition_id)
    return [(node.code, f"{node.code} {node.title}") for node in edition.principles if node.code] if edition else []


def _offered(row: RowView | None, head: AuditHead) -> dict[str, Any]:
    """What the form starts with: what the link says, else what the question and its answer suggest.

    From an answer nothing need be typed: the second tap raises the finding.
    """
    offered: dict[str, Any] = {name: request.args[name] for name in _OFFERED if name in request.args}
    if row is None or head.scale is None:
        return offered
    chosen = Scale.model_validate(head.scale).answer(row.answer)
    kind = chosen.finding if chosen is not None else None
    from_row = {
        "grade": _GRADE_OFFERED[kind].value if kind else None,
        "criterion": f"{row.edition_name}, {row.clause_label}",
        "evidence": row.note,
        "principles": row.principles,
    }
    if kind == "nonconformity":
        from_row["statement"] = _("Not found as it should be: %(good)s", good=row.good)
    return {**from_row, **offered}


def _said(form: FindingForm) -> dict[str, Any]:
    return {
        "grade": Grade(form.grade.data),
        "statement": form.statement.data or "",
        "evidence": form.evidence.data or "",
        "criterion": form.criterion.data or "",
        "strength": form.strength.data or "",
        "gap": form.gap.data or "",
        "grade_reason": form.grade_reason.data or "",
        "principles": tuple(form.principles.data or ()) if form.principles else None,
    }


@bp.get("/findings/<number>")
@access("audits.read")
def finding(number: str) -> str:
    """One finding with its evidence and the actions that answer it."""
    tx = reading()
    found = queries.findings.by_number(tx, number)
    said = wording().criterion(found.clause, found.edition_name, found.criterion)
    found = replace(found, criterion=said)
    audit = wording().head(queries.plans.by_number(tx, found.audit_number))
    return render_template(
        "audits/finding.html",
        finding=found,
        audit=audit,
        row=wording().row(queries.run.row(tx, found.audit_number, found.row_id), audit) if found.row_id else None,
        files=evidence.for_subject(tx, (SUBJECT, found.id)),
        names=names(),
        entries=entries((SUBJECT, found.id)),
        today=day_there(clock.now()),
        **words(),
    )


@bp.route("/findings/<number>/edit", methods=["GET", "POST"])
@access("audits.run")
def edit_finding(number: str) -> str | Response:
    """Change the wording or grade of a finding while the audit runs."""
    found = queries.findings.by_number(reading(), number)
    head = queries.plans.by_number(reading(), found.audit_number)
    form = _form(head, obj=found)
    del form.clause  # a finding stays under the clause it was raised under
    if form.validate_on_submit() and not _composed(form):
        try:
            _revise(number, form)
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The finding was saved."), "good")
            return redirect(url_for(".finding", number=number))
    return _edit_page(form, head, finding=found)


def _revise(number: str, form: FindingForm) -> None:
    received = intake.receive_uploads(form.files.data or [])
    with transaction(current_actor()) as tx:
        command = service.ReviseFinding(number, form.version.data or 0, files=kept(tx, received), **_said(form))
        service.revise_finding(tx, command, clock.now(), current_actor())
