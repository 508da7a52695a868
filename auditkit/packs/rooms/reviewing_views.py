"""What a reviewer with an account sees of an organisation: the rooms that were given to them, and nothing else."""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.packs.definitions import title_in, titles_for_pages
from auditkit.packs.rooms import queries, service
from auditkit.packs.rooms.public_views import GIVEN, KEPT
from auditkit.packs.rooms.rules import STANDING_TITLES, may_enter
from auditkit.packs.rooms.views import STANDING_TONES
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.languages import day_there, locale

bp = Blueprint("reviewing", __name__, url_prefix="/reviewing", template_folder="templates")
bp.context_processor(lambda: titles_for_pages(locale()))


@bp.get("/")
@access(service.REVIEW)
def index() -> str:
    """The rooms given to the person who is signed in."""
    given = queries.given_to(reading(), current_actor().person_id or 0, day_there(clock.now()))
    return render_template(
        "rooms/given.html",
        given=[(room, title_in(locale(), pack, title), may_enter(room.standing)) for room, pack, title in given],
        standings={one: (_(title), STANDING_TONES[one]) for one, title in STANDING_TITLES.items()},
        organisation=current_organisation(),
    )


@bp.post("/<int:room_id>")
@access(service.REVIEW)
def enter(room_id: int) -> AnyResponse:
    """Come in; from here on the pages are those of any reviewer."""
    with transaction(current_actor()) as tx:
        service.enter_given(tx, service.EnterGiven(room_id), clock.now(), current_actor())
    session[GIVEN] = room_id
    session.pop(KEPT, None)
    return redirect(url_for("room.show"))
