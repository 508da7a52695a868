"""The blueprint of the pages of actions, and what all of them share."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Blueprint, current_app, url_for

from auditkit.accounts.queries import members_with
from auditkit.actions import queries, rules, timing
from auditkit.actions.forms import ActionFormBase
from auditkit.actions.queries import ActionView
from auditkit.actions.rules import (
    BONE_TITLES,
    COMPLETION,
    CORRECTION_FILES,
    DISCIPLINES,
    GRADE_TITLES,
    KIND_TITLES,
    METHOD_TITLES,
    NEED_TITLES,
    NOTICED_TITLES,
    ORIGIN_TITLES,
    PHASE_TITLES,
    REVIEW_TITLES,
    STATE_TITLES,
    STEP_FILES,
    STEP_STATE_TITLES,
    TARGET_TITLES,
    VERDICT_TITLES,
    VERIFICATION,
    Grade,
    Noticed,
    Phase,
    ReviewState,
    State,
    StepState,
    Verdict,
)
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.text import N_
from auditkit.evidence import intake, subjects
from auditkit.evidence import service as evidence_service
from auditkit.web.access import current_actor, may
from auditkit.web.acting import REFUSALS

bp = Blueprint("actions", __name__, url_prefix="/actions", template_folder="../templates")
STATE_TONES = {State.OPEN: "warn", State.DONE: "info", State.VERIFIED: "good", State.CLOSED: "neutral"}
GRADE_TONES = {Grade.MAJOR: "bad", Grade.MINOR: "warn", Grade.OPPORTUNITY: "info", Grade.NONE: "neutral"}
STEP_TONES = {StepState.OPEN: "warn", StepState.DONE: "good", StepState.DROPPED: "neutral"}
REVIEW_TONES = {ReviewState.WAITING: "info", ReviewState.ACCEPTED: "good", ReviewState.MORE_NEEDED: "bad"}
VERDICT_TONES = {Verdict.ACCEPTED: "good", Verdict.MORE_NEEDED: "bad"}
NOTICED_TONES = {
    Noticed.NOTHING: ("neutral", "clock"),
    Noticed.SOON: ("warn", "hourglass-split"),
    Noticed.OVERDUE: ("bad", "exclamation-triangle"),
    Noticed.ESCALATED: ("bad", "exclamation-octagon"),
}


def _address(action_id: int) -> str:
    return url_for("actions.show", number=queries.number_of(reading(), action_id))


def _address_of_step(step_id: int) -> str:
    return url_for("actions.plan", number=queries.number_of_step(reading(), step_id))


subjects.declare(COMPLETION, N_("Action, what was done"), _address)
subjects.declare(VERIFICATION, N_("Action, its effect"), _address)
subjects.declare(CORRECTION_FILES, N_("Action, its correction"), _address)
subjects.declare(STEP_FILES, N_("Action, a step of its plan"), _address_of_step)


def today() -> date:
    """The day it is where the organisation is."""
    now = clock.now()
    return timing.calendar_at(reading(), now).today(now)


def names() -> dict[int, str]:
    """Person id -> name."""
    found: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return found


def people() -> list[tuple[int, str]]:
    """Who can own actions and steps."""
    return [(member.person_id, member.name) for member in members_with(reading(), "actions.edit")]


def schemes() -> list[tuple[int, str]]:
    """The time limits in force, for a choice."""
    return [(one.id, one.title) for one in queries.schemes(reading())]


def words() -> dict[str, Any]:
    """Titles and tones for templates."""
    return {
        "STATE_TITLES": STATE_TITLES,
        "STATE_TONES": STATE_TONES,
        "KIND_TITLES": KIND_TITLES,
        "GRADE_TITLES": GRADE_TITLES,
        "GRADE_TONES": GRADE_TONES,
        "ORIGIN_TITLES": ORIGIN_TITLES,
        "PHASE_TITLES": PHASE_TITLES,
        "NEED_TITLES": NEED_TITLES,
        "METHOD_TITLES": METHOD_TITLES,
        "BONE_TITLES": BONE_TITLES,
        "DISCIPLINES": DISCIPLINES,
        "STEP_STATE_TITLES": STEP_STATE_TITLES,
        "STEP_TONES": STEP_TONES,
        "REVIEW_TITLES": REVIEW_TITLES,
        "REVIEW_TONES": REVIEW_TONES,
        "VERDICT_TITLES": VERDICT_TITLES,
        "VERDICT_TONES": VERDICT_TONES,
        "TARGET_TITLES": TARGET_TITLES,
        "NOTICED_TITLES": NOTICED_TITLES,
        "NOTICED_TONES": NOTICED_TONES,
        "State": State,
        "StepState": StepState,
        "Phase": Phase,
        "Grade": Grade,
    }


def about(action: ActionView) -> dict[str, Any]:
    """What every page of one action shows."""
    actor = current_actor()
    oversees = actor.may("actions.verify")
    return {
        "action": action,
        "path": queries.path(reading(), action.id),
        "names": names(),
        "today": today(),
        "current_person": actor.person_id,
        "may_work": may("actions.edit") and (oversees or action.owner_id == actor.person_id),
        **words(),
    }


def number_in(text: str | None) -> int:
    """A number that came in a hidden field; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def kept(tx: Session, received: Iterable[intake.Received]) -> tuple[int, ...]:
    """Record received files as evidence and return their ids."""
    files = list(received)
    return tuple(evidence_service.add(tx, evidence_service.Add(files), clock.now(), current_actor())) if files else ()


def done(form: ActionFormBase, verb: Any, make: Callable[[tuple[int, ...]], Any]) -> bool:
    """Do what a valid form asks for: `make` builds the command from the files that came with it.

    False, with the refusal in the form, where it is not valid or the verb refuses.
    """
    if not form.validate_on_submit():
        return False
    try:
        files = intake.receive_uploads(form.files.data or []) if "files" in form else []
        with transaction(current_actor()) as tx:
            verb(tx, make(kept(tx, files)), clock.now(), current_actor())
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
        return False
    return True


def checked_work(action: ActionView) -> None:
    """Raises NotYours where this person may not work on the action."""
    actor = current_actor()
    rules.check_may_work(person_id=actor.person_id, owner_id=action.owner_id, oversees=actor.may("actions.verify"))
