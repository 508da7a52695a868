"""The gates of an action, as tables: what is refused, by which name, and what passes."""

from datetime import date
from typing import Any

import pytest

from auditkit.actions import rules
from auditkit.actions.rules import State

OWNER, HELPER, VERIFIER = 1, 2, 3

COMPLETE: dict[str, Any] = {
    "state": State.OPEN,
    "person_id": OWNER,
    "cause_required": False,
    "cause": "",
    "proof": "The lock was changed",
    "files": 0,
}
VERIFY: dict[str, Any] = {
    "state": State.DONE,
    "verifier_id": VERIFIER,
    "owner_id": OWNER,
    "completed_by": HELPER,
    "text": "Tried all doors twice",
}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"state": State.DONE}, rules.NotOpen),
        ({"state": State.VERIFIED}, rules.NotOpen),
        ({"state": State.CLOSED}, rules.NotOpen),
        ({"person_id": None}, rules.PersonNeeded),
        ({"cause_required": True}, rules.CauseMissing),
        ({"cause_required": True, "cause": "  "}, rules.CauseMissing),
        ({"proof": ""}, rules.ProofMissing),
        ({"proof": " \n"}, rules.ProofMissing),
    ],
)
def test_reporting_as_done_is_refused(change: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_complete(**{**COMPLETE, **change})


@pytest.mark.parametrize(
    "change", [{}, {"cause_required": True, "cause": "Worn"}, {"proof": "", "files": 1}, {"person_id": HELPER}]
)
def test_reporting_as_done_passes(change: dict[str, Any]) -> None:
    rules.check_complete(**{**COMPLETE, **change})


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"state": State.OPEN}, rules.NotDone),
        ({"state": State.VERIFIED}, rules.NotDone),
        ({"state": State.CLOSED}, rules.NotDone),
        ({"verifier_id": None}, rules.PersonNeeded),
        ({"verifier_id": OWNER}, rules.VerifierIsOwner),
        ({"verifier_id": HELPER}, rules.VerifierCompletedIt),
        ({"text": " "}, rules.VerificationTextMissing),
    ],
)
def test_verifying_is_refused(change: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_verify(**{**VERIFY, **change})


def test_somebody_else_may_verify() -> None:
    rules.check_verify(**VERIFY)


@pytest.mark.parametrize(
    ("state", "person", "offered"),
    [
        (State.DONE, VERIFIER, True),
        (State.DONE, OWNER, False),
        (State.DONE, HELPER, False),
        (State.DONE, None, False),
        (State.OPEN, VERIFIER, False),
        (State.VERIFIED, VERIFIER, False),
    ],
)
def test_the_page_offers_verification_to_whom_it_is_allowed(state: State, person: int | None, offered: bool) -> None:
    assert rules.may_verify(state=state, person_id=person, owner_id=OWNER, completed_by=HELPER) is offered


@pytest.mark.parametrize("state", [State.OPEN, State.DONE, State.CLOSED])
def test_nothing_is_closed_without_verification(state: State) -> None:
    with pytest.raises(rules.NotVerified):
        rules.check_close(state)


def test_a_verified_action_may_be_closed() -> None:
    rules.check_close(State.VERIFIED)


@pytest.mark.parametrize(
    ("person", "oversees", "allowed"),
    [(OWNER, False, True), (HELPER, True, True), (HELPER, False, False), (None, False, False)],
)
def test_the_owner_or_an_overseer_works_on_an_action(person: int | None, oversees: bool, allowed: bool) -> None:
    if allowed:
        rules.check_may_work(person_id=person, owner_id=OWNER, oversees=oversees)
        return
    with pytest.raises(rules.NotYours):
        rules.check_may_work(person_id=person, owner_id=OWNER, oversees=oversees)


@pytest.mark.parametrize(
    ("state", "today", "late"),
    [
        (State.OPEN, date(2026, 3, 9), False),
        (State.OPEN, date(2026, 3, 10), False),
        (State.OPEN, date(2026, 3, 11), True),
        (State.DONE, date(2026, 3, 11), False),
        (State.CLOSED, date(2026, 3, 11), False),
    ],
)
def test_an_action_is_overdue_the_day_after(state: State, today: date, late: bool) -> None:
    assert rules.overdue(state=state, due_on=date(2026, 3, 10), today=today) is late


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ([], None),
        ([State.CLOSED, State.OPEN, State.DONE], State.OPEN),
        ([State.VERIFIED, State.DONE], State.DONE),
        ([State.CLOSED, State.VERIFIED], State.VERIFIED),
        ([State.CLOSED], State.CLOSED),
    ],
)
def test_several_actions_are_as_far_as_the_one_furthest_behind(states: list[State], together: State | None) -> None:
    assert rules.least_advanced(states) is together


def test_every_kind_and_state_has_words() -> None:
    assert set(rules.KIND_TITLES) == set(rules.KIND_MEANINGS) == set(rules.Kind)
    assert set(rules.STATE_TITLES) == set(State)


def test_numbers_are_read_aloud_easily() -> None:
    assert rules.number(2026, 7) == "AC-2026-007"
    assert rules.number(2026, 1234) == "AC-2026-1234"
