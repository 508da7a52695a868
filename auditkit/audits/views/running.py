"""The run page: every question of an audit with its answer. Without scripts each question is a form of its own.

With scripts the page saves by itself (`audits/offline`), and a phone shows one question at a time.
"""

from flask import Response as FlaskResponse
from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries, service
from auditkit.audits.forms import AnswerForm
from auditkit.audits.independence.service import barred_rows
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView, Run, SectionView
from auditkit.audits.rules import State
from auditkit.audits.views.asked import wording
from auditkit.audits.views.blueprint import bp, kept
from auditkit.audits.views.rows import Refused, fixed
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict
from auditkit.base.text import _
from auditkit.evidence import intake
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS

ORDERS = ("clause", "principle", "interviewee")


@bp.get("/<number>/run")
@access("audits.read")
def run(number: str) -> FlaskResponse:
    """All questions, `by` clause, principle or interviewee; `show=open` leaves out the settled ones."""
    response = make_response(_run_page(number, None))
    # The page may ask the device where it is; it does so only after the person ticked a box.
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    return response


def _run_page(number: str, refused: Refused | None) -> str:
    seen = clock.now()
    found = _worded(*queries.run.listed(reading(), number))
    wanted = request.args.get("by", "")
    by = wanted if wanted in ORDERS else "clause"
    only_open = request.args.get("show") == "open"
    return render_template(
        "audits/run.html",
        head=found.head,
        shown=_shown(_sections(found, by), only_open, refused),
        only_open=only_open,
        by=by,
        refused=refused,
        barred=_barred(found),
        interviewees=sorted({row.interviewee for section in found.sections for row in section.rows} - {""}),
        fixed=fixed(found.head),
        answers_count=len((found.head.scale or {}).get("answers", ())),
        person=current_actor().person_id,
        seen=seen.isoformat(),
        State=State,
    )


def _worded(head: AuditHead, rows: list[RowView]) -> Run:
    """The audit by sections, in the language in which this person reads content."""
    words = wording()
    head = words.head(head)
    return Run(head, queries.run.sections(words.rows(rows, head)))


def _barred(found: Run) -> dict[int, str]:
    """Why this person may not answer, by row; asked only where there is anything to answer."""
    running = found.head.state is State.RUNNING and may("audits.run")
    g.barred_rows = barred_rows(reading(), found.head.id, current_actor().person_id) if running else {}
    return dict(g.barred_rows)  # kept for the part of the page that tells of it, so that it is asked once


def _sections(found: Run, by: str) -> list[SectionView]:
    if by == "clause":
        return found.sections
    rows = sorted((row for section in found.sections for row in section.rows), key=lambda row: row.position)
    if by == "interviewee":
        return queries.run.by_interviewee(rows, _("Nobody named yet"))
    return queries.run.by_principle(rows, _principles(found), _("No principle of its own"))


def _principles(found: Run) -> dict[str, str]:
    """Code -> title of the principles, in the order printed; bare codes where the library no longer has the edition."""
    edition = library().editions.get(found.head.edition_id)
    nodes = edition.principles if edition else ()
    return {node.code: f"{node.code} · {node.label}" for node in nodes if node.code}


def _shown(
    sections: list[SectionView], only_open: bool, refused: Refused | None
) -> list[tuple[SectionView, list[RowView]]]:
    """The sections with the rows to show; a row that was refused is shown in any case."""
    if not only_open:
        return [(section, section.rows) for section in sections]
    wanted = refused.row_id if refused is not None else None
    some = [(one, [row for row in one.rows if not row.settled or row.id == wanted]) for one in sections]
    return [(section, rows) for section, rows in some if rows]


@bp.post("/<number>/rows/<int:row_id>")
@access("audits.run")
def answer(number: str, row_id: int) -> str | Response | tuple[str, int]:
    """Save one row: its answer, note, whom it was put to, and files."""
    form = AnswerForm()
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
    if refused is not None:
        return _run_page(number, refused), 409 if refused.conflict else 200
    by, show = request.args.get("by"), request.args.get("show")
    return redirect(url_for(".run", number=number, by=by, show=show, _anchor=f"row-{stored.position}"))


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
        interviewee=request.form.get("interviewee"),
    )
