"""The page of one file: its way, what was computed beside what is recorded, and the questions for the auditor."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries
from auditkit.audits.filetest import queries as filetests
from auditkit.audits.filetest import service
from auditkit.audits.filetest.queries import FileView
from auditkit.audits.filetest.rules import ANSWER_SUBJECT, SUBJECT, VERDICT_TITLES, Fact, Value, Verdict
from auditkit.audits.filetest.service import AnswerFile, FinishFile, Given, ReopenFile
from auditkit.audits.independence.rules import ComplaintBarred, NotInTeam
from auditkit.audits.independence.service import check_may_judge
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import Grade, Origin, State
from auditkit.audits.samples.words import criterion
from auditkit.audits.views.asked import wording
from auditkit.audits.views.blueprint import kept, names
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import Conflict
from auditkit.base.text import N_, _, enumerated
from auditkit.content.shapes import Item
from auditkit.evidence import intake, subjects
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS
from auditkit.web.forms import Form
from auditkit.web.languages import day, moment

bp = Blueprint("audits_filetest", __name__, url_prefix="/audits", template_folder="templates")

_TONES = {
    Verdict.IN_ORDER: ("good", "check-lg"),
    Verdict.EXCEPTION: ("bad", "exclamation-triangle"),
    Verdict.NOT_CHECKED: ("neutral", "dash-circle"),
    Verdict.TOLD: ("info", "eye"),
}


class PlainForm(Form):
    """Only the token: the questions of a file are as many as its checklist has, read by `_given`."""


@bp.get("/<number>/files/<reference>")
@access("audits.read")
def show(number: str, reference: str) -> str:
    """The test of one file."""
    return _page(number, reference)


def _page(number: str, reference: str, refusal: str = "", section: str = "") -> str:
    tx = reading()
    head = queries.plans.by_number(tx, number)
    view = filetests.show(tx, head.id, reference, library())
    view = replace(view, checklist=wording().checklist(view.checklist))
    barred = _barred(tx, head, view) if may("audits.run") else ""
    editable = head.state is State.RUNNING and may("audits.run") and not barred and view.tested_at is None
    return render_template(
        "audits_filetest/show.html",
        head=head,
        view=view,
        editable=editable,
        barred=barred,
        refusal=refusal,
        refused_section=section,
        typed=request.form,
        neighbours=_neighbours(filetests.files(tx, head.id), reference),
        names=names(),
        form=PlainForm(formdata=None),
        shown=shown,
        finding_url=lambda item, fact=None: finding_url(head, view, item, fact),
        VERDICT_TITLES=VERDICT_TITLES,
        TONES=_TONES,
        Verdict=Verdict,
        State=State,
    )


def _refused(number: str, reference: str, refusal: Exception, section: str = "") -> tuple[str, int]:
    return _page(number, reference, str(refusal), section), 409 if isinstance(refusal, Conflict) else 200


def _barred(tx: Session, head: AuditHead, view: FileView) -> str:
    """Why this person may not judge the file; empty where they may."""
    try:
        check_may_judge(tx, head.id, view.complaint_id, current_actor())
    except (ComplaintBarred, NotInTeam) as refusal:
        return str(refusal)
    return ""


def _neighbours(files: dict[str, int], reference: str) -> tuple[str, str, int, int]:
    """(the file before, the one after, its place, how many)."""
    order = list(files)
    place = order.index(reference)
    before = order[place - 1] if place else ""
    after = order[place + 1] if place + 1 < len(order) else ""
    return before, after, place + 1, len(order)


def shown(value: Value) -> str:
    """A computed or recorded value that is neither a moment nor a day, for people."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, tuple):
        return enumerated(_(one) for one in value) or _("nothing")
    return str(value) if not isinstance(value, str) else _(value) if value else "–"


def duration(value: timedelta) -> str:
    """`3 d 4 h`: how long, to the hour; minutes where it is less than a day."""
    minutes = int(abs(value).total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    sign = "−" if value < timedelta() else ""
    if days:
        return sign + _("%(days)s d %(hours)s h", days=days, hours=hours)
    return sign + _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)


