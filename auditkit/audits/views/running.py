"""The run page: every question of an audit with its answer, saved in place with htmx and without JavaScript alike."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries, service
from auditkit.audits.forms import AnswerForm
from auditkit.audits.queries.run import RowView, Run
from auditkit.audits.rules import AnswerState, State
from auditkit.audits.views.blueprint import REFUSALS, bp, kept, names, words
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict
from auditkit.base.text import N_, _
from auditkit.content.shapes import Scale
from auditkit.evidence import intake
from auditkit.web.access import access, current_actor, may

METHODS = {
    "D": N_("Documents"),
    "I": N_("Interview"),
    "O": N_("Observation"),
    "R": N_("Records"),
    "T": N_("Live test"),
}


@dataclass(frozen=True)
class Refused:
    """What a person sent for one row and why it was not stored; the page shows it again, nothing typed is lost."""

    row_id: int
    message: str
    note: str
    conflict: bool


@bp.get("/<number>/run")
@access("audits.read")
def run(number: str) -> str:
    """All questions by clause; `show=open` leaves out the settled ones."""
    return _run_page(number, None)


def _run_page(number: str, refused: Refused | None) -> str:
    found = queries.run.run(reading(), number)
    only_open = request.args.get("show") == "open"
    return render_template(
        "audits/run.html",
        head=found.head,
        sections=found.sections,
        shown=_shown(found, only_open),
        only_open=only_open,
        refused=refused,
        **_row_words(found.head),
    )


def _shown(found: Run, only_open: bool) -> list[tuple[Any, list[RowView]]]:
    kept_rows = [
        (section, [row for row in section.rows if not row.settled] if only_open else section.rows)
        for section in found.sections
    ]
    return [(section, rows) for section, rows in kept_rows if rows]


def _row_words(head: Any) -> dict[str, Any]:
    """What every row needs, made once: 184 rows must not ask 184 times."""
    scale = Scale.model_validate(head.scale) if head.scale else None
    return {
        "answers": scale.answers if scale else (),
        "names": names(),
        "editable": head.state is State.RUNNING and may("audits.run"),
        "AnswerState": AnswerState,
        **words(),
    }


@bp.post("/<number>/rows/<int:row_id>")
@access("audits.run")
def answer(number: str, row_id: int) -> str | Response | tuple[str, int]:
    """Save one row: its answer, note and files."""
    form, in_place = AnswerForm(), "HX-Request" in request.headers
    refused = None
    if not form.validate_on_submit():
        refused = Refused(row_id, " ".join(map(str, _faults(form))), form.note.data or "", False)
    else:
        try:
            received = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = _command(number, row_id, form, kept(tx, received))
                stored = service.answer(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            refused = Refused(row_id, str(refusal), form.note.data or "", isinstance(refusal, Conflict))
    if in_place:
        return _fragment(number, row_id, refused)
    if refused is not None:
        return _run_page(number, refused), 409 if refused.conflict else 200
    return redirect(url_for(".run", number=number, show=request.args.get("show"), _anchor=f"row-{stored.position}"))


def _faults(form: AnswerForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _command(number: str, row_id: int, form: AnswerForm, evidence: tuple[int, ...]) -> service.Answer:
    return service.Answer(
        number=number,
        row_id=row_id,
        version=form.version.data if form.version.data is not None else -1,
        answer=form.answer.data or None,
        note=form.note.data or "",
        evidence=evidence,
    )


def _fragment(number: str, row_id: int, refused: Refused | None) -> str:
    """The row as it now stands, with the progress of the audit and of its section for the page around it."""
    tx = reading()
    head = queries.plans.by_number(tx, number)
    row = queries.run.row(tx, number, row_id)
    return render_template(
        "audits/saved.html",
        head=head,
        row=row,
        section_progress=queries.run.section_progress(tx, number, row.section),
        refused=refused,
        **_row_words(head),
    )


def methods_in_words(letters: list[str]) -> str:
    """`Documents, Interview`: how an auditor finds out, in the language of the page."""
    return ", ".join(_(METHODS[letter]) for letter in letters)


@bp.record
def _make_filter_known(setup: Any) -> None:
    setup.app.jinja_env.filters["audit_methods"] = methods_in_words
