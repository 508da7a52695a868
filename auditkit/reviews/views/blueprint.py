"""The blueprint of management reviews, and what its pages share."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Flask, current_app, url_for
from flask.blueprints import BlueprintSetupState

from auditkit.actions import origins
from auditkit.actions.origins import Origin, OriginKind
from auditkit.base.db import Session, transaction
from auditkit.base.errors import BadInput, Conflict, Forbidden, RuleBroken
from auditkit.reviews import queries
from auditkit.reviews.rules import ATTENDANCE_TITLES, STATE_TITLES, Attendance, Due, State
from auditkit.web.access import current_actor

bp = Blueprint("reviews", __name__, url_prefix="/reviews", template_folder="../templates")

REFUSALS = (RuleBroken, BadInput, Conflict, Forbidden)
STATE_TONES = {State.PLANNED: "neutral", State.PREPARED: "info", State.HELD: "warn", State.SIGNED: "good"}
ATTENDANCE_TONES = {
    Attendance.INVITED: "neutral",
    Attendance.PRESENT: "good",
    Attendance.EXCUSED: "info",
    Attendance.ABSENT: "warn",
}
DUE_TONES = {Due.NONE: "warn", Due.LATER: "neutral", Due.SOON: "warn", Due.OVERDUE: "bad"}


def names() -> dict[int, str]:
    """Person id -> name."""
    found: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return found


@bp.context_processor
def _words() -> dict[str, Any]:
    """Titles and tones, for templates."""
    return {
        "STATE_TITLES": STATE_TITLES,
        "STATE_TONES": STATE_TONES,
        "ATTENDANCE_TITLES": ATTENDANCE_TITLES,
        "ATTENDANCE_TONES": ATTENDANCE_TONES,
        "DUE_TONES": DUE_TONES,
        "State": State,
        "Due": Due,
    }


def done(form: Any, act: Callable[[Session], Any]) -> bool:
    """Whether the form was right and the verb went through; what was refused stands in the form."""
    if not form.validate_on_submit():
        return False
    try:
        with transaction(current_actor()) as tx:
            act(tx)
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
        return False
    return True


def _decision_as_origin(tx: Session, decision_id: int) -> Origin:
    found = queries.decision(tx, decision_id)
    url = url_for("reviews.show", number=found.review, _anchor=f"item-{found.item_id}")
    return Origin(f"{found.label}: {found.text}"[:400], url)


@bp.record
def _make_decisions_known(setup: BlueprintSetupState) -> None:
    origins.register(cast("Flask", setup.app), queries.DECISION, OriginKind("reviews.read", _decision_as_origin))