def finding_url(head: AuditHead, view: FileView, item: Item, fact: Fact | None = None) -> str:
    """The form of a finding, filled in from the answer to a question or from an exception: the second tap raises it."""
    given = view.answers.get(item.id)
    exceptions = [one for one in ([fact] if fact else view.facts.get(item.id, [])) if one.verdict is Verdict.EXCEPTION]
    seen = [f"{view.reference}: {given.note}" if given and given.note else ""]
    seen += [
        f"{view.reference}: {_(one.label)}: {_value(one.computed)} ({_('recorded')}: {_value(one.recorded)})"
        for one in exceptions
    ]
    return url_for(
        "audits.new_finding",
        number=head.number,
        origin=Origin.SAMPLE.value,
        origin_id=view.complaint_id,
        origin_text=view.reference,
        grade=Grade.MINOR.value,
        **criterion(head, item.clauses[0]),
        statement=_("Not found as it should be: %(good)s", good=item.good),
        evidence="\n".join(one for one in seen if one),
    )


def _value(value: Value) -> str:
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else shown(value)


@bp.post("/<number>/files/<reference>")
@access("audits.run")
def answer(number: str, reference: str) -> str | Response | tuple[str, int]:
    """Save the answers of one section."""
    section = request.form.get("section", "")
    if not PlainForm().validate_on_submit():
        return _page(number, reference, _("The form was open too long. Send it again"), section), 400
    try:
        with transaction(current_actor()) as tx:
            view = filetests.show(tx, queries.plans.by_number(tx, number).id, reference, library())
        received = {
            item: intake.receive_uploads(request.files.getlist(f"files-{item}")) for item in _asked(view, section)
        }
        with transaction(current_actor()) as tx:
            given = [_given(item, kept(tx, received[item])) for item in received]
            command = AnswerFile(number, reference, given)
            service.answer_file(tx, command, clock.now(), current_actor(), library=library())
    except REFUSALS as refusal:
        return _refused(number, reference, refusal, section)
    flash(_("Saved."), "good")
    return redirect(url_for(".show", number=number, reference=reference, _anchor=f"section-{section}"))


def _asked(view: FileView, section: str) -> list[str]:
    return [item.id for one in view.checklist.sections if one.id == section for item in one.items]


def _given(item: str, files: tuple[int, ...]) -> Given:
    version = request.form.get(f"version-{item}", "")
    return Given(
        item,
        int(version) if version.isdecimal() else 0,
        request.form.get(f"answer-{item}", ""),
        request.form.get(f"note-{item}", "")[:20_000].replace("\r\n", "\n"),
        files,
    )


@bp.post("/<number>/files/<reference>/finish")
@access("audits.run")
def finish(number: str, reference: str) -> str | Response | tuple[str, int]:
    """Finish the test of a file."""
    try:
        with transaction(current_actor()) as tx:
            command = FinishFile(number, reference)
            service.finish_file(tx, command, clock.now(), current_actor(), library=library())
    except REFUSALS as refusal:
        return _refused(number, reference, refusal)
    flash(_("The file is tested, and what was computed is captured."), "good")
    return redirect(url_for("audits_samples.index", number=number))


@bp.post("/<number>/files/<reference>/reopen")
@access("audits.run")
def reopen(number: str, reference: str) -> str | Response | tuple[str, int]:
    """Open a finished test again."""
    try:
        with transaction(current_actor()) as tx:
            service.reopen_file(tx, ReopenFile(number, reference), clock.now(), current_actor())
    except REFUSALS as refusal:
        return _refused(number, reference, refusal)
    return redirect(url_for(".show", number=number, reference=reference))


def _address(kind: str) -> Any:
    def address(number: int) -> str:
        audit, reference = filetests.place(reading(), kind, number)
        return url_for("audits_filetest.show", number=audit, reference=reference)

    return address


subjects.declare(SUBJECT, N_("Test of a complaint's file"), _address(SUBJECT))
subjects.declare(ANSWER_SUBJECT, N_("Answer on a complaint's file"), _address(ANSWER_SUBJECT))
