"""What a reviewer looks at: the way in, the room, a clause, an item."""

from collections.abc import Callable
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock, ids
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.evidence import queries as evidence
from auditkit.packs import queries as packs
from auditkit.packs.rooms import queries, rules, service
from auditkit.packs.rooms.contents import Clause
from auditkit.packs.rooms.forms import CommentForm, ConcludeForm, EnterForm, JudgeForm, RequestForm
from auditkit.packs.rooms.public_views.blueprint import GIVEN, KEPT, bp, entered, look, pack_of
from auditkit.packs.rooms.queries import ANSWER, Room
from auditkit.packs.rooms.rules import FATE_TITLES, VERDICT_TITLES, Fate, NoSuchRoom, Standing, Verdict
from auditkit.packs.rooms.since import since
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState
from auditkit.web.access import PUBLIC, access, current_actor, current_organisation
from auditkit.web.languages import day_there

TONES = {ClauseState.FOUND: "good", ClauseState.GAP: "bad", ClauseState.NOT_CHECKED: "neutral"}
FATE_TONES = {Fate.SAME: "neutral", Fate.WITHHELD: "neutral", Fate.NEW: "good", Fate.CHANGED: "info", Fate.GONE: "warn"}
VERDICT_TONES = {Verdict.ACCEPTED: "good", Verdict.QUESTION: "info", Verdict.NOT_SUFFICIENT: "bad"}


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
    return show_page(ConcludeForm())


def show_page(form: ConcludeForm, commenting: CommentForm | None = None) -> str:
    """The page of the room, with what was written into its forms."""
    room = entered()
    pack, said = pack_of(room.pack_id), queries.newest(queries.judgements(reading(), room.id))
    tallies = {one.ref: _tally(one, said) for one in pack.clauses}
    changes, not_compared = since(reading(), room, pack, pack_of)
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
    look(entered(), clause)
    return clause_page(clause, JudgeForm(), RequestForm())


def clause_page(ref: str, judging: JudgeForm, asking: RequestForm, commenting: CommentForm | None = None) -> str:
    """The page of a clause, with what was written into its forms. Raises NotInThePack."""
    room = entered()
    pack = pack_of(room.pack_id)
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
    room = entered()
    pack_of(room.pack_id).clause(clause).item(path)
    look(room, path)
    return item_page(clause, path, JudgeForm(formdata=None, verdict=request.args.get("verdict")))


def _asked(
    room: Room, about: Callable[[queries.Request], bool]
) -> tuple[list[queries.Request], dict[int, list[evidence.Attached]]]:
    """What was asked for about something, and of each request the files of its answer."""
    requests = [one for one in queries.requests(reading(), room.id) if about(one)]
    return requests, evidence.for_subjects(reading(), ANSWER, [one.id for one in requests])


def item_page(
    ref: str,
    path: str,
    judging: JudgeForm,
    commenting: CommentForm | None = None,
    asking: RequestForm | None = None,
) -> str:
    """The page of an item of a clause, with what was written into its forms. Raises NotInThePack."""
    room = entered()
    here = pack_of(room.pack_id).clause(ref)
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
