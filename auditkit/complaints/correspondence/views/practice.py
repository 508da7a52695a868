"""How the organisation corresponds: its settings and its wordings of letters."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.complaints.correspondence import queries, rules, service, wording
from auditkit.complaints.correspondence.forms import (
    SettingsForm,
    WordingForm,
)
from auditkit.complaints.correspondence.views.blueprint import REFUSALS, bp, tabs, words
from auditkit.web.access import access, current_actor


@bp.route("/settings", methods=["GET", "POST"])
@access("organisation.manage")
def settings() -> str | AnyResponse:
    """How the organisation corresponds."""
    form = SettingsForm.of(queries.setting(reading())) if request.method == "GET" else SettingsForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.change_settings(tx, form.command(), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The settings are saved."), "good")
            return redirect(url_for(".settings"))
    return render_template("complaints/correspondence/settings.html", form=form, tabs=tabs(".settings"))


@bp.get("/letters")
@access("complaints.handle")
def letters() -> str:
    """All letters in all languages, and which are the organisation's own."""
    rows = [
        (kind, [(language, language in wording.languages_of(kind)) for language in rules.LANGUAGES])
        for kind in rules.LETTER_KINDS
    ]
    own = queries.own_wordings(reading())
    return render_template(
        "complaints/correspondence/letters.html", rows=rows, own=own, tabs=tabs(".letters"), **words()
    )


@bp.route("/letters/<kind>/<language>", methods=["GET", "POST"])
@access("organisation.manage")
def edit_letter(kind: str, language: str) -> str | AnyResponse:
    """An own wording of a letter."""
    if kind not in rules.LETTER_KINDS or language not in rules.LANGUAGES:
        raise NotFound
    version = queries.wording_version(reading(), kind, language)
    inforce = queries.letter(reading(), kind, language)
    form = WordingForm.of(inforce, version) if request.method == "GET" else WordingForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                command = form.command(kind, language, back=request.form.get("do") == "back")
                service.change_wording(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The wording is saved."), "good")
            return redirect(url_for(".letters"))
    return _wording_page(form, kind, language, inforce, version)


def _wording_page(form: WordingForm, kind: str, language: str, inforce: wording.Letter, version: int) -> str:
    return render_template(
        "complaints/correspondence/letter_edit.html",
        form=form,
        kind=kind,
        language=language,
        letter=inforce,
        version=version,
        blanks=[(name, _(title), name in wording.OPTIONAL) for name, title in wording.BLANKS.items()],
        **words(),
    )
