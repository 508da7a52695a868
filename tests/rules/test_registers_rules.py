"""What an entry of a register must say, where it stands, and when it is looked at again."""

from datetime import date
from decimal import Decimal

import pytest

from auditkit.content import library
from auditkit.content.shapes import RegisterShape
from auditkit.registers import rules
from auditkit.registers.rules import EntryRefused, Standing

SHAPE = RegisterShape.model_validate(
    {
        "kind": "register", "id": "things", "title": "Things", "entry": "Thing", "purpose": "To try", "edition": "e",
        "clauses": ["5.1"], "source": "practice", "series": "THING", "review_months": 6, "expires": "until",
        "fields": [
            {"id": "name", "title": "Name", "kind": "line", "required": True},
            {"id": "text", "title": "Text", "kind": "text"},
            {"id": "until", "title": "Until", "kind": "day"},
            {"id": "amount", "title": "Amount", "kind": "number"},
            {"id": "who", "title": "Who", "kind": "person"},
            {"id": "one", "title": "One", "kind": "choice",
             "choices": [{"id": "low", "label": "Low", "rank": 1}, {"id": "high", "label": "High", "rank": 5}]},
            {"id": "two", "title": "Two", "kind": "choice",
             "choices": [{"id": "small", "label": "Small", "rank": 1}, {"id": "large", "label": "Large", "rank": 4}]},
            {"id": "some", "title": "Some", "kind": "choices",
             "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}, {"id": "c", "label": "C"}]},
        ],
        "levels": [{"id": "level", "title": "Level", "of": ["one", "two"], "bands": [
            {"id": "fine", "label": "Fine", "begins": 1, "tone": "good"},
            {"id": "poor", "label": "Poor", "begins": 5, "tone": "warn"},
            {"id": "bad", "label": "Bad", "begins": 20, "tone": "bad"}]}],
    }
)  # fmt: skip
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"name": "  a\tb  "}, {"name": "a b"}),
        ({"name": "x", "text": " one\r\ntwo "}, {"name": "x", "text": "one\ntwo"}),
        ({"name": "x", "until": date(2026, 1, 31)}, {"name": "x", "until": "2026-01-31"}),
        ({"name": "x", "until": "2026-01-31"}, {"name": "x", "until": "2026-01-31"}),
        ({"name": "x", "amount": Decimal("95.50")}, {"name": "x", "amount": "95.5"}),
        ({"name": "x", "amount": "1E+3"}, {"name": "x", "amount": "1000"}),
        ({"name": "x", "amount": "-0.1"}, {"name": "x", "amount": "-0.1"}),
        ({"name": "x", "who": "7"}, {"name": "x", "who": 7}),
        ({"name": "x", "one": "HIGH"}, {"name": "x", "one": "high"}),
        ({"name": "x", "some": ["c", "a"]}, {"name": "x", "some": ["a", "c"]}),
        ({"name": "x", "some": "C, a"}, {"name": "x", "some": ["a", "c"]}),
        ({"name": "x", "text": "", "until": None, "some": []}, {"name": "x"}),
    ],
)
def test_values_are_stored_in_one_form(given, stored):
    assert rules.values_of(SHAPE, given, [7]) == stored


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({}, "name", "Enter “Name”"),
        ({"name": "   "}, "name", "Enter “Name”"),
        ({"name": "x" * 301}, "name", "301 characters"),
        ({"name": "x", "until": "31.01.2026"}, "until", "2026-01-31"),
        ({"name": "x", "amount": "many"}, "amount", "such as 95 or 2.5"),
        ({"name": "x", "amount": "NaN"}, "amount", "such as 95 or 2.5"),
        ({"name": "x", "amount": "1e99"}, "amount", "such as 95 or 2.5"),
        ({"name": "x", "who": "8"}, "who", "a person of this organisation"),
        ({"name": "x", "who": "Ann"}, "who", "a person of this organisation"),
        ({"name": "x", "one": "middle"}, "one", "Low, High"),
        ({"name": "x", "some": ["a", "z"]}, "some", "A, B, C"),
        ({"name": "x", "colour": "red"}, "colour", "no field"),
    ],
)
def test_what_cannot_be_stored_is_said_by_field(given, field, said):
    with pytest.raises(EntryRefused) as refused:
        rules.values_of(SHAPE, given, [7])
    assert list(refused.value.faults) == [field]
    assert said in refused.value.faults[field]


