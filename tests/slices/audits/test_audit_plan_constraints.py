"""Every CHECK of the tables around a plan refuses its impossible state; a revision leaves what it found."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Table, text
from sqlalchemy.exc import IntegrityError

from auditkit.audits.agenda.models import AgendaInvitation, AgendaItem, AgendaPerson, CalendarFeed
from auditkit.audits.independence.models import AuditedProcess, AuditException, AuditorCompetence, ProcessOwnership
from auditkit.audits.models import Audit, AuditBasis, AuditCriterion, AuditFollowed, Finding
from auditkit.audits.outside.models import OutsideAudit, OutsideFinding
from auditkit.audits.programme.models import (
    AuditProgramme,
    ProgrammeItem,
    ProgrammePeriod,
    ProgrammeReview,
    ProgrammeRisk,
)
from auditkit.base.db import db
from auditkit.instance import migrate
from tests.conftest import House
from tests.factories.refusals import accepts, refuses

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 9)

# table class -> (a possible record, [(constraint, what makes it impossible)])
CASES: dict[Any, tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]] = {
    AuditedProcess: (
        {"name": "Doors", "description": "", "clauses": ["s:1"], "saved_at": AT},
        [("has_name", {"name": ""})],
    ),
    ProcessOwnership: (
        {"process_id": 1, "person_id": 1, "since": DAY, "named_at": AT},
        [("days_in_order", {"until": DAY - timedelta(days=1)})],
    ),
    AuditorCompetence: (
        {
            "person_id": 1,
            "audit_kind": "",
            "standard": "",
            "what": "Audits",
            "evidence": "Course",
            "valid_from": DAY,
            "valid_until": DAY,
            "recorded_at": AT,
            "withdrawn_reason": "",
        },
        [
            ("says_what_and_how_known", {"what": ""}),
            ("says_what_and_how_known", {"evidence": ""}),
            ("valid_forwards", {"valid_until": DAY - timedelta(days=1)}),
            ("withdrawn_has_reason", {"withdrawn_at": AT}),
            ("withdrawn_has_reason", {"withdrawn_reason": "No"}),
        ],
    ),
    AuditException: (
        {
            "audit_id": 1,
            "person_id": 1,
            "way": "override",
            "ground": "process",
            "process_id": 1,
            "reason": "Ill",
            "instead": "",
            "reviewer": "",
            "outcome": "",
            "made_at": AT,
        },
        [
            ("way_known", {"way": "wink"}),
            ("ground_known", {"ground": "friend", "process_id": None}),
            ("has_reason", {"reason": ""}),
            ("mitigation_says_what_instead", {"way": "mitigation"}),
            ("mitigation_says_what_instead", {"instead": "Review"}),
            ("names_process", {"process_id": None}),
            ("names_complaint", {"ground": "complaint", "process_id": None}),
            ("nobody_for_themselves", {"made_by": 1}),
            ("settled_has_outcome", {"settled_at": AT}),
        ],
    ),
    AuditCriterion: (
        {"audit_id": 1, "position": 1, "source": "policy", "ref": "1:1", "title": "Policy, version 1"},
        [
            ("source_known", {"source": "hearsay"}),
            ("criterion_is_named", {"ref": ""}),
            ("criterion_is_named", {"title": ""}),
        ],
    ),
    AuditBasis: (
        {"audit_id": 1, "position": 1, "kind": "law", "ref": "", "title": "Consumer protection act"},
        [
            ("kind_known", {"kind": "hearsay"}),
            ("basis_is_named", {"title": ""}),
            ("guidelines_are_an_edition", {"kind": "guidelines"}),
        ],
    ),
    AuditFollowed: ({"audit_id": 1, "followed_id": 2}, [("follows_another", {"audit_id": 2})]),
    AuditProgramme: (
        {
            "year": 2026,
            "cycle_from": 2025,
            "objectives": "See",
            "scope": "",
            "methods": "",
            "resources": "",
            "responsible_id": 1,
            "saved_at": AT,
            "version": 1,
        },
        [
            ("year_in_cycle", {"cycle_from": 2023}),
            ("year_in_cycle", {"cycle_from": 2027}),
            ("has_objectives", {"objectives": ""}),
        ],
    ),
    ProgrammeRisk: (
        {"programme_id": 1, "position": 1, "side": "risk", "what": "One auditor", "response": "Train"},
        [
            ("side_known", {"side": "fate"}),
            ("says_what_is_done", {"what": ""}),
            ("says_what_is_done", {"response": ""}),
        ],
    ),
    ProgrammeReview: (
        {
            "programme_id": 1,
            "held_on": DAY,
            "participants": "",
            "conclusions": "Fit",
            "changes": "",
            "facts": {},
            "recorded_at": AT,
        },
        [("has_conclusions", {"conclusions": ""})],
    ),
    ProgrammeItem: (
        {
            "title": "Yearly",
            "kind": "internal",
            "objectives": "See",
            "scope": "All",
            "auditee": "",
            "checklist_id": "x",
            "clauses": [],
            "method": "on-site",
            "lead_id": 1,
            "first_on": DAY,
            "every_months": 12,
            "days": 1,
            "ahead_days": 30,
            "problem": "",
            "saved_at": AT,
            "version": 1,
        },
        [
            ("item_is_complete", {"title": ""}),
            ("item_is_complete", {"objectives": ""}),
            ("item_is_complete", {"scope": ""}),
            ("kind_known", {"kind": "outside"}),
            ("kind_known", {"kind": "secret"}),
            ("method_known", {"method": "by-post"}),
            ("every_known", {"every_months": 5}),
            ("days_in_order", {"last_on": DAY - timedelta(days=1)}),
            ("spans_fit", {"days": 0}),
            ("spans_fit", {"ahead_days": 366}),
        ],
    ),
    ProgrammePeriod: ({"item_id": 1, "starts_on": DAY, "audit_id": 1, "made_at": AT}, []),
    AgendaItem: (
        {
            "audit_id": 1,
            "uid": "a@auditkit",
            "sequence": 0,
            "kind": "opening",
            "activity": "Opening",
            "clauses": "",
            "starts_at": AT,
            "ends_at": AT + timedelta(hours=1),
            "method": "on-site",
            "place": "",
            "whom": "",
            "version": 1,
        },
        [
            ("kind_known", {"kind": "party"}),
            ("method_known", {"method": "by-post"}),
            ("says_what_is_done", {"activity": ""}),
            ("ends_after_it_starts", {"ends_at": AT}),
            ("sequence_counts_up", {"sequence": -1}),
        ],
    ),
    AgendaPerson: ({"item_id": 1, "person_id": 1, "part": "auditor"}, [("part_known", {"part": "guest"})]),
    AgendaInvitation: (
        {"item_id": 1, "person_id": 1, "sending": "REQUEST", "sequence": 0, "event": {}, "made_at": AT},
        [("sending_known", {"sending": "SHOUT"}), ("sequence_counts_up", {"sequence": -1})],
    ),
    CalendarFeed: (
        {"person_id": 1, "secret_digest": "0" * 64, "made_at": AT},
        [("digest_is_sha256", {"secret_digest": "0" * 63})],
    ),
    OutsideAudit: (
        {"audit_id": 1, "body": "North", "reference": "", "auditors": "", "accredited": "no", "accreditation": ""},
        [("names_body", {"body": ""}), ("accredited_known", {"accredited": "maybe"})],
    ),
    OutsideFinding: ({"finding_id": 1, "number": "NC-1"}, [("has_their_number", {"number": ""})]),
}


@pytest.fixture
def records(acme: House) -> House:
    """An organisation with two audits (1 and 2) and a finding (1) that the others hang on."""
    audit = {
        "organisation_id": acme.id,
        "title": "Round",
        "objectives": "See",
        "scope": "All",
        "edition_id": "house-rules-2026",
        "edition_name": "House rules",
        "checklist_id": "house-round",
        "checklist_title": "Round",
        "planned_from": DAY,
        "planned_to": DAY,
        "planned_at": AT,
        "changed_at": AT,
    }
    for number in ("A-2026-001", "A-2026-002"):
        accepts(Audit.__table__, {**audit, "number": number})
    finding = {"audit_id": 1, "serial": 1, "number": "F", "grade": "observation", "statement": "Open"}
    accepts(Finding.__table__, {**finding, "organisation_id": acme.id, "raised_at": AT, "changed_at": AT})
    for table in (AuditedProcess, AuditProgramme, ProgrammeItem, AgendaItem):
        accepts(table.__table__, {**CASES[table][0], "organisation_id": acme.id})
    return acme


def _fresh(table: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What does not clash with the record that stands already."""
    own = {AuditedProcess: {"name": "Keys"}, AgendaItem: {"uid": "b@auditkit"}, AuditProgramme: {"year": 2026}}
    return {**values, **{key: value for key, value in own.get(table, {}).items() if values.get(key) not in ("",)}}


