"""Which rule of assignment is taken, who stands in, and what may be asked."""

from datetime import date

import pytest

from auditkit.complaints.assigning import rules
from auditkit.complaints.assigning.rules import About, Asked, Rule

ANNA, BORIS, CHLOE = 1, 2, 3
EVERYBODY = {ANNA, BORIS, CHLOE}


def rule(number: int, owner: int, **asked: tuple[str, ...]) -> Rule:
    return Rule(number + 100, number, Asked(**asked), owner)


RULES = [
    rule(1, ANNA, categories=("billing",), channels=("email", "web")),
    rule(2, BORIS, severities=("high", "critical")),
    rule(3, CHLOE, sites=("Tbilisi", "Besançon")),
    rule(0, ANNA),
]


@pytest.mark.parametrize(
    ("about", "number"),
    [
        (About(category="billing", channel="email"), 1),
        (About(category="billing", channel="web", severity="critical"), 1),
        (About(category="billing", channel="phone", severity="critical"), 2),
        (About(category="billing", channel="phone"), 0),
        (About(site="tbilisi "), 3),
        (About(site="BESANCON"), 3),
        (About(site="Tbilisi North"), 0),
        (About(), 0),
    ],
)
def test_the_first_that_fits_is_taken_and_the_last_line_takes_the_rest(about, number):
    found = rules.first_for(RULES[::-1], about, EVERYBODY)
    assert found is not None
    assert found.number == number


def test_without_a_last_line_nobody_is_named():
    assert rules.first_for(RULES[:3], About(), EVERYBODY) is None
    assert rules.first_for([], About(), EVERYBODY) is None


def test_a_rule_whose_owner_may_not_have_it_is_passed_over():
    about = About(category="billing", channel="email", severity="high")
    found = rules.first_for(RULES, about, {BORIS, CHLOE})
    assert found is not None
    assert found.number == 2
    assert rules.first_for(RULES, About(), {BORIS}) is None


@pytest.mark.parametrize(
    ("named", "away", "free", "deputy"),
    [
        (None, {}, EVERYBODY, None),
        (BORIS, {}, EVERYBODY, BORIS),
        (BORIS, {ANNA: CHLOE}, EVERYBODY, CHLOE),
        (None, {ANNA: CHLOE}, EVERYBODY, CHLOE),
        (BORIS, {ANNA: CHLOE}, {ANNA, BORIS}, BORIS),
        (BORIS, {CHLOE: ANNA}, EVERYBODY, BORIS),
        (BORIS, {}, {ANNA}, None),
    ],
)
def test_who_stands_in(named, away, free, deputy):
    assert rules.deputy_for(Rule(1, 1, Asked(), ANNA, named), away, free) == deputy


def test_a_rule_asks_something():
    with pytest.raises(rules.NothingAsked):
        rules.check_asked(Asked(), last=False)
    assert rules.check_asked(Asked(), last=True).anything
    assert not rules.check_asked(Asked(sites=("Tbilisi",)), last=False).anything


def test_absences_go_forwards_and_nobody_stands_in_for_themselves():
    rules.check_absence(ANNA, BORIS, date(2026, 3, 1), date(2026, 3, 1))
    with pytest.raises(rules.AwayBackwards):
        rules.check_absence(ANNA, BORIS, date(2026, 3, 2), date(2026, 3, 1))
    with pytest.raises(rules.DeputyIsAway):
        rules.check_absence(ANNA, ANNA, date(2026, 3, 1), date(2026, 3, 1))


def test_sites_are_read_from_lines():
    assert rules.sites_of("  North   hall \n\nTbilisi\nNorth hall") == ("North hall", "Tbilisi")
    assert rules.sites_of(" \n ") == ()
