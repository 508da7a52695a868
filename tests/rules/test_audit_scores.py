"""Scores over invented answers: the published formula, neutral gaps, both principles of a question, levels."""

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits.rules import AnswerState
from auditkit.audits.scoring.rules import Counted, by_clause, by_principle, has_levels, score


def counted(conformity: int | None, weight: int = 1, state: str = "answered", **more: Any) -> Counted:
    said = {"item": "q", "clause": "s:1", "clause_label": "1", "principles": (), "answer": "x", **more}
    return Counted(**said, weight=weight, state=AnswerState(state), conformity=conformity)


ANSWERED = st.builds(counted, st.integers(0, 100), st.integers(1, 5))
NEUTRAL = st.sampled_from([counted(None, 5, "excluded"), counted(None, 5, "open")])


@given(st.lists(ANSWERED, min_size=1), st.lists(NEUTRAL))
def test_the_formula_is_the_published_one_and_gaps_are_neutral(answered: list[Counted], neutral: list[Counted]) -> None:
    figure = score("k", "t", [*answered, *neutral])
    exact = Fraction(sum(one.conformity * one.weight for one in answered), sum(one.weight for one in answered))
    assert figure.percent == int(exact)
    assert figure.percent == score("k", "t", answered).percent
    assert figure.total == len(answered) + len(neutral)
    assert figure.answered == len(answered)


def test_weight_counts() -> None:
    assert score("k", "t", [counted(100, 3), counted(0, 1)]).percent == 75
    assert score("k", "t", [counted(100, 2), counted(0, 1)]).percent == 66, "rounded down"


def test_nothing_answered_is_no_figure() -> None:
    figure = score("k", "t", [counted(None, 1, "open"), counted(None, 1, "excluded")])
    assert (figure.percent, figure.answered, figure.excluded, figure.not_looked_at) == (None, 0, 1, 1)
    assert score("k", "t", []).percent is None


def test_a_question_counts_for_each_of_its_principles_and_under_one_clause() -> None:
    rows = [
        counted(100, principles=("COM", "INT"), clause="s:2"),
        counted(0, principles=("INT",), clause="s:1"),
        counted(50, clause="s:2"),
    ]
    assert {key: len(held) for key, held in by_principle(rows).items()} == {"COM": 1, "INT": 2}
    assert [(key, len(held)) for key, held in by_clause(rows).items()] == [("s:2", 2), ("s:1", 1)]


def test_maturity_is_the_mean_level() -> None:
    rows = [counted(80, 2, answer="level-4"), counted(60, 1, answer="level-3"), counted(None, 9, "open", answer="open")]
    assert score("k", "t", rows).maturity == 36
    assert score("k", "t", [counted(100)]).maturity is None
    assert has_levels(["level-0", "level-1"])
    assert not has_levels(["conforms", "level-of-detail"])


def test_change_needs_both_figures() -> None:
    assert score("k", "t", [counted(80)], previous=70).change == 10
    assert score("k", "t", [counted(80)]).change is None
    assert score("k", "t", [], previous=70).change is None
