"""Pages of timetables and of one's own calendar feed."""

import io
from collections.abc import Callable
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members, zone_of_house
from auditkit.audits import queries as audits
from auditkit.audits.agenda import document, queries, rules, service, telling
from auditkit.audits.agenda.forms import AgendaForm, LineForm
from auditkit.audits.agenda.queries import LineView
from auditkit.audits.agenda.rules import ACTIVITY_TITLES, Activity
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import METHOD_TITLES, Method, State
from auditkit.audits.views.asked import wording
from auditkit.audits.views.blueprint import names
from auditkit.audits.views.parts import audit_part, audit_tab
from auditkit.base import clock
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session, reading, transaction
from auditkit.base.text import N_, _, spoken
from auditkit.documents import catalogue
from auditkit.documents.own import here as templates
from auditkit.evidence import intake
from auditkit.evidence.intake import Received
from auditkit.library.here import here, library
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.acting import REFUSALS, done
from auditkit.web.languages import locale

bp = Blueprint("agenda", __name__, url_prefix="/audits", template_folder="templates")

audit_tab(15, N_("Timetable"), "agenda.show")


@bp.get("/<number>/agenda")
@access("audits.read")
def show(number: str) -> str:
    """The timetable of an audit, what was sent of it, and the next thing to do."""
    return _page(audits.plans.by_number(reading(), number))


def _page(head: AuditHead, form: AgendaForm | None = None) -> str:
    tx = reading()
    zone = zone_of_house(tx)
    lines = _read(queries.lines(tx, head.id), head)
    return render_template(
        "audits/agenda/show.html",
        head=head,
        days=_by_day(lines, zone),
        zone=zone,
        sent=queries.sent(tx, head.id),
        untold=_untold(tx, head.id),
        open=head.state in (State.PLANNED, State.RUNNING),
        form=form or AgendaForm(None),
        names=names(),
        ACTIVITY_TITLES=ACTIVITY_TITLES,
        METHOD_TITLES=METHOD_TITLES,
        Activity=Activity,
    )


def _read(lines: list[LineView], head: AuditHead) -> list[LineView]:
    return telling.read(lines, wording(), head.checklist_id)


def _by_day(lines: list[LineView], zone: ZoneInfo) -> list[tuple[Any, list[LineView]]]:
    return [(day, list(group)) for day, group in groupby(lines, key=lambda one: one.starts_at.astimezone(zone).date())]


def _untold(tx: Session, audit_id: int) -> int:
    """How many messages would go out if the timetable were sent now."""
    everything = queries.lines(tx, audit_id, dropped=True)
    told = queries.told(tx, [one.id for one in everything])
    count = 0
    for line in everything:
        for person in set(line.people) | {who for item, who in told if item == line.id}:
            last = told.get((line.id, person))
            count += rules.to_send(person in line.people, line.dropped_at is not None, line.sequence, last) is not None
    return count


@bp.route("/<number>/agenda/new", methods=["GET", "POST"])
@access("audits.plan")
def new_line(number: str) -> str | Response:
    """Add a line."""
    return _line_page(audits.plans.by_number(reading(), number), None)


@bp.route("/<number>/agenda/<int:line_id>", methods=["GET", "POST"])
@access("audits.plan")
def edit_line(number: str, line_id: int) -> str | Response:
    """Change a line."""
    head = audits.plans.by_number(reading(), number)
    return _line_page(head, queries.line(reading(), head.id, line_id))


def _line_page(head: AuditHead, line: LineView | None) -> str | Response:
    shown = _read([line], head)[0] if line else None
    form = _line_form(head, shown)
    if done(form, service.save_line, lambda: _line(head, form, line, shown)):
        flash(_("The line was saved. Send the timetable when all is right."), "good")
        return redirect(url_for(".show", number=head.number))
    return render_template("audits/agenda/line.html", head=head, form=form, line=line, zone=zone_of_house(reading()))


def _line_form(head: AuditHead, line: LineView | None) -> LineForm:
    tx, zone = reading(), zone_of_house(reading())
    team = {one.person_id for one in audits.plans.team(tx, head.id)} | set(line.auditors if line else ())
    people = [(one.person_id, one.name) for one in members(tx)]
    sides = ([one for one in people if one[0] in team], [one for one in people if one[0] not in team])
    if line is None:
        return LineForm(*sides, data={"day": head.planned_from, "method": head.method.value, "place": head.places})
    start, end = line.starts_at.astimezone(zone), line.ends_at.astimezone(zone)
    data = {"day": day_of(start, zone), "start": start.time(), "end": end.time()}
    return LineForm(*sides, obj=line, data=data)


