"""Dates, references, texts, words and search words of complaints. No database, no clock."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.base.folding import fold
from auditkit.base.text import _
from auditkit.complaints import rules

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "happened", "refusal"),
    [
        (NOW, None, None),
        (NOW, date(2026, 3, 2), None),
        (NOW, date(2026, 3, 3), None),
        (NOW, date(2026, 3, 4), rules.HappenedAfterReceipt),
        (datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC), None, rules.ReceivedInFuture),
        (datetime(1999, 1, 1, tzinfo=UTC), date(1958, 11, 12), None),
    ],
)
def test_dates(received, happened, refusal):
    if refusal is None:
        rules.check_dates(received, happened, NOW)
    else:
        with pytest.raises(refusal):
            rules.check_dates(received, happened, NOW)


DAY = datetime(2020, 5, 5, tzinfo=UTC)
NOON = datetime(2020, 5, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "received_is_day", "closed", "closed_is_day", "before"),
    [
        (NOON, False, None, False, False),
        (NOON, False, DAY, False, True),
        (NOON, False, DAY, True, False),  # closed some time that day
        (DAY, True, NOON, False, False),
        (DAY, True, datetime(2020, 5, 4, 23, tzinfo=UTC), False, True),
        (DAY, True, DAY, True, False),
        (DAY, True, datetime(2019, 12, 31, tzinfo=UTC), True, True),
    ],
)
def test_closed_before_received(received, received_is_day, closed, closed_is_day, before):
    assert rules.closes_before_received(received, received_is_day, closed, closed_is_day) is before


def test_reference():
    assert rules.reference(2026, 123) == "C-2026-000123"
    assert rules.reference(2026, 1_234_567) == "C-2026-1234567"


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b"])
def test_a_text_that_no_database_can_hold_is_refused(bad):
    with pytest.raises(rules.TextNotStorable, match="What it is about"):
        rules.check_text("subject", bad)


def test_a_long_text_is_refused_with_its_limit():
    assert rules.check_text("subject", "x" * 200)
    with pytest.raises(rules.TextTooLong, match="200"):
        rules.check_text("subject", "x" * 201)


def test_an_unknown_word_is_refused_with_the_known_ones():
    assert rules.known_word("upheld", rules.Outcome) == "upheld"
    assert rules.known_word("", rules.Outcome, empty=True) == ""
    with pytest.raises(rules.UnknownWord, match="upheld, partly-upheld, rejected"):
        rules.known_word("maybe", rules.Outcome)
    with pytest.raises(rules.UnknownWord):
        rules.known_word("", rules.Outcome)


@pytest.mark.parametrize(
    ("titles", "words"),
    [
        (rules.STAGE_TITLES, rules.Stage),
        (rules.KIND_TITLES, rules.Kind),
        (rules.CHANNEL_TITLES, rules.Channel),
        (rules.SEVERITY_TITLES, rules.Severity),
        (rules.CATEGORY_TITLES, rules.Category),
        (rules.OUTCOME_TITLES, rules.Outcome),
        (rules.ANSWER_TITLES, rules.Answer),
        (rules.GROUND_TITLES, rules.Ground),
        (rules.COMPLEXITY_TITLES, rules.Complexity),
        (rules.COMPENSATION_TITLES, rules.Compensation),
        (rules.TRIGGER_TITLES, rules.Trigger),
        (rules.RELATION_TITLES, rules.Relation),
        (rules.WAITS_FOR_TITLES, rules.WaitsFor),
        (rules.OTHERS_TITLES, rules.Others),
    ],
)
def test_every_word_has_a_title(titles, words):
    assert list(titles) == list(words)
    assert all(_(title) for title in titles.values())


def test_every_text_has_a_title():
    assert list(rules.TEXT_TITLES) == list(rules.LONGEST)


def test_search_words_carry_their_organisation_and_what_is_identity():
    words = rules.search_words(7, "C-2026-000123", ["Late order INV-2024-77, late again"], ["Ana Ivanova"]).split()
    assert {"7·c2026000123", "7·000123", "7·123", "7·late", "7·inv202477", "7·77", "7¤ana", "7¤ivanova"} <= set(words)
    assert len(words) == len(set(words))
    assert "7·ivanova" not in words


NUMBERED = st.from_regex(r"[a-zA-ZéC]{1,3}-\d{4}-\d{1,4}[ a_]?", fullmatch=True)
AWKWARD = st.text(alphabet="aB1-_ №ıİéßΣς0٣۳²½\u200c·¤ꭰ\n\x1c\x85\u2028")
TEXTS = st.lists(st.text() | AWKWARD | NUMBERED | st.text("ab", min_size=60, max_size=70), max_size=4)


@given(TEXTS, TEXTS)
def test_search_words_are_the_runs_of_letters_and_digits_once_each(texts, identity):
    def runs(parts):
        return re.findall(r"[^\W_]+", fold("\n".join(parts).replace("№", " ")))

    numbered = re.findall(r"\b([^\W\d_]+)-(\d{4})-(\d+)\b", fold("\n".join(texts).replace("№", " ")))
    plain = ["c2026000120", "000120", "120", *runs(texts), *map("".join, numbered)]
    stored = rules.search_words(3, "C-2026-000120", texts, identity).split(" ")
    assert len(stored) == len(set(stored))
    for mark, expected, parts in (("3·", plain, texts), ("3¤", runs(identity), identity)):
        found = [word for word in stored if word.startswith(mark)]
        wanted = [mark + word[:64] for word in dict.fromkeys(expected)]
        if all(part.isascii() for part in parts):
            assert found == wanted
        else:  # beside the runs: parts of words with a joiner in them, and neighbours written in one
            assert set(found) >= set(wanted)
            letters = fold("".join(parts).replace("№", "")).replace(" ", "")
            assert all(set(word.removeprefix(mark)) <= set(letters) for word in set(found) - set(wanted))


def test_wanted_words():
    assert rules.wanted_words(7, "Late C-2026-0001", identity=False) == [("7·late",), ("7·c20260001",)]
    assert rules.wanted_words(7, "Ana", identity=True) == [("7·ana", "7¤ana")]
    assert rules.wanted_words(7, " …—! _ ", identity=True) == []
    assert len(rules.wanted_words(7, " ".join(map(str, range(100))), identity=False)) == 12
