"""Pages of the audit programme: a year with its coverage over the cycle, what recurs, reviews."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with
from auditkit.audits.independence.queries import processes
from auditkit.audits.programme import jobs, queries, rules, service
from auditkit.audits.programme.forms import ItemForm, ProgrammeForm, ReviewForm
from auditkit.audits.programme.rules import COVER_TITLES, EVERY_TITLES, SIDE_TITLES, Cover, Line
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import KIND_TITLES, METHOD_TITLES, STATE_TITLES, AuditKind, Method, State
from auditkit.audits.views.blueprint import names
from auditkit.audits.views.parts import audit_part
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.content.shapes import NodeKind
from auditkit.library.here import library
from auditkit.web.access import access, current_actor
from auditkit.web.acting import done
from auditkit.web.languages import day_there

__all__ = ["bp", "jobs"]  # the worker's part is imported with the pages, as other slices do

bp = Blueprint("audit_programme", __name__, url_prefix="/audits/programme", template_folder="templates")

FIRST_YEAR, LAST_YEAR = 2000, 2100
_TONES = {
    Cover.NEVER: "bad",
    Cover.SKIPPED: "warn",
    Cover.PLANNED: "neutral",
    Cover.RUNNING: "info",
    Cover.DONE: "good",
}
_ICONS = {
    Cover.NEVER: "x-circle",
    Cover.SKIPPED: "slash-circle",
    Cover.PLANNED: "calendar",
    Cover.RUNNING: "hourglass-split",
    Cover.DONE: "check-circle",
}


@bp.get("/")
@access("audits.read")
def index() -> Response:
    """The programme of this year."""
    return redirect(url_for(".show", year=clock.now().year))


@bp.get("/<int:year>")
@access("audits.read")
def show(year: int) -> str:
    """The programme of a year, and what the audits of its cycle cover."""
    _known(year)
    programme = queries.of_year(reading(), year)
    return render_template(
        "audits/programme/show.html",
        year=year,
        programme=programme,
        risks=queries.risks(reading(), programme.id) if programme else [],
        reviews=queries.reviews(reading(), programme.id) if programme else [],
        periods=_periods(year),
        standing=queries.standing_of(reading(), year),
        names=names(),
        **_coverage(year),
        **_words(),
    )


def _coverage(year: int) -> dict[str, Any]:
    """The matrix of the cycle, and what it can be looked at by."""
    cycle, edition = queries.cycle_from(reading(), year), _edition()
    clauses, own = _matrix(cycle, edition)
    return {
        "years": rules.years_of(cycle),
        "tabs": _tabs(year, cycle, edition),
        "edition": edition,
        "others": _counts_others(),
        "led_from": _led_from(edition),
        "names_of": lambda ids: [library().editions[one].name if one in library().editions else one for one in ids],
        "editions": [(one.id, one.name) for one in library().editions.values()],
        "clauses": clauses,
        "processes": own,
        "never": [line for line in clauses if line.cover is Cover.NEVER],
    }


def _tabs(year: int, cycle: int, edition: str) -> list[tuple[str, str, bool]]:
    """The years of the cycle, and those beside it."""
    shown = range(cycle - 1, cycle + rules.CYCLE_YEARS + 1)
    return [
        (str(one), url_for(".show", year=one, edition=edition, others="1" if _counts_others() else None), one == year)
        for one in shown
    ]


def _known(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()


def _edition() -> str:
    """The edition of the matrix: the one asked for, else that of the first checklist for audits."""
    editions = library().editions
    wanted = request.args.get("edition", "")
    if wanted in editions:
        return wanted
    return "iso10002-2018" if "iso10002-2018" in editions else next(iter(editions))


def _counts_others() -> bool:
    """Whether audits by other editions are counted too, through the crosswalks."""
    return request.args.get("others", "") == "1"


def _led_from(edition: str) -> dict[str, str]:
    """The editions from which a crosswalk of the library leads to this one: id -> name."""
    found = {}
    for one in library().crosswalks_of(edition):
        other = one.to_edition if one.from_edition.id == edition else one.from_edition
        found[other.id] = other.name
    return found


def _through(edition: str) -> queries.Clauses:
    """From a clause of another edition to those of this one that correspond to it, by the crosswalks."""
    lib = library()

    @cache
    def through(clause: str) -> tuple[str, ...]:
        try:
            others = lib.counterparts(clause)
        except NotFound:  # an audit keeps the clauses of a checklist that the library may not have any more
            return ()
        return tuple(dict.fromkeys(node.ref for one in others if one.edition.id == edition for node in one.nodes))

    return through


def _clauses_of(checklist_id: str) -> Sequence[str]:
    """The clauses a checklist asks about; none where the library does not have it any more."""
    found = library().checklists.get(checklist_id)
    return [item.clauses[0] for item in found.items] if found else []


def _matrix(cycle: int, edition: str) -> tuple[list[Line], list[Line]]:
    """The coverage of the clauses (down to the second level), and of the organisation's processes."""
    towards = queries.Towards(edition, _through(edition) if _counts_others() else None)
    facts = queries.facts(reading(), cycle, towards, _clauses_of)
    shown = [
        (node.ref, node.label, (node.ref,))
        for node in library().edition(edition).nodes
        if node.auditable and node.level <= 2 and node.kind is not NodeKind.ANNEX
    ]
    own = [(str(one.id), one.name, one.clauses) for one in processes(reading()) if one.retired_at is None]
    return rules.coverage(shown, facts, cycle), rules.coverage(own, facts, cycle)


