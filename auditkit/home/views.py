"""The start page of an organisation, and the way there from `/`."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import today_of_house
from auditkit.audits.identity import queries as identity
from auditkit.audits.identity.queries import RequestView
from auditkit.audits.queries import grades
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints.rules import STAGE_TITLES
from auditkit.home import document_links, queries, register_links
from auditkit.insights.indicators.showing import Shown
from auditkit.insights.indicators.showing import show as show_figure
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import Selection, Span, period_of
from auditkit.packs.rooms import queries as rooms
from auditkit.web.access import PUBLIC, SIGNED_IN, access, current_actor
from auditkit.web.languages import day_there

bp = Blueprint("home", __name__, template_folder="templates")
bp.record(register_links.make_known)
bp.record(document_links.make_known)
bp.record(document_links.make_known)
start_bp = Blueprint("start", __name__)
AT_FIRST = ("received", "decided-on-time", "backlog-over-60", "overturned", "satisfaction-outcome")


@start_bp.get("/")
@access(PUBLIC)
def start() -> Response:
    """Lead to the organisation of the person, or to the sign-in page."""
    return redirect(url_for("account.organisations"))


@start_bp.get("/healthz")
@access(PUBLIC)
def healthz() -> tuple[dict[str, str], int]:
    """The process answers."""
    return {"status": "up"}, 200


@bp.get("/")
@access(SIGNED_IN)
def show() -> str | Response:
    """What is due in this organisation, and what has not been begun; a reviewer from outside has rooms instead."""
    actor, now = current_actor(), clock.now()
    if actor.may("rooms.review"):
        return redirect(url_for("reviewing.index"))
    actor.require("content.read")
    begun = queries.beginnings(reading())
    above = actor.may("reviews.sign") and not actor.may("complaints.handle")
    return render_template(
        "home/show.html",
        due=queries.due(reading(), actor, now),
        begun=begun,
        steps=[] if begun.all else [step for step in _steps(begun) if actor.may(step["permission"])],
        figures=_figures(now) if above else [],
        today=day_there(now),
        asked=rooms.waiting(reading()) if actor.may("packs.build") else [],
        identities=_identities(actor),
        stage_title=lambda stage: _(STAGE_TITLES[stage]),
        grade_title=lambda grade: grades.titles(reading())[grade],
    )


def _identities(actor: Actor) -> list[RequestView]:
    """Requests to see who complained that this person may answer."""
    if not actor.may("identity.grant"):
        return []
    return [one for one in identity.waiting(reading()) if one.asked_by != actor.person_id]


def _figures(now: datetime) -> list[Shown]:
    """What top management looks at first, of the last twelve months."""
    tx = reading()
    selection = Selection(period_of(Span.TWELVE_MONTHS, today_of_house(tx, now)), span=Span.TWELVE_MONTHS)
    return [show_figure(one, selection) for one in Board(tx, selection, now).figures(AT_FIRST)]


def _steps(begun: queries.Beginnings) -> list[dict[str, Any]]:
    return [
        {
            "done": begun.complaint,
            "title": _("Register the first complaint"),
            "text": _("From a call, a letter or a file"),
            "url": url_for("complaints.new"),
            "permission": "complaints.register",
        },
        {
            "done": begun.policy,
            "title": _("Write the policy"),
            "text": _("From a text that covers every clause"),
            "url": url_for("policies.index"),
            "permission": "policies.edit",
        },
        {
            "done": begun.audit,
            "title": _("Plan an audit"),
            "text": _("With a checklist, a team and dates"),
            "url": url_for("audits.new"),
            "permission": "audits.plan",
        },
        {
            "done": begun.pack,
            "title": _("Build a pack"),
            "text": _("The evidence of a period, signed, for somebody outside"),
            "url": url_for("packs.new"),
            "permission": "packs.build",
        },
    ]
