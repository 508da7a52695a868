"""The page that shows contradictions and gaps of an audit."""

from flask import Blueprint, render_template

from auditkit.audits import queries as audits
from auditkit.audits.checking import queries
from auditkit.audits.checking.rules import CHECK_TITLES, OUTCOME_TITLES, Outcome
from auditkit.audits.rules import State
from auditkit.audits.views.asked import wording
from auditkit.audits.views.parts import audit_tab
from auditkit.base.db import reading
from auditkit.base.text import N_
from auditkit.web.access import access

bp = Blueprint("audits_checking", __name__, url_prefix="/audits", template_folder="templates")

audit_tab(50, N_("Gaps"), "audits_checking.show", shown=lambda head: head.state is not State.PLANNED)

TONES = {
    Outcome.CLEAN: ("good", "check-circle"),
    Outcome.FOUND: ("warn", "exclamation-triangle"),
    Outcome.NOT_CHECKED: ("neutral", "dash-circle"),
}
ORDER = [Outcome.FOUND, Outcome.NOT_CHECKED, Outcome.CLEAN]


@bp.get("/<number>/gaps")
@access("audits.read")
def show(number: str) -> str:
    """Every check with what it came to; what was found first."""
    head = audits.plans.by_number(reading(), number)
    results = sorted(wording().checks(queries.results(reading(), head.id)), key=lambda one: ORDER.index(one.outcome))
    return render_template(
        "checking/gaps.html",
        head=head,
        results=results,
        counts={outcome: sum(one.outcome is outcome for one in results) for outcome in ORDER},
        CHECK_TITLES=CHECK_TITLES,
        OUTCOME_TITLES=OUTCOME_TITLES,
        TONES=TONES,
    )
