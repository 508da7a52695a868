"""Pages of Word templates: what each document may use, own versions, what was made with which."""

import io
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError, NotFound
from auditkit.base.text import N_, _
from auditkit.documents import catalogue, linting, render
from auditkit.documents.own import choosing, queries, service
from auditkit.documents.own.forms import UploadForm, UseForm
from auditkit.documents.own.rules import LARGEST, ORIGIN_TITLES, NotUsable, TooLarge
from auditkit.web.access import access, current_actor
from auditkit.web.languages import LANGUAGES, locale

bp = Blueprint("templates", __name__, url_prefix="/templates", template_folder="templates")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPE_TITLES = {"text": N_("text"), "number": N_("number"), "list": N_("list"), "picture": N_("picture")}
FILES = {
    "example": N_("Filled with an example"),
    "awkward": N_("Filled with awkward values"),
    "many": N_("Filled with long lists"),
}


@dataclass(frozen=True)
class _Line:
    """A document in the list: the languages it was written in, and which template is in force in each."""

    id: str
    title: str
    languages: tuple[str, ...]
    in_force: dict[str, choosing.Chosen]


def _chosen(template_id: str, language: str) -> choosing.Chosen:
    return choosing.chosen(reading(), current_app.extensions["auditkit.settings"].instance, template_id, language)


@bp.get("/")
@access("organisation.manage")
def index() -> str:
    """Every document with its template."""
    own = queries.uses(reading())
    lines = []
    for one in catalogue.CONTEXTS:
        spoken = dict.fromkeys((*catalogue.languages_of(one), *(language for id_, language in own if id_ == one)))
        lines.append(
            _Line(one, catalogue.title(one), tuple(spoken), {language: _chosen(one, language) for language in spoken})
        )
    return render_template("templates/index.html", lines=lines, origins=ORIGIN_TITLES, languages=LANGUAGES)


@bp.get("/<template_id>")
@access("organisation.manage")
def show(template_id: str) -> str:
    """One document: variables, template in force, own versions, upload."""
    return _page(template_id, UploadForm(language=locale()), None)


@bp.post("/<template_id>")
@access("organisation.manage")
def add(template_id: str) -> str | AnyResponse:
    """Examine an uploaded template and keep it as a version where it can be used."""
    form = UploadForm()
    form.language.choices = list(LANGUAGES.items())
    if not form.validate_on_submit():
        return _page(template_id, form, None)
    content = form.file.data.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        form.refuse("file", TooLarge(mebibytes=LARGEST // 1024 // 1024))
        return _page(template_id, form, None)
    entry = catalogue.entry(template_id, form.language.data)
    examined = linting.examine(content, entry, form.language.data)
    if not examined.usable:
        form.refuse("file", NotUsable(count=len(examined.errors)))
        return _page(template_id, form, examined)
    return _kept(template_id, form, content, examined)


def _kept(template_id: str, form: UploadForm, content: bytes, examined: linting.Examined) -> str | AnyResponse:
    warnings = [{"text": one.text, "place": one.place} for one in examined.warnings]
    command = service.Add(
        template_id, form.language.data, form.file.data.filename or "-", content, form.note.data or "", warnings
    )
    try:
        with transaction(current_actor()) as tx:
            number = service.add(tx, command, clock.now(), current_actor())
    except AuditkitError as refusal:
        form.refuse("file", refusal)
        return _page(template_id, form, examined)
    flash(_("Version %(number)s can be used. Look at it, then take it into use.", number=number), "good")
    return redirect(url_for(".show", template_id=template_id, _anchor="versions"))


def _page(template_id: str, form: UploadForm, examined: linting.Examined | None) -> str:
    entry = catalogue.entry(template_id)
    form.language.choices = list(LANGUAGES.items())
    own = queries.versions(reading(), template_id)
    spoken = dict.fromkeys((*catalogue.languages_of(template_id), *(one.language for one in own)))
    made, _more = queries.made(reading(), template_id=template_id)
    return render_template(
        "templates/show.html",
        entry=entry,
        title=catalogue.title(template_id),
        form=form,
        examined=examined,
        versions=own,
        in_force={language: _chosen(template_id, language) for language in spoken},
        written=catalogue.languages_of(template_id),
        used={key[1]: number for key, number in queries.uses(reading()).items() if key[0] == template_id},
        made=made[:10],
        origins=ORIGIN_TITLES,
        types=TYPE_TITLES,
        files=FILES,
        languages=LANGUAGES,
        names=current_app.extensions["auditkit.directory"].names(),
    )


@bp.post("/<template_id>/<language>/<int:number>/use")
@access("organisation.manage")
def take(template_id: str, language: str, number: int) -> AnyResponse:
    """Make documents with a version from now on."""
    if UseForm().validate_on_submit():
        with transaction(current_actor()) as tx:
            service.take(tx, service.Take(template_id, language, number), clock.now(), current_actor())
        flash(_("Documents are made with version %(number)s from now on.", number=number), "good")
    return redirect(url_for(".show", template_id=template_id, _anchor="versions"))


@bp.post("/<template_id>/<language>/leave")
@access("organisation.manage")
def leave(template_id: str, language: str) -> AnyResponse:
    """Go back to the template that is there without one of our own."""
    if UseForm().validate_on_submit():
        with transaction(current_actor()) as tx:
            service.leave(tx, service.Leave(template_id, language), clock.now(), current_actor())
        flash(_("No template of your own is in use for this document any more."), "good")
    return redirect(url_for(".show", template_id=template_id, _anchor="versions"))


@bp.get("/<template_id>/<language>/shipped.docx")
@access("organisation.manage")
def shipped(template_id: str, language: str) -> Response:
    """The shipped Word file, to be restyled."""
    content = catalogue.entry(template_id, language).file.read_bytes()
    return _word(content, f"{template_id}.{language}")


@bp.get("/<template_id>/<language>/<int:number>/template.docx")
@access("organisation.manage")
def file(template_id: str, language: str, number: int) -> Response:
    """An own version as it was uploaded."""
    version = queries.version(reading(), template_id, language, number)
    return _word(queries.content(reading(), version.id), f"{template_id}.{language}.{number}")


@bp.get("/<template_id>/<language>/<int:number>/<trial>.docx")
@access("organisation.manage")
def trial(template_id: str, language: str, number: int, trial: str) -> Response:
    """An own version, filled with one of the trials' data."""
    if trial not in FILES:
        raise NotFound(N_("There is no such trial"))
    version = queries.version(reading(), template_id, language, number)
    out = io.BytesIO()
    entry = catalogue.entry(template_id, language)
    render.render(queries.content(reading(), version.id), linting.trial_data(entry, trial), out)
    return _word(out.getvalue(), f"{template_id}.{language}.{number}.{trial}")


@bp.get("/made")
@access("organisation.manage")
def made() -> str:
    """Which template made which document, newest first."""
    before = request.args.get("before", type=int)
    lines, more = queries.made(reading(), before)
    return render_template(
        "templates/made.html",
        lines=lines,
        more=more,
        before=before,
        titles={one: catalogue.title(one) for one in catalogue.CONTEXTS},
        origins=ORIGIN_TITLES,
        languages=LANGUAGES,
        names=current_app.extensions["auditkit.directory"].names(),
    )


def _word(content: bytes, stem: str) -> Response:
    response = Response(content, mimetype=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.docx"'
    return response
