"""Decision, authority, remedy and refusal, on a real database."""

from datetime import date

import pytest

from auditkit.base import clock as time
from auditkit.base.db import reading
from auditkit.base.errors import Forbidden, NotFound
from auditkit.complaints import queries, rules, service
from auditkit.complaints.service import (
    AnswerOwn,
    Approve,
    Assign,
    Close,
    Decide,
    Deliver,
    Investigate,
    RecordAnswer,
    SendBack,
    SetLimit,
    SetPractice,
    Tell,
)
from tests.slices.complaints.recording import (
    assessed,
    decided,
    do,
    events,
    found,
    history,
    investigated,
    run,
)

TODAY = date(2026, 3, 2)


# Decision, authority, remedy


def test_above_the_limit_a_decision_waits_for_somebody_else(acme, handler, manager):
    run(manager, service.set_limit, SetLimit("EUR", 10_000, "complaint-handler"))
    run(manager, service.set_limit, SetLimit("EUR", 12_000, person_id=manager.person_id))
    reference = assessed(handler)
    granted = {"amount": 11_000, "currency": "EUR", "remedies": ("refund",), "promised_on": date(2026, 3, 9)}
    assert do(handler, service.decide, Decide, reference, "upheld", "because", told_channel="phone", **granted) is False
    case = found(handler, reference)
    assert (case.stage, case.outcome, case.decision, case.next_act) == ("proposed", "", "", "approve")
    proposed = history(handler, reference).proposed
    assert (proposed.limit_amount, proposed.amount, proposed.told_at) == (10_000, 11_000, None)
    with pytest.raises(Forbidden):
        do(handler, service.approve, Approve, reference)
    with pytest.raises(rules.ProposalWaits):
        do(handler, service.decide, Decide, reference, "upheld", "because")
    with pytest.raises(rules.ReasonMissing):
        do(manager, service.send_back, SendBack, reference, " ")
    do(manager, service.send_back, SendBack, reference, "Half of it is enough")
    assert found(handler, reference).stage == "assessed"
    do(handler, service.decide, Decide, reference, "upheld", "because", **granted)
    do(manager, service.approve, Approve, reference)
    case = found(handler, reference)
    assert (case.stage, case.outcome, case.decision, case.next_act) == ("decided", "upheld", "because", "tell")
    assert [(one.number, one.state) for one in history(handler, reference).decisions] == [
        (2, "decided"),
        (1, "returned"),
    ]
    assert events(acme, reference)[-4:] == [
        "complaint:decision-proposed", "complaint:decision-returned", "complaint:decision-proposed",
        "complaint:decided",
    ]  # fmt: skip


def test_nobody_approves_the_own_proposal_or_above_the_own_limit(acme, manager, clock):
    administrator = acme.actor("administrator")
    run(administrator, service.set_limit, SetLimit("EUR", 100, "quality-manager"))
    run(
        administrator,
        service.set_limit,
        SetLimit("EUR", 500, person_id=acme.colleague("quality-manager", "Other").person_id),
    )
    reference = assessed(manager)
    do(manager, service.decide, Decide, reference, "upheld", "because", amount=501, currency="EUR", promised_on=TODAY)
    with pytest.raises(rules.ProposerApproves):
        do(manager, service.approve, Approve, reference)
    with pytest.raises(rules.AboveYourLimit):
        do(acme.colleague("quality-manager", "Third"), service.approve, Approve, reference)
    do(administrator, service.approve, Approve, reference)
    decision = history(manager, reference).decisions[0]
    assert (decision.proposed_by, decision.settled_by) == (manager.person_id, administrator.person_id)


def test_limits_are_set_changed_and_removed_on_record(acme, handler, manager):
    run(manager, service.set_limit, SetLimit("EUR", 100, "complaint-handler"))
    run(manager, service.set_limit, SetLimit("EUR", 200, "complaint-handler"))
    (line,) = queries.limit_lines(reading(manager))
    assert line.limit == rules.Limit("complaint-handler", None, "EUR", 200)
    for command, refusal in [
        (SetLimit("EUR", -1, "staff"), rules.AmountImpossible),
        (SetLimit("euro", 1, "staff"), rules.CurrencyMissing),
        (SetLimit("EUR", 1, person_id=999_999), rules.NoSuchMember),
    ]:
        with pytest.raises(refusal):
            run(manager, service.set_limit, command)
    with pytest.raises(Forbidden):
        run(handler, service.set_limit, SetLimit("EUR", 10**9, "complaint-handler"))
    run(manager, service.remove_limit, service.RemoveLimit(line.id))
    with pytest.raises(NotFound):
        run(manager, service.remove_limit, service.RemoveLimit(line.id))
    assert not queries.limits(reading(manager))


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"remedies": ("moon",)}, rules.UnknownWord),
        ({"others": "some"}, rules.UnknownWord),
        ({"others": "yes"}, rules.OthersUnnamed),
        ({"remedies": ("refund",)}, rules.RemedyUndated),
        ({"amount": 100, "promised_on": TODAY}, rules.CurrencyMissing),
    ],
)
def test_what_cannot_be_decided(handler, more, refusal):
    reference = assessed(handler)
    with pytest.raises(refusal):
        do(handler, service.decide, Decide, reference, "upheld", "because", **more)
    assert not history(handler, reference).decisions


