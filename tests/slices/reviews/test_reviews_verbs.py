"""A review from its plan to signed minutes by verbs: journal, gates, actions of decisions, and their way back."""

from datetime import timedelta

import pytest

from auditkit.actions import queries as actions
from auditkit.actions.rules import Kind
from auditkit.base import clock
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.journal.queries import timeline
from auditkit.reviews import minutes, queries, rules, service
from auditkit.reviews.inputs import content
from auditkit.reviews.rules import Attendance, State
from tests.conftest import House
from tests.slices.reviews import doing


def test_a_review_from_plan_to_signature(acme: House) -> None:
    number = doing.ready(acme)
    digest = doing.signed(acme, number)

    tx = reading(acme.system)
    head = queries.by_number(tx, number)
    assert head.state is State.SIGNED
    signature = queries.signature(tx, head.id)
    assert signature is not None
    assert signature.digest == digest
    assert minutes.check(tx, number, signature) == minutes.Checked(signature=True, records=True)
    events = [one.event for one in timeline(tx, acme.id, (queries.SUBJECT, head.id))]
    for event in (rules.PLANNED, rules.FROZEN, rules.ATTENDED, rules.HELD, rules.WRITTEN, rules.DECIDED, rules.SIGNED):
        assert event.name in events


def test_signing_opens_an_action_for_each_decision(acme: House) -> None:
    number = doing.ready(acme)
    doing.decided(acme, number, "Buy a second line\nwith recording", days=30)
    assert actions.listing(reading(acme.system), actions.Filter())[0] == []
    doing.signed(acme, number)

    tx = reading(acme.system)
    found = {one.title: one for one in actions.listing(tx, actions.Filter())[0]}
    assert set(found) == {"Train a second auditor", "Buy a second line"}
    line = found["Buy a second line"]
    decision = queries.decisions(tx, queries.by_number(tx, number).id)[1]
    assert (line.kind, line.origin) == (Kind.IMPROVEMENT, (queries.DECISION, decision.id))
    assert line.due_on == clock.now().date() + timedelta(days=30)
    assert decision.action_id == line.id


def test_decisions_come_back_as_inputs_with_their_state(acme: House, clock: FrozenClock) -> None:
    doing.signed(acme, doing.ready(acme))
    clock.advance(days=70)
    number = doing.planned(acme)
    doing.frozen(acme, number)

    tx = reading(acme.system)
    kept = queries.inputs(tx, queries.by_number(tx, number).id)["last-decisions"]
    found = content.read(kept.content)
    figures = {one.name: one.value for one in found.figures}
    assert figures == {"decisions": "1", "decisions-done": "0", "decisions-verified": "0", "decisions-overdue": "1"}
    [row] = found.tables[0].rows
    assert row[1] == "Train a second auditor"
    assert row[5:] == ("Open", "Overdue")


def test_nothing_is_signed_before_its_time(acme: House) -> None:
    number = doing.planned(acme)
    with pytest.raises(rules.NotHeld):
        doing.signed(acme, number)
    with pytest.raises(rules.InputsFirst):
        doing.held(acme, number)
    doing.frozen(acme, number)
    with pytest.raises(rules.AttendanceOpen):
        doing.held(acme, number)
    doing.attended(acme, number, Attendance.ABSENT)
    with pytest.raises(rules.TopManagementMissing):
        doing.held(acme, number)
    doing.attended(acme, number)
    doing.held(acme, number)
    doing.written(acme, number, but=("audits", "decide-process"))
    with pytest.raises(rules.ItemsOpen, match="Audits"):
        doing.signed(acme, number)
    doing.act(acme, service.write, service.WriteNote(number, "audits", "Two audits, no major finding", 0))
    with pytest.raises(rules.NothingDecided, match="Improving the process"):
        doing.signed(acme, number)
    doing.decided(acme, number)
    doing.signed(acme, number)


def test_only_the_chair_signs(acme: House) -> None:
    number = doing.planned(acme, chair_id=acme.person("quality-manager"))
    doing.frozen(acme, number)
    doing.attended(acme, number)
    doing.held(acme, number)
    doing.written(acme, number)
    with pytest.raises(rules.OnlyTheChair):
        doing.signed(acme, number)


def test_held_and_signed_reviews_stand(acme: House) -> None:
    number = doing.ready(acme)
    with pytest.raises(rules.AlreadyHeld):
        doing.frozen(acme, number)
    doing.signed(acme, number)
    for attempt in (
        lambda: doing.frozen(acme, number),
        lambda: doing.attended(acme, number),
        lambda: doing.decided(acme, number),
        lambda: doing.signed(acme, number),
        lambda: doing.act(acme, service.write, service.WriteNote(number, "audits", "Otherwise", 1)),
        lambda: doing.act(acme, service.take_back, service.TakeBackDecision(number, 1)),
        lambda: doing.act(acme, service.invite, service.InviteGuest(number, name="Late")),
    ):
        with pytest.raises(rules.AlreadySigned):
            attempt()


def test_a_stale_note_is_refused(acme: House) -> None:
    number = doing.planned(acme)
    doing.act(acme, service.write, service.WriteNote(number, "audits", "First", 0))
    with pytest.raises(rules.ReviewChanged):
        doing.act(acme, service.write, service.WriteNote(number, "audits", "Second", 0))
    with pytest.raises(rules.NotOnAgenda):
        doing.act(acme, service.write, service.WriteNote(number, "weather", "Fine", 0))


def test_another_period_wants_new_inputs(acme: House) -> None:
    number = doing.planned(acme)
    doing.frozen(acme, number)
    tx = reading(acme.system)
    head = queries.by_number(tx, number)
    command = service.ReplanReview(
        number,
        head.version,
        head.title,
        head.planned_on,
        head.period_from - timedelta(days=30),
        head.period_to,
        head.chair_id,
    )
    doing.act(acme, service.replan, command)
    tx = reading(acme.system)
    head = queries.by_number(tx, number)
    assert head.state is State.PLANNED
    assert queries.inputs(tx, head.id) == {}


def test_who_may_do_what_and_whose_it_is(acme: House, globex: House) -> None:
    number = doing.planned(acme)
    with pytest.raises(Forbidden):
        doing.act(acme, service.write, service.WriteNote(number, "audits", "Mine", 0), "internal-auditor")
    with pytest.raises(NotFound), transaction(globex.system) as tx:
        service.take_back(tx, service.TakeBackDecision(number, 1), clock.now(), globex.system)
