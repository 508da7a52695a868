"""Every CHECK of the action tables refuses its impossible state, whoever writes past the rules."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Table

from auditkit.actions.models import Action, ActionAttempt
from tests.conftest import House
from tests.factories.refusals import accepts, refuses

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OWNER, HELPER, VERIFIER = "staff", "complaint-handler", "quality-manager"

DONE = {"state": "done", "completed_at": AT, "completed_by": HELPER, "completion": "Changed the lock"}
VERIFIED = {**DONE, "state": "verified", "verified_at": AT, "verified_by": VERIFIER, "verification": "Tried it"}
CLOSED = {**VERIFIED, "state": "closed", "closed_at": AT, "closed_by": VERIFIER}

POSSIBLE = {
    "open": {},
    "done": DONE,
    "verified": VERIFIED,
    "closed": CLOSED,
    "done, major with cause": {**DONE, "cause_required": True, "cause": "Worn"},
    "open, major without cause yet": {"cause_required": True},
}
IMPOSSIBLE = [
    ("kind_known", {"kind": "wish"}),
    ("state_known", {**DONE, "state": "forgotten"}),
    ("has_title", {"title": ""}),
    ("has_origin", {"origin_title": ""}),
    ("has_origin", {"origin_kind": ""}),
    ("done_says_who_and_when", {"state": "done"}),
    ("done_says_who_and_when", {**DONE, "state": "open"}),
    ("done_says_who_and_when", {**DONE, "completed_by": None}),
    ("closed_only_when_verified", {**DONE, "state": "verified"}),
    ("closed_only_when_verified", {**VERIFIED, "state": "done"}),
    ("verified_says_who", {**VERIFIED, "verified_by": None}),
    ("verified_says_how", {**VERIFIED, "verification": ""}),
    ("verifier_is_not_owner", {**VERIFIED, "verified_by": OWNER}),
    ("verifier_did_not_complete_it", {**VERIFIED, "verified_by": HELPER}),
    ("closed_has_date", {**VERIFIED, "state": "closed"}),
    ("closed_has_date", {**CLOSED, "state": "verified"}),
    ("closed_only_when_verified", {**DONE, "state": "closed", "closed_at": AT}),
    ("major_has_cause_before_done", {**DONE, "cause_required": True}),
    ("counts_from_one", {"round": 0}),
    ("counts_from_one", {"version": 0}),
]
ATTEMPT = {
    "round": 1,
    "owner_id": OWNER,
    "completed_at": AT,
    "completed_by": HELPER,
    "completion": "Changed the lock",
    "verified_at": AT,
    "verified_by": VERIFIER,
    "verification": "It still sticks",
}
IMPOSSIBLE_ATTEMPTS = [
    ("says_what_was_missing", {"verification": ""}),
    ("verifier_is_somebody_else", {"verified_by": OWNER}),
    ("verifier_is_somebody_else", {"verified_by": HELPER}),
]


def _people(acme: House, values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: acme.person(value) if isinstance(value, str) and name.endswith(("_by", "owner_id")) else value
        for name, value in values.items()
    }


def _action(acme: House, **changes: Any) -> dict[str, Any]:
    values = {
        "organisation_id": acme.id,
        "number": "AC-2026-001",
        "kind": "corrective",
        "title": "Change the lock",
        "origin_kind": "finding",
        "origin_id": 1,
        "origin_title": "Door 3 stood open",
        "owner_id": OWNER,
        "due_on": date(2026, 4, 1),
        "opened_at": AT,
        "changed_at": AT,
    }
    return _people(acme, {**values, **changes})


# One test a table, not one a case: each test gets a database of its own, which is what costs.


def test_possible_actions_are_stored_and_impossible_ones_refused(acme: House) -> None:
    for number, changes in enumerate(POSSIBLE.values()):
        accepts(Action.__table__, _action(acme, number=f"AC-{number}", **changes))
    for constraint, changes in IMPOSSIBLE:
        refuses(Action.__table__, constraint, _action(acme, **changes))


def test_a_possible_attempt_is_stored_and_impossible_ones_refused(acme: House) -> None:
    attempt = {"organisation_id": acme.id, "action_id": accepts(Action.__table__, _action(acme)), **ATTEMPT}
    for constraint, changes in IMPOSSIBLE_ATTEMPTS:
        refuses(ActionAttempt.__table__, constraint, _people(acme, {**attempt, **changes}))
    accepts(ActionAttempt.__table__, _people(acme, attempt))


def _checks(table: Table) -> set[str]:
    return {
        str(one.name).removeprefix(f"ck_{table.name}_") for one in table.constraints if isinstance(one, CheckConstraint)
    }


def test_every_check_has_its_impossible_state() -> None:
    assert _checks(Action.__table__) == {name for name, _changes in IMPOSSIBLE}
    assert _checks(ActionAttempt.__table__) == {name for name, _changes in IMPOSSIBLE_ATTEMPTS}
