"""Every CHECK of the tables about findings refuses its impossible state; what was said stays."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits.findings import service
from auditkit.audits.findings.models import FindingRepeat, FindingResolution, FindingResponse
from auditkit.audits.findings.rules import Outcome, ResponseKind
from auditkit.audits.models import Finding, GradeWord
from auditkit.base import clock as clock_module
from auditkit.base.db import transaction
from auditkit.content.library import Library
from tests.conftest import House
from tests.factories.refusals import accepts, refuses, trigger_refuses
from tests.slices.audits.doing import own_library, raised, started
from tests.slices.audits_findings.doing import view

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SAID: dict[str, Any] = {
    "kind": "commented", "text": "Read", "said_by": "Nino", "in_meeting": False, "responded_at": AT,
}  # fmt: skip
JUDGED: dict[str, Any] = {"verdict": "confirmed", "reason": "", "likeness": 60, "judged_at": AT}


@pytest.fixture
def number(acme: House, tmp_path: Path, clock: object) -> str:
    books: Library = own_library(tmp_path / "house")
    audit = started(acme, books)
    raised(acme, audit, books)
    return raised(acme, audit, books)


@pytest.mark.parametrize(
    ("table", "constraint", "values"),
    [
        (GradeWord, "grade_known", {"grade": "enormous", "word": "Grave"}),
        (GradeWord, "has_word", {"grade": "minor", "word": ""}),
        (FindingResponse, "kind_known", {**SAID, "kind": "shrugged"}),
        (FindingResponse, "says_something", {**SAID, "text": ""}),
        (FindingResponse, "said_by_somebody", {**SAID, "said_by": ""}),
        (FindingResolution, "outcome_known", {"outcome": "forgotten", "text": "x", "resolved_at": AT}),
        (FindingResolution, "has_reason", {"outcome": "upheld", "text": "", "resolved_at": AT}),
        (FindingRepeat, "repeats_an_earlier_one", {**JUDGED, "earlier_id": 99}),
        (FindingRepeat, "verdict_known", {**JUDGED, "verdict": "perhaps"}),
        (FindingRepeat, "likeness_is_percent", {**JUDGED, "likeness": 101}),
    ],
)
def test_checks(table: Any, constraint: str, values: dict[str, Any], number: str, acme: House) -> None:
    finding = view(acme, number)
    known = {
        "organisation_id": acme.id,
        "finding_id": finding.id,
        "earlier_id": finding.id - 1,
        "response_id": 1,
    }
    here = {name: value for name, value in known.items() if name in table.__table__.c}
    refuses(table.__table__, constraint, {**here, **values})


def test_possible_ones_are_accepted(number: str, acme: House) -> None:
    finding = view(acme, number)
    accepts(FindingResponse.__table__, {"organisation_id": acme.id, "finding_id": finding.id, **SAID})
    known = {"organisation_id": acme.id, "finding_id": finding.id, "earlier_id": finding.id - 1}
    accepts(FindingRepeat.__table__, {**known, **JUDGED})


def test_a_finding_comes_from_somewhere_known(number: str, acme: House) -> None:
    finding = view(acme, number)
    values = {
        "organisation_id": acme.id, "audit_id": finding.audit_id, "serial": 9, "number": "A-9-F9", "grade": "minor",
        "statement": "x", "criterion": "x", "clause": "", "edition_name": "", "strength": "own", "evidence": "x",
        "raised_at": AT, "changed_at": AT, "version": 1, "gap": "", "grade_reason": "", "origin_text": "",
        "principles": [],
    }  # fmt: skip
    refuses(Finding.__table__, "origin_known", {**values, "origin": "rumour"})
    accepts(Finding.__table__, {**values, "origin": "reconciliation"})


def test_what_was_said_and_how_it_ended_stays(number: str, acme: House) -> None:
    lead = acme.actor("internal-auditor")
    with transaction(lead) as tx:
        said = service.respond(tx, service.Respond(number, ResponseKind.DISPUTED, "No"), clock_module.now(), lead)
    with transaction(lead) as tx:
        service.resolve(tx, service.Resolve(said, Outcome.UPHELD, "Yes"), clock_module.now(), lead)
    for statement in (
        "UPDATE finding_response SET text = 'Maybe'",
        "DELETE FROM finding_resolution",
        "UPDATE finding_resolution SET text = 'x'",
    ):
        trigger_refuses(statement, "what was written here stands as it is")
