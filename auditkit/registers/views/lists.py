"""All registers, one register, and its workbook out and back."""

import io
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.content.library import in_language
from auditkit.content.shapes import FieldKind, RegisterShape
from auditkit.library.here import here, library
from auditkit.registers import bringing, queries, rules, workbook
from auditkit.registers.forms import (
    WorkbookForm,
)
from auditkit.registers.queries import Wanted
from auditkit.registers.rules import Standing
from auditkit.registers.views.blueprint import bp, options_of, people, words
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import day_there

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@access("registers.read")
def index() -> str:
    """Every register, and how it stands."""
    found = queries.counts(reading(), day_there(clock.now()))
    empty = queries.Counts(0, 0, 0, 0)
    lines = [(shape, found.get(shape.id, empty)) for shape in library().registers.values()]
    return render_template("registers/index.html", lines=lines)


@bp.get("/<register>")
@access("registers.read")
def entries(register: str) -> str:
    """The entries of a register."""
    shape, tx, today = library().register(register), reading(), day_there(clock.now())
    wanted = _wanted(shape)
    found, following = queries.listing(tx, register, wanted, today, after=request.args.get("after", 0, type=int))
    measured = queries.measurements(tx, [one.id for one in found]) if shape.measured else {}
    return render_template(
        "registers/entries.html",
        shape=shape,
        entries=found,
        wanted=wanted,
        latest={one: several[-1] for one, several in measured.items()},
        chosen=[field for field in shape.fields if field.kind in (FieldKind.CHOICE, FieldKind.PERSON) and field.listed],
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
            if told.get(f"f-{field.id}") in {str(value) for value, _label in options_of(field)}
        },
        keeper_id=told.get("keeper", type=int),
    )


def _following(register: str, after: int | None) -> str | None:
    if after is None:
        return None
    asked: dict[str, Any] = {**request.args.to_dict(), "after": after}
    return url_for(".entries", register=register, **asked)


@bp.get("/<register>/workbook.xlsx")
@access("registers.read")
def export(register: str) -> Response:
    """The whole register as a workbook that can come back."""
    shape, tx, out = library().register(register), reading(), io.BytesIO()
    held = queries.every(tx, register, day_there(clock.now()))
    workbook.write(shape, held, people(), out, clock.now())
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=f"{register}.xlsx")


def _spoken(register: str) -> dict[str, RegisterShape]:
    """The register in every language its workbook may have gone out in, that of the page first."""
    source, own = here().library, library()
    others = [one for one in source.languages if one != own.language]
    return {own.language: own.register(register)} | {one: in_language(source, one).register(register) for one in others}


@bp.route("/<register>/bring-in", methods=["GET", "POST"])
@access("registers.edit")
def bring_in(register: str) -> str | Response:
    """Bring a workbook back; nothing is taken over before every cell is understood."""
    shape, form, faults = library().register(register), WorkbookForm(), list[str]()
    if form.validate_on_submit():
        content, name = form.file.data.read(workbook.LARGEST + 1), form.file.data.filename or ""
        command = bringing.BringIn(_spoken(register), content, people(), name)
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
    brought = queries.imports(reading(), register)
    return render_template(
        "registers/bring_in.html", shape=shape, form=form, faults=faults, brought=brought, names=people()
    )
