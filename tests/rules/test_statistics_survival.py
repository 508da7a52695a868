"""Curves and their comparison, against the leukaemia trial that every textbook has."""

import random
from collections import Counter

import pytest

from auditkit.insights.statistics.rules.survival import Times, kaplan_meier, log_rank

# Freireich et al., Blood 21 (1963): weeks of remission; as in Kleinbaum and Klein, Survival
# Analysis, tables 2.1 and 2.3
TREATED = Times(
    ended=dict(Counter([6, 6, 6, 7, 10, 13, 16, 22, 23])),
    running=dict(Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])),
)
PLACEBO = Times(
    ended=dict(Counter([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])), running={}
)


def test_the_curve_is_that_of_the_textbook():
    found = kaplan_meier(TREATED)
    assert [(at.time, at.at_risk, round(at.open_share, 3)) for at in found.moments[1:]] == [
        (6, 21, 0.857), (7, 17, 0.807), (10, 15, 0.753), (13, 12, 0.690), (16, 11, 0.627), (22, 7, 0.538),
        (23, 6, 0.448),
    ]  # fmt: skip
    deviations = [round(at.deviation, 4) for at in found.moments[1:]]
    assert deviations == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert (found.cases, found.still_open) == (21, 12)


def test_the_bounds_are_those_of_log_minus_log():
    # R: summary(survfit(Surv(time, status) ~ 1, conf.type = "log-log"))
    at = kaplan_meier(TREATED).moments[1]
    assert (round(at.low, 3), round(at.high, 3)) == (0.620, 0.952)


def test_the_medians_are_those_of_the_textbook():
    assert kaplan_meier(TREATED).quantile(0.5) == 23
    assert kaplan_meier(PLACEBO).quantile(0.5) == 8
    assert kaplan_meier(TREATED).quantile(0.9) is None
    assert kaplan_meier(TREATED).open_after(15) == pytest.approx(0.6902, abs=1e-4)
    assert kaplan_meier(TREATED).open_after(0) == 1


def test_the_groups_differ_as_in_the_textbook():
    found = log_rank([TREATED, PLACEBO])
    assert round(found.chi_square, 2) == 16.79
    assert [round(one, 2) for one in found.expected] == [19.25, 10.75]
    assert (found.observed, found.freedom) == ((9, 21), 1)
    assert found.chance == pytest.approx(4.2e-5, rel=0.05)


def test_three_groups_are_as_many_as_scipy_can_check_in_pairs():
    from scipy.stats import CensoredData, logrank

    draw = random.Random(5)
    ours, theirs = [], []
    for pace in (0.1, 0.2):
        ended = [draw.randint(1, int(8 / pace)) for _ in range(40)]
        running = [draw.randint(1, int(8 / pace)) for _ in range(15)]
        ours.append(Times(dict(Counter(ended)), dict(Counter(running))))
        theirs.append(CensoredData.right_censored([*ended, *running], [False] * 40 + [True] * 15))
    assert log_rank(ours).chi_square == pytest.approx(float(logrank(*theirs).statistic) ** 2)
    assert log_rank([*ours, TREATED]).freedom == 2


def test_leaving_out_open_cases_would_shorten_the_times():
    open_counted = Times(ended={5: 10, 20: 10}, running={30: 20})
    closed_only = Times(ended={5: 10, 20: 10}, running={})
    assert kaplan_meier(closed_only).quantile(0.5) == 5
    assert kaplan_meier(open_counted).quantile(0.5) == 20


def test_nothing_ended_is_a_flat_line():
    found = kaplan_meier(Times({}, {4: 3}))
    assert [at.open_share for at in found.moments] == [1.0]
    assert found.quantile(0.5) is None
    assert log_rank([Times({}, {4: 3}), Times({}, {2: 1})]) is None
    assert log_rank([TREATED]) is None