def _periods(year: int) -> list[dict[str, Any]]:
    """What is due in a year, by its first day, with the audits made of it."""
    tx, first, last = reading(), date(year, 1, 1), date(year, 12, 31)
    made = queries.made(tx)
    found = []
    for item in queries.items(tx):
        have = made.get(item.id, {})
        days = set(rules.periods(item.first_on, item.every_months, item.last_on, last))
        wanted = set(have) if item.stopped_at is not None else days | set(have)
        found += [{"item": item, "day": day, "made": have.get(day)} for day in wanted if first <= day <= last]
    return sorted(found, key=lambda one: (one["day"], one["item"].id))


def _words() -> dict[str, Any]:
    return {
        "COVER_TITLES": COVER_TITLES,
        "COVER_TONES": _TONES,
        "COVER_ICONS": _ICONS,
        "EVERY_TITLES": EVERY_TITLES,
        "SIDE_TITLES": SIDE_TITLES,
        "KIND_TITLES": KIND_TITLES,
        "METHOD_TITLES": METHOD_TITLES,
        "STATE_TITLES": STATE_TITLES,
        "today": day_there(clock.now()),
    }


@bp.route("/<int:year>/edit", methods=["GET", "POST"])
@access("audits.programme")
def edit(year: int) -> str | Response:
    """Write the programme of a year."""
    _known(year)
    found = queries.of_year(reading(), year)
    form = _programme_form(year, found)
    if done(form, service.save_programme, lambda: _programme(year, form)):
        flash(_("The programme was saved."), "good")
        return redirect(url_for(".show", year=year))
    return render_template("audits/programme/edit.html", form=form, year=year, programme=found)


def _programme_form(year: int, found: queries.ProgrammeView | None) -> ProgrammeForm:
    people = [(one.person_id, one.name) for one in members_with(reading(), "audits.programme")]
    if found is None:
        data = {"cycle_from": queries.cycle_from(reading(), year), "responsible_id": current_actor().person_id}
        return ProgrammeForm(people, data=data)
    written = [(one.side, one.what, one.response) for one in queries.risks(reading(), found.id)]
    return ProgrammeForm(people, obj=found, data={"risks": rules.write_risks(written)})


