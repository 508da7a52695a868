"""What can be done with a case: each act with its page under the case's address, its form, its verb.

One table says all of it, so that the case's page can offer what is possible now, and every act has a page of its own
where a refusal or a conflict shows what was typed. `possible` asks the same rules as the verbs do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import AuditkitError, Conflict
from auditkit.base.text import N_, _
from auditkit.complaints import queries, rules, service
from auditkit.complaints.forms import acts as forms
from auditkit.complaints.forms import side_acts as side
from auditkit.complaints.forms.act import ActForm, Given
from auditkit.complaints.rules import Stage, Standing
from auditkit.complaints.views.blueprint import bp
from auditkit.complaints.views.given import CASE, given_for, is_erased
from auditkit.evidence import intake
from auditkit.evidence import service as evidence
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS

HANDLE, APPROVE = "complaints.handle", "complaints.approve"


@dataclass(frozen=True)
class Act:
    """One act: `name` ends its address; texts are message ids; `possible` says whether it may be done now.

    `says` is what is told when it was done. `takes` hands the verb the library of the organisation.
    """

    name: str
    title: str
    lead: str
    submit: str
    icon: str
    form: type[ActForm]
    verb: Callable[..., Any] | None
    possible: Callable[[Given], bool]
    says: str
    permission: str = HANDLE
    takes_library: bool = False
    dangerous: bool = False


def _passes(gate: Callable[..., None], *arguments: Any) -> Callable[[Given], bool]:
    def possible(given: Given) -> bool:
        try:
            gate(given.case.standing, *arguments)
        except AuditkitError:
            return False
        return True

    return possible


_is_open = _passes(rules.check_open)
_may_settle = _passes(rules.may_settle)


def _stands(given: Given) -> Standing:
    return given.case.standing


def _may_close(given: Given) -> bool:
    stage = _stands(given).stage
    return bool(forms.fitting_grounds(given.case)) and stage not in (Stage.RECEIVED, Stage.PROPOSED, Stage.CLOSED)


def _may_approve(given: Given) -> bool:
    waiting = given.history.proposed
    return _may_settle(given) and waiting is not None and waiting.proposed_by != given.me


ACTS = (
    Act(
        "acknowledge", N_("Acknowledge"),
        N_("Tell the complainant that the complaint came in and what happens next. Then put it on record here."),
        N_("The complainant was told"), "envelope-check", forms.AcknowledgeForm, service.acknowledge,
        _passes(rules.may_acknowledge), N_("The acknowledgement is on record."),
    ),
    Act(
        "assess", N_("Assess"), N_("How bad is it, whom does it concern, what must happen at once?"),
        N_("Put the assessment on record"), "speedometer2", forms.AssessForm, service.assess,
        _passes(rules.may_assess), N_("The assessment is on record."), takes_library=True,
    ),
    Act(
        "investigate", N_("Investigate"),
        N_("Both sides are heard. Save as often as you like; tick the last box to end it."),
        N_("Save the investigation"), "search", forms.InvestigateForm, service.investigate,
        _passes(rules.may_investigate), N_("The investigation is on record."), takes_library=True,
    ),
    Act(
        "decide", N_("Decide"), N_("What was found, what is decided, and what puts it right."),
        N_("Put the decision on record"), "clipboard-check", forms.DecideForm, service.decide,
        _passes(rules.may_decide, "because"), N_("The decision is on record."), takes_library=True,
    ),
    Act(
        "approve", N_("Approve the decision"), N_("The amount is above what whoever proposed it may decide alone."),
        N_("Approve"), "check2-all", forms.ApproveForm, service.approve, _may_approve, N_("The decision stands."),
        permission=APPROVE,
    ),
    Act(
        "send-back", N_("Send the decision back"), N_("The case goes on where it was before the proposal."),
        N_("Send back"), "arrow-return-left", forms.SendBackForm, service.send_back, _may_settle,
        N_("The decision was sent back."), permission=APPROVE,
    ),
    Act(
        "tell", N_("Tell the complainant"),
        N_("Give the decision, its reasons, and where the complainant can go next."),
        N_("The complainant was told"), "send", forms.TellForm, service.tell, _passes(rules.may_tell),
        N_("It is on record that the complainant was told."),
    ),
    Act(
        "answer", N_("Record the answer"), N_("What does the complainant say to the decision?"),
        N_("Put the answer on record"), "chat-left-text", forms.AnswerForm, service.record_answer,
        _passes(rules.may_answer), N_("The complainant's answer is on record."),
    ),
    Act(
        "deliver", N_("Deliver the remedy"), N_("A remedy counts when it came. Say when, and show it."),
        N_("Put the delivery on record"), "box-seam", forms.DeliverForm, service.deliver, _passes(rules.may_deliver),
        N_("The delivery is on record."),
    ),
    Act(
        "check-remedy", N_("Check the remedy"),
        N_("Look whether the remedy came as it was promised: ask the complainant, or see for yourself."),
        N_("Put the check on record"), "clipboard2-check", forms.VerifyRemedyForm, service.verify_remedy,
        lambda given: given.history.delivered is not None, N_("The check is on record."),
    ),
    Act(
        "close", N_("Close"), "", N_("Close the complaint"), "lock", forms.CloseForm, service.close,
        _may_close, N_("The complaint is closed."),
    ),
    Act(
        "assign", N_("Name the owner"), N_("Who answers for the case, who stands in, when it is looked at again."),
        N_("Save"), "person-check", side.AssignForm, service.assign, _is_open, N_("The owner is named."),
    ),
    Act(
        "wait", N_("Wait for information"), N_("Who owes what? The clock reads when the waiting began and ended."),
        N_("The waiting begins"), "hourglass-split", side.WaitForm, service.wait_for,
        lambda given: _is_open(given) and given.history.waiting is None, N_("The waiting has begun."),
    ),
    Act(
        "end-wait", N_("End the waiting"), N_("What was awaited came, or is no longer needed."), N_("The waiting ends"),
        "hourglass-bottom", side.EndWaitForm, service.end_wait, lambda given: given.history.waiting is not None,
        N_("The waiting has ended."),
    ),
    Act(
        "escalate", N_("Take to another level"),
        N_("Somebody higher, or more independent, looks at it; or it comes back down."),
        N_("Take it there"), "arrow-up-circle", side.EscalateForm, service.escalate, _is_open,
        N_("The case is on another level."),
    ),
    Act(
        "decline", N_("Decline the wish for another level"), N_("Say why; the complainant may be told the reason."),
        N_("Decline"), "slash-circle", side.DeclineForm, service.decline_escalation,
        lambda given: given.history.asked is not None, N_("The wish was declined."),
    ),
    Act(
        "refer", N_("Record an external body"), N_("Ombudsman, regulator, arbitration or court: who has the case now?"),
        N_("Put it on record"), "building", side.ReferForm, service.refer, _is_open,
        N_("The external body is on record."),
    ),
    Act(
        "end-referral", N_("Record what the external body decided"), "", N_("Put it on record"), "building-check",
        side.EndReferralForm, service.end_referral, lambda given: _is_open(given) and bool(given.history.abroad),
        N_("What the external body decided is on record."),
    ),
    Act(
        "name-person", N_("Name a member who is complained about"),
        N_("From then on that member can neither own the case nor assess, investigate, decide, approve or close it."),
        N_("Name the member"), "person-exclamation", side.NamePersonForm, service.name_person, _is_open,
        N_("The member is named."),
    ),
    Act(
        "clear-person", N_("Take a member's name off"), N_("The complaint is not about this member after all."),
        N_("Take the name off"), "person-dash", side.ClearPersonForm, service.clear_person,
        lambda given: bool(given.history.named), N_("The name was taken off."),
    ),
    Act(
        "reclassify", N_("Sort anew"), N_("It is something else than it was taken for. It stays in the register."),
        N_("Sort anew"), "tags", side.ReclassifyForm, service.reclassify, lambda _given: True, N_("It is sorted anew."),
    ),
    Act(
        "correct", N_("Correct what was taken down"),
        N_("The complainant's own account stays as it was written. Due dates stay until they are computed anew."),
        N_("Save"), "pencil", side.CorrectForm, service.correct, lambda _given: True, N_("It is corrected."),
        takes_library=True,
    ),
    Act(
        "correct-complainant", N_("Correct who complained"),
        N_("Fill in what changes; what stays empty stays as it is. What is known is not shown here."),
        N_("Save"), "person-gear", side.CorrectIdentityForm, service.correct_identity, lambda _given: True,
        N_("It is corrected."),
    ),
    Act(
        "link", N_("Link to another complaint"), N_("A repeat, the same cause, or related in another way."), N_("Link"),
        "link-45deg", side.LinkForm, service.link, lambda _given: True, N_("The complaints are linked."),
    ),
    Act(
        "unlink", N_("Remove a link"), "", N_("Remove the link"), "x-lg", side.UnlinkForm, service.unlink,
        lambda given: bool(given.history.links), N_("The link was removed."),
    ),
    Act(
        "duplicate", N_("Close as a duplicate"), N_("The same complaint was recorded twice. The other record goes on."),
        N_("Close as a duplicate"), "files", side.DuplicateForm, service.close_duplicate,
        _passes(rules.may_close_duplicate), N_("The duplicate is closed."), dangerous=True,
    ),
    Act(
        "withdraw", N_("Record a withdrawal"), N_("The complainant takes the complaint back. The case is closed."),
        N_("Close as withdrawn"), "box-arrow-left", side.WithdrawForm, service.withdraw, _is_open,
        N_("The withdrawal is on record."), dangerous=True,
    ),
    Act(
        "detriment", N_("Look whether the complainant was treated worse"),
        N_("Ask the complainant, and look at what was done with the account, the contract or the place since then."),
        N_("Put on record what was found"), "shield-check", forms.DetrimentForm, service.check_detriment,
        lambda given: _stands(given).stage not in (Stage.RECEIVED, Stage.ACKNOWLEDGED), N_("It is on record."),
    ),
    Act(
        "reopen", N_("Open again"), N_("How it was closed and decided is kept; it is decided anew."), N_("Open again"),
        "arrow-counterclockwise", side.ReopenForm, service.reopen,
        lambda given: _stands(given).stage == Stage.CLOSED, N_("The case is open again."),
    ),
    Act(
        "note", N_("Write a note"), "", N_("Write the note"), "pencil-square", side.NoteForm, service.write_note,
        lambda _given: True, N_("The note is written."),
    ),
    Act(
        "seen", N_("I have read it"), "", N_("I have read it"), "check-lg", side.SeenForm, service.see_mentions,
        lambda given: any(given.me in one.unseen for one in given.history.notes),
        N_("It is on record that you read it."), permission="complaints.read",
    ),
    Act(
        "files", N_("Add files"), N_("Documents, pictures, recordings: kept as evidence, unchanged."),
        N_("Add the files"), "paperclip", side.FilesForm, None, lambda _given: True, N_("The files were added."),
    ),
)  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}
PRIMARY = ("acknowledge", "assess", "investigate", "decide", "approve", "tell", "answer", "deliver", "close")
INLINE = ("note", "seen", "send-back")
"""Acts that stand on the case's page where they belong, and not in the list of all of them."""


