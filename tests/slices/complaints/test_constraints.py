"""Every CHECK of the register refuses its impossible state, whoever writes past the rules."""

import pytest
from sqlalchemy.exc import IntegrityError

from auditkit.complaints.models import Complaint, ImportRun
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import RECEIVED, many, raw, raw_run, run_added

LATER = RECEIVED.replace(day=20)
EARLIER = RECEIVED.replace(year=2025)

ACKNOWLEDGED = {"stage": "acknowledged", "acknowledged_at": LATER}
DECIDED = {**ACKNOWLEDGED, "stage": "decided", "decided_at": LATER, "outcome": "upheld", "decision": "because"}
OWNED = {"owner_id": "person", "review_on": LATER.date()}
REFUSED = {**DECIDED, **OWNED, "answer": "refused", "answered_at": LATER}
ACCEPTED = {**DECIDED, "answer": "accepted", "answered_at": LATER}
CLOSED = {**DECIDED, "stage": "closed", "closed_at": LATER, "closing_ground": "no-answer"}
IMPORTED_CLOSED = {"stage": "closed", "closed_at": LATER, "import_run_id": "run"}

POSSIBLE = {
    "received": {},
    "acknowledged": ACKNOWLEDGED,
    "decided": DECIDED,
    "refused": REFUSED,
    "assessed": {**ACKNOWLEDGED, "stage": "assessed"},
    "investigating": {**ACKNOWLEDGED, "stage": "investigating"},
    "proposed": {**ACKNOWLEDGED, "stage": "proposed"},
    "refused, proposed anew": {**REFUSED, "stage": "proposed"},
    "acting": {**ACCEPTED, "stage": "acting"},
    "withdrawn at once": {"stage": "closed", "closed_at": LATER, "closing_ground": "withdrawn"},
    "withdrawn after refusal": {
        **CLOSED, "answer": "refused", "answered_at": LATER, "closing_ground": "withdrawn",
    },
    "closed as a duplicate": {"stage": "closed", "closed_at": LATER, "closing_ground": "duplicate"},
    "a suggestion, answered": {**ACKNOWLEDGED, "kind": "suggestion", "stage": "closed", "closed_at": LATER,
                               "closing_ground": "answered"},
    "escalated and reopened": {"level": 4, "reopened": 3},
    "closed": CLOSED,
    "closed after refusal, externally": {
        **CLOSED, "answer": "refused", "answered_at": LATER, "closing_ground": "decided-externally",
    },
    "imported, closed": IMPORTED_CLOSED,
    "imported, closed without a date": {"stage": "closed", "closed_date_unknown": True, "import_run_id": "run"},
    "imported, closed before received": {
        **IMPORTED_CLOSED, "closed_at": EARLIER, "closed_is_day": True, "closes_before_received": True,
    },
    "imported, closed on the day of receipt": {
        **IMPORTED_CLOSED, "closed_at": RECEIVED.replace(hour=0), "closed_is_day": True,
    },
    "imported, with outcome but without dates": {**IMPORTED_CLOSED, "outcome": "rejected"},
    "imported, with its row's digest": {**IMPORTED_CLOSED, "row_digest": b"d" * 32},
}  # fmt: skip

