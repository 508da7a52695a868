"""Finishing an audit: what is still open, the conclusion; the plan as a Word document."""

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.audits import queries, service
from auditkit.audits.agenda import document as planning
from auditkit.audits.forms import ReportForm
from auditkit.audits.outside.queries import numbers
from auditkit.audits.views.asked import wording
from auditkit.audits.views.blueprint import answer_facts, bp, names, words
from auditkit.base.db import reading
from auditkit.base.text import _, spoken
from auditkit.documents import catalogue
from auditkit.documents.contexts.audit_plan import AuditPlan
from auditkit.documents.own import feeding, here
from auditkit.evidence.names import content_disposition, download_name
from auditkit.web.access import access, current_organisation
from auditkit.web.acting import done
from auditkit.web.languages import locale

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.route("/<number>/report", methods=["GET", "POST"])
@access("audits.run")
def report(number: str) -> str | AnyResponse:
    """Look at what is answered and what is left out and why, write the conclusion, and report the audit."""
    form = ReportForm()
    if done(form, service.report, lambda: service.ReportAudit(number, form.conclusion.data)):
        flash(_("The audit is reported."), "good")
        return redirect(url_for(".show", number=number))
    return _report_page(number, form)


def _report_page(number: str, form: ReportForm) -> str:
    tx = reading()
    head = wording().head(queries.plans.by_number(tx, number))
    left_out = wording().left_out(queries.run.not_covered(tx, head.id))
    findings = queries.findings.of_audit(tx, head.id)
    return render_template(
        "audits/report.html",
        head=head,
        form=form,
        answer_facts=answer_facts(head),
        findings=findings,
        theirs=numbers(tx, [one.id for one in findings]) if head.from_outside else {},
        unanswered=[one for one in left_out if not one.reason],
        not_covered=[one for one in left_out if one.reason],
        **words(),
    )


@bp.get("/<number>/plan.docx")
@access("audits.read")
def plan_document(number: str) -> Response:
    """The plan as a Word document."""
    context, language = _plan(number)
    return _download(planning.TEMPLATE, context, _("Audit plan %(number)s", number=number), language)


@bp.get("/<number>/plan/sources")
@access("audits.read")
def plan_sources(number: str) -> str:
    """Which record feeds which paragraph of the plan."""
    context, language = _plan(number)
    title = _("Audit plan %(number)s", number=number)
    return feeding.page(planning.TEMPLATE, context, title, url_for("agenda.show", number=number), language=language)


def _plan(number: str) -> tuple[AuditPlan, str]:
    """What the plan is filled with, and its language."""
    tx = reading()
    head = queries.plans.by_number(tx, number)
    language = locale() if locale() in catalogue.languages_of(planning.TEMPLATE) else "en"
    with spoken(language):
        return planning.plan(tx, head, current_organisation().name, names(), language, wording()), language


def _download(template: str, context: catalogue.Context, title: str, language: str) -> Response:
    response = Response(here.made(template, context, title, language=language), mimetype=WORD)
    response.headers["Content-Disposition"] = content_disposition(download_name(f"{title}.docx", (".docx",)))
    return response
