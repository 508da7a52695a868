"""Which gaps stop a pack, when a record is stale, what is said of a clause. Pure."""

from datetime import date

import pytest

from auditkit.packs.rules import (
    BUILT,
    DOWNLOADED,
    ClauseState,
    Gap,
    PackHasGaps,
    PeriodReversed,
    bag_name,
    check_gaps,
    check_period,
    clause_state,
    is_safe_path,
    is_stale,
)

GAP = Gap("policy", "Complaints-handling policy", "No version is approved", ("iso10002-2018:5.3",))


def test_no_gap_needs_no_reason() -> None:
    check_gaps([], "")


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_a_gap_needs_one_and_blanks_are_none(reason: str) -> None:
    with pytest.raises(PackHasGaps) as refused:
        check_gaps([GAP], reason)
    assert refused.value.gaps == (GAP,)
    assert "Complaints-handling policy (No version is approved)" in str(refused.value)
    assert refused.value.exit_code == 1


def test_a_gap_with_a_reason_passes() -> None:
    check_gaps([GAP], "The board meets in May")


def test_the_period_goes_forwards_and_may_be_one_day() -> None:
    check_period(date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(PeriodReversed, match="2026-01-02"):
        check_period(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("newest", "stale"),
    [(None, False), (date(2025, 12, 31), False), (date(2025, 12, 30), True), (date(2027, 5, 1), False)],
)
def test_a_record_is_stale_when_it_is_more_than_a_year_older_than_the_period_s_end(newest, stale: bool) -> None:
    assert is_stale(newest, date(2026, 12, 31)) is stale


def test_a_gap_outweighs_what_is_shown_and_silence_is_not_conformity() -> None:
    assert clause_state(shown=True, missing=False) is ClauseState.FOUND
    assert clause_state(shown=True, missing=True) is ClauseState.GAP
    assert clause_state(shown=False, missing=True) is ClauseState.GAP
    assert clause_state(shown=False, missing=False) is ClauseState.NOT_CHECKED


def test_the_longest_bag_name_is_one_that_every_system_keeps() -> None:
    name = bag_name("a" * 40, "b" * 17, date(2026, 1, 1), date(2026, 12, 31))
    assert is_safe_path(name), len(name)


def test_packs_leave_the_records_as_they_were() -> None:
    assert (BUILT.about_records, DOWNLOADED.about_records) == (False, False)
