"""Control limits, runs and gaps, against the tables of the books they come from."""

import random
from itertools import groupby
from math import comb

import pytest

from auditkit.insights.statistics.rules import limits
from auditkit.insights.statistics.rules import seasons as season_rules
from auditkit.insights.statistics.rules.limits import Rule
from auditkit.insights.statistics.rules.seasons import seasons

# Montgomery, Introduction to Statistical Quality Control, example 7.3: faults of 26 samples of 100 circuit boards.
BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]
# The same, example 7.1: cans of orange juice that leak, of 50 each.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
# The same, example 7.5: faults of dyed cloth in ten rolls, over so many inspection units of 50 square metres.
CLOTH = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
UNITS = [10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5]
# Anhøj and Olesen 2014: useful points, longest run allowed, crossings needed (the bounds of their table).
ANHOEJ = [(10, 6, 2), (12, 7, 3), (15, 7, 4), (18, 7, 5), (20, 7, 6), (22, 7, 7), (23, 8, 7), (24, 8, 8)]


def test_counts_have_the_limits_of_the_book():
    found = limits.counts(BOARDS)
    assert (round(found.centre, 2), round(found.upper[0], 2), round(found.lower[0], 2)) == (19.85, 33.21, 6.48)
    assert [place + 1 for place in found.beyond(BOARDS)] == [6, 20]


def test_shares_have_the_limits_of_the_book():
    found = limits.shares(CANS, [50] * 30)
    assert (round(found.centre, 4), round(found.upper[0], 4), round(found.lower[0], 4)) == (0.2313, 0.4102, 0.0524)
    assert [place + 1 for place in found.beyond([one / 50 for one in CANS])] == [15, 23]


def test_rates_have_the_limits_of_the_book():
    found = limits.rates(CLOTH, UNITS)
    assert round(found.centre, 2) == 1.42
    # The book goes on with the rounded 1.42.
    assert found.upper[:3] == pytest.approx([2.55, 2.68, 2.41], abs=0.01)
    assert found.lower[:3] == pytest.approx([0.29, 0.16, 0.43], abs=0.01)
    assert found.beyond([one / unit for one, unit in zip(CLOTH, UNITS, strict=True)]) == []


def test_gaps_between_rare_events_have_benneyans_limit():
    found = limits.gaps([10, 30, 20, 20])
    assert found.centre == 20
    assert round(found.upper[0], 2) == 81.48  # 20 + 3 * sqrt(20 * 21)
    assert found.lower == (0, 0, 0, 0)
    assert found.false_alarms == pytest.approx((20 / 21) ** 82)


@pytest.mark.parametrize("mean", [4, 20])
def test_the_false_alarms_of_the_limits_are_those_of_chance(mean):
    # An exact statement, so simulating it must come near: 200,000 points within five standard errors.
    draw = random.Random(7)
    stated = limits.counts([mean] * 20)
    low, high = stated.lower[0], stated.upper[0]
    values = [_poisson(draw, mean) for _ in range(60_000)]
    seen = sum(value < low or value > high for value in values) / len(values)
    assert seen == pytest.approx(stated.false_alarms, abs=5 * (stated.false_alarms / len(values)) ** 0.5)


def _poisson(draw, mean):
    count, passed = 0, draw.expovariate(1)
    while passed < mean:
        count, passed = count + 1, passed + draw.expovariate(1)
    return count


@pytest.mark.parametrize(("useful", "longest", "crossings"), ANHOEJ)
def test_runs_have_the_bounds_of_the_table(useful, longest, crossings):
    assert (limits.longest_allowed(useful), limits.crossings_needed(useful)) == (longest, crossings)


def test_the_chance_of_a_long_run_is_counted_exactly():
    # Of 16 sequences of four tosses, two have all four alike and four more have exactly three in a row.
    assert limits.long_run_chance(4, 3) == pytest.approx(2 / 16)
    assert limits.long_run_chance(4, 2) == pytest.approx(6 / 16)
    tosses = random.Random(2)
    series = [[tosses.random() < 0.5 for _ in range(24)] for _ in range(20_000)]
    seen = sum(max(len(list(run)) for _side, run in groupby(one)) > 8 for one in series) / len(series)
    assert limits.long_run_chance(24, 8) == pytest.approx(seen, abs=0.005)
    # The binomial distribution of 23 tosses: 7 heads or fewer
    assert limits.few_crossings_chance(24, 8) == pytest.approx(sum(comb(23, heads) for heads in range(8)) / 2**23)


