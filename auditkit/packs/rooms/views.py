"""The organisation's side of rooms: who looks at a pack, what they say, what they ask for."""

from datetime import timedelta
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, session, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.queries import members_with
from auditkit.actions import origins
from auditkit.actions.origins import Origin, OriginKind
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_, _, enumerated
from auditkit.documents.own import feeding
from auditkit.documents.own.here import told
from auditkit.evidence import intake
from auditkit.evidence import queries as evidence
from auditkit.evidence.names import content_disposition
from auditkit.evidence.subjects import declare
from auditkit.library.here import library
from auditkit.packs import queries as packs
from auditkit.packs.definitions import titles_for_pages
from auditkit.packs.rooms import outcome, queries, service
from auditkit.packs.rooms.contents import SealedPack
from auditkit.packs.rooms.forms import AnswerForm, CommentForm, OpenForm
from auditkit.packs.rooms.queries import ANSWER, CONCERN, Room
from auditkit.packs.rooms.rules import DAYS_OFFERED, STANDING_TITLES, VERDICT_TITLES, Standing, Verdict
from auditkit.packs.service import kept_file
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.languages import day_there, locale

bp = Blueprint("rooms", __name__, url_prefix="/packs", template_folder="templates")

bp.context_processor(lambda: titles_for_pages(locale()))

LINK = "room-link"
STANDING_TONES = {
    Standing.OPEN: "good",
    Standing.EXPIRED: "neutral",
    Standing.REVOKED: "warn",
    Standing.CONCLUDED: "info",
}
VERDICT_TONES = {Verdict.ACCEPTED: "good", Verdict.QUESTION: "info", Verdict.NOT_SUFFICIENT: "bad"}


@bp.record_once
def _known(setup: BlueprintSetupState) -> None:
    origins.register(cast("Flask", setup.app), CONCERN, OriginKind("packs.read", _as_origin))


declare(ANSWER, N_("Answer to a reviewer"), lambda _number: None)


def _as_origin(tx: Session, judgement_id: int) -> Origin:
    judgement, room_id = queries.judgement(tx, judgement_id)
    room = queries.room(tx, room_id, day_there(clock.now()))
    title = service.concern_title(room.body, judgement)
    edition = library().editions.get(judgement.clause.partition(":")[0])
    return Origin(
        title,
        url_for("rooms.show", room_id=room_id),
        grade="minor",
        body=room.body,
        clause=enumerated([str(edition.name), judgement.number]) if edition is not None else judgement.clause,
        words=judgement.comment,
    )