def _line(head: AuditHead, form: LineForm, line: LineView | None, shown: LineView | None) -> service.SaveLine:
    kind = Activity(form.kind.data)
    return service.SaveLine(
        number=head.number,
        kind=kind,
        activity=telling.stored(kind, form.activity.data, line, shown.activity if shown else ""),
        day=form.day.data,
        start=form.start.data,
        end=form.end.data,
        method=Method(form.method.data),
        clauses=form.clauses.data or "",
        place=form.place.data or "",
        whom=form.whom.data or "",
        auditors=tuple(form.auditors.data or ()),
        auditees=tuple(form.auditees.data or ()),
        line_id=line.id if line else None,
        version=form.version.data or 0,
    )


def _do(number: str, act: Callable[[Session], object], done: str) -> str | Response:
    """A button of the page: its verb, then the page again, with the refusal where there was one."""
    form = AgendaForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                act(tx)
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(done, "good")
            return redirect(url_for(".show", number=number))
    return _page(audits.plans.by_number(reading(), number), form)


@bp.post("/<number>/agenda/suggest")
@access("audits.plan")
def suggest(number: str) -> str | Response:
    """Fill an empty timetable from the checklist."""

    def act(tx: Session) -> object:
        return service.suggest(tx, service.Suggest(number), clock.now(), current_actor(), library=library())

    return _do(number, act, _("A timetable is suggested. Change what does not fit."))


@bp.post("/<number>/agenda/<int:line_id>/drop")
@access("audits.plan")
def drop_line(number: str, line_id: int) -> str | Response:
    """Take a line out."""

    def act(tx: Session) -> object:
        return service.drop_line(tx, service.DropLine(number, line_id), clock.now(), current_actor())

    return _do(number, act, _("The line is out. Whoever was invited is told when the timetable is sent again."))


@bp.post("/<number>/agenda/invite")
@access("audits.plan")
def invite(number: str) -> str | Response:
    """Send the plan, invitations, changes and cancellations."""
    sender = current_app.extensions["auditkit.settings"].mail_from
    plan = _plan(audits.plans.by_number(reading(), number)) if AgendaForm().validate_on_submit() else None
    command = service.Invite(number, sender, current_organisation().name, plan)

    def act(tx: Session) -> object:
        return service.invite(tx, command, clock.now(), current_actor(), library=here().library)

    return _do(number, act, _("The invitations are on their way."))


def _plan(head: AuditHead) -> Received | None:
    """The plan as Word in the language of the screen, for those who are invited; none where nobody is."""
    if not _untold(reading(), head.id):
        return None
    language = locale() if locale() in catalogue.languages_of(document.TEMPLATE) else "en"
    with spoken(language):
        context = document.plan(reading(), head, current_organisation().name, names(), language, wording())
    title = _("Audit plan %(number)s", number=head.number)
    content = templates.made(document.TEMPLATE, context, title, language=language)
    return intake.receive([(io.BytesIO(content), f"{title}.docx")])[0]


@bp.get("/calendar")
@access("audits.read")
def calendar() -> str:
    """One's own feed: whether there is one, making it, taking it back."""
    return _calendar_page("")


def _calendar_page(secret: str) -> str:
    person = current_actor().person_id
    return render_template(
        "audits/agenda/calendar.html",
        feed=queries.feed_of(reading(), person) if person is not None else None,
        address=_address(secret) if secret else "",
        form=AgendaForm(None),
    )


def _address(secret: str) -> str:
    public_url: str = current_app.extensions["auditkit.settings"].public_url
    return f"{public_url.rstrip('/')}/feeds/{secret}.ics"


@bp.post("/calendar")
@access("audits.read")
def make_feed() -> str | Response:
    """Make an address and show it, once."""
    if not AgendaForm().validate_on_submit():
        return _calendar_page("")
    with transaction(current_actor()) as tx:
        secret = service.make_feed(tx, service.MakeFeed(), clock.now(), current_actor())
    return _calendar_page(secret)


@bp.post("/calendar/revoke")
@access("audits.read")
def revoke_feed() -> str | Response:
    """Take the address back."""
    if not AgendaForm().validate_on_submit():
        return _calendar_page("")
    with transaction(current_actor()) as tx:
        service.revoke_feed(tx, service.RevokeFeed(), clock.now(), current_actor())
    flash(_("The address does not work any more."), "good")
    return redirect(url_for(".calendar"))


@audit_part("overview", order=30)
def part(head: AuditHead) -> str:
    """What comes next in the timetable, or that there is none yet."""
    if head.from_outside or head.state not in (State.PLANNED, State.RUNNING):
        return ""
    tx, now = reading(), clock.now()
    lines = queries.lines(tx, head.id)
    coming = _read([one for one in lines if one.ends_at > now][:3], head)
    return render_template(
        "audits/agenda/_part.html",
        head=head,
        lines=lines,
        coming=coming,
        zone=zone_of_house(tx),
        untold=_untold(tx, head.id),
    )
