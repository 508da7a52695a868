"""Every gate between the stages of a complaint: each state against each act, passed and refused. No database."""

from dataclasses import replace
from datetime import date

import pytest

from auditkit.base.errors import AuditkitError
from auditkit.complaints import rules
from auditkit.complaints.rules import Answer, Complexity, Ground, Kind, Limit, Severity, Stage, Standing, Trigger

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


# Who may judge

OWN_100 = Limit("complaint-handler", None, "EUR", 10_000)
ANNA_500 = Limit("", 7, "EUR", 50_000)


@pytest.mark.parametrize(
    ("limits", "role", "person", "approves", "currency", "limit"),
    [
        ([], "complaint-handler", 1, False, "EUR", None),
        ([OWN_100], "complaint-handler", 1, False, "EUR", 10_000),
        ([OWN_100], "complaint-handler", 1, False, "USD", 0),
        ([OWN_100, ANNA_500], "complaint-handler", 7, False, "EUR", 50_000),
        ([OWN_100, ANNA_500], "complaint-handler", 7, False, "GBP", 0),
        ([OWN_100], "quality-manager", 2, True, "EUR", None),
        ([ANNA_500], "complaint-handler", 1, False, "EUR", 0),
        ([OWN_100], "system", None, True, "EUR", None),
    ],
)
def test_up_to_which_amount_somebody_decides_alone(limits, role, person, approves, currency, limit):
    found = rules.limit_of(limits, role=role, person_id=person, approves=approves, currency=currency)
    assert found == limit


@pytest.mark.parametrize(
    ("amount", "limit", "above"),
    [(None, 0, False), (0, 0, False), (1, 0, True), (100, 100, False), (101, 100, True), (10**9, None, False)],
)
def test_what_is_above_a_limit(amount, limit, above):
    assert rules.is_above(amount, limit) is above


@pytest.mark.parametrize(
    ("approver", "proposer", "amount", "limit", "named", "refusal"),
    [
        (2, 1, 500, None, (), None),
        (2, 1, 500, 500, (), None),
        (2, 1, 501, 500, (), rules.AboveYourLimit),
        (1, 1, 500, None, (), rules.ProposerApproves),
        (2, 1, 500, None, (2,), rules.ComplainedAbout),
        (None, 1, 500, None, (), rules.PersonNeeded),
    ],
)
def test_who_approves(approver, proposer, amount, limit, named, refusal):
    found = outcome(
        rules.check_approver, approver_id=approver, proposer_id=proposer, amount=amount, limit=limit, named=named
    )
    assert found is refusal


def test_nobody_judges_a_complaint_about_themselves():
    assert outcome(rules.check_independent, 4, {3, 4}) is rules.ComplainedAbout
    assert outcome(rules.check_independent, 5, {3, 4}) is None
    assert outcome(rules.check_independent, None, set()) is None


@pytest.mark.parametrize(
    ("remedies", "amount", "currency", "promised", "refusal"),
    [
        ((), None, "", None, None),
        (("none",), None, "", None, None),
        (("apology",), None, "", None, rules.RemedyUndated),
        (("apology",), None, "", TODAY, None),
        (("refund",), 4590, "EUR", date(2026, 3, 9), None),
        (("refund",), 4590, "", TODAY, rules.CurrencyMissing),
        (("refund",), 4590, "euro", TODAY, rules.CurrencyMissing),
        (("refund",), 4590, "eur", TODAY, rules.CurrencyMissing),
        ((), 4590, "EUR", None, rules.RemedyUndated),
        ((), -1, "EUR", TODAY, rules.AmountImpossible),
        ((), 10**16, "EUR", TODAY, rules.AmountImpossible),
        (("refund",), 1, "EUR", date(2026, 3, 1), rules.PromisedInPast),
    ],
)
def test_what_a_decision_grants(remedies, amount, currency, promised, refusal):
    found = outcome(
        rules.check_remedy, remedies=remedies, amount=amount, currency=currency, promised_on=promised, today=TODAY
    )
    assert found is refusal


@pytest.mark.parametrize(
    ("on", "proof", "files", "refusal"),
    [
        (TODAY, "Bank receipt 12", 0, None),
        (TODAY, "", 1, None),
        (TODAY, " ", 0, rules.DeliveryUnproven),
        (date(2026, 3, 3), "x", 0, rules.DeliveredInFuture),
    ],
)
def test_a_delivery_is_proven(on, proof, files, refusal):
    assert outcome(rules.check_delivery, on, proof, files, TODAY) is refusal


REFUSAL = {"next_internal": "Level 2", "next_external": "Ombudsman", "owner_id": 1, "review_on": TODAY}


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({}, None),
        ({"next_internal": " "}, rules.NextStepsMissing),
        ({"next_external": ""}, rules.NextStepsMissing),
        ({"owner_id": None}, rules.OwnerMissing),
        ({"review_on": None}, rules.ReviewMissing),
        ({"review_on": date(2026, 3, 1)}, rules.ReviewMissing),
    ],
)
def test_what_stands_beside_a_refusal(more, refusal):
    assert outcome(rules.check_refusal, **{**REFUSAL, **more}, today=TODAY) is refusal