IMPOSSIBLE = {
    "kind_known": {"kind": "grumble"},
    "stage_known": {"stage": "lost", "import_run_id": "run"},
    "severity_known": {"severity": "terrible"},
    "outcome_known": {**IMPORTED_CLOSED, "outcome": "maybe"},
    "answer_known": {**DECIDED, "answer": "perhaps", "answered_at": LATER},
    "closing_ground_known": {**CLOSED, "closing_ground": "tired of it"},
    "version_counts_from_one": {"version": 0},
    "closed_has_date": {**CLOSED, "closed_at": None},
    "closed_date_known_or_not": {**IMPORTED_CLOSED, "closed_date_unknown": True},
    "only_imports_lack_dates": {**CLOSED, "closed_at": None, "closed_date_unknown": True},
    "closed_after_received": {**CLOSED, "closed_at": EARLIER},
    "flag_says_true": {**IMPORTED_CLOSED, "closes_before_received": True},
    "acknowledged_has_date": {**ACKNOWLEDGED, "acknowledged_at": None},
    "acknowledged_left_first_stage": {"acknowledged_at": LATER},
    "decided_has_outcome": {**DECIDED, "outcome": "", "decided_at": None},
    "outcome_of_decided_only": {**DECIDED, "stage": "assessed"},
    "acting_was_accepted": {**DECIDED, "stage": "acting"},
    "refusal_has_owner_and_review": {**REFUSED, "review_on": None},
    "answered_needs_no_decision": {**CLOSED, "closing_ground": "answered"},
    "level_known": {"level": 5},
    "reopened_counts": {"reopened": -1},
    "deputy_is_another": {"owner_id": "person", "deputy_id": "person"},
    "decision_date_has_outcome": {**IMPORTED_CLOSED, "decided_at": LATER},
    "outcome_has_date_and_reasons": {**DECIDED, "decision": ""},
    "answer_has_date": {**DECIDED, "answer": "accepted"},
    "answer_needs_decision": {"answer": "accepted", "answered_at": LATER},
    "ground_of_closed_only": {**DECIDED, "closing_ground": "accepted"},
    "closed_has_ground": {**CLOSED, "closing_ground": ""},
    "refusal_keeps_open": {**CLOSED, "answer": "refused", "answered_at": LATER},
    "row_digest_of_imports_only": {"row_digest": b"d" * 32},
    "row_digest_is_sha256": {**IMPORTED_CLOSED, "row_digest": b"short"},
}


def row(house, values):
    values = dict(values)
    if values.get("import_run_id") == "run":
        values["import_run_id"] = run_added(house.id)
    for column in ("owner_id", "deputy_id"):
        if values.get(column) == "person":
            values[column] = house.person("complaint-handler")
    return raw(house.id, **values)


@pytest.mark.parametrize("case", POSSIBLE)
def test_the_database_takes(acme, case):
    assert accepts(Complaint.__table__, row(acme, POSSIBLE[case]))


@pytest.mark.parametrize("constraint", IMPOSSIBLE)
def test_the_database_refuses(acme, constraint):
    refuses(Complaint.__table__, constraint, row(acme, IMPOSSIBLE[constraint]))


def test_a_refusal_without_an_owner_is_refused_too(acme):
    refuses(Complaint.__table__, "refusal_has_owner_and_review", row(acme, {**REFUSED, "owner_id": None}))


RUNS = {
    "digest_is_sha256": {"file_digest": "abc"},
    "state_known": {"state": "paused"},
    "running_has_no_end": {"state": "running"},
    "rows_count_from_one": {"next_row": 0},
}


@pytest.mark.parametrize("constraint", RUNS)
def test_the_database_refuses_import_runs(acme, constraint):
    accepts(ImportRun.__table__, raw_run(acme.id))
    refuses(ImportRun.__table__, constraint, raw_run(acme.id, **RUNS[constraint]))


def test_a_reference_is_given_once_in_an_organisation(acme, globex):
    many(acme.id, [raw(acme.id, 1)])
    many(globex.id, [raw(globex.id, 1)])
    with pytest.raises(IntegrityError):
        many(acme.id, [raw(acme.id, 1)])


def test_a_row_is_imported_once_in_an_organisation(acme, globex):
    digest = {"row_digest": b"r" * 32}
    many(acme.id, [raw(acme.id, 1, import_run_id=run_added(acme.id), **digest)])
    many(globex.id, [raw(globex.id, 1, import_run_id=run_added(globex.id), **digest)])
    with pytest.raises(IntegrityError):
        many(acme.id, [raw(acme.id, 2, import_run_id=run_added(acme.id), **digest)])
