"""Pages of policies for the organisation's people: list, draft, questions, sections, approval, versions, Word."""

import io
from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError, NotFound
from auditkit.base.text import _
from auditkit.documents import catalogue, render
from auditkit.evidence.names import content_disposition, download_name
from auditkit.library.here import here
from auditkit.policies import document, queries, service
from auditkit.policies.forms import (
    ApproveForm,
    PolicyForm,
    PublishForm,
    SectionForm,
    StartForm,
    WithdrawForm,
    questionnaire,
)
from auditkit.policies.markdown import to_html
from auditkit.policies.queries import PolicyView, Version
from auditkit.policies.rules import COMPLAINTS_POLICY, STATE_TITLES, STATE_TONES, DraftChanged, State
from auditkit.web.access import access, current_actor, current_organisation

bp = Blueprint("policies", __name__, url_prefix="/policies", template_folder="../templates")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/")
@access("policies.read")
def index() -> str:
    """The organisation's policies, and the texts it may start from."""
    return render_template(
        "policies/index.html",
        policies=queries.policies(reading()),
        to_start=queries.to_start(reading(), here().library),
        first=COMPLAINTS_POLICY,
        layered=here(),
        today=_today(),
        badge=_badge,
    )


@bp.post("/start/<content_id>")
@access("policies.edit")
def start(content_id: str) -> AnyResponse:
    """Make a draft from a text of the library."""
    form = StartForm()
    if not form.validate_on_submit():
        return redirect(url_for(".index"))
    with transaction(current_actor()) as tx:
        policy_id = service.start(tx, service.Start(content_id), clock.now(), current_actor(), library=here().library)
    flash(_("The draft was made. Answer the questions first; the text is filled with your answers."), "good")
    return redirect(url_for(".questions", policy_id=policy_id))


@bp.get("/<int:policy_id>")
@access("policies.read")
def show(policy_id: int) -> str:
    """The draft with what it lacks, and the versions."""
    policy = queries.policy(reading(), policy_id)
    return render_template(
        "policies/show.html",
        policy=policy,
        in_force=policy.in_force(_today()),
        today=_today(),
        badge=_badge,
        html=to_html,
        names=_names(),
        public_url=_public_url(policy),
    )


@bp.route("/<int:policy_id>/questions", methods=["GET", "POST"])
@access("policies.edit")
def questions(policy_id: int) -> str | AnyResponse:
    """The short questionnaire that fills the text."""
    policy = queries.policy(reading(), policy_id)
    form = questionnaire(policy.asked, policy.revision)
    if form.validate_on_submit():
        command = service.AnswerQuestions(policy_id, form.answers(), form.revision.data)
        if _done(form, service.answer, command):
            flash(_("The answers were saved; the text below uses them."), "good")
            return redirect(url_for(".show", policy_id=policy_id))
    return render_template("policies/questions.html", policy=policy, form=form)


@bp.route("/<int:policy_id>/sections/<section_id>", methods=["GET", "POST"])
@access("policies.edit")
def section(policy_id: int, section_id: str) -> str | AnyResponse:
    """Edit a section; the preview shows it without saving."""
    policy = queries.policy(reading(), policy_id)
    stored = policy.section(section_id)
    form = SectionForm(title=stored.title, text=stored.text, revision=policy.revision)
    if form.validate_on_submit() and not request.form.get("preview"):
        command = service.EditSection(
            policy_id, section_id, form.title.data or "", form.text.data or "", form.revision.data
        )
        if _done(form, service.edit_section, command):
            flash(_("The section was saved."), "good")
            return redirect(url_for(".show", policy_id=policy_id) + f"#section-{section_id}")
    return render_template(
        "policies/section.html",
        policy=policy,
        section=stored,
        form=form,
        preview=to_html(policy.shown(form.text.data or ""), below=2),
    )


@bp.route("/<int:policy_id>/approve", methods=["GET", "POST"])
@access("policies.approve")
def approve(policy_id: int) -> str | AnyResponse:
    """Read the draft as it would stand, and approve it."""
    policy = queries.policy(reading(), policy_id)
    form = ApproveForm(revision=policy.revision)
    if form.validate_on_submit():
        command = service.Approve(policy_id, form.reason.data or "", form.review_by.data, form.revision.data)
        if _done(form, service.approve, command):
            number = queries.policy(reading(), policy_id).versions[-1].number
            flash(_("Approved as version %(number)s. Publish it now, or on the day you choose.", number=number), "good")
            return redirect(url_for(".version", policy_id=policy_id, number=number))
    return render_template("policies/approve.html", policy=policy, form=form, html=to_html, names=_names())