def test_small_checks():
    assert outcome(rules.check_immediate, True, True, "") is rules.ImmediateActionMissing
    assert outcome(rules.check_immediate, True, True, "Sales stopped") is None
    assert outcome(rules.check_immediate, True, False, "") is None
    assert outcome(rules.check_findings, "", "process", "x") is rules.FactsMissing
    assert outcome(rules.check_findings, "x", "", "x") is rules.CauseMissing
    assert outcome(rules.check_findings, "x", "process", " ") is rules.IndependenceMissing
    assert outcome(rules.check_findings, "x", "process", "x") is None
    assert outcome(rules.check_deputy, 1, 1) is rules.DeputyIsOwner
    assert outcome(rules.check_deputy, 1, 2) is None
    assert outcome(rules.check_windows, 14, 90) is None
    assert outcome(rules.check_windows, 0, 90) is rules.DaysImpossible
    assert outcome(rules.check_windows, 14, 731) is rules.DaysImpossible
    assert outcome(rules.check_level, 1, 5) is rules.LevelUnknown
    assert outcome(rules.check_level, 1, 1) is rules.SameLevel
    assert outcome(rules.check_level, 3, 1) is None


# Escalation


@pytest.mark.parametrize(
    ("signs", "level", "triggers"),
    [
        ({}, None, ()),
        ({"above_limit": True}, 2, (Trigger.AUTHORITY,)),
        ({"overdue": True}, 2, (Trigger.DEADLINE,)),
        ({"severity": "critical"}, 3, (Trigger.SEVERITY,)),
        ({"severity": "high"}, None, ()),
        ({"safety": True}, 3, (Trigger.SAFETY,)),
        ({"facts": ("safety",)}, 3, (Trigger.SAFETY,)),
        ({"refusals": 1}, 2, (Trigger.REFUSAL,)),
        ({"refusals": 2}, 3, (Trigger.REFUSAL,)),
        ({"refusals": 5}, 4, (Trigger.REFUSAL,)),
        ({"conflict": True}, 2, (Trigger.CONFLICT,)),
        ({"repeats": 1}, 2, (Trigger.REPEAT,)),
        ({"facts": ("vulnerable",)}, 2, (Trigger.VULNERABLE,)),
        ({"facts": ("public",)}, 3, (Trigger.PUBLIC,)),
        ({"facts": ("law",)}, 3, (Trigger.PUBLIC,)),
        ({"asked": True}, 2, (Trigger.ASKED,)),
        ({"overdue": True, "severity": "critical"}, 3, (Trigger.DEADLINE, Trigger.SEVERITY)),
        ({"level": 3, "severity": "critical", "overdue": True}, None, ()),
        ({"level": 2, "overdue": True}, None, ()),
        ({"level": 2, "overdue": True, "asked": True}, 3, (Trigger.ASKED,)),
        ({"level": 3, "refusals": 3}, 4, (Trigger.REFUSAL,)),
        ({"level": 4, "refusals": 9, "asked": True}, None, ()),
    ],
)
def test_escalation_is_proposed_with_its_reasons(signs, level, triggers):
    found = rules.proposal(rules.Signs(**{"level": 1, **signs}))
    assert (found.level, found.triggers) == (level, triggers) if found else (level, triggers) == (None, ())


def test_every_trigger_that_a_rule_can_find_is_one_of_the_table():
    all_of_them = rules.Signs(
        level=0, severity="critical", safety=True, facts=("vulnerable", "public"), above_limit=True, overdue=True,
        conflict=True, refusals=1, repeats=1, asked=True,
    )  # fmt: skip
    assert set(rules.proposal(all_of_them).triggers) == set(Trigger) - {Trigger.OTHER}


@pytest.mark.parametrize(
    ("severity", "complexity", "level"), [("low", "simple", 0), ("low", "medium", 1), ("critical", "simple", 1)]
)
def test_where_an_assessed_case_begins(severity, complexity, level):
    assert rules.first_level(severity, complexity) == level


# Links and mentions

ANA = {
    "name": "Ana Ivanova",
    "email": "ana@example.org",
    "phone": "+359 88 123 4567",
    "postcode": "1000",
    "city": "Sofia",
}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"email": "ANA@example.org"}, True),
        ({"phone": "0881234567"}, True),
        ({"phone": "1234567"}, False),
        ({"name": "IVANOVA Ana", "city": "sofia"}, True),
        ({"name": "Ana Ivanova", "postcode": "1000"}, True),
        ({"name": "Ana Ivanova"}, False),
        ({"name": "Ana Petrova", "city": "Sofia"}, False),
        ({"email": "ana@example.com"}, False),
        ({}, False),
    ],
)
def test_the_same_person(other, same):
    assert rules.same_person(ANA, other) is same
    assert rules.same_person(other, ANA) is same


def test_nobody_is_the_same_as_nobody():
    assert not rules.same_person({}, {})


PEOPLE = {1: ("Anna", "anna"), 2: ("Anna Lee", "al"), 3: ("Καλλιόπη Παππά", "kp"), 4: ("سارا", "sara")}


@pytest.mark.parametrize(
    ("note", "people"),
    [
        ("nobody", []),
        ("@anna please look", [1]),
        ("@Anna Lee, please", [2]),
        ("@ANNA! and @kp.", [1, 3]),
        ("@καλλιοπη παππα and @سارا", [3, 4]),
        ("mail to x@annabel", []),
        ("@annalee", []),
        ("@@anna", [1]),
        ("@", []),
    ],
)
def test_mentions(note, people):
    assert rules.mentioned(note, PEOPLE) == people
