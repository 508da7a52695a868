"""Every side state of the way (waiting, escalated, external body, withdrawn, duplicate, sorted anew, opened again)
from every state a case can be in: each act, let pass or refused by name, on a real database.

The main way is tested in tests/rules/test_complaints_gates.py; here the verbs themselves are asked, and what a refused
one leaves behind.
"""

from datetime import date

import pytest

from auditkit.base import clock as time
from auditkit.base.actor import Actor
from auditkit.base.db import transaction
from auditkit.base.errors import AuditkitError, NotFound
from auditkit.complaints import rules, service
from auditkit.complaints.queries import by_reference
from tests.slices.complaints.recording import assessed, decided, do, found, registered

TODAY = date(2026, 3, 2)
FIRST = 1
NONE, CLOSED = None, rules.ClosedAlready


def acknowledged(handler):
    reference = registered(handler)
    do(handler, service.acknowledge, service.Acknowledge, reference)
    return reference


def investigating(handler):
    reference = assessed(handler)
    do(handler, service.investigate, service.Investigate, reference, plan="Ask the depot")
    return reference


def refused(handler):
    reference = decided(handler)
    named = {"owner_id": handler.person_id, "review_on": date(2026, 3, 16), "next_external": "The ombudsman"}
    do(handler, service.record_answer, service.RecordAnswer, reference, "refused", **named)
    return reference


def acting(handler):
    promised = {"remedies": ("refund",), "amount": 900, "currency": "EUR", "promised_on": date(2026, 3, 20)}
    reference = decided(handler, decision=promised)
    do(handler, service.record_answer, service.RecordAnswer, reference, "accepted")
    return reference


def closed(handler):
    reference = decided(handler)
    do(handler, service.record_answer, service.RecordAnswer, reference, "accepted")
    do(handler, service.close, service.Close, reference, "accepted")
    return reference


def withdrawn(handler):
    reference = registered(handler)
    do(handler, service.withdraw, service.Withdraw, reference, "Solved itself")
    return reference


def duplicate(handler):
    first, second = registered(handler), registered(handler)
    do(handler, service.close_duplicate, service.CloseDuplicate, second, first)
    return second


def reopened(handler):
    reference = closed(handler)
    do(handler, service.reopen, service.Reopen, reference, "New facts")
    return reference


def waiting(handler):
    reference = acknowledged(handler)
    do(handler, service.wait_for, service.WaitFor, reference, "complainant", "Photographs")
    return reference


def proposed(handler):
    system = Actor.system(handler.organisation_id)
    with transaction(system) as tx:
        service.set_limit(tx, service.SetLimit("EUR", 500, "complaint-handler"), time.now(), system)
    above = {"remedies": ("refund",), "amount": 900, "currency": "EUR", "promised_on": date(2026, 3, 20)}
    return decided(handler, told="", decision=above)


def escalated(handler):
    reference = assessed(handler)
    do(handler, service.escalate, service.Escalate, reference, 2, "Media")
    return reference


def asked(handler):
    reference = assessed(handler)
    public = Actor.public(handler.organisation_id)
    with transaction(public) as tx:
        service.ask_escalation(tx, service.AskEscalation(reference), time.now(), public)
    return reference


def referred(handler):
    reference = refused(handler)
    do(handler, service.refer, service.Refer, reference, "Ombudsman", TODAY)
    return reference


def sorted_anew(handler):
    reference = acknowledged(handler)
    do(handler, service.reclassify, service.Reclassify, reference, "suggestion", "An idea")
    return reference


STATES = {
    "received": registered,
    "acknowledged": acknowledged,
    "assessed": assessed,
    "investigating": investigating,
    "decided": lambda handler: decided(handler, told=""),
    "told": decided,
    "refused": refused,
    "acting": acting,
    "waiting": waiting,
    "reopened": reopened,
    "closed": closed,
    "withdrawn": withdrawn,
    "duplicate": duplicate,
    "proposed": proposed,
    "escalated": escalated,
    "asked for another level": asked,
    "referred": referred,
    "sorted anew": sorted_anew,
}

