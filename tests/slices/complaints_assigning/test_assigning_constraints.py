"""The database refuses impossible rules of assignment, decisions of them and absences."""

from datetime import date

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from auditkit.base.db import db, reading
from auditkit.complaints.assigning.models import AssignmentRule, ComplaintAssignment, HandlerAbsence
from auditkit.complaints.queries import by_reference
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import RECEIVED, registered


@pytest.fixture
def rule(acme):
    words = {name: [] for name in ("kinds", "channels", "categories", "severities", "sites")}
    owner = acme.person("complaint-handler")
    return {"organisation_id": acme.id, "position": 1, "is_last": False, **words, "owner_id": owner, "put_at": RECEIVED}


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("last_has_no_place", {"is_last": True}),
        ("last_has_no_place", {"position": 0}),
        ("places_count_up", {"position": -1}),
    ],
)
def test_rules(acme, rule, constraint, wrong):
    accepts(AssignmentRule.__table__, rule)
    refuses(AssignmentRule.__table__, constraint, {**rule, **wrong})


def test_there_is_one_last_line(acme, rule):
    last = {**rule, "position": 0, "is_last": True}
    accepts(AssignmentRule.__table__, last)
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(insert(AssignmentRule.__table__), [last, last])


def test_the_deputy_is_another(acme, rule):
    refuses(AssignmentRule.__table__, "rule_deputy_is_another", {**rule, "deputy_id": rule["owner_id"]})


@pytest.mark.parametrize(
    ("constraint", "wrong"), [("happened_known", {"happened": "dreamt"}), ("number_is_a_place", {"number": -1})]
)
def test_decisions(acme, constraint, wrong):
    handler = acme.actor("complaint-handler")
    complaint_id = by_reference(reading(handler), registered(handler)).id
    db.session.rollback()
    values = {
        "complaint_id": complaint_id,
        "organisation_id": acme.id,
        "rule_id": 1,
        "number": 1,
        "asked": {},
        "owner_id": handler.person_id,
        "happened": "recorded",
        "assigned_at": RECEIVED,
    }
    refuses(ComplaintAssignment.__table__, constraint, {**values, **wrong})
    accepts(ComplaintAssignment.__table__, values)


def test_absences(acme):
    values = {
        "organisation_id": acme.id,
        "person_id": acme.person("complaint-handler"),
        "deputy_id": acme.person("quality-manager"),
        "first_day": date(2026, 3, 1),
        "last_day": date(2026, 3, 1),
        "noted_at": RECEIVED,
    }
    accepts(HandlerAbsence.__table__, values)
    refuses(HandlerAbsence.__table__, "away_forwards", {**values, "last_day": date(2026, 2, 28)})
    refuses(HandlerAbsence.__table__, "stands_in_for_another", {**values, "deputy_id": values["person_id"]})
