"""Pages that change a draft: questions, sections, the preview."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.library.here import here
from auditkit.policies import queries, service
from auditkit.policies.forms.drafting import MoveForm, NewSectionForm, SectionForm, questionnaire
from auditkit.policies.markdown import to_html
from auditkit.policies.queries import PolicyView
from auditkit.policies.queries import facts_page as stands
from auditkit.policies.views.blueprint import REFUSED, bp, done, made
from auditkit.web.access import access


@bp.route("/<int:policy_id>/questions", methods=["GET", "POST"])
@access("policies.edit")
def questions(policy_id: int) -> str | AnyResponse:
    """The short questionnaire that fills the text."""
    policy = queries.policy(reading(), policy_id)
    form = questionnaire(policy.asked, policy.revision)
    if form.validate_on_submit():
        command = service.AnswerQuestions(policy_id, form.answers(), form.revision.data)
        if done(form, service.answer, command):
            flash(_("The answers were saved; the text below uses them."), "good")
            return redirect(url_for(".show", policy_id=policy_id))
    others = stands.stands_in(reading(), but=policy_id)
    live = stands.suggestions(reading())
    return render_template("policies/questions.html", policy=policy, form=form, others=others, live=live)


@bp.route("/<int:policy_id>/sections/<section_id>", methods=["GET", "POST"])
@access("policies.edit")
def section(policy_id: int, section_id: str) -> str | AnyResponse:
    """Edit a section; the preview shows it without saving."""
    policy = queries.policy(reading(), policy_id)
    stored = policy.section(section_id)
    clauses = ", ".join(clause.rpartition(":")[2] for clause in stored.clauses)
    form = SectionForm(title=stored.title, text=stored.text, clauses=clauses, revision=policy.revision)
    if form.validate_on_submit() and not request.form.get("preview"):
        command = service.EditSection(
            policy_id,
            section_id,
            form.title.data or "",
            form.text.data or "",
            form.revision.data,
            form.clauses.data if "clauses" in request.form else None,
        )
        if done(form, service.edit_section, command, library=here().library):
            flash(_("The section was saved."), "good")
            return redirect(url_for(".show", policy_id=policy_id) + f"#section-{section_id}")
    return _editor(policy, form, stored.title, section_id)


@bp.route("/<int:policy_id>/sections", methods=["GET", "POST"])
@access("policies.edit")
def add_section(policy_id: int) -> str | AnyResponse:
    """Write a new section."""
    policy = queries.policy(reading(), policy_id)
    form = NewSectionForm(revision=policy.revision, after=policy.sections[-1].id if policy.sections else "")
    form.after.choices = [("", _("At the end")), *((one.id, one.title) for one in policy.sections)]
    if form.validate_on_submit() and not request.form.get("preview"):
        given = (form.title.data or "", form.text.data or "", form.revision.data, form.clauses.data or "")
        command = service.AddSection(policy_id, *given, form.after.data or "")
        section_id = made(form, service.add_section, command, library=here().library)
        if section_id is not REFUSED:
            flash(_("The section was added."), "good")
            return redirect(url_for(".show", policy_id=policy_id) + f"#section-{section_id}")
    return _editor(policy, form, _("New section"))


@bp.post("/<int:policy_id>/preview")
@access("policies.edit")
def preview(policy_id: int) -> str:
    """The text typed so far as it would be read; the page asks for it while somebody writes."""
    policy = queries.policy(reading(), policy_id)
    text = request.form.get("text", "")[:80_000]
    return render_template("policies/preview.html", policy=policy, preview=to_html(policy.shown(text), below=2))


@bp.post("/<int:policy_id>/sections/<section_id>/move")
@access("policies.edit")
def move_section(policy_id: int, section_id: str) -> AnyResponse:
    """Move a section up or down."""
    form = MoveForm()
    if form.validate_on_submit():
        command = service.MoveSection(policy_id, section_id, form.steps.data or 0, form.revision.data)
        if done(form, service.move_section, command):
            return redirect(url_for(".show", policy_id=policy_id) + f"#section-{section_id}")
    _say_refusals(form)
    return redirect(url_for(".show", policy_id=policy_id) + "#draft")


@bp.post("/<int:policy_id>/sections/<section_id>/remove")
@access("policies.edit")
def remove_section(policy_id: int, section_id: str) -> AnyResponse:
    """Remove a section from the draft; versions keep theirs."""
    form = MoveForm()
    if form.validate_on_submit():
        command = service.RemoveSection(policy_id, section_id, form.revision.data)
        if done(form, service.remove_section, command):
            flash(_("The section was removed from the draft. Approved versions keep it."), "good")
            return redirect(url_for(".show", policy_id=policy_id) + "#draft")
    _say_refusals(form)
    return redirect(url_for(".show", policy_id=policy_id) + "#draft")


def _say_refusals(form: MoveForm) -> None:
    for error in [*form.form_errors, *(one for field in form for one in field.errors)]:
        flash(error, "bad")


def _editor(policy: PolicyView, form: SectionForm, title: str, section_id: str = "") -> str:
    return render_template(
        "policies/section.html",
        policy=policy,
        title=title,
        section_id=section_id,
        form=form,
        offered=stands.offered(policy, here().library),
        preview=to_html(policy.shown(form.text.data or ""), below=2),
    )
