"""The tables of reviews refuse impossible states, and what was held or signed cannot be changed past the rules."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from auditkit.base.db import reading
from auditkit.reviews import queries
from auditkit.reviews.models import (
    ManagementReview,
    ReviewDecision,
    ReviewGuest,
    ReviewInput,
    ReviewInterval,
    ReviewNote,
    ReviewSignature,
)
from tests.conftest import House
from tests.factories.refusals import accepts, refuses, trigger_refuses
from tests.slices.reviews import doing

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def review(acme: House) -> dict[str, Any]:
    return {
        "organisation_id": acme.id, "number": "MR-2026-01", "title": "Review", "place": "", "planned_on": DAY,
        "period_from": date(2026, 1, 1), "period_to": date(2026, 2, 28), "chair_id": acme.person("administrator"),
        "agenda_id": "a", "agenda": [], "agenda_digest": "0" * 64, "state": "planned", "planned_at": AT,
        "changed_at": AT, "version": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("has_title", {"title": ""}),
        ("has_title", {"number": ""}),
        ("state_known", {"state": "dreamt", "frozen_at": AT}),
        ("days_in_order", {"period_to": date(2025, 12, 31)}),
        ("days_in_order", {"planned_on": date(2026, 2, 27)}),
        ("agenda_has_digest", {"agenda_digest": "0"}),
        ("inputs_before_meeting", {"state": "prepared"}),
        ("inputs_before_meeting", {"frozen_at": AT}),
        ("held_has_day", {"state": "held", "frozen_at": AT}),
        ("held_has_day", {"held_on": DAY}),
        ("signed_has_time", {"state": "signed", "frozen_at": AT, "held_on": DAY}),
        ("signed_has_time", {"signed_at": AT}),
        ("counts_from_one", {"version": 0}),
    ],
)
def test_impossible_reviews(review: dict[str, Any], constraint: str, change: dict[str, Any]) -> None:
    refuses(ManagementReview.__table__, constraint, review | change)


def test_impossible_parts(acme: House, review: dict[str, Any]) -> None:
    review_id = accepts(ManagementReview.__table__, review)
    of = {"organisation_id": acme.id, "review_id": review_id}
    an_input = of | {"name": "audits", "content": "{}", "digest": "0" * 64, "figures": {}, "computed_at": AT}
    refuses(ReviewInput.__table__, "name_known", an_input | {"name": "weather"})
    refuses(ReviewInput.__table__, "digest_is_sha256", an_input | {"digest": "0"})
    refuses(ReviewInput.__table__, "digest_is_sha256", an_input | {"content": ""})
    guest = of | {"name": "Ada", "function": "", "top_management": True, "state": "present", "note": ""}
    refuses(ReviewGuest.__table__, "has_name", guest | {"name": ""})
    refuses(ReviewGuest.__table__, "state_known", guest | {"state": "asleep"})
    refuses(ReviewGuest.__table__, "excused_has_reason", guest | {"state": "excused"})
    note = of | {"item_id": "audits", "written": "x", "changed_at": AT, "version": 1}
    refuses(ReviewNote.__table__, "belongs_to_item", note | {"item_id": ""})
    refuses(ReviewNote.__table__, "belongs_to_item", note | {"version": 0})
    decision = of | {
        "serial": 1, "item_id": "decide-process", "decided": "Train", "owner_id": acme.person("staff"), "due_on": DAY,
        "decided_at": AT,
    }  # fmt: skip
    refuses(ReviewDecision.__table__, "says_what", decision | {"decided": ""})
    refuses(ReviewDecision.__table__, "counts_from_one", decision | {"serial": 0})
    signature = of | {
        "person_id": acme.person("administrator"), "typed_name": "Ada", "proof": "password", "content": "{}",
        "digest": "0" * 64, "signature": "0" * 128, "key_fingerprint": "f", "public_key": "p", "signed_at": AT,
    }  # fmt: skip
    refuses(ReviewSignature.__table__, "has_name", signature | {"typed_name": ""})
    refuses(ReviewSignature.__table__, "proof_known", signature | {"proof": "wink"})
    refuses(ReviewSignature.__table__, "digest_is_sha256", signature | {"digest": "0"})
    refuses(ReviewSignature.__table__, "signature_is_ed25519", signature | {"signature": "0"})


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("spans_fit", {"every_months": 0}),
        ("spans_fit", {"every_months": 25}),
        ("spans_fit", {"ahead_days": -1}),
        ("reminded_has_time", {"reminded_for": DAY}),
        ("reminded_has_time", {"reminded_at": AT}),
    ],
)
def test_impossible_intervals(acme: House, constraint: str, change: dict[str, Any]) -> None:
    refuses(
        ReviewInterval.__table__,
        constraint,
        {"organisation_id": acme.id, "every_months": 12, "ahead_days": 30} | change,
    )


def test_inputs_of_a_held_review_stand(acme: House) -> None:
    number = doing.ready(acme)
    review_id = queries.by_number(reading(acme.system), number).id
    for statement in (
        f"UPDATE review_input SET content = '' WHERE review_id = {review_id}",
        f"DELETE FROM review_input WHERE review_id = {review_id}",
    ):
        trigger_refuses(statement, "stand once it was held")
    trigger_refuses(
        f"UPDATE management_review SET state = 'prepared', held_on = NULL WHERE id = {review_id}", "does not go back"
    )


def test_a_signed_review_stands(acme: House) -> None:
    number = doing.ready(acme)
    doing.signed(acme, number)
    review_id = queries.by_number(reading(acme.system), number).id
    for statement in (
        "UPDATE management_review SET title = 'Another'",
        "DELETE FROM management_review",
        "UPDATE review_guest SET state = 'absent'",
        "DELETE FROM review_guest",
        "UPDATE review_note SET written = 'Otherwise'",
        "DELETE FROM review_note",
        "UPDATE review_decision SET decided = 'Nothing'",
        "DELETE FROM review_decision",
        "UPDATE review_signature SET typed_name = 'Somebody'",
        "DELETE FROM review_signature",
    ):
        trigger_refuses(statement, "stands as it is")
    added = (
        "INSERT INTO review_note (review_id, item_id, written, changed_at, version, organisation_id) "
        f"VALUES ({review_id}, 'weather', 'Fine', '2026-03-02 09:00:00', 1, {acme.id})"
    )
    trigger_refuses(added, "stands as it is")
    assert reading(acme.system).execute(text("SELECT count(*) FROM review_decision")).scalar_one() == 1
