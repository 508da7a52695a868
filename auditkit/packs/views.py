"""Pages of packs: the list, choosing one, its draft with gaps, building, the built pack, the signing key."""

from datetime import date
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.queries import OrganisationView
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.views.parts import OVERVIEW, audit_part
from auditkit.base import clock, keyring
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, NotFound
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _
from auditkit.complaints.queries import Case
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.content.texts import ENGLISH
from auditkit.documents import pdf
from auditkit.library.here import here
from auditkit.packs import queries, service, signing
from auditkit.packs.definitions import PackShape, definitions, spoken_definitions, titles_for_pages, untranslated
from auditkit.packs.forms import ChoosePackForm, with_gaps
from auditkit.packs.gathering import Document, Draft, Register, Seen, clause_lines
from auditkit.packs.jobs import BUILD, payload
from auditkit.packs.reading import ORGANISATION, PreparePack
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState, PeriodReversed, check_period
from auditkit.packs.service import DownloadPack
from auditkit.packs.verify import layout
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor, current_organisation, may
from auditkit.web.languages import day_there, locale

bp = Blueprint("packs", __name__, url_prefix="/packs", template_folder="templates")

bp.context_processor(lambda: titles_for_pages(locale()))

CLAUSE_TONES = {ClauseState.FOUND: "good", ClauseState.GAP: "bad", ClauseState.NOT_CHECKED: "neutral"}


def _instance() -> Path:
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return instance


def _keys() -> tuple[list[keyring.KnownKey], str]:
    """Every key, the one that signs first, or why there is none: packs that were built are there without the key."""
    try:
        return keyring.known(_instance()), ""
    except BadInput as error:
        return [], _(error.message, **error.params)


@bp.get("/")
@access("packs.read")
def index() -> str:
    """Packs that were built, newest first."""
    before = request.args.get("before", type=int)
    keys, keyless = _keys()
    packs, older = queries.page(reading(), before)
    return render_template(
        "packs/index.html",
        packs=packs,
        working=[(job, _subject(job)) for job in jobs_page.under_way(BUILD)] if may("packs.build") else [],
        names=current_app.extensions["auditkit.directory"].names(),
        keys=keys,
        key_states=keyring.STATE_TITLES,
        keyless=keyless,
        first_url=url_for(".index") if before else None,
        next_url=url_for(".index", before=older) if older else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@access("packs.build")
def new() -> str | AnyResponse:
    """Choose a pack and its period."""
    today = day_there(clock.now())
    form = ChoosePackForm([(one.id, one.title) for one in _offered()], start=date(today.year, 1, 1), end=today)
    if form.validate_on_submit():
        try:
            check_period(form.start.data, form.end.data)
        except PeriodReversed as refusal:
            form.refuse_verb(refusal)
        else:
            days = {"start": form.start.data.isoformat(), "end": form.end.data.isoformat()}
            return redirect(url_for(".draft", pack_id=form.pack.data, **days))
    return render_template("packs/new.html", form=form, definitions=_offered())


def _offered() -> list[PackShape]:
    """The packs about the organisation; those about one audit or complaint begin on its page."""
    return [one for one in spoken_definitions(locale()).values() if one.about == ORGANISATION]


@bp.route("/draft/<pack_id>/<start>/<end>", methods=["GET", "POST"])
@access("packs.build")
def draft(pack_id: str, start: str, end: str) -> str | AnyResponse:
    """What the pack would hold, what is missing and what is stale; from here a job builds it."""
    command = _asked_for(pack_id, start, end)
    found = service.draft(reading(), command, current_actor())
    form = with_gaps(len(found.gaps))
    if form.validate_on_submit():
        reason = form["reason"].data if "reason" in form else ""
        asked = payload(
            pack_id, command.start, command.end, reason, form["form"].data, form["languages"].data.split(),
            command.subject, pdf=form["pdf"].data,
        )  # fmt: skip
        return jobs_page.begin(BUILD, asked)
    return render_template(
        "packs/draft.html", draft=found, form=form, clauses=_clauses(found), pdf=pdf.available(), **_words(found)
    )


def _asked_for(pack_id: str, start: str, end: str) -> PreparePack:
    organisation: OrganisationView = current_organisation()
    library = here().library
    if pack_id not in definitions():
        raise NotFound
    try:
        days = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError as error:
        raise NotFound from error
    # The draft is looked at before its form is chosen: what names a complainant is for the whole form alone.
    subject = request.args.get("of", "")
    return PreparePack(
        pack_id, organisation, library, *days, form=layout.REDACTED, library=lambda: library, subject=subject
    )


def _clauses(found: Draft) -> list[dict[str, object]]:
    return [
        {"line": line, "title": _(CLAUSE_STATE_TITLES[line.state]), "tone": CLAUSE_TONES[line.state]}
        for line in clause_lines(found)
    ]


def _words(found: Draft) -> dict[str, object]:
    kinds = ((Document, _("Documents")), (Register, _("Registers")), (Seen, _("Evidence files")))
    english = here().library.editions[found.edition.id]
    shown = {found.edition.name, *(node.title for node in found.edition.nodes)}
    kept = shown & {english.name, *(node.title for node in english.nodes)} if locale() != ENGLISH else set()
    return {
        "kinds": kinds,
        "Register": Register,
        "Seen": Seen,
        "layered": here(),
        "untranslated": untranslated(locale()) | kept,
    }


@bp.get("/<int:number>")
@access("packs.read")
def show(number: int) -> str:
    """One built pack: what it is, how to check it, what was missing."""
    pack = queries.by_id(reading(), number)
    names = current_app.extensions["auditkit.directory"].names()
    known = {one.fingerprint: one for one in keyring.known(_instance())}
    return render_template(
        "packs/show.html",
        pack=pack,
        by=names.get(pack.built_by_id, ""),
        signed_with=known.get(pack.signing_key),
        key_states=keyring.STATE_TITLES,
    )


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


# How a building is shown while it works


def _subject(job: JobView) -> str:
    known = definitions().get(job.payload["pack"])
    title = known.title if known else job.payload["pack"]
    of = job.payload.get("subject", "")
    return f"{title} {of}".strip() + f", {job.payload['start']} – {job.payload['end']}"


def _result(job: JobView) -> str:
    return url_for("packs.show", number=(job.result or {})["pack"])


def _again(job: JobView) -> str:
    asked = job.payload
    of = {"of": asked["subject"]} if asked.get("subject") else {}
    return url_for("packs.draft", pack_id=asked["pack"], start=asked["start"], end=asked["end"], **of)


@audit_part(OVERVIEW, order=80)
def of_audit(head: AuditHead) -> str:
    """The way to a pack of one audit, on its page."""
    days = {"start": head.planned_from.isoformat(), "end": max(head.planned_to, day_there(clock.now())).isoformat()}
    return render_template("packs/_of_audit.html", number=head.number, days=days)


@case_part(ASIDE)
def of_case(case: Case) -> str:
    """The way to a pack of one complaint, on its page."""
    days = {"start": day_there(case.received_at).isoformat(), "end": day_there(clock.now()).isoformat()}
    return render_template("packs/_of_case.html", reference=case.reference, days=days)


def _no_facts(_job: JobView) -> jobs_page.Facts:
    return []  # the page of a built pack is always there


jobs_page.shows(
    BUILD,
    jobs_page.Shown(
        title=N_("Building a pack"),
        permission="packs.build",
        failed=N_("No pack was made, and nothing is left of it. Mend what is named above, then build it again."),
        subject=_subject,
        result=_result,
        again=_again,
        facts=_no_facts,
    ),
)
