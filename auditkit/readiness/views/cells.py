"""One cell of the clause matrix: what it counts, each record one step away, and what assessors said."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.library.here import library
from auditkit.readiness import queries, service
from auditkit.readiness.forms import OverrideForm
from auditkit.readiness.queries import CellView
from auditkit.readiness.rules import Column, State
from auditkit.readiness.views.blueprint import address, bp, part_title, period_asked, probes_of, url_of, words
from auditkit.readiness.views.sources import source_of
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS

_COLUMNS = ", ".join(Column)


@bp.get(f"/<edition>/<number>/<any({_COLUMNS}):column>")
@access("readiness.read")
def cell(edition: str, number: str, column: str) -> str:
    """A cell with everything behind it."""
    return _page(_cell(edition, number, column))


def _cell(edition: str, number: str, column: str) -> CellView:
    ref = f"{edition}:{number}"
    if ref not in library().nodes:
        abort(404)
    return queries.cell(reading(), library(), ref, Column(column), period_asked(), clock.now())


def _page(view: CellView, form: OverrideForm | None = None) -> str:
    probes = probes_of(view.matrix)
    return render_template(
        "readiness/cell.html",
        view=view,
        form=form or OverrideForm(view.cell.computed, formdata=None),
        edition=library().edition(view.matrix.edition),
        counts={one.id: one.counts for one in probes.probes},
        least={one.id: one.least for one in probes.probes},
        title_of=lambda part: part_title(part, probes),
        labels={ref: node.label for ref, node in library().nodes.items()},
        url_of=url_of,
        source_of=lambda part: source_of(part, view.matrix.period),
        asked=address(view.matrix.period),
        months=len(view.matrix.period.months),
        **words(),
    )


def _back(edition: str, number: str, column: str) -> Response:
    asked: dict[str, Any] = {name: request.args[name] for name in ("from", "to") if name in request.args}
    return redirect(url_for(".cell", edition=edition, number=number, column=column, **asked))


@bp.post(f"/<edition>/<number>/<any({_COLUMNS}):column>/override")
@access("readiness.assess")
def override(edition: str, number: str, column: str) -> Any:
    """Say what the cell is in spite of what the records say."""
    view = _cell(edition, number, column)
    form = OverrideForm(view.cell.computed)
    if form.validate_on_submit():
        command = service.OverrideCell(view.row.ref, view.cell, State(form.state.data), form.reason.data or "")
        try:
            with transaction(current_actor()) as tx:
                service.override(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse("", refusal)
        else:
            flash(_("The cell is overridden. What the records say stays beside it."), "good")
            return _back(edition, number, column)
    return _page(view, form)


@bp.post(f"/<edition>/<number>/<any({_COLUMNS}):column>/withdraw")
@access("readiness.assess")
def withdraw(edition: str, number: str, column: str) -> Response:
    """Let the records speak again."""
    command = service.WithdrawOverride(f"{edition}:{number}", Column(column))
    with transaction(current_actor()) as tx:
        service.withdraw(tx, command, clock.now(), current_actor())
    flash(_("The override was withdrawn. The cell says what the records say."), "good")
    return _back(edition, number, column)