def test_every_fault_is_told_at_once():
    with pytest.raises(EntryRefused) as refused:
        rules.values_of(SHAPE, {"until": "soon", "amount": "many"}, [])
    assert set(refused.value.faults) == {"name", "until", "amount"}


@pytest.mark.parametrize(
    ("one", "two", "band"),
    [("low", "small", "fine"), ("low", "large", "fine"), ("high", "small", "poor"), ("high", "large", "bad")],
)
def test_a_level_is_the_band_of_the_product(one, two, band):
    (found,) = rules.levels_of(SHAPE, {"one": one, "two": two})
    assert found.band.id == band


@pytest.mark.parametrize("values", [{}, {"one": "low"}, {"one": "low", "two": "gone"}])
def test_without_both_there_is_no_level(values):
    assert rules.levels_of(SHAPE, values) == []


def test_the_matrix_of_risks_has_no_hole_and_grows_in_both_directions():
    risks = library.shared().register("risks")
    fields = [risks.field(name).choices for name in ("likelihood", "impact")]
    order = ["low", "medium", "high"]
    table = [
        [order.index(rules.levels_of(risks, {"likelihood": a.id, "impact": b.id})[0].band.id) for b in fields[1]]
        for a in fields[0]
    ]
    assert table[0][0] == 0
    assert table[-1][-1] == 2
    assert all(row == sorted(row) for row in table)
    assert all(list(column) == sorted(column) for column in zip(*table, strict=True))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 2), 60, date(2031, 3, 2)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 30), 1, date(2026, 6, 30)),
    ],
)
def test_months_end_with_their_own_last_day(day, months, later):
    assert rules.months_later(day, months) == later


@pytest.mark.parametrize(
    ("review", "expires", "where"),
    [
        (None, None, Standing.CURRENT),
        (date(2026, 3, 1), None, Standing.OVERDUE),
        (date(2026, 3, 2), None, Standing.SOON),
        (date(2026, 4, 1), None, Standing.SOON),
        (date(2026, 4, 2), None, Standing.CURRENT),
        (None, date(2026, 3, 1), Standing.EXPIRED),
        (None, date(2026, 3, 2), Standing.SOON),
        (date(2026, 3, 1), date(2026, 3, 1), Standing.EXPIRED),
        (date(2027, 1, 1), date(2027, 1, 1), Standing.CURRENT),
    ],
)
def test_where_an_entry_stands(review, expires, where):
    assert rules.standing(retired=False, review_on=review, expires=expires, today=TODAY) is where
    assert rules.standing(retired=True, review_on=review, expires=expires, today=TODAY) is Standing.RETIRED


def test_a_review_needs_an_outcome_and_a_later_day():
    assert rules.check_outcome(" Fine ", TODAY, date(2026, 3, 3)) == "Fine"
    assert rules.check_outcome("Fine", TODAY, None) == "Fine"
    with pytest.raises(rules.OutcomeMissing):
        rules.check_outcome("  ", TODAY, None)
    with pytest.raises(rules.ReviewTooEarly):
        rules.check_outcome("Fine", TODAY, TODAY)


@pytest.mark.parametrize(
    ("measured", "higher", "told"),
    [([], True, ""), ([1], True, ""), ([1, 1], True, "same"), ([1, 2], True, "better"), ([1, 2], False, "worse"),
     ([5, 2, 1], False, "better")],
)  # fmt: skip
def test_a_trend_compares_the_last_two(measured, higher, told):
    assert rules.trend([Decimal(one) for one in measured], higher_is_better=higher) == told


def test_a_target_is_reached_from_the_better_side():
    assert rules.reached(Decimal(95), Decimal(95), higher_is_better=True)
    assert not rules.reached(Decimal(94), Decimal(95), higher_is_better=True)
    assert rules.reached(Decimal(9), Decimal(10), higher_is_better=False)
    assert not rules.reached(Decimal(11), Decimal(10), higher_is_better=False)
