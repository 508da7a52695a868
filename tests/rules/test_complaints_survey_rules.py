"""Figures and gates of the survey."""

from datetime import UTC, datetime, timedelta

import pytest

from auditkit.complaints.survey import rules
from auditkit.complaints.survey.rules import Practice, Share, mean

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_mean_worked_by_hand():
    # 4 x 5, 3 x 4, 2 x 3, 1 x 1: mean 39 / 10 = 3.9, variance (4*1.21 + 3*.01 + 2*.81 + 8.41) / 9 = 14.9 / 9
    found = mean([1, 0, 2, 3, 4], fewest=10)
    assert found.value == pytest.approx(3.9)
    half = 1.959964 * (14.9 / 9) ** 0.5 / 10**0.5
    assert (found.low, found.high) == (pytest.approx(3.9 - half), pytest.approx(3.9 + half))


def test_too_few_say_nothing():
    found = mean([0, 0, 0, 0, 9], fewest=10)
    assert (found.number, found.value, found.low, found.high) == (9, None, None, None)
    assert found.spread == (0, 0, 0, 0, 9)


def test_the_interval_stays_on_the_scale():
    assert mean([0, 0, 0, 5, 95], fewest=10).high <= 5.0
    assert mean([95, 5, 0, 0, 0], fewest=10).low >= 1.0


def test_wilson_worked_by_hand():
    low, high = Share(8, 10).interval
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert Share(0, 10).interval[0] == 0.0
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


@pytest.mark.parametrize(
    ("state", "hours", "usable"), [("sent", 1, True), ("sent", 0, False), ("answered", 1, False), ("waiting", 1, False)]
)
def test_when_a_link_works(state, hours, usable):
    assert rules.usable(state, NOW + timedelta(hours=hours), NOW) is usable
    assert not rules.usable("sent", None, NOW)


@pytest.mark.parametrize(
    "practice", [Practice(wait_days=91), Practice(valid_days=0), Practice(remind_days=30), Practice(fewest=1)]
)
def test_settings_that_make_no_sense(practice):
    with pytest.raises(rules.DaysImpossible):
        rules.check_practice(practice)


def test_no_reminder_is_wanted():
    assert rules.remind_at(NOW, Practice(remind_days=0)) is None
    assert rules.remind_at(NOW, Practice(remind_days=7)) == NOW + timedelta(days=7)


@pytest.mark.parametrize("score", [None, 0, 6])
def test_a_score_off_the_scale(score):
    with pytest.raises(rules.ScoreMissing):
        rules.check_score(score)
