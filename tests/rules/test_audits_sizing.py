"""Sample sizes against tables that others published, and against counting every possibility."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits.samples import sizing


@pytest.mark.parametrize(
    ("confidence", "tolerable", "expected", "size", "allowed"),
    [
        # Attribute sampling, as in the audit sampling tables of the AICPA (exact binomial): size and allowed exceptions
        (95, 2, 0, 149, 0),
        (95, 3, 0, 99, 0),
        (95, 4, 0, 74, 0),
        (95, 5, 0, 59, 0),
        (95, 6, 0, 49, 0),
        (95, 7, 0, 42, 0),
        (95, 8, 0, 36, 0),
        (95, 9, 0, 32, 0),
        (95, 10, 0, 29, 0),
        (95, 5, 1, 93, 1),
        (95, 5, 2, 181, 4),
        (95, 10, 1, 46, 1),
        (95, 10, 2, 46, 1),
        (95, 10, 3, 61, 2),
        (95, 10, 4, 89, 4),
        (90, 5, 0, 45, 0),
        (90, 5, 1, 77, 1),
        (90, 10, 0, 22, 0),
        (90, 10, 1, 38, 1),
    ],
)
def test_sizes_are_those_of_the_tables(
    confidence: int, tolerable: float, expected: float, size: int, allowed: int
) -> None:
    found = sizing.sized(confidence, tolerable, expected)
    assert (found.size, found.allowed) == (size, allowed)


@pytest.mark.parametrize(
    ("population", "size"),
    # Hypergeometric sampling of the ENFSI and UNODC tables: 95 per cent that 90 per cent of the units are right
    [
        (10, 8),
        (20, 12),
        (30, 15),
        (40, 18),
        (50, 19),
        (60, 20),
        (70, 21),
        (80, 22),
        (90, 23),
        (100, 23),
        (200, 26),
        (500, 28),
    ],
)
def test_sizes_for_small_populations_are_those_of_the_tables(population: int, size: int) -> None:
    assert sizing.sized(95, 10, 0, population).size == size


def test_a_large_population_comes_to_the_binomial() -> None:
    assert sizing.sized(95, 5, 0, 215_781).size == sizing.sized(95, 5).size
    assert sizing.sized(95, 5, 0, 12).size == 12, "few: all of them"


@given(st.integers(1, 60), st.integers(0, 5), st.integers(1, 99))
def test_the_chance_is_that_of_counting(size: int, allowed: int, rate: int) -> None:
    share = Fraction(rate, 100)
    exact = sum(comb(size, k) * share**k * (1 - share) ** (size - k) for k in range(min(allowed, size) + 1))
    assert sizing.at_most(allowed, size, rate / 100) == pytest.approx(float(exact), abs=1e-9)


@given(st.integers(1, 80), st.data())
def test_the_chance_without_putting_back_is_that_of_counting(population: int, data: st.DataObject) -> None:
    faults, size = data.draw(st.integers(0, population)), data.draw(st.integers(0, population))
    allowed = data.draw(st.integers(0, 6))
    ways = sum(comb(faults, k) * comb(population - faults, size - k) for k in range(min(allowed, size) + 1))
    exact = Fraction(ways, comb(population, size))
    assert sizing.at_most_of(allowed, size, faults, population) == pytest.approx(float(exact), abs=1e-9)


@given(
    st.sampled_from(sizing.CONFIDENCES),
    st.integers(2, 20),
    st.integers(0, 3),
    st.one_of(st.none(), st.integers(1, 2_000)),
)
def test_the_size_does_and_one_less_does_not(
    confidence: int, tolerable: int, expected: int, population: int | None
) -> None:
    if expected >= tolerable / 2:
        return
    found = sizing.sized(confidence, tolerable, expected, population)
    risk = 1 - confidence / 100
    if population is None:
        assert sizing.at_most(found.allowed, found.size, tolerable / 100) <= risk + 1e-6
    elif found.size < population:
        faults = int(tolerable / 100 * population + 1e-9) + 1
        assert sizing.at_most_of(found.allowed, found.size, faults, population) <= risk + 1e-6
    assert found.size <= (population or sizing.LARGEST)


def test_what_was_found_leaves_a_highest_rate_open() -> None:
    """One-sided limits of Clopper and Pearson at 95 per cent: 0 of 59 leave 4.95, 3 of 60 leave 12.4."""
    assert sizing.upper_limit(0, 59, 95) == pytest.approx(4.95, abs=0.01)
    assert sizing.upper_limit(0, 60, 95) == pytest.approx(4.87, abs=0.01)
    assert sizing.upper_limit(3, 60, 95) == pytest.approx(12.4, abs=0.05)
    assert sizing.upper_limit(5, 5, 95) == 100.0


def test_what_cannot_be_sized_is_told() -> None:
    with pytest.raises(sizing.ConfidenceUnknown):
        sizing.sized(93, 5)
    for rate in (0, 51):
        with pytest.raises(sizing.RateImpossible):
            sizing.sized(95, rate)
    for expected in (5, 6, 4.9):
        with pytest.raises(sizing.ExpectedTooHigh):
            sizing.sized(95, 5, expected)


def test_it_is_said_in_words(app: object) -> None:
    assert "Test 59 files" in sizing.sized(95, 5).words
    assert "One fault is enough" in sizing.sized(95, 5).words
    assert "no more than 1 of them" in sizing.sized(95, 5, 1).words
