"""Every gate between the stages of a complaint: each state against each act, passed and refused. No database."""

from dataclasses import replace
from datetime import date

import pytest

from auditkit.base.errors import AuditkitError
from auditkit.complaints import rules
from auditkit.complaints.rules import Answer, Complexity, Ground, Kind, Severity, Stage, Standing

NOT_ACKNOWLEDGED, CLOSED, WAITS = rules.NotAcknowledged, rules.ClosedAlready, rules.ProposalWaits
TODAY = date(2026, 3, 2)


def outcome(gate, *arguments, **named):
    """The error a gate answers with, or None when it lets pass."""
    try:
        gate(*arguments, **named)
    except AuditkitError as refusal:
        return type(refusal)
    return None


SIMPLE = {"severity": "low", "complexity": "simple"}
STATES = {
    "received": Standing(Stage.RECEIVED),
    "acknowledged": Standing(Stage.ACKNOWLEDGED),
    "assessed": Standing(Stage.ASSESSED, **SIMPLE),
    "assessed, grave": Standing(Stage.ASSESSED, severity="high", complexity="simple"),
    "investigating": Standing(Stage.INVESTIGATING, **SIMPLE, investigation="begun"),
    "investigated": Standing(Stage.INVESTIGATING, severity="high", complexity="complex", investigation="ended"),
    "proposed": Standing(Stage.PROPOSED, **SIMPLE),
    "decided": Standing(Stage.DECIDED, **SIMPLE),
    "told": Standing(Stage.DECIDED, **SIMPLE, told=True),
    "accepted": Standing(Stage.DECIDED, Answer.ACCEPTED, **SIMPLE, told=True),
    "acting": Standing(Stage.ACTING, Answer.ACCEPTED, **SIMPLE, told=True, remedy_due=True),
    "delivered": Standing(Stage.ACTING, Answer.ACCEPTED, **SIMPLE, told=True),
    "refused": Standing(Stage.DECIDED, Answer.REFUSED, **SIMPLE, told=True),
    "refused, proposed anew": Standing(Stage.PROPOSED, Answer.REFUSED, **SIMPLE, told=True),
    "closed": Standing(Stage.CLOSED, Answer.ACCEPTED, **SIMPLE, told=True),
    "closed after refusal": Standing(Stage.CLOSED, Answer.REFUSED, **SIMPLE, told=True),
}
STANDS, NONE = rules.DecidedAlready, None
# One column for each state above, in its order.
ASSESSING = (
    NOT_ACKNOWLEDGED, *[NONE] * 5, WAITS, *[STANDS] * 5, NONE, WAITS, CLOSED, CLOSED,
)  # fmt: skip
ACTS = {
    "acknowledge": (rules.may_acknowledge, (), (NONE, *[rules.AlreadyAcknowledged] * 15)),
    "assess": (rules.may_assess, (), ASSESSING),
    "investigate": (rules.may_investigate, (), (ASSESSING[0], rules.NotAssessed, *ASSESSING[2:])),
    "decide": (
        rules.may_decide, ("because",),
        (
            NOT_ACKNOWLEDGED, rules.NotAssessed, NONE, rules.NotInvestigated, rules.InvestigationUnfinished,
            *ASSESSING[5:],
        ),
    ),
    "settle": (
        rules.may_settle, (),
        (*[rules.NothingProposed] * 6, NONE, *[rules.NothingProposed] * 6, NONE, CLOSED, CLOSED),
    ),
    "tell": (
        rules.may_tell, (),
        (*[rules.NothingDecided] * 7, NONE, *[rules.ToldAlready] * 5, rules.NothingDecided, CLOSED, CLOSED),
    ),
    "answer": (
        rules.may_answer, (),
        (
            *[rules.NoDecisionToAnswer] * 7, NONE, NONE, *[rules.AnsweredAlready] * 4, rules.NoDecisionToAnswer,
            CLOSED, CLOSED,
        ),
    ),
    "deliver": (
        rules.may_deliver, (),
        (*[rules.NothingPromised] * 10, NONE, *[rules.NothingPromised] * 3, CLOSED, CLOSED),
    ),
    "close, accepted": (
        rules.may_close, (Ground.ACCEPTED, ""),
        (
            *[rules.ClosedBeforeDecision] * 6, WAITS, rules.NotAccepted, rules.NotAccepted, NONE,
            rules.RemedyNotDelivered, NONE, rules.RefusalKeepsOpen, WAITS, CLOSED, CLOSED,
        ),
    ),
    "close, no answer": (
        rules.may_close, (Ground.NO_ANSWER, ""),
        (
            *[rules.ClosedBeforeDecision] * 6, WAITS, rules.NotToldYet, NONE, NONE, rules.RemedyNotDelivered,
            NONE, rules.RefusalKeepsOpen, WAITS, CLOSED, CLOSED,
        ),
    ),
    "close, exhausted": (
        rules.may_close, (Ground.EXHAUSTED, "level 3 and the ombudsman"),
        (*[rules.ClosedBeforeDecision] * 6, WAITS, *[rules.NeverRefused] * 5, NONE, WAITS, CLOSED, CLOSED),
    ),
    "close, exhausted without a note": (
        rules.may_close, (Ground.EXHAUSTED, " "),
        (*[rules.ClosedBeforeDecision] * 6, WAITS, *[rules.NeverRefused] * 5, rules.NoteMissing, WAITS, CLOSED, CLOSED),
    ),
    "close, decided externally": (
        rules.may_close, (Ground.DECIDED_EXTERNALLY, "ombudsman"),
        (*[rules.ClosedBeforeDecision] * 6, WAITS, *[rules.NeverRefused] * 5, NONE, WAITS, CLOSED, CLOSED),
    ),
    "close, answered": (rules.may_close, (Ground.ANSWERED, ""), (*[rules.DecisionDue] * 14, CLOSED, CLOSED)),
    "close, withdrawn": (rules.may_close, (Ground.WITHDRAWN, "x"), (*[rules.GroundHasOwnAct] * 14, CLOSED, CLOSED)),
    "close, duplicate": (rules.may_close, (Ground.DUPLICATE, "x"), (*[rules.GroundHasOwnAct] * 14, CLOSED, CLOSED)),
    "close, recorded twice": (
        rules.may_close_duplicate, (), (*[NONE] * 12, *[rules.RefusalKeepsOpen] * 2, CLOSED, CLOSED),
    ),
    "reopen": (rules.may_reopen, ("new facts",), (*[rules.NotClosed] * 14, NONE, NONE)),
    "open": (rules.check_open, (), (*[NONE] * 14, CLOSED, CLOSED)),
}  # fmt: skip
TABLE = [
    pytest.param(gate, state, arguments, refusal, id=f"{act}: {name}")
    for act, (gate, arguments, refusals) in ACTS.items()
    for (name, state), refusal in zip(STATES.items(), refusals, strict=True)
]


