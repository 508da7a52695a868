"""What the tables of personal data refuse, whoever asks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from auditkit.base.db import Base
from tests.factories.refusals import accepts, refuses, trigger_refuses
from tests.slices.complaints_privacy import filling

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TABLES = Base.metadata.tables


@pytest.fixture
def complaint_id(acme, clock) -> int:
    return filling.registered(acme.actor("quality-manager"), filling.identity("qq"), "qq")[0]


CASES = [
    ("privacy_settings", {}, {"request_days": 0}, "request_days_sensible"),
    ("retention_rule", {}, {"kind": "gossip"}, "kind_known"),
    ("retention_rule", {}, {"months": 0}, "months_sensible"),
    ("retention_rule", {}, {"warn_days": 366}, "warning_sensible"),
    ("retention_rule", {}, {"duty": True}, "duty_names_law"),
    ("retention_rule", {}, {"ended_at": NOW - timedelta(days=1)}, "ended_after_added"),
    ("complaint_hold", {}, {"reason": ""}, "hold_has_reason"),
    ("complaint_hold", {}, {"lifted_at": NOW}, "lifting_has_reason"),
    ("complaint_hold", {}, {"lifted_at": NOW - timedelta(days=1), "lift_reason": "over"}, "lifted_after_placed"),
    ("complaint_anonymisation", {}, {"ground": "whim"}, "ground_known"),
    ("complaint_anonymisation", {}, {"ground": "retention"}, "retention_has_rule"),
    ("complaint_anonymisation", {}, {"ground": "request"}, "request_is_named"),
    ("complaint_anonymisation", {}, {"reason": ""}, "by_hand_has_reason"),
    ("consent_withdrawal", {}, {"consent": "cookies"}, "consent_known"),
    ("privacy_request", {}, {"kind": "praise"}, "kind_known"),
    ("privacy_request", {}, {"state": "lost", "settled_at": NOW}, "state_known"),
    ("privacy_request", {}, {"settled_at": NOW}, "open_is_not_settled"),
    ("privacy_request", {}, {"state": "refused", "settled_at": NOW}, "refused_has_reason"),
    ("privacy_request", {}, {"due_on": date(2026, 1, 1)}, "due_after_received"),
    ("privacy_request_case", {}, {"verdict": "lost"}, "verdict_known"),
    ("privacy_request_case", {}, {"verdict": "kept"}, "kept_has_reason"),
]


def fitting(table: str, house, complaint_id: int) -> dict:
    """The columns of a row that every CHECK lets pass."""
    own = {"organisation_id": house.id, "complaint_id": complaint_id}
    return {
        "privacy_settings": {"organisation_id": house.id, "reason_required": False, "request_days": 30},
        "retention_rule": {
            "organisation_id": house.id, "kind": "", "category": "", "months": 12, "warn_days": 30, "duty": False,
            "automatic": False, "basis": "", "source": "", "added_at": NOW,
        },
        "complaint_hold": {**own, "reason": "court", "placed_at": NOW, "lift_reason": ""},
        "complaint_anonymisation": {
            **own, "ground": "by-hand", "reason": "moved", "done_at": NOW, "erased": {}, "kept": [],
        },
        "consent_withdrawal": {**own, "consent": "sharing", "withdrawn_at": NOW},
        "privacy_request": {
            "organisation_id": house.id, "kind": "access", "state": "open", "received_on": date(2026, 3, 1),
            "due_on": date(2026, 3, 31), "opened_at": NOW, "answer": "",
        },
        "privacy_request_case": {**own, "verdict": "", "reason": ""},
    }[table]  # fmt: skip


@pytest.mark.parametrize(("table", "_fits", "change", "constraint"), CASES)
def test_the_database_refuses(acme, complaint_id, table, _fits, change, constraint):
    values = fitting(table, acme, complaint_id)
    if table == "privacy_request_case":
        values["request_id"] = accepts(TABLES["privacy_request"], fitting("privacy_request", acme, complaint_id))
    refuses(TABLES[table], constraint, {**values, **change})
    accepts(TABLES[table], values)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [({"reason": ""}, "erasure_has_reason"), ({"bytes_gone_at": NOW - timedelta(days=1)}, "bytes_go_after_record")],
)
def test_evidence_erasure(acme, complaint_id, change, constraint):
    file_id, _digest = filling.attached(acme.actor("quality-manager"), complaint_id, "qq")
    values = {"organisation_id": acme.id, "file_id": file_id, "reason": "by law", "erased_at": NOW}
    refuses(TABLES["evidence_erasure"], constraint, {**values, **change})
    trigger_refuses(f"UPDATE evidence_file SET name = 'x' WHERE id = {file_id}", "immutable")
    accepts(TABLES["evidence_erasure"], values)
    trigger_refuses(f"UPDATE evidence_file SET digest = '{'b' * 64}' WHERE id = {file_id}", "immutable")
    trigger_refuses(f"DELETE FROM evidence_file WHERE id = {file_id}", "immutable")
