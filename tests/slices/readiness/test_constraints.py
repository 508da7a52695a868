"""Every CHECK of the tables of readiness refuses its impossible state."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from auditkit.readiness.models import (
    ReadinessCarried,
    ReadinessOverride,
    ReadinessPlan,
    ReadinessStep,
    ReadinessVisit,
)
from tests.factories.refusals import accepts, refuses
from tests.slices.audits import doing

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DIGEST = "0" * 64


@pytest.fixture
def override(acme):
    return {
        "organisation_id": acme.id, "clause": "iso10002-2018:7.4", "matrix_column": "records", "state": "found",
        "was": "gap", "cell": DIGEST, "reason": "Seen on paper", "made_at": AT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("override_names_clause", {"clause": ""}),
        ("override_column_known", {"matrix_column": "moon"}),
        ("override_states_known", {"state": "blue"}),
        ("override_states_known", {"was": "blue"}),
        ("override_says_something_else", {"was": "found"}),
        ("override_has_reason", {"reason": ""}),
        ("override_cell_is_sha256", {"cell": "short"}),
        ("withdrawn_after_made", {"withdrawn_at": datetime(2026, 3, 1, tzinfo=UTC)}),
    ],
)
def test_readiness_override(override, constraint, change):
    refuses(ReadinessOverride.__table__, constraint, {**override, **change})


def test_one_override_of_a_cell_stands(override):
    accepts(ReadinessOverride.__table__, {**override, "withdrawn_at": AT})
    accepts(ReadinessOverride.__table__, override)
    with pytest.raises(IntegrityError):
        accepts(ReadinessOverride.__table__, override)


@pytest.fixture
def visit(acme):
    return {
        "organisation_id": acme.id, "edition": "iso10002-2018", "begins": date(2025, 3, 3), "ends": date(2026, 3, 2),
        "note": "", "content": DIGEST, "digest": DIGEST, "percent": 50, "checked": 90, "stops": [], "states": {},
        "taken_at": AT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("visit_days_in_order", {"ends": date(2025, 3, 2)}),
        ("visit_numbers_are_percent", {"percent": 101}),
        ("visit_numbers_are_percent", {"checked": -1}),
        ("visit_digests_are_sha256", {"digest": "short"}),
        ("visit_digests_are_sha256", {"content": "short"}),
    ],
)
def test_readiness_visit(visit, constraint, change):
    accepts(ReadinessVisit.__table__, visit)
    refuses(ReadinessVisit.__table__, constraint, {**visit, **change})


@pytest.fixture
def carried(acme):
    return {
        "organisation_id": acme.id, "from_edition": "iso10002-2014", "clause": "iso10002-2018:7.4",
        "sources": ["iso10002-2014:7.4"], "relation": "same", "verdict": "carried", "basis": DIGEST, "applied_at": AT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("carried_verdict_known", {"verdict": "perhaps"}),
        ("carried_has_basis", {"verdict": "new"}),
        ("carried_has_basis", {"basis": ""}),
        ("carried_basis_is_sha256", {"basis": "short"}),
    ],
)
def test_readiness_carried(carried, constraint, change):
    refuses(ReadinessCarried.__table__, constraint, {**carried, **change})


def test_a_clause_is_carried_over_once(carried):
    accepts(ReadinessCarried.__table__, carried)
    with pytest.raises(IntegrityError):
        accepts(ReadinessCarried.__table__, carried)


@pytest.fixture
def step(acme, clock, tmp_path):
    books = doing.own_library(tmp_path)
    number = doing.planned(acme, books)
    audit_id = int(number.rpartition("-")[2])
    plan = {"organisation_id": acme.id, "audit_id": audit_id, "starts_on": date(2026, 3, 9), "made_at": AT}
    plan_id = accepts(ReadinessPlan.__table__, plan)
    return {
        "organisation_id": acme.id, "plan_id": plan_id, "position": 1, "step": "write-policy", "title": "Write it",
        "what": "Fill it in", "clauses": [], "policies": [], "questions": [], "days": 3,
        "starts_on": date(2026, 3, 9), "due_on": date(2026, 3, 11), "owner_id": acme.person("quality-manager"),
        "version": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("step_says_what", {"title": ""}),
        ("step_says_what", {"what": ""}),
        ("step_days_in_order", {"due_on": date(2026, 3, 8)}),
        ("step_counts_from_one", {"days": 0}),
        ("step_counts_from_one", {"position": 0}),
        ("step_counts_from_one", {"version": 0}),
    ],
)
def test_readiness_step(step, constraint, change):
    refuses(ReadinessStep.__table__, constraint, {**step, **change})
