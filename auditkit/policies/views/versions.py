"""Pages of versions: one version, publication, withdrawal, what differs between two, Word."""

from collections.abc import Callable, Iterable

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import _, spoken
from auditkit.documents import pdf
from auditkit.documents.contexts.policy import ComplaintsPolicy
from auditkit.documents.own import feeding, here
from auditkit.documents.own.rules import Kind
from auditkit.evidence.names import content_disposition, download_name
from auditkit.policies import document, facts, queries, service
from auditkit.policies.forms.approving import ConfirmForm, PublishForm, WithdrawForm
from auditkit.policies.queries import PolicyView, approvals, readers, settings, translations
from auditkit.policies.rules.comparing import compare_sections
from auditkit.policies.rules.readers import to_be_read
from auditkit.policies.rules.translations import Piece
from auditkit.policies.views.blueprint import bp, done, names, today
from auditkit.web.access import access, current_actor, current_organisation

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "draft"


@bp.get("/<int:policy_id>/versions/<int:number>")
@access("policies.read")
def version(policy_id: int, number: int) -> str:
    """A version as it was approved."""
    return version_page(policy_id, number)


@bp.post("/<int:policy_id>/versions/<int:number>/publish")
@access("policies.approve")
def publish(policy_id: int, number: int) -> str | AnyResponse:
    """Publish a version from a day on."""
    form = PublishForm()
    if form.validate_on_submit():
        command = service.Publish(policy_id, number, form.effective_on.data)
        if done(form, service.publish, command):
            flash(_("Version %(number)s is published.", number=number), "good")
            return redirect(url_for(".version", policy_id=policy_id, number=number))
    return version_page(policy_id, number, publish_form=form)


@bp.post("/<int:policy_id>/versions/<int:number>/withdraw")
@access("policies.approve")
def withdraw(policy_id: int, number: int) -> str | AnyResponse:
    """Withdraw a version; it stays readable here."""
    form = WithdrawForm()
    if form.validate_on_submit():
        command = service.Withdraw(policy_id, number, form.reason.data or "")
        if done(form, service.withdraw, command):
            flash(_("Version %(number)s is withdrawn and no longer public.", number=number), "good")
            return redirect(url_for(".version", policy_id=policy_id, number=number))
    return version_page(policy_id, number, withdraw_form=form)


@bp.get("/<int:policy_id>/compare")
@access("policies.read")
def compare(policy_id: int) -> str:
    """What differs between two versions, or a version and the draft, word by word."""
    policy = queries.policy(reading(), policy_id)
    choices = _choices(policy)
    last = [name for name, _title in choices]
    old = request.args.get("old", last[-2] if len(last) > 1 else last[0])
    new = request.args.get("new", last[-1])
    one, other = _pieces(policy, old), _pieces(policy, new)
    changes = compare_sections(one, other)
    return render_template(
        "policies/compare.html", policy=policy, choices=choices, old=old, new=new, changes=changes, titles=dict(choices)
    )


@bp.get("/<int:policy_id>/versions/<int:number>/word")
@access("policies.read")
def word(policy_id: int, number: int) -> Response:
    """A version as a Word document, in the language asked for where it is translated."""
    name, made = _made(policy_id, number, Kind.WORD)
    return sent_as(f"{name}.docx", made, WORD)


@bp.get("/<int:policy_id>/versions/<int:number>/pdf")
@access("policies.read")
def as_pdf(policy_id: int, number: int) -> Response | AnyResponse:
    """The same as PDF, where the machine can make one; else the page says why not."""
    try:
        name, made = _made(policy_id, number, Kind.PDF)
    except (pdf.PdfUnavailable, pdf.PdfFailed) as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(".version", policy_id=policy_id, number=number))
    return sent_as(f"{name}.pdf", made, "application/pdf")


@bp.get("/<int:policy_id>/versions/<int:number>/sources")
@access("policies.read")
def sources(policy_id: int, number: int) -> str:
    """Which record feeds which paragraph of it."""
    filled, language = _filled(policy_id, number)
    back = url_for(".version", policy_id=policy_id, number=number)
    return feeding.page(document.TEMPLATE, filled, f"{filled.policy.title} {number}", back, language=language)


def _made(policy_id: int, number: int, kind: Kind) -> tuple[str, bytes]:
    """Name and bytes of the file. Raises NotFound, also for a language that the version does not have."""
    filled, language = _filled(policy_id, number)
    title = f"{filled.policy.title} {number}"
    return title, here.made(document.TEMPLATE, filled, title, language=language, kind=kind)


def _filled(policy_id: int, number: int) -> tuple[ComplaintsPolicy, str]:
    """What the file is filled with, and its language."""
    policy = queries.policy(reading(), policy_id)
    one, language = policy.version(number), request.args.get("language", policy.language)
    edition = translations.edition_of(reading(), policy, number, language) if language != policy.language else None
    with spoken(language):
        return document.context(policy, one, current_organisation().name, names(), edition), language


def sent_as(name: str, content: bytes, kind: str) -> Response:
    """A file as a download; `name` with its ending."""
    response = Response(content, mimetype=kind)
    safe = download_name(name, (name[name.rindex(".") :],))
    response.headers["Content-Disposition"] = content_disposition(safe)
    return response


def version_page(
    policy_id: int,
    number: int,
    *,
    publish_form: PublishForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    confirm_form: ConfirmForm | None = None,
) -> str:
    """The page of a version with the forms somebody may use on it."""
    policy = queries.policy(reading(), policy_id)
    one = policy.version(number)
    rounds = approvals.rounds(reading(), policy_id)
    read = next((it for it in readers.readings(reading(), today(), [policy]) if it.version.number == number), None)
    return render_template(
        "policies/version.html",
        policy=policy,
        version=one,
        publish_form=publish_form or PublishForm(effective_on=today()),
        withdraw_form=withdraw_form or WithdrawForm(),
        confirm_form=confirm_form or ConfirmForm(language=policy.language),
        opened="publish" if publish_form else "withdraw" if withdraw_form else "",
        in_force=policy.in_force(today()),
        round=next((it for it in rounds if it.number == number), None),
        outdated=_outdated(policy, number),
        live=facts.live(reading()),
        read=read,
        confirmable=read is not None and current_actor().person_id in {it.person_id for it in read.readers},
        readable=number in to_be_read([it.dates for it in policy.versions], today()),
        confirmed=readers.own_confirmation(reading(), one.id, current_actor().person_id),
        pdf_available=pdf.available(),
        editions=translations.editions_of(reading(), policy, number),
        translated=[it for it in translations.translations(reading(), policy) if it.approved],
    )


def _outdated(policy: PolicyView, number: int) -> settings.Outdated | None:
    found = settings.outdated(reading(), [policy], today()).get(policy.id)
    return found if found and found.version.number == number else None


def _choices(policy: PolicyView) -> list[tuple[str, str]]:
    """What can be compared, oldest first; the draft only while it differs."""
    versions = [(str(one.number), _("Version %(number)s", number=one.number)) for one in policy.versions]
    return [*versions, (DRAFT, _("Draft"))] if policy.has_changes else versions


def _pieces(policy: PolicyView, name: str) -> list[Piece]:
    """A version or the draft for comparing. Raises NotFound."""
    if name == DRAFT:
        return [one for one in _readable(policy.sections, policy.shown) if one.text.strip()]
    if not name.isdecimal():
        raise NotFound
    return _readable(policy.version(int(name)).sections, str)


def _readable(sections: Iterable[queries.Section], shown: Callable[[str], str]) -> list[Piece]:
    return [Piece(one.id, one.title, document.readable(shown(one.text))) for one in sections]
