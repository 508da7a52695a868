"""The path to certification of one organisation, and one page over all organisations of the person signed in."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_login import current_user

from auditkit.accounts.queries import organisations_of
from auditkit.accounts.rules import ROLE_TITLES, Role
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.home.stage1 import queries
from auditkit.home.stage1.rules import PART_TITLES, STANDING_TITLES, Line, Part, Standing
from auditkit.library.here import library
from auditkit.web.access import SIGNED_IN, access, current_actor
from auditkit.web.languages import locale

bp = Blueprint("stage1", __name__, url_prefix="/path", template_folder="templates")
mine_bp = Blueprint("stage1_mine", __name__, template_folder="templates")

PAGE = 20
NEXT = 3
TONES = {Standing.MISSING: "warn", Standing.UNDER_WAY: "info", Standing.DONE: "good"}
ICONS = {Standing.MISSING: "circle", Standing.UNDER_WAY: "hourglass-split", Standing.DONE: "check-circle-fill"}


def _words() -> dict[str, Any]:
    return {
        "part_title": lambda part: _(PART_TITLES[part]),
        "standing_title": lambda standing: _(STANDING_TITLES[standing]),
        "tones": TONES,
        "icons": ICONS,
        "parts": list(Part),
        "number_of": lambda part: list(Part).index(part) + 1,
    }


@bp.get("/")
@access("content.read")
def show() -> str:
    """What is done, missing and due on each step, and by whom."""
    found = queries.path(reading(), current_actor(), library(), clock.now())
    return render_template("stage1/show.html", path=found, address=_address_here, **_people(), **_words())


def _people() -> dict[str, Any]:
    directory = current_app.extensions["auditkit.directory"]
    return {"names": directory.names(), "others": len(directory.organisations()) > 1}


def _address_here(line: Line) -> str:
    return url_for(line.place[0], **line.place[1])


@mine_bp.get("/paths")
@access(SIGNED_IN)
def mine() -> str:
    """Every organisation of the person: the step it stands at, what is overdue, what comes next."""
    houses = organisations_of(reading(), current_user.id)
    page = max(request.args.get("page", 1, type=int), 1)
    shown = houses[(page - 1) * PAGE : page * PAGE]
    who = (current_user.id, current_user.name)
    instance = current_app.extensions["auditkit.settings"].instance
    return render_template(
        "stage1/mine.html",
        found=list(queries.paths(shown, who, instance, locale(), clock.now())),
        total=len(houses),
        next_dates=NEXT,
        previous_url=url_for(".mine", page=page - 1) if page > 1 else None,
        next_url=url_for(".mine", page=page + 1) if page * PAGE < len(houses) else None,
        role_title=lambda role: _(ROLE_TITLES[Role(role)]),
        address=_address_in,
        **_words(),
    )


def _address_in(slug: str, line: Line) -> str:
    return url_for(line.place[0], organisation=slug, **line.place[1])
