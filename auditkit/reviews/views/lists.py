"""All reviews, the next one due, planning, and the interval."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.library.here import library
from auditkit.reviews import queries, rules, service
from auditkit.reviews.forms import IntervalForm, PlanForm
from auditkit.reviews.views.blueprint import bp, done
from auditkit.web.access import access, current_actor
from auditkit.web.languages import day_there


@bp.get("/")
@access("reviews.read")
def index() -> str:
    """Every review, newest first, and when the next one is due."""
    before = request.args.get("before", type=int)
    lines, older = queries.listing(reading(), before)
    return render_template(
        "reviews/index.html",
        lines=lines,
        next_review=queries.next_review(reading(), day_there(clock.now())),
        interval=queries.interval(reading()),
        first_url=url_for(".index") if before else None,
        next_url=url_for(".index", before=older) if older else None,
    )


def _chairs() -> list[tuple[int, str]]:
    return [(one.person_id, one.name) for one in members_with(reading(), "reviews.sign")]


@bp.route("/new", methods=["GET", "POST"])
@access("reviews.edit")
def new() -> str | Response:
    """Plan a review: from the day after the last period, with the agenda of the library."""
    form = PlanForm(_chairs(), [(one.id, one.title) for one in library().agendas.values()], data=_usual())
    made: list[str] = []

    def plan(tx: Any) -> None:
        command = service.PlanReview(agenda=library().agenda(form.agenda.data), **_plan(form))
        made.append(service.plan(tx, command, clock.now(), current_actor()))

    if done(form, plan):
        flash(
            _("The review is planned. Invite those who take part, and freeze its inputs when the period is over."),
            "good",
        )
        return redirect(url_for(".show", number=made[0]))
    return render_template("reviews/edit.html", form=form, head=None)


def _usual() -> dict[str, Any]:
    """What a new review starts from."""
    tx, today = reading(), day_there(clock.now())
    due = queries.next_review(tx, today)
    kept = queries.interval(tx)
    planned_on = due.on if due.on and due.on > today and not due.number else today
    first, last = rules.usual_period(
        planned_on=planned_on, last_period_ends=queries.last_period_end(tx), every_months=kept.every_months
    )
    title = _("Management review %(year)s", year=planned_on.year)
    return {"title": title, "planned_on": planned_on, "period_from": first, "period_to": last}


def _plan(form: PlanForm) -> dict[str, Any]:
    names = ("title", "planned_on", "period_from", "period_to", "chair_id")
    return {**{name: form[name].data for name in names}, "place": form.place.data or ""}


@bp.route("/<number>/edit", methods=["GET", "POST"])
@access("reviews.edit")
def edit(number: str) -> str | Response:
    """Change the plan of a review that was not held yet."""
    head = queries.by_number(reading(), number)
    form = PlanForm(_chairs(), (), obj=head)

    def replan(tx: Any) -> None:
        command = service.ReplanReview(number, form.version.data or 0, **_plan(form))
        service.replan(tx, command, clock.now(), current_actor())

    if done(form, replan):
        flash(_("The plan was changed. Another period wants its inputs computed again."), "good")
        return redirect(url_for(".show", number=number))
    return render_template("reviews/edit.html", form=form, head=head)


@bp.route("/interval", methods=["GET", "POST"])
@access("reviews.edit")
def interval() -> str | Response:
    """How often the organisation reviews, and how early it is reminded."""
    form = IntervalForm(obj=queries.interval(reading()))

    def keep(tx: Any) -> None:
        command = service.SetInterval(form.every_months.data, form.ahead_days.data, form.first_on.data)
        service.set_interval(tx, command, clock.now(), current_actor())

    if done(form, keep):
        flash(_("The interval is kept."), "good")
        return redirect(url_for(".index"))
    return render_template("reviews/interval.html", form=form)