# Act -> the verb, and its command for a case in the version it has; `other` is a second case.
ACTS = {
    "withdraw": lambda ref, v, other: (service.withdraw, service.Withdraw(ref, v, "Solved")),
    "withdraw, own": lambda ref, v, other: (service.withdraw_own, service.WithdrawOwn(ref)),
    "duplicate": lambda ref, v, other: (service.close_duplicate, service.CloseDuplicate(ref, v, other)),
    "wait": lambda ref, v, other: (service.wait_for, service.WaitFor(ref, v, "expert", "A report")),
    "end wait": lambda ref, v, other: (service.end_wait, service.EndWait(ref, v)),
    "information came": lambda ref, v, other: (service.information_came, service.Came(ref)),
    "escalate": lambda ref, v, other: (service.escalate, service.Escalate(ref, v, 3, "Media")),
    "ask escalation": lambda ref, v, other: (service.ask_escalation, service.AskEscalation(ref)),
    "decline escalation": lambda ref, v, other: (service.decline_escalation, service.DeclineEscalation(ref, v, "No")),
    "refer": lambda ref, v, other: (service.refer, service.Refer(ref, v, "Ombudsman", TODAY)),
    "end referral": lambda ref, v, other: (
        service.end_referral,
        service.EndReferral(ref, v, FIRST, TODAY, "They agree with us", False),
    ),
    "reclassify": lambda ref, v, other: (service.reclassify, service.Reclassify(ref, v, "concern", "It is one")),
    "correct": lambda ref, v, other: (service.correct, service.Correct(ref, v, "Lamp", "Misread")),
    "correct, person": lambda ref, v, other: (
        service.correct_identity,
        service.CorrectIdentity(ref, v, "Misheard", service.Identity(name="Ann Lee")),
    ),
    "reopen": lambda ref, v, other: (service.reopen, service.Reopen(ref, v, "New facts")),
    "link": lambda ref, v, other: (service.link, service.LinkTo(ref, v, other, "same-cause")),
}


# Act -> the answer in an open case, in a closed one, and where a state answers otherwise.
EXPECTED = {
    "withdraw": (NONE, CLOSED, {}),
    "withdraw, own": (NONE, CLOSED, {}),
    "duplicate": (NONE, CLOSED, {"refused": rules.RefusalKeepsOpen, "referred": rules.RefusalKeepsOpen}),
    "wait": (NONE, CLOSED, {"waiting": rules.WaitsAlready}),
    "end wait": (rules.NotWaiting, rules.NotWaiting, {"waiting": NONE}),
    "information came": (rules.NotWaiting, rules.NotWaiting, {"waiting": NONE}),
    "escalate": (NONE, CLOSED, {}),
    "ask escalation": (
        NONE,
        CLOSED,
        {"asked for another level": rules.AskedAlready, "referred": rules.TopReached},
    ),
    "decline escalation": (rules.NothingAsked, rules.NothingAsked, {"asked for another level": NONE}),
    "refer": (NONE, CLOSED, {}),
    "end referral": (NotFound, NotFound, {"referred": NONE}),
    "reclassify": (NONE, NONE, {}),
    "correct": (NONE, NONE, {}),
    "correct, person": (NONE, NONE, {}),
    "reopen": (rules.NotClosed, NONE, {}),
    "link": (NONE, NONE, {}),
}
ENDED = ("closed", "withdrawn", "duplicate")


class Undone(Exception):
    """So that an act that was let pass leaves nothing behind."""


def outcome(handler, reference, act, other):
    """The error a verb answers with, None when it lets pass; either way the case stays as it was."""
    try:
        with transaction(handler) as tx:
            verb, command = ACTS[act](reference, by_reference(tx, reference).version, other)
            verb(tx, command, time.now(), handler)
            raise Undone
    except Undone:
        return None
    except AuditkitError as refusal:
        return type(refusal)


def expected(act, state):
    in_open, in_closed, otherwise = EXPECTED[act]
    return otherwise.get(state, in_closed if state in ENDED else in_open)


@pytest.mark.parametrize("state", STATES)
def test_each_side_act_in_each_state(acme, clock, state):
    handler = acme.actor("complaint-handler")
    other = registered(handler)
    reference = STATES[state](handler)
    before = found(handler, reference)
    assert {act: outcome(handler, reference, act, other) for act in ACTS} == {act: expected(act, state) for act in ACTS}
    assert found(handler, reference) == before