@pytest.mark.parametrize("table", list(CASES), ids=lambda table: table.__name__)
def test_the_possible_record_passes_and_each_impossible_one_is_refused(records: House, table: Any) -> None:
    possible, impossible = CASES[table]
    for constraint, change in impossible:
        refuses(table.__table__, constraint, {**_fresh(table, possible), **change, "organisation_id": records.id})
    if table is not AuditProgramme:
        accepts(table.__table__, {**_fresh(table, possible), "organisation_id": records.id})


def test_every_check_of_these_tables_is_tried() -> None:
    for table, (_possible, impossible) in CASES.items():
        of_table: Table = table.__table__
        named = {
            str(one.name).removeprefix(f"ck_{of_table.name}_")
            for one in of_table.constraints
            if isinstance(one, CheckConstraint)
        }
        assert {constraint for constraint, _change in impossible} == named, of_table.name


def test_an_audit_is_of_a_known_kind(records: House) -> None:
    values = {"number": "A-2026-009", "organisation_id": records.id, "kind": "secret"}
    with db.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM audit WHERE id = 1")).mappings().one()
    copied = {column.key: value for column, value in zip(Audit.__table__.c, row.values(), strict=True)}
    copied |= {"planned_from": DAY, "planned_to": DAY, "planned_at": AT, "changed_at": AT, "scale": None}
    copied.pop("id")
    refuses(Audit.__table__, "kind_known", {**copied, **values})


