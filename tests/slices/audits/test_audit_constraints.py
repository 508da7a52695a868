"""Every CHECK of the audit tables refuses its impossible state, whoever writes past the rules."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Table, insert
from sqlalchemy.exc import IntegrityError

from auditkit.audits.models import Audit, AuditMember, AuditRow, Finding
from auditkit.base.db import db
from tests.conftest import House
from tests.factories.refusals import accepts, refuses

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DIGEST = "0" * 64

RUNNING = {
    "state": "running",
    "started_at": AT,
    "checklist_digest": DIGEST,
    "edition_digest": DIGEST,
    "scale": {"id": "house"},
    "rows_total": 3,
}
SETTLED = {**RUNNING, "rows_answered": 1, "rows_excluded": 1, "rows_not_covered": 1}
REPORTED = {**SETTLED, "state": "reported", "reported_at": AT, "conclusion": "Mostly shut"}
CLOSED = {**REPORTED, "state": "closed", "closed_at": AT}

POSSIBLE = {"planned": {}, "running": RUNNING, "settled": SETTLED, "reported": REPORTED, "closed": CLOSED}
IMPOSSIBLE = [
    ("state_known", {**RUNNING, "state": "paused"}),
    ("method_known", {"method": "by-post"}),
    ("plan_is_complete", {"title": ""}),
    ("plan_is_complete", {"objectives": ""}),
    ("plan_is_complete", {"scope": ""}),
    ("days_in_order", {"planned_to": date(2026, 3, 8)}),
    ("started_has_date", {**RUNNING, "state": "planned"}),
    ("started_keeps_what_it_runs_on", {**RUNNING, "checklist_digest": None}),
    ("started_keeps_what_it_runs_on", {**RUNNING, "edition_digest": None}),
    ("started_keeps_what_it_runs_on", {**RUNNING, "scale": None}),
    ("reported_has_date", {**SETTLED, "state": "reported", "conclusion": "Mostly shut"}),
    ("reported_has_date", {**REPORTED, "state": "running"}),
    ("reported_has_conclusion", {**REPORTED, "conclusion": ""}),
    ("reported_only_when_every_row_is_settled", {**REPORTED, "rows_not_covered": 0}),
    ("closed_has_date", {**REPORTED, "state": "closed"}),
    ("closed_has_date", {**REPORTED, "closed_at": AT}),
    ("counters_fit", {**RUNNING, "rows_answered": -1}),
    ("counters_fit", {**RUNNING, "rows_answered": 4}),
    ("counters_fit", {"findings": -1}),
]
ANSWERED = {"answer": "good", "answer_state": "answered", "conformity": 100, "answered_at": AT}
POSSIBLE_ROWS = {"open": {}, "answered": ANSWERED, "excluded": {
    "answer": "unfit", "answer_state": "excluded", "note": "No keys here", "answered_at": AT,
}}  # fmt: skip
IMPOSSIBLE_ROWS = [
    ("answer_state_known", {**ANSWERED, "answer_state": "guessed", "conformity": None}),
    ("only_answers_count", {**ANSWERED, "conformity": None}),
    ("only_answers_count", {"conformity": 100}),
    ("conformity_is_percent", {**ANSWERED, "conformity": 101}),
    ("conformity_is_percent", {**ANSWERED, "conformity": -1}),
    ("excluded_has_reason", {**POSSIBLE_ROWS["excluded"], "note": ""}),
    ("answer_has_time", {**ANSWERED, "answered_at": None}),
    ("weight_counts", {"weight": 0}),
]
MINOR = {"grade": "minor", "statement": "Door 3 stood open", "criterion": "Rule 1", "evidence": "9 March"}
POSSIBLE_FINDINGS = {
    "minor": MINOR,
    "major": {**MINOR, "grade": "major"},
    "good practice without evidence": {"grade": "good-practice", "statement": "All keys are labelled"},
}
IMPOSSIBLE_FINDINGS = [
    ("grade_known", {**MINOR, "grade": "enormous"}),
    ("strength_known", {**MINOR, "strength": "may"}),
    ("has_statement", {**MINOR, "statement": ""}),
    ("nonconformity_has_criterion_and_evidence", {**MINOR, "criterion": ""}),
    ("nonconformity_has_criterion_and_evidence", {**MINOR, "evidence": ""}),
    ("nonconformity_has_criterion_and_evidence", {**MINOR, "grade": "major", "evidence": ""}),
]


def _audit(acme: House, **changes: Any) -> dict[str, Any]:
    values = {
        "organisation_id": acme.id,
        "number": "A-2026-001",
        "title": "Round",
        "objectives": "See",
        "scope": "All",
        "edition_id": "house-rules-2026",
        "edition_name": "House rules:2026",
        "checklist_id": "house-round",
        "checklist_title": "Round of the house",
        "planned_from": date(2026, 3, 9),
        "planned_to": date(2026, 3, 9),
        "planned_at": AT,
        "changed_at": AT,
    }
    return {**values, **changes}


def _row(audit_id: int, acme: House, **changes: Any) -> dict[str, Any]:
    values = {
        "organisation_id": acme.id,
        "audit_id": audit_id,
        "position": 1,
        "item_id": "q-1-1",
        "section": "1",
        "section_title": "1 Doors",
        "clause": "house-rules-2026:1",
        "clause_label": "1 Doors",
        "edition_name": "House rules:2026",
        "strength": "should",
        "clauses": ["house-rules-2026:1"],
        "principles": [],
        "question": "Are the doors shut?",
        "good": "All are",
        "expected": "A walk",
        "methods": ["O"],
        "note_for": [],
        "evidence_for": [],
        "answer": "open",
        "answer_state": "open",
    }
    return {**values, **changes}


def _finding(audit_id: int, acme: House, **changes: Any) -> dict[str, Any]:
    values = {
        "organisation_id": acme.id,
        "audit_id": audit_id,
        "serial": 1,
        "number": "A-2026-001-F1",
        "raised_at": AT,
        "changed_at": AT,
    }
    return {**values, **changes}


# One test a table, not one a case: each test gets a database of its own, which is what costs.


def test_possible_audits_are_stored_and_impossible_ones_refused(acme: House) -> None:
    for number, changes in enumerate(POSSIBLE.values()):
        accepts(Audit.__table__, _audit(acme, number=f"A-{number}", **changes))
    for constraint, changes in IMPOSSIBLE:
        refuses(Audit.__table__, constraint, _audit(acme, **changes))


def test_possible_rows_are_stored_and_impossible_ones_refused(acme: House) -> None:
    audit = accepts(Audit.__table__, _audit(acme))
    for position, changes in enumerate(POSSIBLE_ROWS.values(), start=2):
        accepts(AuditRow.__table__, _row(audit, acme, position=position, item_id=f"q-{position}", **changes))
    for constraint, changes in IMPOSSIBLE_ROWS:
        refuses(AuditRow.__table__, constraint, _row(audit, acme, **changes))


def test_possible_findings_are_stored_and_impossible_ones_refused(acme: House) -> None:
    audit = accepts(Audit.__table__, _audit(acme))
    for serial, changes in enumerate(POSSIBLE_FINDINGS.values(), start=2):
        accepts(Finding.__table__, _finding(audit, acme, serial=serial, number=f"F{serial}", **changes))
    for constraint, changes in IMPOSSIBLE_FINDINGS:
        refuses(Finding.__table__, constraint, _finding(audit, acme, **changes))


def test_a_team_has_known_roles_and_one_lead(acme: House) -> None:
    audit = accepts(Audit.__table__, _audit(acme))
    member = {"organisation_id": acme.id, "audit_id": audit, "person_id": acme.person("internal-auditor")}
    refuses(AuditMember.__table__, "role_known", {**member, "role": "boss"})
    accepts(AuditMember.__table__, {**member, "role": "lead"})
    second = {**member, "person_id": acme.person("administrator"), "role": "lead"}
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(insert(AuditMember.__table__).values(**second))
    accepts(AuditMember.__table__, {**second, "role": "auditor"})


def _checks(table: Table) -> set[str]:
    return {
        str(one.name).removeprefix(f"ck_{table.name}_") for one in table.constraints if isinstance(one, CheckConstraint)
    }


def test_every_check_has_its_impossible_state() -> None:
    assert _checks(Audit.__table__) == {name for name, _changes in IMPOSSIBLE}
    assert _checks(AuditRow.__table__) == {name for name, _changes in IMPOSSIBLE_ROWS}
    assert _checks(Finding.__table__) == {name for name, _changes in IMPOSSIBLE_FINDINGS}
    assert _checks(AuditMember.__table__) == {"role_known"}
