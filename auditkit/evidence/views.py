"""Pages of evidence: what there is, adding files, one file and its uses, the download."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.text import _
from auditkit.evidence import intake, queries, service, serving, subjects
from auditkit.evidence.forms import AddForm, TagForm
from auditkit.evidence.names import shown_name
from auditkit.evidence.sharing import queries as sharing
from auditkit.evidence.sharing.forms import SharingForm
from auditkit.evidence.sharing.rules import TITLES, Sharing
from auditkit.evidence.sharing.service import Decide, decide
from auditkit.web.access import access, current_actor, may

bp = Blueprint("evidence", __name__, url_prefix="/evidence", template_folder="templates")


@bp.get("/")
@access("evidence.read")
def index() -> str:
    """The organisation's files, newest first."""
    kind, unused = request.args.get("kind", ""), bool(request.args.get("unused"))
    files, before = queries.page(reading(), kind=kind, unused=unused, before=request.args.get("before", type=int))
    return render_template(
        "evidence/index.html",
        files=files,
        before=before,
        wanted={"kind": kind, "unused": unused},
        is_first=not request.args.get("before"),
        kinds=queries.kinds_held(reading()),
        names=current_app.extensions["auditkit.directory"].names(),
    )


@bp.route("/add", methods=["GET", "POST"])
@access("evidence.add")
def add() -> str | AnyResponse:
    """Add files."""
    form = AddForm()
    if form.validate_on_submit():
        try:
            received = intake.receive_uploads(form.files.data)
            command = service.Add(received, None, form.note.data or "", form.period, form.clause_list)
            with transaction(current_actor()) as tx:
                ids = service.add(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Stored: %(count)s", count=len(ids)), "good")
            if not may("evidence.read"):
                return redirect(url_for(".add"))
            return redirect(url_for(".show", digest=received[0].digest) if len(ids) == 1 else url_for(".index"))
    return render_template("evidence/add.html", form=form)


@bp.get("/<digest>")
@access("evidence.read")
def show(digest: str) -> str:
    """One file: what it is, what was seen in it, where it is used."""
    return _page(digest, None)


@bp.post("/<digest>/tags")
@access("evidence.add")
def tag(digest: str) -> str | AnyResponse:
    """Change note, period and clauses."""
    form = TagForm()
    file = queries.by_digest(reading(), digest)
    if form.validate_on_submit():
        command = service.Tag(file.id, form.note.data or "", form.period, form.clause_list)
        try:
            with transaction(current_actor()) as tx:
                service.tag(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".show", digest=digest) if may("evidence.read") else url_for(".add"))
    return _page(digest, form)


@bp.post("/<digest>/sharing")
@access("evidence.add")
def share(digest: str) -> str | AnyResponse:
    """Decide what of the file a redacted pack shows; a copy that is sent with it becomes evidence of its own."""
    form = SharingForm()
    file = queries.by_digest(reading(), digest)
    if form.validate_on_submit():
        try:
            _decide(file.id, form)
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".show", digest=digest) if may("evidence.read") else url_for(".add"))
    return _page(digest, None, form)


def _decide(file_id: int, form: SharingForm) -> None:
    wanted, note = Sharing(form.sharing.data), form.reason.data or ""
    received = intake.receive_uploads(form.files.data or []) if wanted is Sharing.COPY else []
    now, actor = clock.now(), current_actor()
    with transaction(actor) as tx:
        copies = service.add(tx, service.Add(received, note=note), now, actor) if received else []
        decide(tx, Decide(file_id, wanted, note, copies[0] if copies else None), now, actor)


@bp.post("/<digest>/check")
@access("evidence.read")
def check(digest: str) -> AnyResponse:
    """Read the stored bytes and say whether they still have their digest."""
    if queries.is_intact(reading(), digest):
        flash(_("The stored file was read now: it has its digest, so it is unchanged."), "good")
    else:
        flash(_("The stored file no longer has its digest. It must come back from a backup."), "bad")
    return redirect(url_for(".show", digest=digest))


@bp.get("/<digest>/download")
@access("evidence.read")
def download(digest: str) -> Response:
    """Hand the file out, and put that on record."""
    file = queries.by_digest(reading(), digest)
    if serving.begins_reading():
        with transaction(current_actor()) as tx:
            service.tell_read(tx, service.Read(file.id), clock.now(), current_actor())
    return serving.attachment(file)


def _page(digest: str, form: TagForm | None, sharing_form: SharingForm | None = None) -> str:
    file = queries.by_digest(reading(), digest)
    decided = sharing.decision(reading(), file.id)
    if form is None:
        begins, ends = file.period
        form = TagForm(note=file.note, period_begins=begins, period_ends=ends, clauses=", ".join(file.clauses))
    uses = [(use, *subjects.shown(use.subject)) for use in queries.uses(reading(), file.id)]
    return render_template(
        "evidence/show.html",
        file=file,
        uses=uses,
        erasure=queries.erasure(reading(), file.id),
        form=form,
        decided=decided,
        decided_title=TITLES[decided.sharing if decided else Sharing.WITHHELD],
        sharing_form=sharing_form or SharingForm(sharing=decided.sharing if decided else Sharing.WITHHELD),
        names=current_app.extensions["auditkit.directory"].names(),
        shown_name=shown_name,
    )
