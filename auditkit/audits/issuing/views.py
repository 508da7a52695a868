"""The report as a download, as files that are kept, and who got them."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.audits.issuing import jobs, queries, service
from auditkit.audits.issuing.document import REPORT
from auditkit.audits.issuing.forms import DistributeForm, FileForm
from auditkit.audits.issuing.making import filled, made
from auditkit.audits.issuing.queries import ReportFile
from auditkit.audits.issuing.rules import KIND_TITLES, WAY_TITLES, Kind, Way
from auditkit.audits.queries import plans
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.signing import queries as signing
from auditkit.audits.views.blueprint import names, words
from auditkit.audits.views.parts import SIGNING, audit_part
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _
from auditkit.documents import catalogue, pdf
from auditkit.documents.own import feeding, here
from auditkit.evidence import queries as evidence
from auditkit.evidence.names import content_disposition, download_name
from auditkit.library.here import library
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor, current_organisation, may
from auditkit.web.acting import REFUSALS, done
from auditkit.web.languages import LANGUAGES, locale

bp = Blueprint("audit_issuing", __name__, url_prefix="/audits", template_folder="templates")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _languages() -> tuple[str, ...]:
    return catalogue.languages_of(REPORT)


def _language() -> str:
    """The language of the screen where the template has it, else English."""
    return locale() if locale() in _languages() else "en"


def _sent(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


@bp.get("/<number>/report.docx")
@access("audits.read")
def word(number: str) -> Response:
    """The report as a Word document, as it stands now, in the language of the screen; nothing is kept."""
    document = made(reading(), number, current_organisation().name, Kind.WORD, _language(), library=library())
    title = _("Audit report %(number)s", number=number)
    return _sent(here.told(document, title), WORD, download_name(f"{title}.docx", (".docx",)))


@bp.get("/<number>/report/sources")
@access("audits.read")
def sources(number: str) -> str:
    """Which record feeds which paragraph of the report."""
    context = filled(reading(), number, current_organisation().name, _language(), library=library())
    title, back = _("Audit report %(number)s", number=number), url_for("audit_signing.show", number=number)
    return feeding.page(REPORT, context, title, back, language=_language())


@audit_part(SIGNING, order=20)
def files(head: AuditHead) -> str:
    """The files of the report and who got them, on the page of its signatures."""
    if head.reported_at is None:
        return ""
    return _files_section(head, FileForm(_languages(), formdata=None, language=_language()))


def _files_section(head: AuditHead, form: FileForm) -> str:
    return render_template(
        "audits/issuing/_files.html",
        head=head,
        form=form,
        files=queries.files(reading(), head.id),
        newest=len(signing.signatures(reading(), head.id)),
        pdf_available=pdf.available(),
        names=names(),
        KIND_TITLES=KIND_TITLES,
        WAY_TITLES=WAY_TITLES,
        LANGUAGES=LANGUAGES,
    )


@bp.post("/<number>/report-files")
@access("audits.run")
def make(number: str) -> AnyResponse:
    """Make the report as a file that is kept: Word at once, PDF as a job."""
    plans.by_number(reading(), number)
    form = FileForm(_languages())
    if not form.validate_on_submit():
        flash(_("Choose the kind of file and its language."), "bad")
        return _back(number)
    kind, language = Kind(form.kind.data), str(form.language.data)
    if kind is Kind.PDF:
        return jobs_page.begin(jobs.MAKE, {"number": number, "kind": kind.value, "language": language})
    try:
        jobs.make(number, kind, language, current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The file is made and kept. Now it can be given to people."), "good")
    return _back(number)


def _back(number: str) -> AnyResponse:
    return redirect(url_for("audit_signing.show", number=number, _anchor="files"))


def _file(number: str, file_id: int) -> ReportFile:
    """A file, for whoever may read audits and for the auditee. Raises NotFound for everybody else."""
    found = queries.file(reading(), number, file_id)
    if not may("audits.read") and signing.auditee(reading(), found.audit_id) != current_actor().person_id:
        raise NotFound()
    return found


@bp.get("/<number>/report-files/<int(max=9007199254740991):file_id>")
@access("audits.respond")
def download(number: str, file_id: int) -> Response:
    """A report file, byte for byte as it was made."""
    found = _file(number, file_id).file
    return _sent(b"".join(evidence.open_stream(reading(), found.digest)), found.media_type, found.download_name)


@bp.route("/<number>/report-files/<int(max=9007199254740991):file_id>/distribute", methods=["GET", "POST"])
@access("audits.run")
def distribute(number: str, file_id: int) -> str | AnyResponse:
    """Give a report file to somebody."""
    file, form = _file(number, file_id), DistributeForm()
    if done(
        form,
        service.distribute,
        lambda: service.Distribute(
            number, file_id, form.recipient.data or "", Way(form.way.data), form.address.data or ""
        ),
    ):
        flash(_("It is on record who got the report."), "good")
        return _back(number)
    return _distribute_page(number, file, form)


def _distribute_page(number: str, file: ReportFile, form: DistributeForm) -> str:
    head = plans.by_number(reading(), number)
    return render_template(
        "audits/issuing/distribute.html", head=head, file=file, form=form, FILE_KINDS=KIND_TITLES, **words()
    )


def _result(job: JobView) -> str:
    return url_for("audit_signing.show", number=job.payload["number"], _anchor="files")


jobs_page.shows(
    jobs.MAKE,
    jobs_page.Shown(
        title=N_("Making the report as PDF"),
        permission="audits.run",
        failed=N_("No PDF was made. The Word file can be made all the same."),
        subject=lambda job: job.payload["number"],
        result=_result,
        again=_result,
        facts=lambda _job: [],
    ),
)