def _programme(year: int, form: ProgrammeForm) -> service.SaveProgramme:
    return service.SaveProgramme(
        year=year,
        cycle_from=form.cycle_from.data,
        objectives=form.objectives.data,
        responsible_id=form.responsible_id.data,
        version=form.version.data or 0,
        scope=form.scope.data or "",
        methods=form.methods.data or "",
        resources=form.resources.data or "",
        risks=form.risks.data or "",
    )


@bp.route("/<int:year>/review", methods=["GET", "POST"])
@access("audits.programme")
def review(year: int) -> str | Response:
    """Record a review of the programme."""
    _known(year)
    if queries.of_year(reading(), year) is None:
        raise NotFound()
    form = ReviewForm(data={"held_on": day_there(clock.now())})
    texts = {name: form[name].data or "" for name in ("conclusions", "participants", "changes")}
    if done(form, service.review_programme, lambda: service.ReviewProgramme(year, form.held_on.data, **texts)):
        flash(_("The review is on record."), "good")
        return redirect(url_for(".show", year=year, _anchor="reviews"))
    standing = [(_(STATE_TITLES[State(name)]), count) for name, count in queries.standing_of(reading(), year).items()]
    return render_template("audits/programme/review.html", form=form, year=year, standing=standing, **_words())


@bp.route("/audits/new", methods=["GET", "POST"])
@access("audits.programme")
def new_item() -> str | Response:
    """Put an audit into the programme."""
    return _item_page(None)


@bp.route("/audits/<int:item_id>", methods=["GET", "POST"])
@access("audits.programme")
def edit_item(item_id: int) -> str | Response:
    """Change an audit of the programme; the audits made of it stay as they are."""
    return _item_page(queries.item(reading(), item_id))


def _item_page(found: queries.ItemView | None) -> str | Response:
    form = _item_form(found)
    if done(form, service.save_item, lambda: _item(form, found.id if found else None), library=library()):
        flash(_("The audit is in the programme. Its audits are made by themselves, each in time."), "good")
        return redirect(url_for(".show", year=form.first_on.data.year, _anchor="periods"))
    return render_template("audits/programme/item.html", form=form, item=found, **_words())


def _item_form(found: queries.ItemView | None) -> ItemForm:
    edition = library().edition(_edition())
    clauses = [(node.ref, node.label) for node in edition.nodes if node.auditable and node.level <= 2]
    known = {ref for ref, _label in clauses}
    clauses += [(ref, ref) for ref in (found.clauses if found else ()) if ref not in known]
    leads = [(one.person_id, one.name) for one in members_with(reading(), "audits.run")]
    checklists = [(one.id, one.title) for one in library().checklists.values()]
    return ItemForm(checklists, clauses, leads, obj=found)


def _item(form: ItemForm, item_id: int | None) -> service.SaveItem:
    return service.SaveItem(
        title=form.title.data,
        objectives=form.objectives.data,
        scope=form.scope.data,
        checklist_id=form.checklist_id.data,
        lead_id=form.lead_id.data,
        first_on=form.first_on.data,
        every_months=form.every_months.data,
        last_on=form.last_on.data,
        days=form.days.data,
        ahead_days=form.ahead_days.data,
        kind=AuditKind(form.kind.data),
        method=Method(form.method.data),
        auditee=form.auditee.data or "",
        clauses=tuple(form.clauses.data or ()),
        item_id=item_id,
        version=form.version.data or 0,
    )


@bp.post("/audits/<int:item_id>/stop")
@access("audits.programme")
def stop_item(item_id: int) -> Response:
    """Take an audit out of the programme."""
    with transaction(current_actor()) as tx:
        service.stop_item(tx, service.StopItem(item_id), clock.now(), current_actor())
    flash(_("Nothing more is made of this audit. What was made stays."), "good")
    return redirect(url_for(".index"))


@audit_part("overview", order=60)
def part(head: AuditHead) -> str:
    """From which audit of the programme this one was made."""
    found = queries.of_audit(reading(), head.id)
    if found is None:
        return ""
    return render_template("audits/programme/_part.html", title=found[0], day=found[1], head=head)