def test_a_remedy_counts_when_it_was_delivered(acme, handler, clock):
    reference = decided(
        handler, decision={"remedies": ("refund",), "amount": 4_590, "currency": "EUR", "promised_on": date(2026, 3, 9)}
    )
    do(handler, service.record_answer, RecordAnswer, reference, "accepted")
    case = found(handler, reference)
    assert (case.stage, case.next_act) == ("acting", "deliver")
    with pytest.raises(rules.RemedyNotDelivered):
        do(handler, service.close, Close, reference, "accepted")
    clock.advance(days=4)
    with pytest.raises(rules.DeliveryUnproven):
        do(handler, service.deliver, Deliver, reference, date(2026, 3, 6))
    with pytest.raises(rules.DeliveredInFuture):
        do(handler, service.deliver, Deliver, reference, date(2026, 3, 7), "Bank receipt")
    do(handler, service.deliver, Deliver, reference, date(2026, 3, 6), "Bank receipt 12")
    with pytest.raises(rules.NothingPromised):
        do(handler, service.deliver, Deliver, reference, date(2026, 3, 6), "Bank receipt 12")
    assert found(handler, reference).next_act == "close"
    do(handler, service.close, Close, reference, "accepted")
    decision = history(handler, reference).decisions[0]
    assert (decision.delivered_on, decision.delivery) == (date(2026, 3, 6), "Bank receipt 12")


def test_telling_is_on_record_once_and_silence_needs_it(handler):
    reference = decided(handler, told="")
    with pytest.raises(rules.NotToldYet):
        do(handler, service.close, Close, reference, "no-answer")
    do(handler, service.tell, Tell, reference, "post", "The ombudsman for trade")
    with pytest.raises(rules.ToldAlready):
        do(handler, service.tell, Tell, reference, "post")
    decision = history(handler, reference).decisions[0]
    assert (decision.told_channel, decision.told_at, decision.options) == (
        "post",
        time.now(),
        "The ombudsman for trade",
    )
    do(handler, service.close, Close, reference, "no-answer")


# Refusal


def test_a_refusal_keeps_owner_review_and_next_steps(acme, handler, manager):
    run(manager, service.set_practice, SetPractice("EUR", "Consumer Ombudsman, 1 Park Lane", 10, 60))
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "refused", "Not enough")
    case = found(handler, reference)
    assert (case.stage, case.answer, case.owner_id, case.review_on) == (
        "decided", "refused", handler.person_id, date(2026, 3, 12),
    )  # fmt: skip
    decision = history(handler, reference).decisions[0]
    assert decision.next_external == "Consumer Ombudsman, 1 Park Lane"
    assert "Level 2" in decision.next_internal
    assert decision.answer_note == "Not enough"
    with pytest.raises(rules.ReviewMissing):
        do(handler, service.assign, Assign, reference, manager.person_id)
    do(handler, service.assign, Assign, reference, manager.person_id, None, date(2026, 3, 20))


def test_a_complainant_who_refuses_finds_an_owner_even_where_nobody_had_one(acme, handler, clock):
    reference = decided(acme.system)
    assert found(handler, reference).owner_id is None
    run(acme.public, service.answer_own, AnswerOwn(reference, "refused", "No"))
    case = found(handler, reference)
    assert case.owner_id in {acme.person("quality-manager"), acme.person("administrator")}
    assert case.review_on == date(2026, 3, 16)
    with pytest.raises(rules.AnsweredAlready):
        run(acme.public, service.answer_own, AnswerOwn(reference, "accepted"))


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"review_on": date(2026, 3, 1)}, rules.ReviewMissing),
        ({"owner_id": 999_999}, rules.NoSuchHandler),
        ({"next_external": " "}, rules.NextStepsMissing),
    ],
)
def test_a_refusal_that_would_leave_the_case_adrift(handler, more, refusal):
    reference = decided(handler)
    with pytest.raises(refusal):
        do(handler, service.record_answer, RecordAnswer, reference, "refused", **more)
    assert found(handler, reference).answer == ""


def test_after_a_refusal_a_new_look_and_a_new_decision(handler, manager):
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    do(manager, service.investigate, Investigate, reference, plan="Look again")
    assert found(handler, reference).next_act == "investigate"
    investigated(manager, reference)
    do(manager, service.decide, Decide, reference, "partly-upheld", "We looked again", told_channel="phone")
    case = found(handler, reference)
    assert (case.outcome, case.answer, case.review_on, case.next_act) == ("partly-upheld", "", None, "answer")
    assert [one.answer for one in history(handler, reference).decisions] == ["", "refused"]