@bp.route("/<int:number>/rooms", methods=["GET", "POST"])
@access("packs.build")
def of_pack(number: int) -> str | AnyResponse:
    """The rooms of a pack, and opening one."""
    today = day_there(clock.now())
    form = OpenForm(members_with(reading(), service.REVIEW), last_day=today + timedelta(days=DAYS_OFFERED))
    if form.validate_on_submit():
        command = service.OpenRoom(
            number, form.body.data, form.reviewer.data or "", form.last_day.data, form.account_id
        )
        try:
            with transaction(current_actor()) as tx:
                room_id, secret = service.open_room(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            if secret:
                session[LINK] = [room_id, secret]
            return redirect(url_for(".show", room_id=room_id))
    pack, rooms = packs.by_id(reading(), number), queries.of_pack(reading(), number, today)
    return render_template("rooms/of_pack.html", pack=pack, rooms=rooms, form=form, **_words())


@bp.get("/rooms/<int:room_id>")
@access("packs.read")
def show(room_id: int) -> str:
    """One room: its link (shown once), judgements, comments, requests, visits."""
    return _page(room_id, AnswerForm(), None, CommentForm(formdata=None))


def _page(room_id: int, form: AnswerForm, answering: int | None, commenting: CommentForm) -> str:
    room = queries.room(reading(), room_id, day_there(clock.now()))
    kept = session.pop(LINK, None)
    requests = queries.requests(reading(), room.id)
    judgements = queries.judgements(reading(), room.id)
    link = url_for("room.enter", secret=kept[1], _external=True) if kept and kept[0] == room.id else None
    return render_template(
        "rooms/room.html",
        room=room,
        pack=packs.by_id(reading(), room.pack_id),
        link=link,
        said=list(queries.newest(judgements).values()),
        opened=queries.actions_on(reading(), judgements),
        comments=queries.comments(reading(), room.id),
        names=current_app.extensions["auditkit.directory"].names(),
        today=day_there(clock.now()),
        requests=requests,
        files=evidence.for_subjects(reading(), ANSWER, [one.id for one in requests]),
        visits=queries.visits(reading(), room.id),
        answers={one.id: form if one.id == answering else AnswerForm(formdata=None) for one in requests},
        answering=answering,
        seen_as=outcome.seen_as,
        commenting=commenting,
        concern=CONCERN,
        **_words(),
    )


def _words() -> dict[str, object]:
    return {
        "standings": {one: (_(title), STANDING_TONES[one]) for one, title in STANDING_TITLES.items()},
        "verdicts": {one: (_(title), VERDICT_TONES[one]) for one, title in VERDICT_TITLES.items()},
    }


@bp.get("/rooms/<int:room_id>/outcome.docx")
@access("packs.read")
def outcome_report(room_id: int) -> Response:
    """What was judged, asked and answered in the room, as a Word document."""
    room, sealed = _reviewed(room_id)
    title = _("Review by %(body)s", body=room.body)
    content = told(outcome.made(reading(), room, sealed, current_organisation().name), title)
    headers = {"Content-Disposition": content_disposition(f"{title}.docx"), "Cache-Control": "private, no-store"}
    return Response(content, mimetype=outcome.WORD, headers=headers)


@bp.get("/rooms/<int:room_id>/outcome/sources")
@access("packs.read")
def outcome_sources(room_id: int) -> str:
    """Which record feeds which paragraph of that document."""
    room, sealed = _reviewed(room_id)
    context = outcome.report(reading(), room, sealed, current_organisation().name)
    title, back = _("Review by %(body)s", body=room.body), url_for(".show", room_id=room_id)
    return feeding.page(outcome.TEMPLATE, context, title, back, language=outcome.language())


def _reviewed(room_id: int) -> tuple[Room, SealedPack]:
    room = queries.room(reading(), room_id, day_there(clock.now()))
    pack = packs.by_id(reading(), room.pack_id)
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return room, SealedPack(kept_file(instance, pack.root), pack.bag)


@bp.post("/rooms/<int:room_id>/revoke")
@access("packs.build")
def revoke(room_id: int) -> AnyResponse:
    """Close a room."""
    with transaction(current_actor()) as tx:
        service.revoke(tx, service.RevokeRoom(room_id), clock.now(), current_actor())
    flash(_("The link opens nothing from now on."), "good")
    return redirect(url_for(".show", room_id=room_id))


@bp.post("/rooms/<int:room_id>/requests/<int:request_id>")
@access("packs.build")
def answer(room_id: int, request_id: int) -> str | AnyResponse:
    """Answer a request."""
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            received = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = service.AnswerRequest(request_id, form.text.data or "", received)
                service.answer(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The reviewer sees the answer."), "good")
            return redirect(url_for(".show", room_id=room_id))
    return _page(room_id, form, request_id, CommentForm(formdata=None))


@bp.post("/rooms/<int:room_id>/comment")
@access("packs.build")
def comment(room_id: int) -> str | AnyResponse:
    """Say something to the reviewer."""
    form = CommentForm()
    if form.validate_on_submit():
        command = service.Say(room_id, form.text.data or "")
        try:
            with transaction(current_actor()) as tx:
                service.say_back(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The reviewer sees the comment."), "good")
            return redirect(url_for(".show", room_id=room_id, _anchor="comments"))
    return _page(room_id, AnswerForm(formdata=None), None, form)
