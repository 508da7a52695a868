"""Rules of documents by subject: cards, sections, approval in order, readers, translations, drift."""

from datetime import date, timedelta

import pytest

from auditkit.base.errors import AuditkitError
from auditkit.policies.rules import (
    Dates,
    Decision,
    Kind,
    NoSuchSection,
    Notice,
    RoundState,
    approvals,
    cards,
    drift,
    readers,
    sections,
    translations,
)
from auditkit.policies.rules.approvals import Asked
from auditkit.policies.rules.drift import Drift
from auditkit.policies.rules.readers import Coverage, Reader
from auditkit.policies.rules.translations import Piece

DAY = date(2026, 3, 2)


# ---- Cards


@pytest.mark.parametrize(
    ("content_id", "kind"),
    [
        ("complaints-handling-policy", Kind.POLICY),
        ("complaints-handling-manual", Kind.MANUAL),
        ("procedure-audit", Kind.PROCEDURE),
        ("role-all-staff", Kind.ROLE),
        ("complaints-leaflet", Kind.LEAFLET),
        ("something-else", Kind.OTHER),
    ],
)
def test_kinds_of_the_library(content_id, kind):
    assert cards.kind_of(content_id) is kind


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 3, 2), 0, None),
    ],
)
def test_months_later(day, months, then):
    assert cards.months_after(day, months) == then


@pytest.mark.parametrize("months", [None, -1, 121])
def test_months_that_are_refused(months):
    with pytest.raises(cards.MonthsMalformed):
        cards.checked_months(months)


# ---- Sections


def listed(ids: str) -> list[dict[str, str]]:
    return [{"id": one} for one in ids]


def ids(stored) -> str:
    return "".join(one["id"] for one in stored)


@pytest.mark.parametrize(
    ("section", "steps", "after"),
    [("a", 1, "bac"), ("a", -1, "abc"), ("c", -1, "acb"), ("c", 5, "abc"), ("a", 9, "bca"), ("b", 0, "abc")],
)
def test_moving(section, steps, after):
    assert ids(sections.moved(listed("abc"), section, steps)) == after


def test_adding_and_removing():
    assert ids(sections.added(listed("ab"), {"id": "n"}, "a")) == "anb"
    assert ids(sections.added(listed("ab"), {"id": "n"})) == "abn"
    assert ids(sections.removed(listed("abc"), "b")) == "ac"
    with pytest.raises(sections.LastSection):
        sections.removed(listed("a"), "a")
    with pytest.raises(NoSuchSection):
        sections.moved(listed("a"), "z", 1)
    with pytest.raises(sections.TooManySections):
        sections.added([{"id": str(number)} for number in range(sections.MOST_SECTIONS)], {"id": "n"})


def test_an_id_that_a_version_had_never_comes_back():
    assert sections.new_id([{"id": "own-1"}], ["own-2"]) == "own-3"
    assert sections.new_id([]) == "own-1"


def test_clauses_are_typed_short_and_kept_in_full():
    known = {"e:5.3", "e:7.1", "f:1"}
    assert sections.checked_clauses("5.3, 7.1; 5.3 f:1", "e", known) == ["e:5.3", "e:7.1", "f:1"]
    assert sections.checked_clauses("  ", "e", known) == []
    with pytest.raises(sections.ClauseUnknown, match=r"There is no clause 9\.9 in e"):
        sections.checked_clauses("5.3, 9.9", "e", known)


# ---- Approval in order: every state, every person

MAY = {1: "Ann", 2: "Ben", 3: "Cem"}
A, R = Decision.APPROVED, Decision.REFUSED


@pytest.mark.parametrize(
    ("state", "decisions", "person", "outcome"),
    [
        (RoundState.OPEN, (None, None), 1, False),
        (RoundState.OPEN, (None, None), 2, approvals.NotYourTurn),
        (RoundState.OPEN, (A, None), 2, True),
        (RoundState.OPEN, (A, None), 1, approvals.NotAsked),
        (RoundState.OPEN, (None, None), 3, approvals.NotAsked),
        (RoundState.OPEN, (None, None), None, approvals.NotAsked),
        (RoundState.APPROVED, (A, A), 1, approvals.RoundEnded),
        (RoundState.REFUSED, (R, None), 2, approvals.RoundEnded),
        (RoundState.TAKEN_BACK, (None, None), 1, approvals.RoundEnded),
    ],
)
def test_whose_turn_it_is(state, decisions, person, outcome):
    steps = [Asked(1, decisions[0]), Asked(2, decisions[1])]
    if isinstance(outcome, bool):
        assert approvals.require_turn(state, steps, person, MAY) is outcome
    else:
        with pytest.raises(outcome):
            approvals.require_turn(state, steps, person, MAY)


@pytest.mark.parametrize(
    ("people", "writer", "may", "outcome"),
    [
        ((1, 2), 3, MAY, False),
        ((1, 2), 1, MAY, False),
        ((1, 2), 2, MAY, approvals.WriterApprovesLast),
        ((1,), 1, MAY, approvals.WriterApprovesLast),
        ((1,), 1, {1: "Ann"}, True),
        ((1, 2), None, MAY, False),
        ((), 1, MAY, approvals.NobodyToAsk),
        ((9,), 1, MAY, approvals.ApproverNotAllowed),
    ],
)
def test_nobody_approves_alone_what_they_wrote(people, writer, may, outcome):
    if isinstance(outcome, bool):
        assert approvals.round_alone(people, writer, may) is outcome
    else:
        with pytest.raises(outcome):
            approvals.round_alone(people, writer, may)


