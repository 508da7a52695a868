"""Intervals, ratios, exact tests and their correction, against published tables."""

import pytest

from auditkit.insights.statistics.rules import shares
from auditkit.insights.statistics.rules.shares import fairness, holm, rate_ratio, wilson
from auditkit.insights.statistics.rules.spread import binned


# Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (Wilson)
@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_that_of_newcombes_table(hits, of, low, high):
    found = wilson(hits, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == hits / of


def test_a_share_of_nothing_has_no_interval():
    for hits, of in ((0, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match="of"):
            wilson(hits, of)


def test_the_ratio_of_two_rates_is_that_of_the_fluoroscopy_study():
    # Boice and Monson 1977, as in Rothman, Greenland and Lash, Modern Epidemiology: 41 breast cancers in 28,010
    # woman-years against 15 in 19,017; Stata's manual (ir) gives 1.8558 with the exact interval 1.0057 to 3.6093.
    found = rate_ratio(41, 28_010, 15, 19_017)
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (1.8558, 1.0057, 3.6093)


def test_a_ratio_to_nothing_is_infinite_and_a_ratio_of_nothing_is_refused():
    assert rate_ratio(4, 10, 0, 10).value == float("inf")
    assert rate_ratio(0, 10, 4, 10).low == 0
    with pytest.raises(ValueError, match="nothing"):
        rate_ratio(0, 10, 0, 10)


def test_holm_corrects_as_in_rs_manual():
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.04, 0.01, 0.5]) == pytest.approx([0.08, 0.03, 0.5])
    assert holm([]) == []


def test_all_groups_together_are_tested_as_in_agresti():
    # Agresti, An Introduction to Categorical Data Analysis, 2007, table 2.5 (party and gender), two of its columns
    # computed by hand: Democrats 762 and 484, Independents 327 and 239; chi-square = n(ad-bc)^2/(products of the sums).
    found = fairness({"Democrat": (762, 762 + 484), "Independent": (327, 327 + 239)})
    expected = 1812 * (762 * 239 - 484 * 327) ** 2 / (1089 * 723 * 1246 * 566)
    assert found.chi_square == pytest.approx(expected)
    assert found.freedom == 1


def test_small_tables_are_tested_exactly():
    # Fisher, The Design of Experiments, 1935: the lady who tasted tea, three of four right (34/70)
    assert shares._exact(3, 1, 1, 3) == pytest.approx(34 / 70)
    found = fairness({"web": (9, 10), "phone": (2, 10)}, fewest=10)
    assert (found.chance, found.freedom) == (None, 1)  # 4.5 are expected in a cell, too few for chi-square
    # By hand: 2 * (10!10!11!9!/20!) * (1/(9!1!2!8!) + 1/(10!0!1!9!)), twice by Holm
    assert found.groups[0].chance == pytest.approx(2 * 2 * (10 * 45 + 1 * 10) / 167_960)
    few = fairness({"web": (3, 4), "phone": (1, 4)})
    assert [one.chance for one in few.groups] == [None, None]
    assert (few.chance, few.chi_square) == (None, None)


def test_groups_that_stand_out_are_named_after_correction():
    found = fairness({"web": (62, 100), "phone": (45, 100), "letter": (25, 100), "fax": (1, 2)})
    assert [one.group for one in found.groups if one.stands_out] == ["web", "letter"]
    assert found.comparisons == 3
    assert found.groups[3].chance is None
    assert found.groups[2].others == pytest.approx(108 / 202)


def test_alike_groups_do_not_stand_out():
    found = fairness({str(number): (50, 100) for number in range(8)})
    assert not any(one.stands_out for one in found.groups)
    assert found.chance == pytest.approx(1)


def test_bins_hold_every_value_once():
    counted = dict.fromkeys(range(1, 101), 1) | {5000: 1}
    found = binned(counted)
    assert sum(one.count for one in found) == 101
    assert found[0].low == 0
    assert found[-1].high is None
    assert [one.high for one in found[:-1]] == [one.low for one in found[1:]]
    assert binned({}) == []
    assert (binned({0: 3})[0].low, binned({0: 3})[0].count) == (0, 3)
