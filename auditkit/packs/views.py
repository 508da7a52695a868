"""Pages of packs: the list, choosing one, its draft with gaps, building, the built pack, the signing key."""

from datetime import date
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.queries import OrganisationView
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError, Forbidden, NotFound
from auditkit.base.text import _
from auditkit.content.library import shared
from auditkit.packs import queries, service, signing
from auditkit.packs.definitions import definitions
from auditkit.packs.forms import BuildPackForm, ChoosePackForm, with_gaps
from auditkit.packs.gathering import Document, Draft, Register, Seen, clause_lines
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState, PeriodReversed, check_period
from auditkit.packs.service import BuildPack, DownloadPack, PreparePack
from auditkit.packs.verify import layout
from auditkit.web.access import access, current_actor, current_organisation

bp = Blueprint("packs", __name__, url_prefix="/packs", template_folder="templates")

CLAUSE_TONES = {ClauseState.FOUND: "good", ClauseState.GAP: "bad", ClauseState.NOT_CHECKED: "neutral"}


def _instance() -> Path:
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return instance


def _fingerprint() -> str:
    return signing.fingerprint(signing.load_key(_instance()))


@bp.get("/")
@access("packs.read")
def index() -> str:
    """Packs that were built, newest first."""
    before = request.args.get("before", type=int)
    packs, older = queries.page(reading(), before)
    return render_template(
        "packs/index.html",
        packs=packs,
        names=current_app.extensions["auditkit.directory"].names(),
        fingerprint=_fingerprint(),
        first_url=url_for(".index") if before else None,
        next_url=url_for(".index", before=older) if older else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@access("packs.build")
def new() -> str | AnyResponse:
    """Choose a pack and its period."""
    today = clock.now().date()
    form = ChoosePackForm(
        [(one.id, one.title) for one in definitions().values()], start=date(today.year, 1, 1), end=today
    )
    if form.validate_on_submit():
        try:
            check_period(form.start.data, form.end.data)
        except PeriodReversed as refusal:
            form.refuse_verb(refusal)
        else:
            days = {"start": form.start.data.isoformat(), "end": form.end.data.isoformat()}
            return redirect(url_for(".draft", pack_id=form.pack.data, **days))
    return render_template("packs/new.html", form=form, definitions=list(definitions().values()))


@bp.route("/draft/<pack_id>/<start>/<end>", methods=["GET", "POST"])
@access("packs.build")
def draft(pack_id: str, start: str, end: str) -> str | AnyResponse:
    """What the pack would hold, what is missing and what is stale; building it from here."""
    command = _asked_for(pack_id, start, end)
    found = service.draft(reading(), command, current_actor())
    form = with_gaps(len(found.gaps))
    if form.validate_on_submit():
        try:
            return _build(command, form)
        except Forbidden:
            raise
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
    return render_template("packs/draft.html", draft=found, form=form, clauses=_clauses(found), **_words(found))


def _asked_for(pack_id: str, start: str, end: str) -> PreparePack:
    organisation: OrganisationView = current_organisation()
    if pack_id not in definitions():
        raise NotFound
    try:
        return PreparePack(pack_id, organisation, date.fromisoformat(start), date.fromisoformat(end))
    except ValueError as error:
        raise NotFound from error


def _build(command: PreparePack, form: BuildPackForm) -> AnyResponse:
    reason = form["reason"].data if "reason" in form else ""
    actor = current_actor()
    asked = PreparePack(command.pack_id, command.organisation, command.start, command.end, reason, actor.name)
    prepared = service.prepare(reading(), asked, actor, _instance())
    with transaction(actor) as tx:
        pack_id = service.build(tx, BuildPack(prepared), clock.now(), actor)
    flash(_("The pack is built and signed."), "good")
    return redirect(url_for(".show", number=pack_id))


def _clauses(found: Draft) -> list[dict[str, object]]:
    return [
        {"line": line, "title": _(CLAUSE_STATE_TITLES[line.state]), "tone": CLAUSE_TONES[line.state]}
        for line in clause_lines(found, shared())
    ]


def _words(found: Draft) -> dict[str, object]:
    kinds = ((Document, _("Documents")), (Register, _("Registers")), (Seen, _("Evidence files")))
    one = found.definition
    parts = (*one.documents, *one.registers, *one.evidence, *one.conditions)
    return {"kinds": kinds, "Register": Register, "Seen": Seen, "titles": {part.title for part in parts}}


@bp.get("/<int:number>")
@access("packs.read")
def show(number: int) -> str:
    """One built pack: what it is, how to check it, what was missing."""
    pack = queries.by_id(reading(), number)
    names = current_app.extensions["auditkit.directory"].names()
    return render_template("packs/show.html", pack=pack, by=names.get(pack.built_by_id, ""))


@bp.get("/<int:number>/download")
@access("packs.read")
def download(number: int) -> Response:
    """The ZIP, as an attachment; that it was taken is noted in the journal."""
    with transaction(current_actor()) as tx:
        pack = service.download(tx, DownloadPack(number), clock.now(), current_actor())
        file = service.kept_file(_instance(), pack.root)
    return send_file(
        file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{pack.bag}.zip",
        etag=pack.root,
        conditional=True,
    )


@bp.get("/public-key.pem")
@access("packs.read")
def public_key() -> Response:
    """The public half of the signing key, to be handed to reviewers by another way than the pack."""
    pem = signing.public_pem(signing.load_key(_instance()))
    answer = Response(pem, mimetype="application/x-pem-file")
    answer.headers["Content-Disposition"] = f"attachment; filename={layout.PUBLIC_KEY}"
    return answer
