"""The page of one sampled case's identity: asking, answering, looking; and what waits for an answer on the audit's."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries as audits
from auditkit.audits.filetest.queries import files
from auditkit.audits.identity import queries, rules, service
from auditkit.audits.identity.forms import AnswerForm, AskForm
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import State
from auditkit.audits.views.blueprint import names
from auditkit.audits.views.parts import OVERVIEW, audit_part
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.complaints.service import Identity
from auditkit.web.access import access, current_actor
from auditkit.web.acting import done

bp = Blueprint("audits_identity", __name__, url_prefix="/audits", template_folder="templates")

_TONES = {
    rules.Standing.OPEN: ("warn", "hourglass-split"),
    rules.Standing.GRANTED: ("good", "unlock"),
    rules.Standing.ENDED: ("neutral", "lock"),
    rules.Standing.REFUSED: ("neutral", "x-circle"),
}


@bp.get("/<number>/files/<reference>/identity")
@access("audits.read")
def show(number: str, reference: str) -> str:
    """Who asked to see who complained, and what was answered."""
    return _page(number, reference)


def _page(
    number: str,
    reference: str,
    *,
    asking: AskForm | None = None,
    answering: AnswerForm | None = None,
    answered: int = 0,
    who: Identity | None = None,
) -> str:
    tx, now = reading(), clock.now()
    head = audits.plans.by_number(tx, number)
    if reference not in files(tx, head.id):
        raise NotFound()
    requests = queries.of_audit(tx, head.id, reference)
    blank = {"days": rules.USUAL_DAYS}
    return render_template(
        "audits_identity/show.html",
        head=head,
        reference=reference,
        requests=requests,
        mine=queries.standing_of(requests, current_actor().person_id, now),
        me=current_actor().person_id,
        now=now,
        form=asking or AskForm(formdata=None),
        answer_form=lambda one: answering if answering and one == answered else AnswerForm(None, data=blank),
        who=who,
        names=names(),
        running=head.state is State.RUNNING,
        Standing=rules.Standing,
        STANDING_TITLES=rules.STANDING_TITLES,
        TONES=_TONES,
    )


@bp.post("/<number>/files/<reference>/identity")
@access("audits.run")
def ask(number: str, reference: str) -> str | Response:
    """Ask to see who complained."""
    form = AskForm()
    if done(form, service.ask, lambda: service.AskIdentity(number, reference, form.reason.data or "")):
        flash(_("Asked. Somebody who may grant it finds the request on the page of the audit."), "good")
        return redirect(url_for(".show", number=number, reference=reference))
    return _page(number, reference, asking=form)


@bp.post("/<number>/files/<reference>/identity/<int:request_id>")
@access("identity.grant")
def answer(number: str, reference: str, request_id: int) -> str | Response:
    """Grant a request, or refuse it."""
    form = AnswerForm()
    granted = form.granted.data == "yes"
    answer = (request_id, granted, form.days.data or 0, form.words.data or "")
    if done(form, service.answer, lambda: service.AnswerRequest(number, *answer)):
        flash(_("Granted.") if granted else _("Not granted."), "good")
        return redirect(url_for(".show", number=number, reference=reference))
    return _page(number, reference, answering=form, answered=request_id)


@bp.post("/<number>/files/<reference>/identity/open")
@access("audits.run")
def look(number: str, reference: str) -> str:
    """Show who complained, once: the page is not kept, and the reading is on record."""
    with transaction(current_actor()) as tx:
        command = service.ReadGranted(number, reference)
        who = service.read_granted(tx, command, clock.now(), current_actor())
    return _page(number, reference, who=who)


@audit_part(OVERVIEW, order=15)
def waiting(head: AuditHead) -> str:
    """What waits for an answer, for whoever may give it."""
    if head.state is not State.RUNNING or not current_actor().may("identity.grant"):
        return ""
    me = current_actor().person_id
    found = [one for one in queries.of_audit(reading(), head.id) if one.granted is None and one.asked_by != me]
    return render_template("audits_identity/_waiting.html", head=head, found=found, names=names()) if found else ""
