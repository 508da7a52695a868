"""Percentiles, and the one product-limit estimate there is, against a published table and SciPy."""

import random
from collections import Counter
from statistics import median

import pytest

from auditkit.insights.indicators.times import Waited
from auditkit.insights.indicators.waiting import percentile
from auditkit.insights.statistics.rules.survival import Times, kaplan_meier

# Remission under 6-mercaptopurine in weeks (Freireich and others 1963), the usual example of the estimate.
ENDED = Counter([6, 6, 6, 7, 10, 13, 16, 22, 23])
STILL = Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_the_published_table() -> None:
    found = kaplan_meier(Times(ENDED, STILL))
    assert {one.time: round(one.open_share, 3) for one in found.moments if one.ended} == PUBLISHED
    assert [one.at_risk for one in found.moments if one.ended] == [21, 17, 15, 12, 11, 7, 6]
    assert found.quantile(0.5) == 23
    assert found.quantile(0.75) is None


def test_the_same_as_scipy() -> None:
    from scipy.stats import CensoredData, ecdf

    dice = random.Random(10002)
    ended = [dice.randint(0, 90) for _ in range(400)]
    still = [dice.randint(0, 120) for _ in range(150)]
    sf = ecdf(CensoredData(uncensored=ended, right=still)).sf
    ours = kaplan_meier(Times(Counter(ended), Counter(still)))
    for time, share in zip(sf.quantiles, sf.probabilities, strict=True):
        assert ours.open_after(int(time)) == pytest.approx(share, abs=1e-12)


def test_without_anybody_waiting_it_is_the_share_that_took_longer() -> None:
    found = kaplan_meier(Times(Counter([1, 2, 2, 3]), Counter()))
    assert [(one.time, one.open_share) for one in found.moments] == [(0, 1.0), (1, 0.75), (2, 0.25), (3, 0.0)]


def test_what_ended_before_it_was_received_took_no_time() -> None:
    found = Waited(Counter({-3: 2, 0: 1, 4: 1}), Counter({5: 1}), 0).times
    assert (found.ended, found.running) == ({0: 3, 4: 1}, {5: 1})


@pytest.mark.parametrize("number", [1, 2, 7, 100])
def test_percentiles_are_those_of_the_list(number: int) -> None:
    import numpy

    dice = random.Random(number)
    times = [dice.randint(-3, 60) for _ in range(number)]
    assert percentile(Counter(times), 50) == median(times)
    for percent in (75, 90, 95):
        assert percentile(Counter(times), percent) == pytest.approx(float(numpy.percentile(times, percent)))


def test_nothing_has_no_percentile() -> None:
    assert percentile(Counter(), 50) is None
    assert kaplan_meier(Times({}, {})).quantile(0.5) is None