@pytest.mark.parametrize(("useful", "longest"), [(30, 8), (45, 8), (46, 9), (90, 9), (91, 10)])
def test_long_series_have_the_bounds_of_the_table_too(useful, longest):
    assert limits.longest_allowed(useful) == longest


def test_a_shift_shows_as_a_long_run_and_few_crossings():
    calm = [5, 7, 4, 8, 3, 7, 5, 8, 4, 7, 5, 8]
    assert limits.runs(calm).noticed == []
    shifted = [4, 5, 4, 3, 5, 4, 3, 4, 5, 4, 9, 10, 8, 9, 11, 9, 10, 9, 10, 9]
    found = limits.runs(shifted)
    assert found.noticed == [Rule.LONG_RUN, Rule.FEW_CROSSINGS]
    assert (found.longest, found.crossings, found.long_run) == (10, 1, tuple(range(10)))


def test_points_on_the_median_neither_make_nor_break_a_run():
    found = limits.runs([1, 3, 1, 3, 2, 3, 1, 2, 3, 1, 3, 1])
    assert found.median == 2
    assert found.useful == 10


def test_few_points_notice_nothing():
    assert limits.runs([1, 1, 1, 1, 9, 9, 9, 9]).noticed == []
    assert limits.runs([]).noticed == []


def test_counts_that_scatter_more_than_chance_are_told():
    draw = random.Random(3)
    calm = [_poisson(draw, 50) for _ in range(200)]
    wild = [_poisson(draw, draw.choice((20, 80))) for _ in range(200)]
    assert 0.8 < limits.dispersion(calm, limits.counts(calm)) < 1.25
    assert limits.dispersion(wild, limits.counts(wild)) > 2


def test_nothing_counted_has_no_limits():
    for nothing in (lambda: limits.counts([]), lambda: limits.shares([], []), lambda: limits.rates([1], [0])):
        with pytest.raises(ValueError, match="no "):
            nothing()


def test_seasons_need_two_years_and_are_found_when_there_are_some():
    profile = [10, 10, 12, 14, 16, 18, 24, 22, 16, 12, 9, 8]
    assert seasons(profile + profile[:11], 1) is None
    found = seasons([*profile, *(2 * one + 1 for one in profile)], 1)
    assert found.noticed
    assert found.highest == 7
    turned = profile[3:] + profile[:3]
    assert seasons(turned + turned, 4).highest == 7
    assert seasons([5] * 24, 1).chance == 1


FIRST_BASE = """
5.40 5.50 5.55  5.85 5.70 5.75  5.20 5.60 5.50  5.55 5.50 5.40  5.90 5.85 5.70  5.45 5.55 5.60  5.40 5.40 5.35
5.45 5.50 5.35  5.25 5.15 5.00  5.85 5.80 5.70  5.25 5.20 5.10  5.65 5.55 5.45  5.60 5.35 5.45  5.05 5.00 4.95
5.50 5.50 5.40  5.45 5.55 5.50  5.55 5.55 5.35  5.45 5.50 5.55  5.50 5.45 5.25  5.65 5.60 5.40  5.70 5.65 5.55
6.30 6.30 6.25
"""
"""Seconds to round first base in three ways, 22 players: Hollander and Wolfe, Nonparametric Statistical Methods (1973),
page 140. Friedman's statistic with ties is 11.14 there, which two degrees of freedom make a chance of 0.0038."""


def test_the_test_of_seasons_gives_what_is_published():
    from scipy.stats import friedmanchisquare

    times = [float(one) for one in FIRST_BASE.split()]
    ways = [times[way::3] for way in range(3)]
    assert [len(way) for way in ways] == [22] * 3
    assert season_rules._chance(friedmanchisquare, ways) == pytest.approx(0.0038, abs=0.00005)


def test_seasons_are_rarely_seen_where_there_are_none():
    draw = random.Random(11)
    rise = [[_poisson(draw, 30 + month) for month in range(24)] for _ in range(300)]
    assert sum(seasons(one, 1).noticed for one in rise) / 300 <= 0.05
