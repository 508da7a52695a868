"""Who may judge, up to which amount, and what stands beside a decision: limits, remedies, refusals. Pure."""

from datetime import date

import pytest

from auditkit.base.errors import AuditkitError
from auditkit.complaints import rules
from auditkit.complaints.rules import Limit

TODAY = date(2026, 3, 2)


def outcome(gate, *arguments, **named):
    """The error a gate answers with, or None when it lets pass."""
    try:
        gate(*arguments, **named)
    except AuditkitError as refusal:
        return type(refusal)
    return None


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
    ("told", "refusal"),
    [
        ({}, None),
        ({"note": " ", "files": 1}, None),
        ({"note": " "}, rules.CheckUndescribed),
        ({"delivered_on": None}, rules.NothingDelivered),
        ({"checked_on": date(2026, 3, 4)}, rules.CheckedInFuture),
        ({"checked_on": date(2026, 3, 1)}, rules.CheckedBeforeDelivery),
        ({"checked_on": date(2026, 3, 2)}, None),
    ],
)
def test_a_check_of_a_remedy_says_when_and_how(told, refusal):
    day = date(2026, 3, 3)
    said = {"checked_on": day, "delivered_on": date(2026, 3, 2), "note": "Asked", "files": 0, "today": day, **told}
    if refusal is None:
        rules.check_verification(**said)
    else:
        with pytest.raises(refusal):
            rules.check_verification(**said)


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
