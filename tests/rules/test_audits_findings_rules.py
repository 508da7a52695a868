"""Wording, grades that are too low, answers to findings, ages and likeness: pure, as tables."""

from datetime import date
from typing import Any

import pytest

from auditkit.audits import rules as audits
from auditkit.audits.findings import rules
from auditkit.audits.findings.rules import Age, ResponseKind
from auditkit.audits.rules import Grade

PARTS = {"requirement": "Receipt is acknowledged at once", "evidence": "C-0113 took 5 days", "gap": "No day was kept"}


def test_a_statement_is_put_together_from_three_parts() -> None:
    assert audits.wording(**PARTS) == (
        "No day was kept. Asked for: Receipt is acknowledged at once. Seen: C-0113 took 5 days."
    )


@pytest.mark.parametrize(
    ("part", "refusal"),
    [
        ("gap", audits.GapMissing),
        ("requirement", audits.CriterionMissing),
        ("evidence", audits.ObjectiveEvidenceMissing),
    ],
)
def test_the_helper_asks_for_what_is_missing(part: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        audits.wording(**{**PARTS, part: " \n"})


GRADED: dict[str, Any] = {
    "grade": Grade.OPPORTUNITY,
    "grade_word": "Opportunity",
    "strength": "shall",
    "answered_nonconform": True,
    "gap": "",
    "statement": "Could be better",
    "reason": "",
}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, audits.GradedTooLow),
        ({"strength": "law"}, audits.GradedTooLow),
        ({"strength": "own"}, audits.GradedTooLow),
        ({"grade": Grade.OBSERVATION}, audits.GradedTooLow),
        ({"grade": Grade.GOOD_PRACTICE}, audits.GradedTooLow),
        ({"strength": "should"}, None),
        ({"answered_nonconform": False}, None),
        ({"grade": Grade.MINOR}, None),
        ({"grade": Grade.MAJOR}, None),
        ({"reason": "Mended while we looked"}, None),
        ({"reason": "  "}, audits.GradedTooLow),
        ({"strength": "should", "gap": "The rule was NOT MET twice"}, audits.GapSaysNonconformity),
        ({"strength": "should", "statement": "A nonconformity, though small"}, audits.GapSaysNonconformity),
        ({"strength": "should", "gap": "این الزام رعایت نشده است"}, audits.GapSaysNonconformity),
        ({"strength": "should", "gap": "Требование не выполнено"}, audits.GapSaysNonconformity),
        ({"strength": "should", "gap": "Şart karşılanmadı"}, audits.GapSaysNonconformity),
        ({"strength": "should", "gap": "not met", "reason": "One case in a thousand"}, None),
        ({"strength": "should", "gap": "All were met"}, None),
    ],
)
def test_a_nonconformity_is_not_filed_as_less_without_a_reason(
    change: dict[str, Any], refusal: type[Exception] | None
) -> None:
    if refusal is None:
        audits.check_grade(**{**GRADED, **change})
        return
    with pytest.raises(refusal) as refused:
        audits.check_grade(**{**GRADED, **change})
    assert "must not be filed as “Opportunity”" in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "text", "said_by", "refusal"),
    [
        (ResponseKind.ACKNOWLEDGED, "", "Nino", None),
        (ResponseKind.COMMENTED, "", "Nino", rules.ResponseEmpty),
        (ResponseKind.DISPUTED, " ", "Nino", rules.ResponseEmpty),
        (ResponseKind.DISPUTED, "Weekends do not count", " ", rules.SpeakerMissing),
        (ResponseKind.DISPUTED, "Weekends do not count", "Nino", None),
    ],
)
def test_what_an_answer_needs(kind: ResponseKind, text: str, said_by: str, refusal: type[Exception] | None) -> None:
    if refusal is None:
        rules.check_response(kind, text, said_by)
        return
    with pytest.raises(refusal):
        rules.check_response(kind, text, said_by)


@pytest.mark.parametrize(
    ("kind", "resolved", "text", "refusal"),
    [
        (ResponseKind.COMMENTED, False, "x", rules.NotADispute),
        (ResponseKind.ACKNOWLEDGED, False, "x", rules.NotADispute),
        (ResponseKind.DISPUTED, True, "x", rules.AlreadyResolved),
        (ResponseKind.DISPUTED, False, " ", rules.ResolutionEmpty),
        (ResponseKind.DISPUTED, False, "The policy counts weekends", None),
    ],
)
def test_only_an_open_dispute_is_ended_and_with_a_reason(
    kind: ResponseKind, resolved: bool, text: str, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        rules.check_resolution(kind, resolved=resolved, text=text)
        return
    with pytest.raises(refusal):
        rules.check_resolution(kind, resolved=resolved, text=text)


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, Age.MONTH), (30, Age.MONTH), (31, Age.TWO_MONTHS), (60, Age.TWO_MONTHS), (61, Age.QUARTER),
        (90, Age.QUARTER), (91, Age.HALF_YEAR), (180, Age.HALF_YEAR), (181, Age.LONGER), (4000, Age.LONGER),
    ],
)  # fmt: skip
def test_age_bands_meet_without_a_gap(days: int, age: Age) -> None:
    assert rules.age_of(days) is age
    least, most = rules.AGE_DAYS[age]
    assert least <= days
    assert most is None or days <= most


def test_days_are_counted_by_the_calendar() -> None:
    raised = date(2026, 2, 28)
    assert rules.days_open(raised, date(2026, 3, 1)) == 1
    assert rules.days_open(raised, date(2026, 2, 25)) == 0


def test_likeness_counts_place_and_words() -> None:
    one = rules.telling_words("E-mails that arrive at the weekend are acknowledged late")
    other = rules.telling_words("Weekend e-mail was late to be acknowledged")
    nothing = rules.telling_words("Training records of the shop")
    assert rules.likeness(one, one, same_question=True, same_clause=True) == 100
    assert rules.likeness(one, nothing, same_question=True, same_clause=True) == 60
    assert rules.likeness(one, nothing, same_question=False, same_clause=True) == 20
    assert rules.likeness(one, other, same_question=False, same_clause=True) > 60
    assert rules.likeness((), one, same_question=False, same_clause=False) == 0


@pytest.mark.parametrize(
    ("percent", "same_question", "same_clause", "wanted"),
    [(0, True, False, True), (30, False, True, True), (29, False, True, False), (100, False, False, False)],
)
def test_what_is_suggested(percent: int, same_question: bool, same_clause: bool, wanted: bool) -> None:
    assert rules.suggested(percent, same_question=same_question, same_clause=same_clause) is wanted


def test_own_words_must_tell_grades_apart() -> None:
    rules.check_words({"major": "Grave", "minor": "Light"})
    with pytest.raises(rules.SameWordTwice, match="grave"):
        rules.check_words({"major": "Grave", "minor": "grave"})
    with pytest.raises(rules.WordTooLong):
        rules.check_words({"major": "x" * 61})