def offered(given: Given) -> list[Act]:
    """The acts that are possible now, apart from the next one, for the list on the case's page."""
    return [
        act
        for act in ACTS
        if act.name not in INLINE and act.name != given.case.next_act and may(act.permission) and act.possible(given)
    ]


def next_of(given: Given) -> Act | None:
    """The one obvious next act, where this person may do it."""
    act = BY_NAME.get(given.case.next_act or "")
    return act if act is not None and may(act.permission) and act.possible(given) else None


def _view(act: Act) -> Callable[[str], Any]:
    @access(act.permission)
    def view(reference: str) -> str | Response | tuple[str, int]:
        given = given_for(queries.by_reference(reading(), reference))
        form, status = act.form(given), 200
        if form.validate_on_submit():
            try:
                _do(act, form, given)
            except REFUSALS as refusal:
                form.refuse_verb(refusal)
                status = 409 if isinstance(refusal, Conflict) else 200
            else:
                flash(_(act.says), "good")
                return redirect(url_for(".show", reference=reference))
        return _page(act, form, reference), status

    view.__doc__ = f"{act.title}: its form, and the act itself."
    return view


def _do(act: Act, form: ActForm, given: Given) -> None:
    uploads = form["files"].data if "files" in form else None
    received = intake.receive_uploads(uploads or [])
    with transaction(current_actor()) as tx:
        if act.verb is None:
            _add_files(tx, form, given, received)
            return
        kept = evidence.add(tx, evidence.Add(received), clock.now(), current_actor()) if received else []
        more = {"library": given.library} if act.takes_library else {}
        act.verb(tx, form.command(tuple(kept)), clock.now(), current_actor(), **more)


def _add_files(tx: Session, form: ActForm, given: Given, received: list[intake.Received]) -> None:
    if is_erased(given.case):
        raise rules.ErasedStays
    added = evidence.Add(received, subject=(CASE, given.case.id), note=form.text("note"))
    evidence.add(tx, added, clock.now(), current_actor())


def _page(act: Act, form: ActForm, reference: str) -> str:
    case = queries.by_reference(reading(), reference)
    form.show_newest(case.version)
    return render_template("complaints/act.html", act=act, form=form, case=case)


for _act in ACTS:
    bp.add_url_rule(f"/<reference>/{_act.name}", _act.name.replace("-", "_"), _view(_act), methods=["GET", "POST"])
