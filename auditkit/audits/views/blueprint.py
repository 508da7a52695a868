"""The blueprint of the audit pages and what all of them show alike."""

from collections.abc import Iterable
from typing import Any, cast

from flask import Blueprint, Flask, current_app, g, request, url_for
from flask.blueprints import BlueprintSetupState

from auditkit.actions import origins
from auditkit.actions.origins import Origin, OriginKind
from auditkit.audits import queries
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import (
    FINDING_STATE_TITLES,
    KIND_TITLES,
    METHOD_TITLES,
    ORIGIN_TITLES,
    STATE_TITLES,
    STRENGTH_TITLES,
    TEAM_ROLE_TITLES,
    FindingState,
    Grade,
    State,
)
from auditkit.audits.views import parts
from auditkit.audits.views.asked import worded
from auditkit.audits.views.icons import ICONS
from auditkit.base import clock
from auditkit.base.db import Session, reading
from auditkit.base.text import N_, _
from auditkit.content.shapes import Scale
from auditkit.evidence import service as evidence_service
from auditkit.evidence import subjects
from auditkit.evidence.intake import Received
from auditkit.journal.queries import timeline
from auditkit.web.access import current_actor

bp = Blueprint("audits", __name__, url_prefix="/audits", template_folder="../templates")
_STATE_TONES = {State.PLANNED: "neutral", State.RUNNING: "info", State.REPORTED: "warn", State.CLOSED: "good"}
_GRADE_TONES = {
    Grade.MAJOR: "bad",
    Grade.MINOR: "warn",
    Grade.OPPORTUNITY: "info",
    Grade.OBSERVATION: "neutral",
    Grade.GOOD_PRACTICE: "good",
}
_FINDING_TONES = {
    FindingState.NOTED: "neutral",
    FindingState.OPEN: "bad",
    FindingState.PLANNED: "warn",
    FindingState.DONE: "info",
    FindingState.VERIFIED: "good",
    FindingState.CLOSED: "good",
}


def names() -> dict[int, str]:
    """Person id -> name."""
    found: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return found


def grades() -> dict[Grade, str]:
    """What the grades are called in this organisation; asked once a request."""
    found: dict[Grade, str] | None = g.get("grades")
    if found is None:
        found = g.grades = queries.grades.titles(reading())
    return found


def words() -> dict[str, Any]:
    """Titles and tones of states and grades, for templates."""
    return {
        "STATE_TITLES": STATE_TITLES,
        "STATE_TONES": _STATE_TONES,
        "GRADES": grades(),
        "GRADE_TONES": _GRADE_TONES,
        "FINDING_STATE_TITLES": FINDING_STATE_TITLES,
        "FINDING_TONES": _FINDING_TONES,
        "TEAM_ROLE_TITLES": TEAM_ROLE_TITLES,
        "METHOD_TITLES": METHOD_TITLES,
        "KIND_TITLES": KIND_TITLES,
        "STRENGTH_TITLES": STRENGTH_TITLES,
        "ORIGIN_TITLES": ORIGIN_TITLES,
        "State": State,
    }


def answer_facts(head: AuditHead) -> list[tuple[str, int]]:
    """(label, number of questions) of each answer of the audit's scale, in its order."""
    if head.scale is None:
        return []
    counted = queries.run.answer_counts(reading(), head.id)
    return [(one.label, counted.get(one.id, 0)) for one in Scale.model_validate(head.scale).answers]


def entries(subject: tuple[str, int]) -> list[dict[str, Any]]:
    """What the journal tells of `subject`, for the timeline of a page."""
    called = names()
    return [
        {
            "when": entry.at,
            "title": _(entry.title),
            "by": called.get(entry.actor_id, "") if entry.actor_id else "",
            "icon": ICONS.get(entry.event),
        }
        for entry in timeline(reading(), current_actor().organisation_id, subject)
    ]


def kept(tx: Session, received: Iterable[Received]) -> tuple[int, ...]:
    """Record received files as evidence and return their ids."""
    files = list(received)
    if not files:
        return ()
    return tuple(evidence_service.add(tx, evidence_service.Add(files), clock.now(), current_actor()))


ACTED_ON = (Grade.MAJOR, Grade.MINOR, Grade.OPPORTUNITY)
"""Grades that actions know, by which their time limits are chosen."""


def _finding_as_origin(tx: Session, finding_id: int) -> Origin:
    finding = queries.findings.by_id(tx, finding_id)
    return Origin(
        title=f"{finding.number}: {finding.statement}"[:400],
        url=url_for("audits.finding", number=finding.number),
        cause_required=finding.grade is Grade.MAJOR,
        grade=finding.grade.value if finding.grade in ACTED_ON else "",
    )


def _finding_address(finding_id: int) -> str:
    return url_for("audits.finding", number=queries.findings.by_id(reading(), finding_id).number)


def _row_address(row_id: int) -> str:
    number, position = queries.run.place(reading(), row_id)
    return url_for("audits.run", number=number, _anchor=f"row-{position}")


subjects.declare(queries.findings.SUBJECT, N_("Finding"), _finding_address)
subjects.declare(queries.run.SUBJECT, N_("Question of an audit"), _row_address)


parts.audit_tab(10, N_("Overview"), "audits.show", outside=True)
parts.audit_tab(30, N_("Questions"), "audits.run", shown=lambda head: head.state is not State.PLANNED)


@bp.app_context_processor
def _what_others_add() -> dict[str, Any]:
    return {
        "audit_tabs_of": lambda head: parts.tabs_of(head, str(request.endpoint)),
        "audit_parts_of": parts.parts_of,
        "finding_parts_of": parts.finding_parts_of,
        "worded": worded,
    }


@bp.record
def _make_findings_known(setup: BlueprintSetupState) -> None:
    origins.register(cast("Flask", setup.app), queries.findings.SUBJECT, OriginKind("audits.read", _finding_as_origin))
