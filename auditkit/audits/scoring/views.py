"""The page of an audit's scores, with its formula."""

from flask import Blueprint, render_template

from auditkit.audits import queries as audits
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import State
from auditkit.audits.scoring import queries
from auditkit.audits.views.asked import wording
from auditkit.audits.views.parts import audit_tab
from auditkit.base.db import reading
from auditkit.base.text import N_
from auditkit.library.here import library
from auditkit.web.access import access

bp = Blueprint("audits_scoring", __name__, url_prefix="/audits", template_folder="templates")

audit_tab(60, N_("Scores"), "audits_scoring.show", shown=lambda head: head.state is not State.PLANNED)


@bp.get("/<number>/scores")
@access("audits.read")
def show(number: str) -> str:
    """Conformity over all, by clause, by principle, and last time."""
    head = audits.plans.by_number(reading(), number)
    return render_template(
        "scoring/scores.html",
        head=head,
        scores=wording().scores(queries.scores(reading(), head.id)),
        titles=_principles(head),
    )


def _principles(head: AuditHead) -> dict[str, str]:
    edition = library().editions.get(head.edition_id)
    return {node.code: node.label for node in (edition.principles if edition else ()) if node.code}
