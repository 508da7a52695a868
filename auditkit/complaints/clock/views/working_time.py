"""The organisation's working time: zone, weekend, hours, holidays and own days, with the year as it comes out."""

from calendar import monthrange
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.calendar import Calendar, kept
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.complaints.clock import queries, rules, service
from auditkit.complaints.clock.forms import CalendarForm, OwnDayForm
from auditkit.complaints.clock.views.blueprint import bp, refuse
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS

MENDED_BY: dict[type[Exception], str] = {
    rules.ZoneUnknown: "zone",
    rules.WholeWeekOff: "weekend",
    rules.PlaceUnknown: "country",
    rules.DayWithoutTitle: "title",
}


@bp.route("/calendar", methods=["GET", "POST"])
@access("organisation.manage")
def calendar() -> str | Response:
    """See and change the working time."""
    form, actor = CalendarForm(queries.calendar_settings(reading())), current_actor()
    if form.validate_on_submit():
        try:
            with transaction(actor) as tx:
                service.change_calendar(tx, service.ChangeCalendar(form.settings(), form.seen), clock.now(), actor)
        except REFUSALS as refusal:
            refuse(form, refusal, MENDED_BY)
            form.version.data = str(queries.calendar_settings(reading()).version)
        else:
            flash(_("The working time holds for dates that are set from now on."), "good")
            return redirect(url_for(".calendar"))
    return _page(form, OwnDayForm())


@bp.post("/calendar/days")
@access("organisation.manage")
def put_day() -> str | Response:
    """Keep a day of the organisation's own."""
    form = OwnDayForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.put_day(tx, service.PutDay(form.own_day()), clock.now(), current_actor())
        except REFUSALS as refusal:
            refuse(form, refusal, MENDED_BY)
        else:
            return redirect(url_for(".calendar", year=form.day.data.year, _anchor="year"))
    return _page(CalendarForm(queries.calendar_settings(reading())), form)


@bp.post("/calendar/days/<day>/drop")
@access("organisation.manage")
def drop_day(day: str) -> Response:
    """Forget a day of the organisation's own."""
    dropped = date.fromisoformat(day) if len(day) == 10 and day.replace("-", "").isdigit() else date.min
    with transaction(current_actor()) as tx:
        service.drop_day(tx, service.DropDay(dropped), clock.now(), current_actor())
    return redirect(url_for(".calendar", year=dropped.year, _anchor="year"))


def _page(form: CalendarForm, day_form: OwnDayForm) -> str:
    settings = queries.calendar_settings(reading())
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 1950 <= int(asked) <= 2100 else clock.now().year
    made = kept.calendar(settings, year)
    return render_template(
        "complaints/clock/calendar.html",
        form=form,
        day_form=day_form,
        settings=settings,
        year=year,
        months=[(date(year, month, 1), _working_days(made, year, month)) for month in range(1, 13)],
        special=_special(made, year, {one.day for one in settings.own_days}),
        holidays_from=made.holidays_from,
        today=made.today(clock.now()),
        weekday=rules.weekday_title,
    )


def _working_days(made: Calendar, year: int, month: int) -> int:
    return sum(made.closed(date(year, month, day)) is None for day in range(1, monthrange(year, month)[1] + 1))


def _special(made: Calendar, year: int, own: set[date]) -> list[dict[str, Any]]:
    """The days of a year that are not as their weekday would have them."""
    named = {**made.holidays, **made.days_off, **made.extra_days}
    return [
        {
            "day": day,
            "title": named[day],
            "worked": day in made.extra_days,
            "own": day in own,
            "weekend": day.isoweekday() in made.weekend and day not in made.extra_days,
        }
        for day in sorted(named)
        if day.year == year
    ]
