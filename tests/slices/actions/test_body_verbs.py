"""Nonconformities of certification bodies: on record, answered, reviewed; "more needed" opens the plan again."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from auditkit.actions import queries, rules, service, telling
from auditkit.actions.rules import Ended, Grade, ReviewState, State, Target, Verdict
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from auditkit.base.errors import Conflict, Forbidden, NotFound
from tests.conftest import House
from tests.factories.refusals import trigger_refuses
from tests.slices.actions.doing import Doing, act, opened, path, scheme, view

pytestmark = pytest.mark.usefixtures("clock")

VALUES = service.NcValues(
    "Body Ltd", "NC-7", Grade.MAJOR, "Complaints are acknowledged late", date(2026, 2, 20), clause="7.4"
)


def recorded(acme: House, **changes: Any) -> int:
    values = replace(VALUES, **changes)
    return int(act(acme.actor("quality-manager"), service.record_nc, service.RecordNc(values)))


def answered(acme: House, clock: FrozenClock) -> tuple[int, Doing]:
    """A body's major, its action with a plan that is ready."""
    nc_id = recorded(acme, scheme_id=scheme(acme))
    doing = Doing(acme, opened(acme, origin=("body-nc", nc_id), origin_title="Body Ltd NC-7"))
    doing.planned()
    return nc_id, doing


def review(acme: House, nc_id: int, number: str, verdict: Verdict, **more: Any) -> None:
    command = service.NoteReview(nc_id, number, verdict, date(2026, 3, 2), "Show the records")
    act(acme.actor("quality-manager"), service.note_review, replace(command, **more))


def test_what_a_body_raised_is_kept_with_its_number(acme: House, globex: House) -> None:
    nc_id = recorded(acme)
    found = queries.nonconformity(reading(acme.system), nc_id)
    assert (found.body, found.number, found.grade, found.state) == ("Body Ltd", "NC-7", Grade.MAJOR, None)
    with pytest.raises(rules.BodyNumberTaken):
        recorded(acme, body=" Body Ltd ")
    recorded(acme, body="Other body")
    with pytest.raises(NotFound):
        queries.nonconformity(reading(globex.system), nc_id)
    with pytest.raises(Forbidden):
        act(acme.actor("staff"), service.record_nc, service.RecordNc(VALUES))


def test_it_is_changed_by_who_looked_at_it_last(acme: House) -> None:
    nc_id, quality = recorded(acme), acme.actor("quality-manager")
    command = service.ChangeNc(nc_id, 1, replace(VALUES, number="NC-8"))
    act(quality, service.change_nc, command)
    assert queries.nonconformity(reading(acme.system), nc_id).number == "NC-8"
    with pytest.raises(Conflict):
        act(quality, service.change_nc, command)
    with pytest.raises(rules.NcStatementMissing):
        act(quality, service.change_nc, replace(command, version=2, values=replace(VALUES, statement="")))


def test_its_action_has_its_grade_and_limits_whatever_was_asked(acme: House) -> None:
    nc_id = recorded(acme, scheme_id=scheme(acme))
    number = opened(acme, origin=("body-nc", nc_id), origin_title="x", grade=Grade.OPPORTUNITY)
    found = path(acme, number)
    assert (found.grade, found.review, found.scheme_title) == (Grade.MAJOR, ReviewState.WAITING, "usual")
    assert view(acme, number).cause_required
    with pytest.raises(NotFound):
        opened(acme, origin=("body-nc", 99), origin_title="x")


def test_it_closes_only_once_the_body_accepted(acme: House, clock: FrozenClock) -> None:
    nc_id, doing = answered(acme, clock)
    doing.finish(path(acme, doing.number).steps[0].id)
    doing.done()
    clock.advance(days=31)
    doing.verify()
    with pytest.raises(rules.BodyNotAccepted):
        doing.close()
    trigger_refuses(
        "UPDATE action SET state = 'closed', closed_at = opened_at, closed_by = owner_id",
        "an action is not closed before the body accepted it",
    )
    review(acme, nc_id, doing.number, Verdict.ACCEPTED)
    doing.close()
    assert queries.nonconformity(reading(acme.system), nc_id).state is State.CLOSED


def test_more_needed_opens_the_plan_and_gives_it_new_time(acme: House, clock: FrozenClock) -> None:
    nc_id, doing = answered(acme, clock)
    review(acme, nc_id, doing.number, Verdict.MORE_NEEDED)
    found = path(acme, doing.number)
    assert (found.review, found.plan_ready_at, found.reopened) == (ReviewState.MORE_NEEDED, None, 0)
    plans = [one for one in found.dues if one.target is Target.PLAN]
    assert [(telling.last_day(one), one.state) for one in plans] == [
        (date(2026, 3, 22), Ended.MET),
        (date(2026, 4, 1), Ended.RUNNING),  # thirty days from the review
    ]
    doing.finish(found.steps[0].id)
    with pytest.raises(rules.PlanNotReady):
        doing.done()
    doing.ready()
    assert path(acme, doing.number).review is ReviewState.WAITING
    doing.done()


def test_more_needed_by_a_day_that_the_body_named(acme: House, clock: FrozenClock) -> None:
    nc_id, doing = answered(acme, clock)
    review(acme, nc_id, doing.number, Verdict.MORE_NEEDED, due_on=date(2026, 3, 9))
    running = [one for one in path(acme, doing.number).dues if one.target is Target.PLAN and one.ended_at is None]
    assert [telling.last_day(one) for one in running] == [date(2026, 3, 9)]


@pytest.mark.parametrize("far", ["done", "verified", "closed"])
def test_more_needed_opens_an_action_that_was_done_and_keeps_the_round(
    acme: House, clock: FrozenClock, far: str
) -> None:
    nc_id, doing = answered(acme, clock)
    doing.finish(path(acme, doing.number).steps[0].id)
    doing.done()
    clock.advance(days=31)
    if far != "done":
        doing.verify()
    if far == "closed":
        review(acme, nc_id, doing.number, Verdict.ACCEPTED)
        doing.close()
    assert view(acme, doing.number).state.value == far
    review(acme, nc_id, doing.number, Verdict.MORE_NEEDED)
    action, found = view(acme, doing.number), path(acme, doing.number)
    assert (action.state, action.round, action.completion, action.closed_at) == (State.OPEN, 2, "", None)
    assert found.reviews[0].completion == "Springs changed"
    assert found.reopened == 1
    assert {one.target for one in found.dues if one.state is Ended.RUNNING} >= {Target.CLOSE, Target.HARD_STOP}
    with pytest.raises(rules.CriterionMissing):
        doing.ready()
    doing.criterion(wait_days=0)
    doing.ready()
    doing.done()
    doing.verify()


def test_a_review_needs_a_plan_an_action_of_its_own_and_a_day_that_was(acme: House) -> None:
    nc_id = recorded(acme, scheme_id=scheme(acme))
    number = opened(acme, origin=("body-nc", nc_id), origin_title="x")
    with pytest.raises(rules.NothingToReview):
        review(acme, nc_id, number, Verdict.ACCEPTED)
    with pytest.raises(NotFound):
        review(acme, nc_id, opened(acme), Verdict.ACCEPTED)
    doing = Doing(acme, number)
    doing.planned()
    with pytest.raises(rules.ReviewTextMissing):
        review(acme, nc_id, number, Verdict.MORE_NEEDED, text=" ")
    with pytest.raises(rules.ReviewAhead):
        review(acme, nc_id, number, Verdict.ACCEPTED, reviewed_on=date(2026, 3, 3))
