"""The page of documents: choose one, of what, in which language, as Word or PDF; see what feeds each paragraph."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import AuditkitError, NotFound
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _, translated_by
from auditkit.content.library import in_language
from auditkit.content.texts import ENGLISH
from auditkit.documents import catalogue, pdf
from auditkit.documents.own import feeding, here, making
from auditkit.documents.own.rules import Kind
from auditkit.evidence.names import content_disposition, download_name
from auditkit.library.here import here as content
from auditkit.library.here import library as content_read
from auditkit.papers import folder, jobs, queries
from auditkit.papers.building import Asked, build
from auditkit.papers.forms import AskForm, FolderForm
from auditkit.papers.rules import ELSEWHERE, GROUP_TITLES, OF_TITLES, PAPERS, Of, Paper
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor, current_organisation, may
from auditkit.web.catalogues import catalogue as texts_in
from auditkit.web.languages import LANGUAGES, day_there, locale

bp = Blueprint("papers", __name__, url_prefix="/documents", template_folder="templates")

TYPES = {
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
}


@bp.get("/")
@access("content.read")
def index() -> str:
    """Every document there is, by what it is for, and where the others are made."""
    groups = {
        group: [one for one in PAPERS.values() if one.group is group and all(map(may, one.needs))]
        for group in GROUP_TITLES
    }
    return render_template(
        "papers/index.html",
        groups={group: papers for group, papers in groups.items() if papers},
        group_titles=GROUP_TITLES,
        title=catalogue.title,
        elsewhere=ELSEWHERE,
        folder_form=FolderForm(),
        pdf_available=pdf.available(),
    )


def _paper(paper_id: str) -> Paper:
    paper = PAPERS.get(paper_id)
    if paper is None:
        raise NotFound(N_("There is no such document"))
    if not all(map(may, paper.needs)):
        abort(403)
    return paper


@bp.post("/folder")
@access("content.read")
def begin_folder() -> AnyResponse:
    """Make all of them, in the language of the screens, as a job."""
    if not FolderForm().validate_on_submit():
        return redirect(url_for(".index"))
    kind = Kind.PDF if request.form.get("as") == Kind.PDF and pdf.available() else Kind.WORD
    return jobs_page.begin(jobs.MAKE, jobs.payload(locale(), kind))


@bp.get("/folder/<name>")
@access("content.read")
def ready(name: str) -> str:
    """What was made, and what was not and why."""
    settings = current_app.extensions["auditkit.settings"]
    made, missing = folder.listed(settings.instance, current_organisation().slug, name)
    return render_template("papers/ready.html", made=made, missing=missing, name=name)


@bp.get("/folder/<name>.zip")
@access("content.read")
def download(name: str) -> Response:
    """The ZIP of a batch: only who asked for it knows its name."""
    settings = current_app.extensions["auditkit.settings"]
    response = Response(
        folder.fetched(settings.instance, current_organisation().slug, name), mimetype="application/zip"
    )
    response.headers["Content-Disposition"] = content_disposition(download_name(f"{_('Documents')}.zip", (".zip",)))
    return response


@bp.get("/<paper_id>")
@access("content.read")
def show(paper_id: str) -> str:
    """Ask for a document."""
    paper = _paper(paper_id)
    return _page(paper, AskForm(language=locale(), of=request.args.get("of", "")))


@bp.post("/<paper_id>")
@access("content.read")
def make(paper_id: str) -> str | AnyResponse:
    """Make it and hand it out; what cannot be made says why, on the page."""
    paper, form = _paper(paper_id), AskForm()
    _offer(paper, form)
    if not form.validate_on_submit():
        return _page(paper, form)
    kind = Kind.PDF if request.form.get("as") == Kind.PDF else Kind.WORD
    try:
        context = _filled(paper, form.language.data, form.about)
        title = _named(paper, form)
        made = here.told(making.make(reading(), paper.id, context, form.language.data, kind), title)
    except AuditkitError as refusal:
        form.refuse("", refusal)
        return _page(paper, form)
    response = Response(made, mimetype=TYPES[kind])
    name = download_name(f"{title}.{kind.value}", (f".{kind.value}",))
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


@bp.get("/<paper_id>/sources")
@access("content.read")
def sources(paper_id: str) -> str:
    """Which record feeds which paragraph, as the document would be made now."""
    paper = _paper(paper_id)
    language, of = request.args.get("language", "en"), request.args.get("of", "")
    back = url_for(".show", paper_id=paper.id, of=of or None)
    return feeding.page(paper.id, _filled(paper, language, of), _(catalogue.title(paper.id)), back, language=language)


def _filled(paper: Paper, language: str, of: str) -> catalogue.Context:
    """The data of a document, every text of ours in its language."""
    names: Mapping[int, str] = current_app.extensions["auditkit.directory"].names()
    settings, house = current_app.extensions["auditkit.settings"], current_organisation()
    library = content().library
    asked = Asked(
        reading(),
        house.name,
        names,
        in_language(library, language if language in library.languages else ENGLISH),
        language,
        day_there(clock.now()),
        f"{settings.public_url.rstrip('/')}/p/{house.slug}/",
        of,
    )
    with translated_by(str if language == "en" else texts_in(language).text, language):
        return build(paper.id, asked)


def _named(paper: Paper, form: AskForm) -> str:
    about = dict(queries.subjects(reading(), paper.of, content_read())).get(form.about, "")
    return f"{_(catalogue.title(paper.id))} {about}".strip()


def _offer(paper: Paper, form: AskForm) -> None:
    """Give the form its choices; of a document about nothing else it asks for the language only."""
    spoken = queries.languages(reading(), paper)
    form.language.choices = [(one, LANGUAGES[one]) for one in spoken]
    if form.language.data not in spoken and not form.is_submitted():
        form.language.data = "en"
    if paper.of is Of.NOTHING:
        form.leave_out_of()
    elif form.of is not None:
        form.of.choices = queries.subjects(reading(), paper.of, content_read())


def _page(paper: Paper, form: AskForm) -> str:
    _offer(paper, form)
    shown: dict[str, Any] = {
        "paper": paper,
        "title": catalogue.title(paper.id),
        "form": form,
        "about": OF_TITLES.get(paper.of),
        "pdf_available": pdf.available(),
        "may_manage": current_actor().may("organisation.manage"),
    }
    return render_template("papers/show.html", **shown)


def _batch(job: JobView) -> str:
    return f"{LANGUAGES.get(job.payload['language'], '')} {job.payload['kind']}"


def _finished(job: JobView) -> str | None:
    settings, house, name = current_app.extensions["auditkit.settings"], current_organisation(), job.result or {}
    is_kept = folder.place(settings.instance, house.slug, name.get("file", "")).is_file()
    return url_for("papers.ready", name=name["file"]) if is_kept else None


def _again(_job: JobView) -> str:
    return url_for("papers.index")


def _facts(job: JobView) -> jobs_page.Facts:
    found = job.result or {}
    if "file" not in found:
        return []
    return [(_("Documents made"), found["made"]), (_("Not made, with the reasons in the ZIP"), found["missing"])]


jobs_page.shows(
    jobs.MAKE,
    jobs_page.Shown(
        title=N_("Making the documents"),
        permission="organisation.manage",
        failed=N_("No documents were made, and nothing is left of them. Mend what is named above, then try again."),
        subject=_batch,
        result=_finished,
        again=_again,
        facts=_facts,
    ),
)
