"""Pages of registers: all of them, one register, one entry; forms made of the register's own fields.

GET  /registers/                          how each register stands
GET  /registers/<register>                its entries, narrowed
POST /registers/<register>/new …          what can be done with an entry (`service`)
"""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import AuditkitError, BadInput, Conflict, NotFound, RuleBroken
from auditkit.base.text import N_, _
from auditkit.content.shapes import FieldKind, RegisterShape
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.evidence import subjects
from auditkit.evidence.intake import receive_uploads
from auditkit.journal.queries import timeline
from auditkit.library.here import library
from auditkit.library.saying import said
from auditkit.registers import bringing, queries, rules, service, targets, workbook
from auditkit.registers import reminding as reminding  # the worker's round is declared where it is imported
from auditkit.registers.forms import (
    ChangeForm,
    ConfirmForm,
    EntryForm,
    MeasureForm,
    RetireForm,
    ReviewForm,
    TieForm,
    WorkbookForm,
    entry_form,
)
from auditkit.registers.queries import EntryView, Wanted
from auditkit.registers.rules import STANDING_TITLES, EntryRefused, Standing
from auditkit.web.access import access, current_actor

bp = Blueprint("registers", __name__, url_prefix="/registers", template_folder="templates")

REFUSALS = (RuleBroken, BadInput, Conflict)
TONES = {
    Standing.RETIRED: "neutral",
    Standing.EXPIRED: "bad",
    Standing.OVERDUE: "bad",
    Standing.SOON: "warn",
    Standing.CURRENT: "good",
}
ICONS = {
    rules.WRITTEN.name: "plus-lg",
    rules.CHANGED.name: "pencil",
    rules.REVIEWED.name: "eye",
    rules.MEASURED.name: "graph-up",
    rules.RETIRED.name: "archive",
    rules.RESTORED.name: "arrow-counterclockwise",
    rules.LINKED.name: "link-45deg",
    rules.UNLINKED.name: "x-lg",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def words() -> dict[str, Any]:
    """Titles and tones, for templates."""
    return {"STANDING_TITLES": STANDING_TITLES, "STANDING_TONES": TONES, "FieldKind": FieldKind}


@bp.context_processor
def _for_values() -> dict[str, Any]:
    """What templates need to show values as people read them."""
    return {
        "said": said,
        "as_day": date.fromisoformat,
        "plain": lambda number: format(number.normalize(), "f"),
        "number_of": Decimal,
        "standing_choices": lambda: [(one.value, _(title)) for one, title in STANDING_TITLES.items()],
        "options_of": lambda field: [(one.id, one.label) for one in field.choices],
        "review_lines": _review_lines,
    }


def _review_lines(reviews: Sequence[queries.ReviewView], names: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        {"when": one.at, "title": one.outcome, "by": names.get(one.by_id or 0, ""), "icon": "eye"} for one in reviews
    ]


def people() -> dict[int, str]:
    """The members by id."""
    return {one.person_id: one.name for one in members(reading())}


@bp.get("/")
@access("registers.read")
def index() -> str:
    """Every register, and how it stands."""
    found = queries.counts(reading(), clock.now().date())
    empty = queries.Counts(0, 0, 0, 0)
    lines = [(shape, found.get(shape.id, empty)) for shape in library().registers.values()]
    return render_template("registers/index.html", lines=lines)


@bp.get("/<register>")
@access("registers.read")
def entries(register: str) -> str:
    """The entries of a register."""
    shape, tx, today = library().register(register), reading(), clock.now().date()
    wanted = _wanted(shape)
    found, following = queries.listing(tx, register, wanted, today, after=request.args.get("after", 0, type=int))
    measured = queries.measurements(tx, [one.id for one in found]) if shape.measured else {}
    return render_template(
        "registers/entries.html",
        shape=shape,
        entries=found,
        wanted=wanted,
        latest={one: several[-1] for one, several in measured.items()},
        chosen=[field for field in shape.fields if field.kind is FieldKind.CHOICE and field.listed],
        next_url=_following(register, following),
        level_of=lambda level, values: rules.level_of(shape, level, values),
        names=people(),
        **words(),
    )


def _wanted(shape: RegisterShape) -> Wanted:
    told = request.args
    where = told.get("standing", "")
    return Wanted(
        words=told.get("q", "")[:200],
        standing=Standing(where) if where in list(Standing) else None,
        choices={
            field.id: told[f"f-{field.id}"]
            for field in shape.fields
            if told.get(f"f-{field.id}") in {one.id for one in field.choices}
        },
        keeper_id=told.get("keeper", type=int),
    )


def _following(register: str, after: int | None) -> str | None:
    if after is None:
        return None
    asked: dict[str, Any] = {**request.args.to_dict(), "after": after}
    return url_for(".entries", register=register, **asked)


@bp.route("/<register>/new", methods=["GET", "POST"])
@access("registers.edit")
def new(register: str) -> str | Response:
    """Write an entry, from nothing or from an example."""
    shape = library().register(register)
    example = next((one for one in shape.examples if one.id == request.args.get("example")), None)
    form = _form(EntryForm, shape, _started(shape, example.values) if example else None)

    def write(tx: Session) -> str:
        command = service.WriteEntry(shape, form.values(), form.keeper.data)
        return str(service.write(tx, command, clock.now(), current_actor()))

    number = _done(form, write)
    if number is not None:
        flash(_("%(number)s is written.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    return render_template("registers/edit.html", shape=shape, form=form, entry=None, example=example, **words())


def _started(shape: RegisterShape, values: dict[str, str]) -> dict[str, Any]:
    """An example's values as an entry keeps them."""
    kinds = {field.id: field.kind for field in shape.fields}
    return {
        name: [word.strip() for word in value.split(",")] if kinds[name] is FieldKind.CHOICES else value
        for name, value in values.items()
    }


@bp.get("/<register>/<number>")
@access("registers.read")
def show(register: str, number: str) -> str:
    """One entry with everything about it."""
    return _page(register, number)


def _page(register: str, number: str, **forms: Any) -> str:
    shape, tx = library().register(register), reading()
    entry = queries.entry(tx, register, number, clock.now().date())
    subject = (queries.SUBJECT, entry.id)
    return render_template(
        "registers/show.html",
        shape=shape,
        entry=entry,
        levels=rules.levels_of(shape, entry.values),
        versions=queries.versions(tx, entry.id),
        reviews=queries.reviews(tx, entry.id),
        measured=queries.measurements(tx, [entry.id]).get(entry.id, []),
        aim=_aim(shape, entry),
        links=_links(tx, entry),
        files=evidence.for_subject(tx, subject),
        happened=_happened(subject),
        names=people(),
        today=clock.now().date(),
        measure_form=forms.get("measure_form") or MeasureForm(formdata=None, data={"on": clock.now().date()}),
        tie_form=forms.get("tie_form") or TieForm(_kinds(), formdata=None),
        retire_form=forms.get("retire_form") or RetireForm(formdata=None),
        restore_form=ConfirmForm(formdata=None),
        **words(),
    )


def _aim(shape: RegisterShape, entry: EntryView) -> dict[str, Any] | None:
    """What a measured entry is to reach, in its own words."""
    if shape.measured is None:
        return None
    values = entry.values
    return {
        "target": values.get(shape.measured.target),
        "unit": values.get(shape.measured.unit, ""),
        "higher": values.get(shape.measured.better) == "higher",
        "reached": rules.reached,
    }


def _kinds() -> list[tuple[str, str]]:
    actor = current_actor()
    return [(kind, _(one.title)) for kind, one in targets.known().items() if actor.may(one.permission)]


def _links(tx: Session, entry: EntryView) -> list[tuple[queries.LinkView, str, targets.Shown]]:
    """(tie, what kind it is, what is shown); what the reader may not see is left out."""
    actor, known = current_actor(), targets.known()
    return [
        (one, _(known[one.kind].title), targets.shown(tx, one.kind, one.subject_id))
        for one in queries.links(tx, entry.id)
        if one.kind in known and actor.may(known[one.kind].permission)
    ]


def _happened(subject: tuple[str, int]) -> list[dict[str, Any]]:
    called = people()
    return [
        {"when": one.at, "title": _(one.title), "by": called.get(one.actor_id or 0, ""), "icon": ICONS.get(one.event)}
        for one in timeline(reading(), current_actor().organisation_id, subject)
    ]


@bp.route("/<register>/<number>/edit", methods=["GET", "POST"])
@access("registers.edit")
def edit(register: str, number: str) -> str | Response:
    """Change an entry."""
    shape = library().register(register)
    entry = queries.entry(reading(), register, number, clock.now().date())
    form = _form(ChangeForm, shape, entry.values, entry, review_on=entry.review_on)

    def change(tx: Session) -> bool:
        command = service.ChangeEntry(
            shape, number, form.version.data or 0, form.values(), form.keeper.data, form.review_on.data
        )
        service.change(tx, command, clock.now(), current_actor())
        return True

    if _done(form, change):
        flash(_("%(number)s was saved.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    return render_template("registers/edit.html", shape=shape, form=form, entry=entry, example=None, **words())


@bp.route("/<register>/<number>/review", methods=["GET", "POST"])
@access("registers.edit")
def review(register: str, number: str) -> str | Response:
    """Look at an entry again."""
    shape, today = library().register(register), clock.now().date()
    entry = queries.entry(reading(), register, number, today)
    form = _form(ReviewForm, shape, entry.values, entry, next_on=rules.next_review(shape, today))

    def look(tx: Session) -> bool:
        command = service.ReviewEntry(
            shape, number, form.version.data or 0, form.outcome.data or "", form.values(), form.next_on.data
        )
        service.review(tx, command, clock.now(), current_actor())
        return True

    if _done(form, look):
        flash(_("The review of %(number)s is noted.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    return render_template("registers/review.html", shape=shape, form=form, entry=entry, **words())


def _form(kind: type[EntryForm], shape: RegisterShape, values: Any, entry: EntryView | None = None, **data: Any) -> Any:
    held = {"keeper": entry.keeper_id, "version": entry.version} if entry else {}
    return entry_form(kind, shape, list(people().items()), values, **held, **data)


def _done(form: Any, act: Callable[[Session], Any]) -> Any:
    """What `act` gave; None where the form was not sent, or was refused and now says why."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction(current_actor()) as tx:
            return act(tx)
    except EntryRefused as refusal:
        form.refuse_entry(refusal)
    except REFUSALS as refusal:
        form.refuse("", refusal)
    return None


@bp.post("/<register>/<number>/measure")
@access("registers.edit")
def measure(register: str, number: str) -> str | Response:
    """Note what an objective came to."""
    form, shape = MeasureForm(), library().register(register)

    def note(tx: Session) -> bool:
        command = service.MeasureEntry(shape, number, form.on.data, form.value.data, form.note.data or "")
        service.measure(tx, command, clock.now(), current_actor())
        return True

    if _done(form, note):
        flash(_("The measurement is noted."), "good")
        return redirect(url_for(".show", register=register, number=number, _anchor="measurements"))
    return _page(register, number, measure_form=form)


@bp.post("/<register>/<number>/tie")
@access("registers.edit")
def tie(register: str, number: str) -> str | Response:
    """Tie an entry to another record."""
    form = TieForm(_kinds())

    def bind(tx: Session) -> bool:
        command = service.TieEntry(register, number, form.kind.data, form.name.data)
        service.tie(tx, command, clock.now(), current_actor())
        return True

    if _done(form, bind):
        return redirect(url_for(".show", register=register, number=number, _anchor="ties"))
    return _page(register, number, tie_form=form)


@bp.post("/<register>/<number>/untie")
@access("registers.edit")
def untie(register: str, number: str) -> Response:
    """Take a tie away."""
    with transaction(current_actor()) as tx:
        command = service.UntieEntry(register, number, request.form.get("link", 0, type=int))
        service.untie(tx, command, clock.now(), current_actor())
    return redirect(url_for(".show", register=register, number=number, _anchor="ties"))


@bp.post("/<register>/<number>/retire")
@access("registers.edit")
def retire(register: str, number: str) -> str | Response:
    """Take an entry out of use."""
    form = RetireForm()

    def away(tx: Session) -> bool:
        service.retire(tx, service.RetireEntry(register, number, form.reason.data), clock.now(), current_actor())
        return True

    if _done(form, away):
        flash(_("%(number)s is taken out of use. It stays here to be read.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    return _page(register, number, retire_form=form)


@bp.post("/<register>/<number>/restore")
@access("registers.edit")
def restore(register: str, number: str) -> Response:
    """Bring an entry back into use."""
    try:
        with transaction(current_actor()) as tx:
            command = service.RestoreEntry(library().register(register), number)
            service.restore(tx, command, clock.now(), current_actor())
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".show", register=register, number=number))


@bp.post("/<register>/<number>/files")
@access("evidence.add")
def attach(register: str, number: str) -> Response:
    """Attach files that show it."""
    try:
        received = receive_uploads(request.files.getlist("files"))
        with transaction(current_actor()) as tx:
            entry = queries.entry(tx, register, number, clock.now().date())
            subject = (queries.SUBJECT, entry.id)
            evidence_service.add(tx, evidence_service.Add(list(received), subject), clock.now(), current_actor())
    except NotFound:
        raise
    except AuditkitError as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".show", register=register, number=number, _anchor="files"))


@bp.get("/<register>/workbook.xlsx")
@access("registers.read")
def export(register: str) -> Response:
    """The whole register as a workbook that can come back."""
    shape, tx, out = library().register(register), reading(), io.BytesIO()
    held = queries.every(tx, register, clock.now().date())
    workbook.write(shape, held, people(), out, clock.now())
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=f"{register}.xlsx")


@bp.route("/<register>/bring-in", methods=["GET", "POST"])
@access("registers.edit")
def bring_in(register: str) -> str | Response:
    """Bring a workbook back; nothing is taken over before every cell is understood."""
    shape, form, faults = library().register(register), WorkbookForm(), list[str]()
    if form.validate_on_submit():
        command = bringing.BringIn(shape, form.file.data.read(workbook.LARGEST + 1), people())
        try:
            with transaction(current_actor()) as tx:
                done = bringing.bring_in(tx, command, clock.now(), current_actor())
        except workbook.WorkbookRefused as refusal:
            faults = refusal.faults
        except REFUSALS as refusal:
            form.refuse("file", refusal)
        else:
            flash(_("%(new)s new entries, %(changed)s changed.", new=done.new, changed=done.changed), "good")
            return redirect(url_for(".entries", register=register))
    return render_template("registers/bring_in.html", shape=shape, form=form, faults=faults)


def _address(entry_id: int) -> str:
    entry = queries.by_id(reading(), entry_id, clock.now().date())
    return url_for("registers.show", register=entry.register, number=entry.number)


subjects.declare(queries.SUBJECT, N_("Entry of a register"), _address)
