"""The page of one complaint with its next act and what happened."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.text import _
from auditkit.complaints import queries, rules, service
from auditkit.complaints.forms import (
    AcknowledgeForm,
    AnswerForm,
    CloseForm,
    DecideForm,
)
from auditkit.complaints.queries import Case
from auditkit.complaints.views.blueprint import bp
from auditkit.complaints.views.parts import parts_of
from auditkit.journal.queries import Entry, timeline
from auditkit.web.access import access, current_actor, may

REFUSALS = (RuleBroken, BadInput, Conflict)
MARKS = {
    rules.REGISTERED.name: ("inbox", "neutral"),
    rules.ACKNOWLEDGED.name: ("envelope-check", "info"),
    rules.DECIDED.name: ("clipboard-check", "info"),
    rules.DECISION_ACCEPTED.name: ("hand-thumbs-up", "good"),
    rules.DECISION_REFUSED.name: ("hand-thumbs-down", "warn"),
    rules.CLOSED.name: ("lock", "good"),
    rules.IDENTITY_READ.name: ("eye", "neutral"),
}


@bp.get("/<reference>")
@access("complaints.read")
def show(reference: str) -> str:
    """One complaint: its story, its next act, what happened."""
    return _page(queries.by_reference(reading(), reference))


@bp.get("/<reference>/complainant")
@access("identity.read")
def complainant(reference: str) -> str:
    """The same page with who complained; the reading is on record."""
    with transaction(current_actor()) as tx:
        command = service.ReadIdentity(reference)
        who = service.read_identity(tx, command, clock.now(), current_actor())
    return _page(queries.by_reference(reading(), reference), who=who)


@bp.post("/<reference>/acknowledge")
@access("complaints.handle")
def acknowledge(reference: str) -> str | Response | tuple[str, int]:
    """The complainant was told that the complaint came in."""
    form = AcknowledgeForm()
    command = service.Acknowledge(reference, form.seen)
    return _act(reference, form, service.acknowledge, command, _("The acknowledgement is on record."))


@bp.post("/<reference>/decide")
@access("complaints.handle")
def decide(reference: str) -> str | Response | tuple[str, int]:
    """Record the decision."""
    form = DecideForm()
    command = service.Decide(
        reference, form.seen, form.outcome.data or "", form.decision.data or "", form.remedy.data or ""
    )
    return _act(reference, form, service.decide, command, _("The decision is on record."))


@bp.post("/<reference>/answer")
@access("complaints.handle")
def answer(reference: str) -> str | Response | tuple[str, int]:
    """Record what the complainant said to the decision."""
    form = AnswerForm()
    command = service.RecordAnswer(reference, form.seen, form.answer.data or "")
    return _act(reference, form, service.record_answer, command, _("The complainant's answer is on record."))


@bp.post("/<reference>/close")
@access("complaints.handle")
def close(reference: str) -> str | Response | tuple[str, int]:
    """Close the complaint."""
    form = CloseForm(queries.by_reference(reading(), reference).answer)
    command = service.Close(reference, form.seen, form.ground.data or "", form.closing_note.data or "")
    return _act(reference, form, service.close, command, _("The complaint is closed."))


def _act(
    reference: str, form: Any, verb: Callable[..., None], command: Any, done: str
) -> str | Response | tuple[str, int]:
    """Run `verb` when the form is sound, and lead back to the complaint; else show it with what is to be mended."""
    status = 200
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                verb(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
            status = 409 if isinstance(refusal, Conflict) else 200
        else:
            flash(done, "good")
            return redirect(url_for(".show", reference=reference))
    return _page(queries.by_reference(reading(), reference), form=form), status


def _page(case: Case, *, form: Any = None, who: service.Identity | None = None) -> str:
    forms = _forms(case) if may("complaints.handle") else {}
    if form is not None:
        form.version.data = str(case.version)  # after a conflict the person now sees the newest state
        forms[type(form)] = form
    return render_template(
        "complaints/show.html",
        case=case,
        who=who,
        next_act=_next_act(case, form) if forms else None,
        acknowledge_form=forms.get(AcknowledgeForm),
        decide_form=forms.get(DecideForm),
        answer_form=forms.get(AnswerForm),
        close_form=forms.get(CloseForm),
        happened=_happened(case),
        words=_words(),
        parts_of=parts_of,
    )


def _forms(case: Case) -> dict[type, Any]:
    """The forms of the acts that are possible now."""
    version = str(case.version)
    next_forms: dict[str | None, Any] = {"acknowledge": AcknowledgeForm, "decide": DecideForm, "answer": AnswerForm}
    possible: dict[type, Any] = {}
    if case.next_act in next_forms:
        form = next_forms[case.next_act]
        possible[form] = form(None, version=version)
    if case.stage == rules.Stage.DECIDED:
        possible[CloseForm] = CloseForm(case.answer, None, version=version)
    return possible


def _next_act(case: Case, form: Any) -> str | None:
    acts = {AcknowledgeForm: "acknowledge", DecideForm: "decide", AnswerForm: "answer", CloseForm: "close"}
    return acts[type(form)] if form is not None else case.next_act


def _words() -> dict[str, dict[str, str]]:
    titles: dict[str, dict[Any, str]] = {
        "stage": rules.STAGE_TITLES,
        "kind": rules.KIND_TITLES,
        "channel": rules.CHANNEL_TITLES,
        "category": rules.CATEGORY_TITLES,
        "severity": rules.SEVERITY_TITLES,
        "outcome": rules.OUTCOME_TITLES,
        "answer": rules.ANSWER_TITLES,
        "ground": rules.GROUND_TITLES,
    }
    return {name: {str(word): _(title) for word, title in known.items()} for name, known in titles.items()}


def _happened(case: Case) -> list[dict[str, Any]]:
    """The timeline of the page, newest first."""
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    entries = [
        _line(entry, names) for entry in timeline(reading(), current_actor().organisation_id, ("complaint", case.id))
    ]
    if case.import_run_id is not None:
        entries.append(
            {"when": case.recorded_at, "title": _("Brought in from a file"), "icon": "file-earmark-arrow-up"}
        )
    return entries


def _line(entry: Entry, names: dict[int, str]) -> dict[str, Any]:
    icon, tone = MARKS.get(entry.event, ("dot", "neutral"))
    by = names.get(entry.actor_id, "") if entry.actor_id else _("the system")
    outcome, ground = entry.facts.get("outcome", ""), entry.facts.get("ground", "")
    said = rules.OUTCOME_TITLES.get(outcome) or rules.GROUND_TITLES.get(ground)
    return {
        "when": entry.at,
        "title": _(entry.title),
        "by": by,
        "icon": icon,
        "tone": tone,
        "text": _(said) if said else "",
    }
