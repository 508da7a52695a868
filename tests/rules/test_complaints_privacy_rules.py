"""Times of keeping and what stands against erasing."""

from datetime import date

import pytest

from auditkit.complaints.privacy import rules
from auditkit.complaints.privacy.rules import Obstacle, Rule, Standing


def rule(number: int, kind: str = "", category: str = "", months: int = 12) -> Rule:
    return Rule(number, kind, category, months, 30, duty=False, automatic=True, basis="")


RULES = [rule(1), rule(2, kind="complaint"), rule(3, category="delivery"), rule(4, "complaint", "delivery")]


@pytest.mark.parametrize(
    ("kind", "category", "number"),
    [("complaint", "delivery", 4), ("request", "delivery", 3), ("complaint", "service", 2), ("request", "service", 1)],
)
def test_the_narrowest_rule_holds(kind, category, number):
    assert rules.rule_for(RULES, kind, category).id == number
    assert rules.rule_for(reversed(RULES), kind, category).id == number


def test_no_rule_no_end():
    assert rules.rule_for([rule(2, kind="request")], "complaint", "") is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 20), 60, date(2031, 1, 20)),
    ],
)
def test_months_by_hand(day, months, then):
    assert rules.add_months(day, months) == then


def test_never_without_the_whole_warning():
    until = date(2026, 2, 20)
    assert rules.warned_from(until, rule(1)) == date(2026, 1, 21)
    assert rules.goes_on(until, date(2026, 1, 21), rule(1)) == date(2026, 2, 21)
    assert rules.goes_on(until, date(2026, 6, 1), rule(1)) == date(2026, 7, 1)


FREE = {"closed": True, "held": False, "waiting": False, "anonymised": False, "duty_until": None}


@pytest.mark.parametrize(
    ("change", "against"),
    [
        ({}, []),
        ({"closed": False}, [Obstacle.OPEN]),
        ({"held": True, "waiting": True}, [Obstacle.HOLD, Obstacle.WAITING]),
        ({"duty_until": date(2026, 3, 2)}, [Obstacle.DUTY]),
        ({"duty_until": date(2026, 3, 1)}, []),
        ({"anonymised": True, "closed": False}, [Obstacle.DONE]),
    ],
)
def test_what_stands_against_erasing(change, against):
    assert rules.obstacles(Standing(**{**FREE, **change}), date(2026, 3, 2)) == against


def test_a_duty_does_not_stop_its_own_end():
    standing = Standing(**{**FREE, "duty_until": date(2026, 3, 2)})
    assert rules.obstacles(standing, date(2026, 3, 2), asked_for=False) == []


@pytest.mark.parametrize(
    ("months", "days", "refusal"), [(0, 30, rules.MonthsImpossible), (12, 0, rules.WarningImpossible)]
)
def test_rules_that_make_no_sense(months, days, refusal):
    with pytest.raises(refusal):
        rules.check_rule(months, days)


@pytest.mark.parametrize(("text", "refusal"), [("  ", rules.ReasonMissing), ("x" * 2001, rules.ReasonTooLong)])
def test_reasons(text, refusal):
    with pytest.raises(refusal):
        rules.check_reason(text)
