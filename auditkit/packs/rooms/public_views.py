"""The reviewer's pages. The link, or signing in, leads to one button; after it the room is known by the session, not by
addresses, and on every page it is asked anew whether it is still open to this reviewer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock, ids
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.text import _
from auditkit.evidence import queries as evidence
from auditkit.evidence import serving
from auditkit.evidence.names import content_disposition
from auditkit.packs import queries as packs
from auditkit.packs.definitions import titles_for_pages
from auditkit.packs.rooms import outcome, queries, rules, service
from auditkit.packs.rooms.contents import Clause, SealedPack
from auditkit.packs.rooms.forms import AcceptForm, CommentForm, ConcludeForm, EnterForm, JudgeForm, RequestForm
from auditkit.packs.rooms.queries import ANSWER, Room
from auditkit.packs.rooms.rules import FATE_TITLES, VERDICT_TITLES, Fate, NoSuchRoom, Standing, Verdict
from auditkit.packs.rooms.since import since
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState
from auditkit.packs.service import kept_file
from auditkit.web.access import PUBLIC, access, current_actor, current_organisation
from auditkit.web.languages import day_there, locale

bp = Blueprint("room", __name__, url_prefix="/room", template_folder="templates")

bp.context_processor(lambda: titles_for_pages(locale()))

KEPT = "review-room"
"""Where the session keeps the secret of the room that was entered."""
GIVEN = "review-room-given"
"""Where it keeps the id of the room that was entered by signing in."""
TONES = {ClauseState.FOUND: "good", ClauseState.GAP: "bad", ClauseState.NOT_CHECKED: "neutral"}
FATE_TONES = {Fate.SAME: "neutral", Fate.WITHHELD: "neutral", Fate.NEW: "good", Fate.CHANGED: "info", Fate.GONE: "warn"}
VERDICT_TONES = {Verdict.ACCEPTED: "good", Verdict.QUESTION: "info", Verdict.NOT_SUFFICIENT: "bad"}


def _here() -> Room:
    """The room that this session entered, if its link or account still opens it. Raises NoSuchRoom."""
    found = _by_account() if GIVEN in session else _by_link()
    if found is None or not rules.may_enter(found.standing):
        raise NoSuchRoom
    return found


def _by_link() -> Room | None:
    secret = str(session.get(KEPT, ""))
    return queries.by_secret(reading(), ids.digest(secret.encode()), day_there(clock.now())) if secret else None


def _by_account() -> Room | None:
    """The room given to the person who is signed in, and from here on they act, not the public."""
    directory = current_app.extensions["auditkit.directory"]
    found = directory.actor(current_organisation().slug) if directory.person_id() is not None else None
    if found is None or not found[1].may(service.REVIEW):
        return None
    room = queries.room(reading(), int(session[GIVEN]), day_there(clock.now()))
    if room.account != found[1].person_id:
        return None
    g.actor = found[1]
    return room


def _pack(pack_id: int) -> SealedPack:
    pack = packs.by_id(reading(), pack_id)
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return SealedPack(kept_file(instance, pack.root), pack.bag)


def _look(room: Room, path: str = "", *, taken: bool = False) -> None:
    with transaction(current_actor()) as tx:
        service.look_at(tx, service.LookAt(room.id, path, taken), clock.now(), current_actor())


@bp.route("/enter/<secret>", methods=["GET", "POST"])
@access(PUBLIC)
def enter(secret: str) -> str | AnyResponse:
    """The way in. The link alone changes nothing: programs that look at links before people do come no further."""
    form = EnterForm()
    found = queries.by_secret(reading(), ids.digest(secret.encode()), day_there(clock.now()))
    if found is None or not rules.may_enter(found.standing):
        raise NoSuchRoom
    if form.validate_on_submit():
        with transaction(current_actor()) as tx:
            service.enter(tx, service.Enter(secret), clock.now(), current_actor())
        session[KEPT] = secret
        session.pop(GIVEN, None)
        return redirect(url_for(".show"))
    return render_template("rooms/enter.html", room=found, form=form, organisation=current_organisation())


@bp.get("/")
@access(PUBLIC)
def show() -> str:
    """The room: clause by clause, what was said of each, what was asked for, what changed since the last pack."""
    return _show(ConcludeForm())


def _show(form: ConcludeForm, commenting: CommentForm | None = None) -> str:
    room = _here()
    pack, said = _pack(room.pack_id), queries.newest(queries.judgements(reading(), room.id))
    tallies = {one.ref: _tally(one, said) for one in pack.clauses}
    changes, not_compared = since(reading(), room, pack, _pack)
    return render_template(
        "rooms/show.html",
        room=room,
        built=packs.by_id(reading(), room.pack_id),
        clauses=pack.clauses,
        said=queries.of_clauses(said),
        tallies=tallies,
        judged=sum((one.ref, "") in said for one in pack.clauses),
        items=sum(one.all for one in tallies.values()),
        judged_items=sum(one.all - one.not_judged for one in tallies.values()),
        comments=queries.comments(reading(), room.id),
        requests=queries.requests(reading(), room.id),
        missing=pack.omissions,
        changes=changes,
        not_compared=not_compared,
        today=day_there(clock.now()),
        form=form,
        commenting=commenting or CommentForm(formdata=None),
        **_words(room),
    )


def _tally(clause: Clause, said: dict[queries.Place, queries.Judgement]) -> rules.Tally:
    verdicts = {path: one.verdict for path, one in queries.of_items(said, clause.ref).items()}
    return rules.tally((one.path for one in clause.items), verdicts)


def _others(room: Room) -> str:
    """Where the other rooms of a reviewer with an account are; empty in a process that serves the public alone."""
    served = "reviewing.index" in current_app.view_functions
    return url_for("reviewing.index") if served and room.account is not None else ""


def _words(room: Room) -> dict[str, Any]:
    return {
        "states": {state.value: (_(title), TONES[state]) for state, title in CLAUSE_STATE_TITLES.items()},
        "verdicts": {verdict: (_(title), VERDICT_TONES[verdict]) for verdict, title in VERDICT_TITLES.items()},
        "fates": {fate: (_(title), FATE_TONES[fate]) for fate, title in FATE_TITLES.items()},
        "is_open": room.standing is Standing.OPEN,
        "others": _others(room),
    }


@bp.get("/clauses/<clause>")
@access(PUBLIC)
def clause(clause: str) -> str:
    """One clause: what the pack shows for it, what was said of it and of each item, judging, asking."""
    _look(_here(), clause)
    return _clause(clause, JudgeForm(), RequestForm())


def _clause(ref: str, judging: JudgeForm, asking: RequestForm, commenting: CommentForm | None = None) -> str:
    room = _here()
    pack = _pack(room.pack_id)
    refs = [one.ref for one in pack.clauses]
    here = pack.clause(ref)
    place = refs.index(here.ref)
    requests, files = _asked(room, lambda one: one.clause == ref)
    judgements = queries.judgements(reading(), room.id)
    newest = queries.newest(judgements)
    return render_template(
        "rooms/clause.html",
        room=room,
        clause=here,
        built=packs.by_id(reading(), room.pack_id),
        said=[one for one in judgements if one.place == (ref, "")],
        said_of_items=queries.of_items(newest, ref),
        tally=_tally(here, newest),
        comments=[one for one in queries.comments(reading(), room.id) if one.place == (ref, "")],
        requests=requests,
        files=files,
        before=refs[place - 1] if place else None,
        after=refs[place + 1] if place + 1 < len(refs) else None,
        judging=judging,
        asking=asking,
        commenting=commenting or CommentForm(formdata=None),
        **_words(room),
    )


@bp.get("/clauses/<clause>/items/<path:path>")
@access(PUBLIC)
def item(clause: str, path: str) -> str:
    """One item of a clause: what it is, what was said of it, judging it with words; `?verdict=` is chosen already."""
    room = _here()
    _pack(room.pack_id).clause(clause).item(path)
    _look(room, path)
    return _item(clause, path, JudgeForm(formdata=None, verdict=request.args.get("verdict")))


def _asked(
    room: Room, about: Callable[[queries.Request], bool]
) -> tuple[list[queries.Request], dict[int, list[evidence.Attached]]]:
    """What was asked for about something, and of each request the files of its answer."""
    requests = [one for one in queries.requests(reading(), room.id) if about(one)]
    return requests, evidence.for_subjects(reading(), ANSWER, [one.id for one in requests])


def _item(
    ref: str,
    path: str,
    judging: JudgeForm,
    commenting: CommentForm | None = None,
    asking: RequestForm | None = None,
) -> str:
    room = _here()
    here = _pack(room.pack_id).clause(ref)
    judgements = queries.judgements(reading(), room.id)
    before, after = here.neighbours(here.item(path).path)
    commenting, asking = commenting or CommentForm(formdata=None), asking or RequestForm(formdata=None)
    for form in (judging, commenting, asking):
        form.path.data = path
    requests, files = _asked(room, lambda one: one.place == (ref, path))
    return render_template(
        "rooms/item.html",
        room=room,
        clause=here,
        item=here.item(path),
        built=packs.by_id(reading(), room.pack_id),
        said=[one for one in judgements if one.place == (ref, path)],
        elsewhere=[one for one in queries.newest(judgements).values() if one.path == path and one.clause != ref],
        comments=[one for one in queries.comments(reading(), room.id) if one.place == (ref, path)],
        before=before,
        after=after,
        requests=requests,
        files=files,
        judging=judging,
        commenting=commenting,
        asking=asking,
        **_words(room),
    )


@bp.post("/clauses/<clause>/accept")
@access(PUBLIC)
def accept(clause: str) -> str | AnyResponse:
    """Accept an item with one tap."""
    form, room = AcceptForm(), _here()
    path = _pack(room.pack_id).clause(clause).item(form.path.data or "").path
    if form.validate_on_submit():
        with transaction(current_actor()) as tx:
            service.judge(tx, service.Judge(room.id, clause, Verdict.ACCEPTED, path=path), clock.now(), current_actor())
        flash(_("Accepted."), "good")
    return redirect(url_for(".clause", clause=clause, _anchor="files"))


@bp.post("/clauses/<clause>/judge")
@access(PUBLIC)
def judge(clause: str) -> str | AnyResponse:
    """Judge a clause, or the item of it that the form names."""
    form, room = JudgeForm(), _here()
    path = _named(room, clause, form.path.data)
    if form.validate_on_submit():
        command = service.Judge(
            room.id, clause, Verdict(form.verdict.data), form.comment.data or "", path, form.concern.data
        )
        try:
            with transaction(current_actor()) as tx:
                service.judge(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".clause", clause=clause, _anchor="files" if path else None))
    return _item(clause, path, form) if path else _clause(clause, form, RequestForm(formdata=None))


@bp.post("/clauses/<clause>/comment")
@access(PUBLIC)
def comment(clause: str) -> str | AnyResponse:
    """Say something of a clause or an item without judging it."""
    form, room = CommentForm(), _here()
    path = _named(room, clause, form.path.data)
    if form.validate_on_submit() and _said(form, service.Say(room.id, form.text.data or "", clause, path)):
        return redirect(_place(clause, path, "comments"))
    judging = JudgeForm(formdata=None)
    return _item(clause, path, judging, form) if path else _clause(clause, judging, RequestForm(formdata=None), form)


@bp.post("/comment")
@access(PUBLIC)
def comment_on_pack() -> str | AnyResponse:
    """Say something of the pack as a whole."""
    form, room = CommentForm(), _here()
    if form.validate_on_submit() and _said(form, service.Say(room.id, form.text.data or "")):
        return redirect(url_for(".show"))
    return _show(ConcludeForm(formdata=None), form)


def _said(form: CommentForm, command: service.Say) -> bool:
    try:
        with transaction(current_actor()) as tx:
            service.say(tx, command, clock.now(), current_actor())
    except AuditkitError as refusal:
        form.refuse_verb(refusal)
        return False
    flash(_("The organisation sees the comment."), "good")
    return True


def _place(clause: str, path: str, anchor: str) -> str:
    """The address of a part of the page of a clause, or of an item of it."""
    if path:
        return url_for(".item", clause=clause, path=path, _anchor=anchor)
    return url_for(".clause", clause=clause, _anchor=anchor)


def _named(room: Room, clause: str, path: str | None) -> str:
    """The path of the item that a form names, empty for the clause itself. Raises NotInThePack."""
    here = _pack(room.pack_id).clause(clause)
    return here.item(path).path if path else ""


@bp.post("/clauses/<clause>/ask")
@access(PUBLIC)
def ask(clause: str) -> str | AnyResponse:
    """Ask the organisation for something about a clause, or about the item of it that the form names."""
    form, room = RequestForm(), _here()
    path = _named(room, clause, form.path.data)
    if form.validate_on_submit():
        command = service.AskFor(room.id, clause, form.text.data or "", form.day, path)
        try:
            with transaction(current_actor()) as tx:
                serial = service.ask(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Request %(number)s is with the organisation.", number=serial), "good")
            return redirect(_place(clause, path, "requests"))
    judging = JudgeForm(formdata=None)
    return _item(clause, path, judging, asking=form) if path else _clause(clause, judging, form)


@bp.post("/conclude")
@access(PUBLIC)
def conclude() -> str | AnyResponse:
    """Conclude the review."""
    form, room = ConcludeForm(), _here()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.conclude(tx, service.Conclude(room.id, form.outcome.data or ""), clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The review is concluded. The organisation sees what you wrote."), "good")
            return redirect(url_for(".show"))
    return _show(form)


@bp.get("/files/<path:path>")
@access(PUBLIC)
def file(path: str) -> Response:
    """A file of the pack, as an attachment that runs nowhere."""
    room = _here()
    pack = _pack(room.pack_id)
    kind = pack.media_type(path)
    _look(room, path, taken=True)
    answer = Response(pack.stream(path), mimetype=kind)
    answer.content_length = pack.size(path)
    return _attached(answer, path.rpartition("/")[2])  # names in a pack are safe ones


@bp.get("/pack.zip")
@access(PUBLIC)
def whole() -> Response:
    """The pack itself, to be checked without this program."""
    room = _here()
    pack = _pack(room.pack_id)
    _look(room, "pack.zip", taken=True)
    answer = Response(_chunks(pack.file), mimetype="application/zip")
    answer.content_length = pack.file.stat().st_size
    return _attached(answer, f"{pack.bag}.zip")


@bp.get("/outcome.docx")
@access(PUBLIC)
def outcome_report() -> Response:
    """What was judged, asked and answered in this room, as a Word document."""
    room = _here()
    title = _("Review by %(body)s", body=room.body)
    made = outcome.made(reading(), room, _pack(room.pack_id), current_organisation().name)
    with transaction(current_actor()) as tx:
        service.look_at(tx, service.LookAt(room.id, "outcome.docx", taken=True), clock.now(), current_actor())
        # Which template made it is the organisation's own record; a reviewer has no part in that.
        made.tell(tx, title, clock.now(), Actor.system(current_actor().organisation_id))
    return _attached(Response(made.content, mimetype=outcome.WORD), f"{title}.docx")


@bp.get("/answers/<int:request_id>/<digest>")
@access(PUBLIC)
def answered(request_id: int, digest: str) -> Response:
    """A file that the organisation attached to an answer."""
    room = _here()
    if request_id not in {one.id for one in queries.requests(reading(), room.id)}:
        raise rules.NotInThePack
    held = {one.file.digest: one.file for one in evidence.for_subject(reading(), (ANSWER, request_id))}
    if digest not in held:
        raise rules.NotInThePack
    _look(room, held[digest].shown_name, taken=True)
    return serving.attachment(held[digest])


def _chunks(file: Path) -> Any:
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def _attached(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = content_disposition(name)
    answer.headers["Content-Security-Policy"] = serving.SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