@pytest.mark.parametrize(("gate", "state", "arguments", "refusal"), TABLE)
def test_each_act_in_each_state(gate, state, arguments, refusal):
    assert outcome(gate, state, *arguments) is refusal


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("received", "acknowledge"),
        ("acknowledged", "assess"),
        ("assessed", "decide"),
        ("assessed, grave", "investigate"),
        ("investigating", "investigate"),
        ("investigated", "decide"),
        ("proposed", "approve"),
        ("decided", "tell"),
        ("told", "answer"),
        ("accepted", "close"),
        ("acting", "deliver"),
        ("delivered", "close"),
        ("refused", "decide"),
        ("refused, proposed anew", "approve"),
        ("closed", None),
        ("closed after refusal", None),
    ],
)
def test_there_is_one_obvious_next_act(state, act):
    assert rules.next_act(STATES[state]) == act


def test_what_a_file_brought_in_half_way_is_assessed_first():
    for stage in (Stage.ASSESSED, Stage.INVESTIGATING):
        assert rules.next_act(Standing(stage)) == "assess"


def test_a_new_look_after_a_refusal_is_ended_before_a_new_decision():
    state = replace(STATES["refused"], investigation="begun")
    assert rules.next_act(state) == "investigate"
    assert outcome(rules.may_decide, state, "because") is rules.InvestigationUnfinished


