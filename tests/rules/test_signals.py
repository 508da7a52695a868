"""Shifts of weekly counts: the stated rate of false alarms is kept on real registers, and planted shifts are found."""

import csv
import gzip
import random
from collections import Counter, defaultdict
from datetime import date, datetime
from functools import cache
from math import comb

import pytest

from auditkit.insights.signals.rules import LEARN, STATED, _chances, shifts

WEEKS = 208


def week_of(day):
    return (day.toordinal() - 1) // 7


@cache
def chicago(shared):
    """Weekly counts by place of the complaints of a city, in stretches of four years."""
    found = defaultdict(Counter)
    with gzip.open(shared("complaints/chicago_215781_iso_status_noaddr.csv.gz"), "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["complaint_date"].startswith("20"):
                found[row["location_code"]][week_of(date.fromisoformat(row["complaint_date"]))] += 1
    weeks = [week for counts in found.values() for week in counts]
    starts = range(min(weeks), max(weeks) - WEEKS, WEEKS)
    stretches = [[counts[start + week] for week in range(WEEKS)] for counts in found.values() for start in starts]
    return [one for one in stretches if sum(one) >= 20]


def cfpb(shared):
    """Weekly counts by issue of the complaints about loans in the eight months that the file holds."""
    found = defaultdict(Counter)
    with shared("complaints/cfpb_2827_full18_mmddyy.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            day = datetime.strptime(row["Date received"], "%m/%d/%y").date()  # noqa: DTZ007 - a day without a zone
            found[row["Issue"]][week_of(day)] += 1
    first = week_of(date(2023, 1, 2))
    return [[counts[first + week] for week in range(33)] for counts in found.values() if sum(counts.values()) >= 20]


def shuffled(draw, counts):
    mixed = list(counts)
    draw.shuffle(mixed)
    return mixed


def more(draw, mean):
    count, passed = 0, draw.expovariate(1)
    while passed < mean:
        count, passed = count + 1, passed + draw.expovariate(1)
    return count


@pytest.mark.parametrize("register", [chicago, cfpb])
def test_where_nothing_shifted_there_are_at_most_as_many_false_alarms_as_stated(shared, register):
    # The weeks of real registers in a random order: their levels and their scatter are real, and nothing shifts.
    draw, series = random.Random(20), register(shared)
    alarms = weeks = 0
    for _again in range(1 if register is chicago else 30):
        for counts in series:
            alarms += len(shifts(shuffled(draw, counts)))
            weeks += len(counts)
    assert weeks > 15_000
    assert alarms / weeks <= STATED


def test_planted_shifts_are_found_within_weeks(shared):
    draw = random.Random(4)
    found = defaultdict(list)
    for counts in chicago(shared):
        mean = sum(counts) / WEEKS
        for factor, least in ((2, 10), (3, 2)):
            if least <= mean:
                calm = shuffled(draw, counts)
                planted = calm[:104] + [count + more(draw, count * (factor - 1)) for count in calm[104:]]
                noticed = [one for one in shifts(planted) if one.noticed >= 104 and one.up]
                found[factor].append(noticed[0].noticed - 103 if noticed else WEEKS)
    doubled, tripled = sorted(found[2]), sorted(found[3])
    assert len(doubled) >= 15
    assert doubled[len(doubled) // 2] <= 4  # half of them within four weeks
    assert sum(weeks <= 12 for weeks in doubled) >= 0.8 * len(doubled)
    assert sum(weeks <= 12 for weeks in tripled) >= 0.85 * len(tripled)


def test_the_week_of_the_shift_and_both_levels_are_named():
    draw = random.Random(1)
    counts = [more(draw, 10) for _ in range(60)] + [more(draw, 30) for _ in range(10)]
    (one,) = shifts(counts)
    assert abs(one.began - 60) <= 1
    assert one.noticed <= 62
    assert one.up
    assert one.before == pytest.approx(10, abs=2)
    assert one.after == pytest.approx(30, abs=8)
    assert one.chance < STATED
    assert (one.weeks_before, one.count_before) == (one.began, sum(counts[: one.began]))
    assert one.count_after == sum(counts[one.began : one.noticed + 1])


def test_a_fall_is_a_shift_too_and_a_new_level_is_learnt():
    draw = random.Random(2)
    counts = (
        [more(draw, 20) for _ in range(40)] + [more(draw, 4) for _ in range(40)] + [more(draw, 20) for _ in range(8)]
    )
    found = shifts(counts)
    assert [one.up for one in found] == [False, True]
    assert [abs(one.began - week) <= 2 for one, week in zip(found, (40, 80), strict=True)] == [True, True]


def test_a_shift_is_found_with_what_was_known_then():
    draw = random.Random(3)
    counts = [more(draw, 10) for _ in range(50)] + [more(draw, 40) for _ in range(20)]
    noticed = shifts(counts)[0].noticed
    assert shifts(counts[: noticed + 1])[0] == shifts(counts)[0]
    assert shifts(counts[:noticed]) == []


def test_too_short_or_empty_series_have_no_shifts():
    assert shifts([]) == []
    assert shifts([0] * 200) == []
    assert shifts([1] * LEARN) == []
    assert shifts([0] * 30 + [1]) == []


def test_the_chance_of_a_week_is_the_binomial_one_of_two_steady_rates():
    """Przyborowski and Wilenski, Biometrika 31 (1940): given the sum of two counts, one of them is binomial."""
    import numpy

    known, latest = [2] * 20, 7  # counts as even as these spread no more than chance has them
    chance = _chances(numpy.asarray([*known, latest], dtype=float), 1)[-1]
    whole, share = sum(known) + latest, 1 / (1 + len(known))
    at_least = sum(comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(latest, whole + 1))
    assert chance == pytest.approx(at_least, rel=1e-9)