@pytest.mark.parametrize(
    ("people", "refusal"),
    [
        ((9,), approvals.ApproverNotAllowed),
        ((1, 2, 1), approvals.ApproverTwice),
        (range(11), approvals.TooManyApprovers),
    ],
)
def test_orders_that_are_refused(people, refusal):
    with pytest.raises(refusal):
        approvals.checked_order(list(people), MAY)
    assert approvals.checked_order([2, 1], MAY) == [2, 1]


# ---- Readers

STAFF = [Reader(1, "Ann", "staff"), Reader(2, "Ben", "staff"), Reader(3, "Cem", "internal-auditor")]


def test_who_must_read_stands_once():
    assert [one.person_id for one in readers.must_read(STAFF, ["staff"], [2, 3])] == [1, 2, 3]
    assert readers.must_read(STAFF, [], []) == []


@pytest.mark.parametrize(
    ("read", "asked", "percent"), [(0, 0, None), (0, 3, 0), (2, 3, 66), (199, 200, 99), (3, 3, 100)]
)
def test_a_hundred_per_cent_means_everybody(read, asked, percent):
    assert Coverage(read, asked).percent == percent


def test_coverage_counts_those_who_must_only():
    assert readers.coverage(STAFF, {1, 99}) == Coverage(1, 3)
    assert readers.coverage_by_role(STAFF, {1, 3}) == {"staff": Coverage(1, 2), "internal-auditor": Coverage(1, 1)}


@pytest.mark.parametrize(
    ("versions", "numbers"),
    [
        ([], []),
        ([Dates(1, None)], []),
        ([Dates(1, DAY)], [1]),
        ([Dates(1, DAY), Dates(2, DAY + timedelta(days=1))], [1, 2]),
        ([Dates(1, DAY - timedelta(days=9)), Dates(2, DAY)], [2]),
        ([Dates(1, DAY, DAY)], []),
        ([Dates(1, DAY + timedelta(days=1))], [1]),
        ([Dates(1, DAY), Dates(2, DAY + timedelta(days=5), DAY)], [1]),
    ],
)
def test_what_is_to_be_read(versions, numbers):
    assert readers.to_be_read(versions, DAY) == numbers


@pytest.mark.parametrize(
    ("sent", "days", "notice"),
    [
        ({}, 0, Notice.ASKED),
        ({Notice.ASKED: DAY}, 6, None),
        ({Notice.ASKED: DAY}, 7, Notice.REMINDER),
        ({Notice.ASKED: DAY}, 90, Notice.REMINDER),
        ({Notice.ASKED: DAY, Notice.REMINDER: DAY}, 90, None),
    ],
)
def test_readers_are_asked_and_reminded_once(sent, days, notice):
    assert readers.notice_for_reader(sent, DAY + timedelta(days=days)) is notice


@pytest.mark.parametrize(
    ("days_left", "sent", "notice"),
    [
        (31, (), None),
        (30, (), Notice.REVIEW_SOON),
        (0, (), Notice.REVIEW_SOON),
        (5, (Notice.REVIEW_SOON,), None),
        (-1, (Notice.REVIEW_SOON,), Notice.REVIEW_OVER),
        (-1, (), Notice.REVIEW_OVER),
        (-9, (Notice.REVIEW_OVER,), None),
        (None, (), None),
    ],
)
def test_reviews_are_announced_once(days_left, sent, notice):
    review_by = None if days_left is None else DAY + timedelta(days=days_left)
    assert readers.notice_of_review(review_by, sent, DAY) is notice


# ---- Translations


def test_what_changed_since_a_translation():
    before = [Piece("a", "A", "one"), Piece("b", "B", "two"), Piece("c", "C", "three")]
    now = [Piece("a", "A", "one"), Piece("b", "B!", "two"), Piece("d", "D", "new")]
    assert translations.changed_sections(before, now) == {"b": "B!", "d": "D", "c": "C"}
    assert translations.changed_sections(now, now) == {}


def test_carrying_a_translation_over_keeps_what_is_there_and_leaves_new_sections_empty():
    done = [Piece("a", "Eins", "eins"), Piece("c", "Drei", "drei")]
    newest = [Piece("d", "D", "new"), Piece("a", "A", "one")]
    assert translations.carried_over(done, newest) == [Piece("d", "", ""), Piece("a", "Eins", "eins")]


def test_a_translation_is_whole_or_says_what_is_missing():
    source = [Piece("a", "A", "one"), Piece("b", "B", "two")]
    titles = {"": "Doc", "a": "A", "b": "B"}
    translations.require_whole("Dok", [Piece("a", "x", "x"), Piece("b", "y", "y")], source, titles)
    with pytest.raises(translations.NotAllTranslated, match="Doc · B"):
        translations.require_whole(" ", [Piece("a", "x", "x"), Piece("b", "y", " ")], source, titles)


@pytest.mark.parametrize("language", ["xx", "en", "fa"])
def test_languages_that_are_refused(language):
    with pytest.raises(translations.LanguageUnknown):
        translations.checked_language(language, "en", ["fa"])


# ---- Drift


def test_drift_is_what_differs_and_nothing_else():
    stated, now = {"a": "1", "b": "2", "c": "3", "gone": "x"}, {"a": "1", "b": "9", "c": "", "new": "7"}
    assert drift.drifted(stated, now) == [Drift("b", "2", "9"), Drift("c", "3", "")]
    assert drift.unjudged(stated, now) == ["gone"]
    assert drift.facts_drifted({"a", "b"}, {"a": "1"}, {"a": "1", "b": "2"}) == [Drift("b", "", "2")]


def test_refusals_teach():
    for one in (approvals.NobodyToAsk(), sections.LastSection(), readers.ReadingNotTicked(), cards.KindUnknown()):
        assert isinstance(one, AuditkitError)
        assert len(str(one).split()) > 4
