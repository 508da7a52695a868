"""The run page: every question of an audit with its answer, saved in place with htmx and without JavaScript alike."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries, service
from auditkit.audits.forms import AnswerForm
from auditkit.audits.queries.run import RowView, Run, SectionView
from auditkit.audits.rules import State
from auditkit.audits.views.blueprint import REFUSALS, bp, kept
from auditkit.audits.views.rows import Refused, fixed
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict
from auditkit.evidence import intake
from auditkit.web.access import access, current_actor


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
        shown=_shown(found, only_open, refused),
        only_open=only_open,
        refused=refused,
        fixed=fixed(found.head),
        answers_count=len((found.head.scale or {}).get("answers", ())),
        State=State,
    )


def _shown(found: Run, only_open: bool, refused: Refused | None) -> list[tuple[SectionView, list[RowView]]]:
    """The sections with the rows to show; a row that was refused is shown in any case."""
    if not only_open:
        return [(section, section.rows) for section in found.sections]
    wanted = refused.row_id if refused is not None else None
    some = [(one, [row for row in one.rows if not row.settled or row.id == wanted]) for one in found.sections]
    return [(section, rows) for section, rows in some if rows]


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
        fixed=fixed(head),
    )
