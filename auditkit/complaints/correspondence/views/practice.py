"""How the organisation corresponds: its settings and its wordings of letters."""

from collections.abc import Iterator

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
from auditkit.complaints.correspondence.views.blueprint import bp, tabs, words
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS


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
    parts = [(sort, _(rules.SORT_TITLES[sort]), list(_supplied(sort))) for sort in rules.SORTS]
    own = queries.own_wordings(reading())
    return render_template(
        "complaints/correspondence/letters.html", parts=parts, own=own, tabs=tabs(".letters"), **words()
    )


def _supplied(sort: str) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """(kind, [(language, whether it is supplied in it)]) of the letters of this sort."""
    for kind in rules.LETTER_KINDS:
        if known := wording.languages_of(kind, sort):
            yield kind, [(language, language in known) for language in rules.LANGUAGES]


@bp.route("/letters/<kind>/<language>", methods=["GET", "POST"], defaults={"sort": ""})
@bp.route("/letters/<sort>/<kind>/<language>", methods=["GET", "POST"])
@access("organisation.manage")
def edit_letter(sort: str, kind: str, language: str) -> str | AnyResponse:
    """An own wording of a letter."""
    if language not in rules.LANGUAGES or sort not in rules.SORTS or kind not in dict(_supplied(sort)):
        raise NotFound
    tx = reading()
    version, inforce = queries.wording_version(tx, kind, language, sort), queries.letter_of(tx, kind, language, sort)
    form = WordingForm.of(inforce, version) if request.method == "GET" else WordingForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                command = form.command(kind, language, sort, back=request.form.get("do") == "back")
                service.change_wording(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The wording is saved."), "good")
            return redirect(url_for(".letters"))
    return _wording_page(form, inforce, language, version)


def _wording_page(form: WordingForm, inforce: wording.Letter, language: str, version: int) -> str:
    return render_template(
        "complaints/correspondence/letter_edit.html",
        form=form,
        kind=inforce.kind,
        sort=inforce.sort,
        language=language,
        letter=inforce,
        version=version,
        blanks=[(name, _(title), name in wording.OPTIONAL) for name, title in wording.BLANKS.items()],
        sort_title=_(rules.SORT_TITLES[inforce.sort]),
        **words(),
    )
