"""Who comes into a room, what a judgement needs, what changed between two packs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from auditkit.packs.rooms.rules import (
    CommentMissing,
    ConcernWithoutDoubt,
    Fate,
    LastDayWrong,
    Standing,
    Tally,
    Verdict,
    changes,
    check_judgement,
    check_last_day,
    fate,
    may_enter,
    standing,
    tally,
)

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_day", "revoked", "concluded", "expected"),
    [
        (TODAY, None, None, Standing.OPEN),
        (TODAY - timedelta(days=1), None, None, Standing.EXPIRED),
        (TODAY, NOW, None, Standing.REVOKED),
        (TODAY - timedelta(days=1), NOW, NOW, Standing.REVOKED),
        (TODAY, None, NOW, Standing.CONCLUDED),
        (TODAY - timedelta(days=1), None, NOW, Standing.EXPIRED),
    ],
)
def test_how_a_room_stands(last_day, revoked, concluded, expected) -> None:
    assert standing(last_day, revoked, concluded, TODAY) is expected


def test_who_comes_in() -> None:
    assert [one for one in Standing if may_enter(one)] == [Standing.OPEN, Standing.CONCLUDED]


@pytest.mark.parametrize(("days", "good"), [(0, True), (366, True), (-1, False), (367, False)])
def test_the_last_day_is_within_a_year(days: int, good: bool) -> None:
    if good:
        check_last_day(TODAY + timedelta(days=days), TODAY)
    else:
        with pytest.raises(LastDayWrong):
            check_last_day(TODAY + timedelta(days=days), TODAY)


@pytest.mark.parametrize("verdict", [Verdict.QUESTION, Verdict.NOT_SUFFICIENT])
def test_whoever_does_not_accept_says_why(verdict: Verdict) -> None:
    with pytest.raises(CommentMissing):
        check_judgement(verdict, "  ")
    check_judgement(verdict, "Where is the survey?")
    check_judgement(Verdict.ACCEPTED, "")


def test_changes_between_packs() -> None:
    before = {"a": "1", "b": "2", "c": "3"}
    assert changes(before, {"b": "2", "c": "4", "d": "5"}) == (["d"], ["a"], ["c"])
    assert changes(before, before) == ([], [], [])


def test_only_what_is_not_sufficient_is_a_concern() -> None:
    check_judgement(Verdict.NOT_SUFFICIENT, "Late", concern=True)
    for verdict in (Verdict.ACCEPTED, Verdict.QUESTION):
        with pytest.raises(ConcernWithoutDoubt):
            check_judgement(verdict, "Late", concern=True)


def test_items_are_counted_once_and_those_of_other_clauses_not() -> None:
    said = {"a": Verdict.ACCEPTED, "b": Verdict.QUESTION, "elsewhere": Verdict.NOT_SUFFICIENT}
    found = tally(["a", "b", "c", "a"], said)
    assert found == Tally(accepted=1, question=1, not_judged=1)
    assert found.all == 3
    assert tally([], said).all == 0


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": "1"}, {"a": "1"}, Fate.SAME),
        ({"a": "1"}, {"a": "2"}, Fate.CHANGED),
        ({"a": "1"}, {"a": "1", "b": "2"}, Fate.CHANGED),
        ({"a": "1", "b": "2"}, {"a": "1"}, Fate.CHANGED),
        ({"a": "1"}, None, Fate.GONE),
        (None, {"a": "1"}, Fate.NEW),
        ({"a": ""}, {"a": "1"}, Fate.WITHHELD),
        ({"a": "1", "b": "2"}, {"a": "1", "b": ""}, Fate.WITHHELD),
        ({"a": "1", "b": ""}, {"a": "2", "b": ""}, Fate.CHANGED),
        ({}, {}, Fate.SAME),
    ],
)
def test_what_became_of_what_was_asked_about(before, after, expected) -> None:
    assert fate(before, after) is expected