def test_one_period_has_one_audit_and_one_audit_one_period(records: House) -> None:
    period = {**CASES[ProgrammePeriod][0], "organisation_id": records.id}
    accepts(ProgrammePeriod.__table__, period)
    for change in ({"audit_id": 2}, {"starts_on": DAY + timedelta(days=1)}):
        with pytest.raises(IntegrityError, match=r"(?i)unique"):
            accepts(ProgrammePeriod.__table__, {**period, **change})


def test_a_person_has_one_live_feed(records: House) -> None:
    feed = {**CASES[CalendarFeed][0], "organisation_id": records.id}
    accepts(CalendarFeed.__table__, feed)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        accepts(CalendarFeed.__table__, {**feed, "secret_digest": "1" * 64})
    accepts(CalendarFeed.__table__, {**feed, "secret_digest": "1" * 64, "revoked_at": AT})


def test_audits_planned_before_kinds_were_kept_are_internal_ones(app: Flask, records: House) -> None:
    """Down to before these tables, and up again with two audits and a finding in them."""
    db.session.remove()
    with db.engine.begin() as connection:
        for table in ("agenda_item", "programme_item", "audit_programme", "audited_process"):
            connection.execute(text(f"DELETE FROM {table}"))
    migrate.downgrade(app, "0016")
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT number, title FROM audit ORDER BY id")).all()
        assert [tuple(row) for row in kept] == [("A-2026-001", "Round"), ("A-2026-002", "Round")]
        connection.rollback()
    migrate.upgrade(app)
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT number, kind, auditee, remote_risk FROM audit ORDER BY id")).all()
        findings = connection.execute(text("SELECT number FROM finding")).scalars().all()
    assert [tuple(row) for row in rows] == [("A-2026-001", "internal", "", ""), ("A-2026-002", "internal", "", "")]
    assert findings == ["F"]