@bp.get("/<int:policy_id>/versions/<int:number>")
@access("policies.read")
def version(policy_id: int, number: int) -> str:
    """A version as it was approved."""
    return _version_page(policy_id, number)


@bp.post("/<int:policy_id>/versions/<int:number>/publish")
@access("policies.approve")
def publish(policy_id: int, number: int) -> str | AnyResponse:
    """Publish a version from a day on."""
    form = PublishForm()
    if form.validate_on_submit():
        command = service.Publish(policy_id, number, form.effective_on.data)
        if _done(form, service.publish, command):
            flash(_("Version %(number)s is published.", number=number), "good")
            return redirect(url_for(".version", policy_id=policy_id, number=number))
    return _version_page(policy_id, number, publish_form=form)


@bp.post("/<int:policy_id>/versions/<int:number>/withdraw")
@access("policies.approve")
def withdraw(policy_id: int, number: int) -> str | AnyResponse:
    """Withdraw a version; it stays readable here."""
    form = WithdrawForm()
    if form.validate_on_submit():
        command = service.Withdraw(policy_id, number, form.reason.data or "")
        if _done(form, service.withdraw, command):
            flash(_("Version %(number)s is withdrawn and no longer public.", number=number), "good")
            return redirect(url_for(".version", policy_id=policy_id, number=number))
    return _version_page(policy_id, number, withdraw_form=form)


@bp.get("/<int:policy_id>/versions/<int:number>/word")
@access("policies.read")
def word(policy_id: int, number: int) -> Response:
    """A version as a Word document."""
    policy = queries.policy(reading(), policy_id)
    one = policy.version(number)
    organisation = current_organisation().name
    entry = catalogue.entry(document.TEMPLATE)
    out = io.BytesIO()
    render.render(entry.file, catalogue.data_of(document.context(policy, one, organisation, _names())), out)
    response = Response(out.getvalue(), mimetype=WORD)
    name = download_name(f"{policy.title} {one.number}.docx", (".docx",))
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


def _version_page(
    policy_id: int,
    number: int,
    *,
    publish_form: PublishForm | None = None,
    withdraw_form: WithdrawForm | None = None,
) -> str:
    policy = queries.policy(reading(), policy_id)
    one = policy.version(number)
    return render_template(
        "policies/version.html",
        policy=policy,
        version=one,
        publish_form=publish_form or PublishForm(effective_on=_today()),
        withdraw_form=withdraw_form or WithdrawForm(),
        opened="publish" if publish_form else "withdraw" if withdraw_form else "",
        in_force=policy.in_force(_today()),
        badge=_badge,
        html=to_html,
        today=_today(),
        names=_names(),
    )


def _badge(policy: PolicyView, version: Version) -> tuple[str, str]:
    """Words and tone of a version's state today."""
    today = _today()
    if version.state is State.PUBLISHED:
        if policy.is_superseded(version, today):
            return _("Superseded"), "neutral"
        if version.effective_on and version.effective_on > today:
            return _("Published, not yet in force"), "info"
        return _("In force"), "good"
    return _(STATE_TITLES[version.state]), STATE_TONES[version.state]


def _done(form: PolicyForm, act: Callable[..., object], command: object) -> bool:
    """Perform a verb in one transaction; what it refuses is shown on the form (NotFound stays a page of its own)."""
    try:
        with transaction(current_actor()) as tx:
            act(tx, command, clock.now(), current_actor())
    except NotFound:
        raise
    except AuditkitError as refusal:
        form.refuse_verb(refusal)
        if isinstance(refusal, DraftChanged):
            # The next saving is then a decision: the page has said that the draft is another one now.
            form.revision.raw_data = None
            form.revision.data = queries.policy(reading(), (request.view_args or {})["policy_id"]).revision
        return False
    return True


def _public_url(policy: PolicyView) -> str | None:
    """Where strangers read it; None where this process does not serve the public pages, or the text is not for them."""
    shown = policy.content_id == COMPLAINTS_POLICY and "public_policy.show" in current_app.view_functions
    return url_for("public_policy.show") if shown else None


def _today() -> date:
    return clock.now().date()


def _names() -> dict[int, str]:
    found: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return found
