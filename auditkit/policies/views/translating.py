"""Pages of translations."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.library.here import here
from auditkit.policies import document, queries, service
from auditkit.policies.forms.approving import ApproveForm
from auditkit.policies.forms.translating import LanguageForm, translation_form
from auditkit.policies.queries import PolicyView, translations
from auditkit.policies.queries.translations import Translation
from auditkit.policies.rules.cards import LANGUAGES
from auditkit.policies.rules.comparing import compare
from auditkit.policies.views.blueprint import REFUSED, bp, done, language_name, made
from auditkit.web.access import access


@bp.route("/<int:policy_id>/translations", methods=["GET", "POST"])
@access("policies.read")
def translated(policy_id: int) -> str:
    """The translations of a document, and which are behind."""
    policy = queries.policy(reading(), policy_id)
    return _list(policy, _language_form(policy))


@bp.post("/<int:policy_id>/translations/start")
@access("policies.edit")
def start_translation(policy_id: int) -> str | AnyResponse:
    """Begin a language."""
    policy = queries.policy(reading(), policy_id)
    form = _language_form(policy)
    if form.validate_on_submit():
        command = service.StartTranslation(policy_id, form.language.data)
        taken = made(form, service.start_translation, command, library=here().library)
        if taken is not REFUSED:
            if taken:
                _say_taken(taken, policy)
            return redirect(url_for(".translate", policy_id=policy_id, language=form.language.data))
    return _list(policy, form)


@bp.route("/<int:policy_id>/translations/<language>", methods=["GET", "POST"])
@access("policies.edit")
def translate(policy_id: int, language: str) -> str | AnyResponse:
    """Write the working text, section beside section."""
    policy = queries.policy(reading(), policy_id)
    one = translations.translation(reading(), policy, language)
    form = translation_form(one)
    if form.validate_on_submit():
        command = service.Translate(
            policy_id, language, form.title.data or "", form.sections(), form.revision.data, form.follow.data
        )
        if done(form, service.translate, command):
            flash(_("The translation was saved."), "good")
            return redirect(url_for(".translate", policy_id=policy_id, language=language))
    return render_template("policies/translate.html", policy=policy, one=one, form=form, source=_source(one))


@bp.route("/<int:policy_id>/translations/<language>/approve", methods=["GET", "POST"])
@access("policies.approve")
def approve_translation(policy_id: int, language: str) -> str | AnyResponse:
    """Read the working text beside its source, and approve it."""
    policy = queries.policy(reading(), policy_id)
    one = translations.translation(reading(), policy, language)
    form = ApproveForm(revision=one.revision)
    if form.validate_on_submit():
        command = service.ApproveTranslation(policy_id, language, form.reason.data or "", form.revision.data)
        if done(form, service.approve_translation, command):
            flash(_("The translation was approved."), "good")
            return redirect(url_for(".translated", policy_id=policy_id))
    return render_template("policies/translation_approve.html", policy=policy, one=one, form=form, source=_source(one))


def _say_taken(taken: int, policy: PolicyView) -> None:
    source = translations.source_of(policy)
    of_all = len(source.sections) if source else taken
    words = _("%(taken)s of %(all)s sections were taken over from the library.", taken=taken, all=of_all)
    then = _("The answers in them stand as they were given: translate these too.")
    flash(f"{words} {then}", "good")


def _list(policy: PolicyView, form: LanguageForm) -> str:
    return render_template(
        "policies/translations.html",
        policy=policy,
        translations=translations.translations(reading(), policy),
        newest=translations.source_of(policy),
        form=form,
    )


def _language_form(policy: PolicyView) -> LanguageForm:
    taken = {policy.language, *(one.language for one in translations.translations(reading(), policy))}
    return LanguageForm([(code, language_name(code)) for code in LANGUAGES if code not in taken])


def _source(one: Translation) -> dict[str, dict[str, object]]:
    """Section id -> the source as it is followed, and what changed since: what the translator looks at."""
    newest = {piece.id: piece for piece in translations.pieces(one.newest.sections)}
    return {
        piece.id: {
            "title": piece.title,
            "text": piece.text,
            "changes": compare(document.readable(piece.text), document.readable(newest[piece.id].text))
            if piece.id in newest and newest[piece.id] != piece
            else (),
            "gone": piece.id not in newest,
        }
        for piece in translations.pieces(one.follows.sections)
    }