def test_what_needs_no_decision_is_closed_by_an_answer():
    for kind in (Kind.SUGGESTION, Kind.REQUEST, Kind.COMPLIMENT):
        state = Standing(Stage.ACKNOWLEDGED, kind=kind)
        assert rules.next_act(state) == "close"
        assert outcome(rules.may_close, state, Ground.ANSWERED, "") is None
        assert outcome(rules.may_close, replace(state, stage=Stage.RECEIVED), Ground.ANSWERED, "") is NOT_ACKNOWLEDGED
    for kind in (Kind.COMPLAINT, Kind.CONCERN, Kind.DISPUTE):
        state = Standing(Stage.ACKNOWLEDGED, kind=kind)
        assert outcome(rules.may_close, state, Ground.ANSWERED, "") is rules.DecisionDue


@pytest.mark.parametrize(
    ("more", "must"),
    [
        ({}, False),
        ({"severity": Severity.MEDIUM}, False),
        ({"severity": Severity.HIGH}, True),
        ({"severity": Severity.CRITICAL}, True),
        ({"severity": ""}, True),
        ({"complexity": Complexity.MEDIUM}, True),
        ({"complexity": Complexity.COMPLEX}, True),
        ({"safety": True}, True),
        ({"about_member": True}, True),
        ({"kind": Kind.CONCERN}, True),
        ({"kind": Kind.DISPUTE}, True),
        ({"kind": Kind.SUGGESTION}, False),
    ],
)
def test_what_may_be_decided_straight_from_its_assessment(more, must):
    state = replace(STATES["assessed"], **more)
    assert rules.must_be_investigated(state) is must
    assert outcome(rules.may_decide, state, "because") is (rules.NotInvestigated if must else None)
    assert rules.next_act(state) == ("investigate" if must else "decide")


@pytest.mark.parametrize("state", ["assessed", "investigated", "refused"])
def test_a_decision_needs_reasons(state):
    assert outcome(rules.may_decide, STATES[state], " \n") is rules.ReasonsMissing


@pytest.mark.parametrize(
    ("kind", "to", "reason", "ground", "refusal"),
    [
        (Kind.COMPLAINT, Kind.REQUEST, "a question only", "", None),
        (Kind.COMPLAINT, Kind.COMPLAINT, "x", "", rules.SameKind),
        (Kind.COMPLAINT, Kind.REQUEST, " ", "", rules.ReasonMissing),
        (Kind.SUGGESTION, Kind.COMPLAINT, "dissatisfied after all", Ground.ANSWERED, rules.ReopenFirst),
        (Kind.SUGGESTION, Kind.REQUEST, "a question", Ground.ANSWERED, None),
        (Kind.COMPLAINT, Kind.DISPUTE, "before the court", Ground.ACCEPTED, None),
    ],
)
def test_sorting_anew(kind, to, reason, ground, refusal):
    assert outcome(rules.may_reclassify, Standing(Stage.ACKNOWLEDGED, kind=kind), to, reason, ground) is refusal


def test_reopening_needs_a_reason_and_never_goes_past_the_assessment():
    assert outcome(rules.may_reopen, STATES["closed"], " ") is rules.ReasonMissing
    assert rules.stage_reopened(assessed=True, acknowledged=True) is Stage.ASSESSED
    assert rules.stage_reopened(assessed=False, acknowledged=True) is Stage.ACKNOWLEDGED
    assert rules.stage_reopened(assessed=False, acknowledged=False) is Stage.RECEIVED
