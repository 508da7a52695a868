"""Pages of approval: at once, in order, and what was handed in."""

from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import SEMICOLON, _, enumerated, spoken
from auditkit.documents import pdf
from auditkit.documents.own import here
from auditkit.documents.own.rules import Kind
from auditkit.policies import document, facts, queries, service
from auditkit.policies.forms.approving import ApproveForm, ApproversForm, DecideForm
from auditkit.policies.forms.base import ButtonForm
from auditkit.policies.queries import PolicyView, approvals, settings
from auditkit.policies.rules.approvals import ROUND_TITLES, ROUND_TONES
from auditkit.policies.rules.cards import months_after
from auditkit.policies.views.blueprint import approvers as may_approve
from auditkit.policies.views.blueprint import bp, done, names, today
from auditkit.policies.views.versions import WORD, sent_as
from auditkit.web.access import access, current_actor, current_organisation


@bp.route("/<int:policy_id>/approve", methods=["GET", "POST"])
@access("policies.approve")
def approve(policy_id: int) -> str | AnyResponse:
    """Read the draft as it would stand, and approve it."""
    policy = queries.policy(reading(), policy_id)
    if approvals.approvers(reading(), policy_id):
        return redirect(url_for(".hand_in", policy_id=policy_id))
    form = ApproveForm(revision=policy.revision, review_by=_proposed(policy))
    if form.validate_on_submit():
        command = service.Approve(policy_id, form.reason.data or "", form.review_by.data, form.revision.data)
        if done(form, service.approve, command):
            number = queries.policy(reading(), policy_id).versions[-1].number
            flash(_("Approved as version %(number)s. Publish it now, or on the day you choose.", number=number), "good")
            return redirect(url_for(".version", policy_id=policy_id, number=number))
    return _draft_page(policy, form, hands_in=False)


@bp.route("/<int:policy_id>/hand-in", methods=["GET", "POST"])
@access("policies.edit")
def hand_in(policy_id: int) -> str | AnyResponse:
    """Hand the draft in to those who approve it, in order."""
    policy = queries.policy(reading(), policy_id)
    form = ApproveForm(revision=policy.revision, review_by=_proposed(policy))
    if form.validate_on_submit():
        command = service.HandIn(policy_id, form.reason.data or "", form.review_by.data, form.revision.data)
        if done(form, service.hand_in, command):
            flash(_("Handed in. The first of those who approve it was told by mail."), "good")
            return redirect(url_for(".approval", policy_id=policy_id))
    return _draft_page(policy, form, hands_in=True)


@bp.route("/<int:policy_id>/approvers", methods=["GET", "POST"])
@access("policies.edit")
def approvers(policy_id: int) -> str | AnyResponse:
    """Choose who approves the document, in order."""
    policy = queries.policy(reading(), policy_id)
    chosen = approvals.approvers(reading(), policy_id)
    form = ApproversForm([(one.person_id, one.name) for one in may_approve()], chosen)
    if form.validate_on_submit():
        command = service.SetApprovers(policy_id, form.people)
        if done(form, service.set_approvers, command):
            flash(_("Saved. It holds from the next time a draft is handed in."), "good")
            return redirect(url_for(".show", policy_id=policy_id))
    return render_template("policies/approvers.html", policy=policy, form=form)


@bp.get("/<int:policy_id>/approval")
@access("policies.read")
def approval(policy_id: int) -> str:
    """What was handed in, who said what, and the form for whoever's turn it is."""
    return _approval_page(policy_id, DecideForm())


@bp.post("/<int:policy_id>/approval/decide")
@access("policies.approve")
def decide(policy_id: int) -> str | AnyResponse:
    """Approve or refuse what was handed in."""
    form = DecideForm()
    if form.validate_on_submit():
        approves = request.form.get("decision") == "approve"
        if done(form, service.decide, service.Decide(policy_id, approves, form.reason.data or "")):
            flash(_("Your approval was recorded.") if approves else _("Refused. The draft is open again."), "good")
            return redirect(url_for(".approval", policy_id=policy_id))
    return _approval_page(policy_id, form)


@bp.post("/<int:policy_id>/approval/take-back")
@access("policies.edit")
def take_back(policy_id: int) -> str | AnyResponse:
    """Take a text back that is under approval."""
    form = ButtonForm()
    if form.validate_on_submit() and done(form, service.take_back, service.TakeBack(policy_id)):
        flash(_("Taken back. Change the draft and hand it in again."), "good")
        return redirect(url_for(".show", policy_id=policy_id))
    for error in form.form_errors:
        flash(error, "bad")
    return redirect(url_for(".approval", policy_id=policy_id))


@bp.get("/<int:policy_id>/approval/word")
@access("policies.read")
def asked_as_word(policy_id: int) -> Response:
    """What was handed in last, as a Word document."""
    title, made = _asked_file(policy_id, Kind.WORD)
    return sent_as(f"{title}.docx", made, WORD)


@bp.get("/<int:policy_id>/approval/pdf")
@access("policies.read")
def asked_as_pdf(policy_id: int) -> Response | AnyResponse:
    """The same as PDF, where the machine can make one; else the page says why not."""
    try:
        title, made = _asked_file(policy_id, Kind.PDF)
    except (pdf.PdfUnavailable, pdf.PdfFailed) as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(".approval", policy_id=policy_id))
    return sent_as(f"{title}.pdf", made, "application/pdf")


def _asked_file(policy_id: int, kind: Kind) -> tuple[str, bytes]:
    """Name and bytes. Raises NotFound where nothing was ever handed in."""
    policy = queries.policy(reading(), policy_id)
    rounds = approvals.rounds(reading(), policy_id)
    if not rounds:
        raise NotFound
    with spoken(policy.language):
        filled = document.handed_in(policy, rounds[0], current_organisation().name, names())
    title = _("%(title)s, handed in", title=rounds[0].title)
    return title, here.made(document.TEMPLATE, filled, title, language=policy.language, kind=kind)


def _proposed(policy: PolicyView) -> date | None:
    return months_after(today(), policy.card.review_months)


def _draft_page(policy: PolicyView, form: ApproveForm, *, hands_in: bool) -> str:
    live = facts.live(reading())
    stated = settings.stated_by(policy.sections, policy.answers, policy.card.states, live)
    return render_template(
        "policies/approve.html",
        policy=policy,
        form=form,
        hands_in=hands_in,
        order=approvals.approvers(reading(), policy.id),
        stated=[(live[name], _said(policy, live[name].blanks)) for name in stated],
    )


def _said(policy: PolicyView, blanks: tuple[str, ...]) -> str:
    """What the text says where it states a setting."""
    return enumerated((policy.answers[name] for name in blanks if name in policy.answers), SEMICOLON)


def _approval_page(policy_id: int, form: DecideForm) -> str:
    policy = queries.policy(reading(), policy_id)
    rounds = approvals.rounds(reading(), policy_id)
    if not rounds:
        raise NotFound
    return render_template(
        "policies/approval.html",
        policy=policy,
        rounds=rounds,
        current=rounds[0],
        form=form,
        mine=rounds[0].turn == current_actor().person_id,
        round_titles=ROUND_TITLES,
        round_tones=ROUND_TONES,
        before=policy.newest,
        pdf_available=pdf.available(),
    )
