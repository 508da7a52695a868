"""One entry: written, shown, changed, reviewed; its form is made of the register's own fields."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import Session, reading
from auditkit.base.text import N_, _
from auditkit.content.shapes import FieldKind, RegisterShape
from auditkit.evidence import queries as evidence
from auditkit.evidence import subjects
from auditkit.journal.queries import timeline
from auditkit.library.here import library
from auditkit.registers import queries, rules, service, targets
from auditkit.registers.forms import (
    ChangeForm,
    ConfirmForm,
    EntryForm,
    MeasureForm,
    RetireForm,
    ReviewForm,
    TieForm,
    entry_form,
)
from auditkit.registers.queries import EntryView
from auditkit.registers.views.blueprint import bp, done, people, words
from auditkit.web.access import access, current_actor
from auditkit.web.languages import day_there

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


@bp.route("/<register>/new", methods=["GET", "POST"])
@access("registers.edit")
def new(register: str) -> str | Response:
    """Write an entry, from nothing or from an example."""
    shape = library().register(register)
    example = next((one for one in shape.examples if one.id == request.args.get("example")), None)
    form = _form(EntryForm, shape, _started(shape, example.values) if example else None)

    tied = _tied()

    def write(tx: Session) -> str:
        command = service.WriteEntry(shape, form.values(), form.keeper.data)
        number = str(service.write(tx, command, clock.now(), current_actor()))
        if tied is not None:
            service.tie(tx, service.TieEntry(register, number, *tied), clock.now(), current_actor())
        return number

    number = done(form, write)
    if number is not None:
        flash(_("%(number)s is written.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    shown = {"entry": None, "example": example, "tied": tied[1] if tied else ""}
    return render_template("registers/edit.html", shape=shape, form=form, **shown, **words())


def _tied() -> tuple[str, str] | None:
    """The kind and the name of the record whose page led here, to which the entry is tied; None for none."""
    kind, _colon, name = request.args.get("tie", "").partition(":")
    return (kind, name) if kind in dict(kinds()) and name else None


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
    return page(register, number)


def page(register: str, number: str, **forms: Any) -> str:
    """The page of an entry, with the form that was refused in place of a fresh one."""
    shape, tx = library().register(register), reading()
    entry = queries.entry(tx, register, number, day_there(clock.now()))
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
        answers=_answers(tx, entry),
        files=evidence.for_subject(tx, subject),
        happened=_happened(subject),
        names=people(),
        today=day_there(clock.now()),
        measure_form=forms.get("measure_form") or MeasureForm(formdata=None, data={"on": day_there(clock.now())}),
        tie_form=forms.get("tie_form") or TieForm(kinds(), formdata=None),
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


def kinds() -> list[tuple[str, str]]:
    """The kinds of record the reader may tie an entry to."""
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


def _answers(tx: Session, entry: EntryView) -> list[tuple[str, targets.Shown]]:
    """(what kind it is, what is shown) of what is done about the entry and the reader may see."""
    actor = current_actor()
    return [
        (_(one.title), shown)
        for one in targets.answers()
        if actor.may(one.permission)
        for shown in one.show(tx, entry.id)
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
    entry = queries.entry(reading(), register, number, day_there(clock.now()))
    form = _form(ChangeForm, shape, entry.values, entry, review_on=entry.review_on)

    def change(tx: Session) -> bool:
        command = service.ChangeEntry(
            shape, number, form.version.data or 0, form.values(), form.keeper.data, form.review_on.data
        )
        service.change(tx, command, clock.now(), current_actor())
        return True

    if done(form, change):
        flash(_("%(number)s was saved.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    return render_template("registers/edit.html", shape=shape, form=form, entry=entry, example=None, **words())


@bp.route("/<register>/<number>/review", methods=["GET", "POST"])
@access("registers.edit")
def review(register: str, number: str) -> str | Response:
    """Look at an entry again."""
    shape, today = library().register(register), day_there(clock.now())
    entry = queries.entry(reading(), register, number, today)
    form = _form(ReviewForm, shape, entry.values, entry, next_on=rules.next_review(shape, today))

    def look(tx: Session) -> bool:
        command = service.ReviewEntry(
            shape, number, form.version.data or 0, form.outcome.data or "", form.values(), form.next_on.data
        )
        service.review(tx, command, clock.now(), current_actor())
        return True

    if done(form, look):
        flash(_("The review of %(number)s is noted.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    return render_template("registers/review.html", shape=shape, form=form, entry=entry, **words())


def _form(kind: type[EntryForm], shape: RegisterShape, values: Any, entry: EntryView | None = None, **data: Any) -> Any:
    held = {"keeper": entry.keeper_id, "version": entry.version} if entry else {}
    return entry_form(kind, shape, list(people().items()), values, **held, **data)


def _address(entry_id: int) -> str:
    entry = queries.by_id(reading(), entry_id, day_there(clock.now()))
    return url_for("registers.show", register=entry.register, number=entry.number)


subjects.declare(queries.SUBJECT, N_("Entry of a register"), _address)
