"""Who may approve, what is missing, which version is in force."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.policies import rules
from auditkit.policies.rules import Dates, Question, State

D = date(2026, 3, 2)


def day(number: int) -> date:
    return D + timedelta(days=number)


@pytest.mark.parametrize(
    ("approver", "editor", "approvers", "outcome"),
    [
        (1, 2, {1: "Ann"}, False),
        (1, 2, {1: "Ann", 2: "Bob"}, False),
        (1, None, {1: "Ann"}, False),
        (1, 1, {1: "Ann"}, True),
        (1, 1, {}, True),
        (1, 1, {1: "Ann", 2: "Bob", 3: "Al"}, rules.ApproverIsEditor),
        (None, 1, {1: "Ann"}, rules.ApproverUnknown),
        (None, None, {}, rules.ApproverUnknown),
    ],
)
def test_approver_and_editor(approver, editor, approvers, outcome):
    if isinstance(outcome, bool):
        assert rules.approval_alone(approver, editor, approvers) is outcome
    else:
        with pytest.raises(outcome):
            rules.approval_alone(approver, editor, approvers)


def test_the_refusal_names_who_may_approve():
    with pytest.raises(rules.ApproverIsEditor, match="somebody else must approve it: Al, Bob"):
        rules.approval_alone(1, 1, {1: "Ann", 2: "Bob", 3: "Al"})


@pytest.mark.parametrize(
    ("versions", "on", "number"),
    [
        ([], 0, None),
        ([Dates(1, None)], 9, None),
        ([Dates(1, day(0))], -1, None),
        ([Dates(1, day(0))], 0, 1),
        ([Dates(1, day(0)), Dates(2, day(5))], 4, 1),
        ([Dates(1, day(0)), Dates(2, day(5))], 5, 2),
        ([Dates(1, day(0)), Dates(2, day(0))], 0, 2),
        ([Dates(1, day(0)), Dates(2, None)], 9, 1),
        ([Dates(1, day(0), day(3))], 2, 1),
        ([Dates(1, day(0), day(3))], 3, None),
        ([Dates(1, day(0)), Dates(2, day(5), day(7))], 7, None),  # an older one never comes back
        ([Dates(1, day(0)), Dates(2, day(5), day(4))], 9, 1),  # withdrawn before its time
        ([Dates(1, day(0), day(0))], 0, None),
        ([Dates(1, day(0), day(3)), Dates(2, day(5))], 4, None),
    ],
)
def test_in_force(versions, on, number):
    assert rules.in_force(versions, day(on)) == number


@pytest.mark.parametrize(
    ("start", "end", "numbers"),
    [(-9, -1, []), (-9, 0, [1]), (0, 4, [1]), (0, 5, [1, 2]), (5, 6, [2]), (7, 9, []), (0, 20, [1, 2, 3])],
)
def test_in_force_during(start, end, numbers):
    versions = [Dates(1, day(0)), Dates(2, day(5), day(7)), Dates(3, day(10)), Dates(4, None)]
    assert rules.in_force_during(versions, day(start), day(end)) == numbers


offsets = st.integers(-20, 20)
some_versions = st.lists(st.tuples(st.none() | offsets, st.none() | offsets), max_size=5).map(
    lambda pairs: [
        Dates(number, None if begins is None else day(begins), None if ends is None else day(ends))
        for number, (begins, ends) in enumerate(pairs, start=1)
    ]
)


@given(some_versions, offsets, st.integers(0, 25))
def test_a_period_is_the_sum_of_its_days(versions, start, length):
    days = [day(start + number) for number in range(length + 1)]
    each = {rules.in_force(versions, one) for one in days} - {None}
    assert rules.in_force_during(versions, days[0], days[-1]) == sorted(each)


def test_superseded():
    versions = [Dates(1, day(0)), Dates(2, day(5)), Dates(3, day(6), day(6))]
    assert not rules.is_superseded(versions, 1, day(4))
    assert rules.is_superseded(versions, 1, day(5))
    assert not rules.is_superseded(versions, 2, day(9)), "version 3 was withdrawn before its time"


@pytest.mark.parametrize(
    ("state", "effective", "others", "refusal"),
    [
        (State.APPROVED, 0, [], None),
        (State.APPROVED, 30, [Dates(1, day(5)), Dates(2, None)], None),
        (State.APPROVED, 5, [Dates(1, day(5))], None),
        (State.APPROVED, 5, [Dates(1, day(9), day(8))], None),
        (State.APPROVED, 5, [Dates(3, day(9), day(8))], None),
        (State.APPROVED, -1, [], rules.EffectiveTooEarly),
        (State.APPROVED, 5, [Dates(1, day(6))], rules.BeforeOneBefore),
        (State.APPROVED, 5, [Dates(3, day(1))], rules.NewerPublished),
        (State.PUBLISHED, 5, [], rules.NotApproved),
        (State.WITHDRAWN, 5, [], rules.NotApproved),
    ],
)
def test_publishing(state, effective, others, refusal):
    def act():
        rules.require_publishable(2, state, D, day(effective), others)

    if refusal is None:
        act()
    else:
        with pytest.raises(refusal):
            act()


@pytest.mark.parametrize(("state", "good"), [(State.APPROVED, True), (State.PUBLISHED, True), (State.WITHDRAWN, False)])
def test_withdrawing(state, good):
    if good:
        rules.require_withdrawable(1, state)
    else:
        with pytest.raises(rules.NotWithdrawable):
            rules.require_withdrawable(1, state)


@pytest.mark.parametrize(
    ("kind", "value", "outcome"),
    [
        ("text", "  Acme \n Ltd ", "Acme Ltd"),
        ("text", "   ", ""),
        ("text", "x" * 501, rules.AnswerMalformed),
        ("email", "a@b.example", "a@b.example"),
        ("email", "a@b", rules.AnswerMalformed),
        ("email", "", ""),
        ("address", "https://b.example/x", "https://b.example/x"),
        ("address", "javascript:alert(1)", rules.AnswerMalformed),
        ("address", "b.example", rules.AnswerMalformed),
        ("days", "20", "20"),
        ("days", "0", rules.AnswerMalformed),
        ("days", "twenty", rules.AnswerMalformed),
        ("telephone", "0800 123, weekdays", "0800 123, weekdays"),
    ],
)
def test_answers(kind, value, outcome):
    question = Question("q", "?", kind)
    if isinstance(outcome, str):
        assert rules.checked_answer(question, value) == outcome
    else:
        with pytest.raises(outcome, match="Enter "):
            rules.checked_answer(question, value)


@pytest.mark.parametrize(
    ("title", "text", "refusal"),
    [
        (" ", "x", rules.TitleMissing),
        ("x", " \n", rules.TextMissing),
        ("x", "y" * 8_001, rules.TextTooLong),
        ("x", "{{Organisation}}", rules.BracesStray),
        ("x", "{% for x in y %}", rules.BracesStray),
        ("x", "{{ nobody }}", rules.BlankUnknown),
    ],
)
def test_sections_that_are_refused(title, text, refusal):
    with pytest.raises(refusal):
        rules.checked_section(title, text, {"organisation"})


def test_a_section_is_kept_as_typed():
    assert rules.checked_section(" Our\tpromise ", "a\r\n\r\n{{organisation}}\n", {"organisation"}) == (
        "Our promise",
        "a\n\n{{organisation}}",
    )


def test_only_what_the_text_needs_must_be_answered():
    asked = [Question("a", "A?"), Question("b", "B?"), Question("c", "C?", required=False), Question("d", "D?")]
    texts = ["{{a}} {{b}}", "{{c}} {{b}}"]
    assert [one.name for one in rules.unanswered(asked, {"a": " "}, texts)] == ["a", "b"]
    rules.require_answers(asked, {"a": "1", "b": "2"}, texts)
    with pytest.raises(rules.FieldsUnanswered, match=r"B\?") as caught:
        rules.require_answers(asked, {"a": "1"}, texts)
    assert caught.value.names == ("b",)


def test_reasons_and_reviews():
    assert rules.checked_reason(" because ") == "because"
    with pytest.raises(rules.ReasonMissing):
        rules.checked_reason(" \n")
    assert rules.checked_review(None, D) is None
    assert rules.checked_review(day(1), D) == day(1)
    with pytest.raises(rules.ReviewNotAhead):
        rules.checked_review(D, D)
