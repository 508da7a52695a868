"""Finishing an audit: what is still open, the conclusion."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries, service
from auditkit.audits.forms import ReportForm
from auditkit.audits.views.blueprint import REFUSALS, answer_facts, bp, words
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.web.access import access, current_actor


@bp.route("/<number>/report", methods=["GET", "POST"])
@access("audits.run")
def report(number: str) -> str | Response:
    """Look at what is answered and what is left out and why, write the conclusion, and report the audit."""
    form = ReportForm()
    if form.validate_on_submit():
        command = service.ReportAudit(number, form.conclusion.data)
        try:
            with transaction(current_actor()) as tx:
                service.report(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The audit is reported."), "good")
            return redirect(url_for(".show", number=number))
    tx = reading()
    head = queries.plans.by_number(tx, number)
    left_out = queries.run.not_covered(tx, head.id)
    return render_template(
        "audits/report.html",
        head=head,
        form=form,
        answer_facts=answer_facts(head),
        findings=queries.findings.of_audit(tx, head.id),
        unanswered=[one for one in left_out if not one.reason],
        not_covered=[one for one in left_out if one.reason],
        **words(),
    )
