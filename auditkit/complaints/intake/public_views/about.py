"""The organisation's page for everybody: how to complain, what happens then, and how long it takes."""

from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import Session, reading
from auditkit.base.text import _
from auditkit.complaints import queries as register
from auditkit.complaints.clock.rules import Target
from auditkit.complaints.intake import process_map, promises, queries
from auditkit.complaints.intake.channels import ChannelView, channel_title, in_use
from auditkit.complaints.intake.process_map import Step
from auditkit.complaints.intake.public_views.blueprint import bp
from auditkit.complaints.rules import Channel
from auditkit.web.access import PUBLIC, access, current_organisation
from auditkit.web.languages import day_there, direction, listed

home_bp = Blueprint("public_home", __name__)
PERIOD = timedelta(days=365)
FEWEST = 10
"""Fewer complaints than this are not published: people could be recognised in them."""


@home_bp.get("/")
@access(PUBLIC)
def home() -> Response:
    """The organisation's address leads to its page about complaints."""
    return redirect(url_for("public_complaints.about"))


@bp.get("")
@access(PUBLIC)
def about() -> str:
    """How to complain to this organisation, and what happens then."""
    tx, today = reading(), day_there(clock.now())
    settings, times = queries.settings(tx), promises.promised(tx)
    steps = _steps(tx, settings, times)
    back = ("decision", "search", _("You refuse it"))
    return render_template(
        "complaints/intake/about.html",
        organisation=current_organisation(),
        settings=settings,
        channels=_further_channels(tx, settings),
        steps=steps,
        picture=process_map.drawn(
            steps, back, label=_("The way of a complaint, from top to bottom"), mirrored=direction() == "rtl"
        ),
        times=times,
        figures=_figures(tx, today) if settings.publishes_figures else None,
        since=today - PERIOD,
    )


def _further_channels(tx: Session, settings: queries.Settings) -> list[ChannelView]:
    """The public channels beside the form, the phone number and the postal address, which the page names by itself."""
    named = {Channel.WEB: "", Channel.PHONE: settings.phone, Channel.POST: settings.post}
    own = [word for word, address in named.items() if address or word is Channel.WEB]
    return [
        one
        for one in in_use(tx)
        if one.public and not (one.name in own and one.address in ("", named[Channel(one.name)]))
    ]


def _ways(tx: Session, settings: queries.Settings) -> str:
    """How one can complain here: the form, and whatever else the page names."""
    known = {Channel.WEB: True, Channel.PHONE: bool(settings.phone), Channel.POST: bool(settings.post)}
    titles = [channel_title(word) for word, named in known.items() if named]
    return listed(dict.fromkeys([*titles, *(one.title for one in in_use(tx) if one.public)]))


def _steps(tx: Session, settings: queries.Settings, times: dict[str, str]) -> list[Step]:
    external = register.practice(tx).external_bodies
    ways = _ways(tx, settings)
    return [
        Step("complain", _("You complain"), ways),
        Step(
            "acknowledge",
            _("We tell you that we have read it, and who looks after it"),
            promises.within(times, Target.ACKNOWLEDGE),
        ),
        Step("assess", _("We look at how urgent it is")),
        Step("search", _("We find out what happened"), _("Nobody looks into a complaint about their own work")),
        Step(
            "decision",
            _("You get a decision with its reasons"),
            promises.within(times, Target.DECIDE, Target.DECIDE_LATEST),
        ),
        Step("accept", _("You accept it: we put it right, and close the case"), promises.within(times, Target.ACT)),
        Step(
            "outside",
            _("Still not content? Somebody higher looks at it, then somebody outside"),
            external or _("An ombudsman, a regulator or a court"),
        ),
    ]


def _figures(tx: Session, today: date) -> register.PeriodCounts | None:
    """The figures of the last year; None where there are so few that people could be recognised."""
    found = register.period_counts(tx, today - PERIOD, today, decision_due=True)
    return found if found.received >= FEWEST else None
