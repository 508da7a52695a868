"""The gates of the path as tables: plan, steps, causes, criterion, effect, bodies' reviews, phases of the board."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from auditkit.actions import drawing, rules
from auditkit.actions.rules import (
    Bone,
    CauseLine,
    CauseMethod,
    Criterion,
    Need,
    Phase,
    PlanFacts,
    ReviewState,
    State,
    StepState,
    Verdict,
    Wanted,
)

WHOLE = PlanFacts(correction=True, extent=True, cause=True, steps=1, criterion=True)
NOTHING = PlanFacts(correction=False, extent=False, cause=False, steps=0, criterion=False)
LACKING = [
    (Need.CORRECTION, {"correction": False}, rules.CorrectionMissing),
    (Need.EXTENT, {"extent": False}, rules.ExtentMissing),
    (Need.CAUSE, {"cause": False}, rules.PlanCauseMissing),
    (Need.STEPS, {"steps": 0}, rules.StepsMissing),
    (Need.CRITERION, {"criterion": False}, rules.CriterionMissing),
]


@pytest.mark.parametrize(("need", "lack", "refusal"), LACKING)
def test_what_is_asked_for_and_missing_is_named(need: Need, lack: dict[str, Any], refusal: type[Exception]) -> None:
    facts = replace(WHOLE, **lack)
    assert rules.missing(frozenset(Need), facts) == [need]
    with pytest.raises(refusal):
        rules.check_plan_ready(state=State.OPEN, needs=frozenset(Need), facts=facts)
    with pytest.raises(refusal):
        rules.check_done(needs=frozenset(Need), facts=facts, plan_ready=True, open_steps=0)
    assert rules.missing(frozenset(Need) - {need}, facts) == []


@pytest.mark.parametrize("state", [State.DONE, State.VERIFIED, State.CLOSED])
def test_a_plan_is_called_ready_while_the_action_is_open(state: State) -> None:
    rules.check_plan_ready(state=State.OPEN, needs=frozenset(Need), facts=WHOLE)
    with pytest.raises(rules.StepNotOpen):
        rules.check_plan_ready(state=state, needs=frozenset(Need), facts=WHOLE)


def test_a_plan_has_a_step_even_where_nothing_is_asked() -> None:
    with pytest.raises(rules.StepsMissing):
        rules.check_plan_ready(state=State.OPEN, needs=frozenset(), facts=NOTHING)
    rules.check_done(needs=frozenset(), facts=NOTHING, plan_ready=False, open_steps=0)


def test_open_steps_and_an_unready_plan_hold_the_action() -> None:
    with pytest.raises(rules.StepsOpen):
        rules.check_done(needs=frozenset(), facts=WHOLE, plan_ready=True, open_steps=2)
    with pytest.raises(rules.PlanNotReady):
        rules.check_done(needs=frozenset({Need.CAUSE}), facts=WHOLE, plan_ready=False, open_steps=0)
    rules.check_done(needs=frozenset(Need), facts=WHOLE, plan_ready=True, open_steps=0)


@pytest.mark.parametrize(
    ("state", "needs", "ready", "planned", "phase"),
    [
        (State.OPEN, True, False, True, Phase.ANALYSIS),
        (State.OPEN, True, True, True, Phase.WORK),
        (State.OPEN, False, False, False, Phase.ANALYSIS),
        (State.OPEN, False, False, True, Phase.WORK),
        (State.OPEN, False, True, False, Phase.WORK),
        *((State.DONE, *rest, Phase.EFFECT) for rest in product((False, True), repeat=3)),
        *((State.VERIFIED, *rest, Phase.VERIFIED) for rest in product((False, True), repeat=3)),
        *((State.CLOSED, *rest, Phase.CLOSED) for rest in product((False, True), repeat=3)),
    ],
)
def test_every_state_has_its_column(state: State, needs: bool, ready: bool, planned: bool, phase: Phase) -> None:
    assert rules.phase(state=state, needs=needs, plan_ready=ready, planned=planned) is phase


def test_needs_are_stored_in_the_order_of_the_path() -> None:
    assert rules.needs_text({Need.CRITERION, Need.CAUSE}) == "cause criterion"
    assert rules.needs_of("cause criterion") == {Need.CAUSE, Need.CRITERION}
    assert rules.needs_of("") == frozenset()


# Steps


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": " "}, rules.StepTitleMissing),
        ({"cost": -1, "currency": "EUR"}, rules.CostUnreadable),
        ({"cost": 10**14, "currency": "EUR"}, rules.CostUnreadable),
        ({"cost": 1, "currency": ""}, rules.CurrencyMissing),
        ({"cost": 1, "currency": "EU"}, rules.CurrencyMissing),
        ({"cost": 1, "currency": "€€€"}, rules.CurrencyMissing),
    ],
)
def test_a_step_that_says_too_little_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_step(**{"title": "Order", "cost": None, "currency": "", **changes})


@pytest.mark.parametrize("state", [StepState.DONE, StepState.DROPPED])
def test_a_step_ends_once(state: StepState) -> None:
    rules.check_step_done(state=StepState.OPEN, proof="", files=1)
    rules.check_step_dropped(state=StepState.OPEN, reason="Not needed")
    with pytest.raises(rules.StepNotOpen):
        rules.check_step_done(state=state, proof="x", files=0)
    with pytest.raises(rules.StepNotOpen):
        rules.check_step_dropped(state=state, reason="x")
    with pytest.raises(rules.DropReasonMissing):
        rules.check_step_dropped(state=StepState.OPEN, reason=" ")
    with pytest.raises(rules.StepProofMissing):
        rules.check_step_done(state=StepState.OPEN, proof=" ", files=0)


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("", None), ("  ", None), ("120", 12000), ("120.5", 12050), ("120,50", 12050), ("1 200.05", 120005), ("0", 0)],
)
def test_amounts_are_read_as_people_type_them(text: str, hundredths: int | None) -> None:
    assert rules.hundredths(text) == hundredths
    if hundredths is not None:
        assert rules.hundredths(rules.amount(hundredths)) == hundredths


@pytest.mark.parametrize("text", ["abc", "-5", "1.234", "1.2.3", "1e3", "٣", "9" * 12, "."])
def test_amounts_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(rules.CostUnreadable):
        rules.hundredths(text)


# Causes

LINES = [CauseLine(1, None, "people", "a"), *(CauseLine(n, n - 1, "", f"why {n}") for n in range(2, 10))]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"state": State.DONE}, rules.AnalysisClosed),
        ({"state": State.VERIFIED}, rules.AnalysisClosed),
        ({"state": State.CLOSED}, rules.AnalysisClosed),
        ({"text": " "}, rules.CauseTextMissing),
        ({"parent_id": 77}, rules.NoSuchCause),
        ({"parent_id": 9}, rules.TooDeep),
        ({"parent_id": None, "method": CauseMethod.FISHBONE}, rules.BoneMissing),
        ({"parent_id": None, "method": CauseMethod.FISHBONE, "bone": "tail"}, rules.BoneMissing),
    ],
)
def test_a_line_that_cannot_stand_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    good: dict[str, Any] = {
        "state": State.OPEN, "method": CauseMethod.WHYS, "parent_id": 8, "bone": "", "text": "why?"
    }  # fmt: skip
    rules.check_cause_line(LINES, **good)
    with pytest.raises(refusal):
        rules.check_cause_line(LINES, **{**good, **changes})


def test_an_analysis_has_an_end() -> None:
    many = [CauseLine(n, None, "people", "x") for n in range(rules.MOST_CAUSES)]
    with pytest.raises(rules.TooManyCauses):
        rules.check_cause_line(
            many, state=State.OPEN, method=CauseMethod.WHYS, parent_id=None, bone="", text="one more"
        )


def test_a_line_goes_with_all_below_it_deepest_first() -> None:
    lines = [CauseLine(1, None, "", "a"), CauseLine(2, 1, "", "b"), CauseLine(3, 2, "", "c"), CauseLine(4, 1, "", "d")]
    assert rules.below(lines, 2) == [3, 2]
    assert sorted(rules.below(lines, 1)) == [1, 2, 3, 4]
    assert rules.below(lines, 9) == []


# Criterion and effect

GOOD = Criterion("At most one a month", 90, "complaints.category", "delivery", Wanted.AT_MOST, 3.0, 90)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": " "}, rules.CriterionTextMissing),
        ({"wait_days": -1}, rules.WaitOutOfRange),
        ({"wait_days": 731}, rules.WaitOutOfRange),
        ({"measure": ""}, rules.FigureMissing),
        ({"wanted": Wanted.NONE}, rules.FigureMissing),
        ({"value": None}, rules.FigureMissing),
        ({"value": -1.0}, rules.FigureMissing),
        ({"window_days": 7}, rules.FigureMissing),
        ({"wait_days": 89}, rules.WaitShorterThanWindow),
        ({"wanted": Wanted.FALLS_BY, "value": 0.0}, rules.PercentOutOfRange),
        ({"wanted": Wanted.FALLS_BY, "value": 101.0}, rules.PercentOutOfRange),
    ],
)
def test_a_criterion_that_judges_nothing_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    rules.check_criterion(GOOD, state=State.OPEN)
    with pytest.raises(refusal):
        rules.check_criterion(replace(GOOD, **changes), state=State.OPEN)


@pytest.mark.parametrize("state", [State.DONE, State.VERIFIED, State.CLOSED])
def test_a_criterion_comes_before_the_work_is_done(state: State) -> None:
    with pytest.raises(rules.CriterionTooLate):
        rules.check_criterion(GOOD, state=state)


@pytest.mark.parametrize(
    ("wanted", "value", "before", "after", "holds"),
    [
        (Wanted.AT_MOST, 3, 10, 3, True),
        (Wanted.AT_MOST, 3, 0, 4, False),
        (Wanted.AT_MOST, 0, 5, 0, True),
        (Wanted.FALLS_BY, 50, 10, 5, True),
        (Wanted.FALLS_BY, 50, 10, 5.1, False),
        (Wanted.FALLS_BY, 100, 10, 0, True),
        (Wanted.FALLS_BY, 50, 0, 0, True),
        (Wanted.FALLS_BY, 50, 0, 1, False),
    ],
)
def test_figures_are_compared(wanted: Wanted, value: float, before: float, after: float, holds: bool) -> None:
    assert rules.met(wanted, value, before, after) is holds


def test_spans_do_not_touch_the_days_of_the_work() -> None:
    assert rules.before(date(2026, 3, 10), 30) == rules.Span(date(2026, 2, 8), date(2026, 3, 9))
    done = date(2026, 3, 20)
    earliest = rules.check_from(done, 30)
    assert rules.after(earliest, 30).first == date(2026, 3, 21)
    assert rules.check_from(done, 0) == done


EFFECT: dict[str, Any] = {
    "effective": True,
    "today": date(2026, 5, 1),
    "earliest": date(2026, 5, 1),
    "measure": "m",
    "figures_met": True,
    "figures": ("4", "1"),
    "verifier_id": 3,
    "step_people": frozenset({1, 2}),
}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"verifier_id": 2}, rules.VerifierDidStep),
        ({"verifier_id": 2, "effective": False}, rules.VerifierDidStep),
        ({"today": date(2026, 4, 30)}, rules.TooEarly),
        ({"figures_met": None}, rules.FigureGone),
        ({"figures_met": False}, rules.FiguresSayNo),
    ],
)
def test_an_effect_that_is_not_shown_is_not_confirmed(changes: dict[str, Any], refusal: type[Exception]) -> None:
    rules.check_effect(**EFFECT)
    with pytest.raises(refusal):
        rules.check_effect(**{**EFFECT, **changes})


@pytest.mark.parametrize("changes", [{"today": date(2026, 4, 1)}, {"figures_met": None}, {"figures_met": False}])
def test_that_it_failed_can_be_said_any_time(changes: dict[str, Any]) -> None:
    rules.check_effect(**{**EFFECT, **changes, "effective": False})


# Bodies


@pytest.mark.parametrize(
    ("review", "closes"),
    [
        (ReviewState.NONE, True),
        (ReviewState.ACCEPTED, True),
        (ReviewState.WAITING, False),
        (ReviewState.MORE_NEEDED, False),
    ],
)
def test_an_action_closes_when_the_body_accepted(review: ReviewState, closes: bool) -> None:
    if closes:
        rules.check_body_accepted(review)
        return
    with pytest.raises(rules.BodyNotAccepted):
        rules.check_body_accepted(review)


@pytest.mark.parametrize(
    ("verdict", "state", "again"),
    [(Verdict.MORE_NEEDED, state, state is not State.OPEN) for state in State]
    + [(Verdict.ACCEPTED, state, False) for state in State],
)
def test_more_needed_opens_what_was_done(verdict: Verdict, state: State, again: bool) -> None:
    assert rules.opens_again(verdict, state) is again


def test_a_plan_that_is_ready_again_waits_for_the_body_again() -> None:
    assert rules.next_review(ReviewState.MORE_NEEDED) is ReviewState.WAITING
    assert rules.next_review(ReviewState.NONE) is ReviewState.NONE


REVIEW: dict[str, Any] = {
    "verdict": Verdict.MORE_NEEDED,
    "text": "Show the training records",
    "reviewed_on": date(2026, 3, 2),
    "today": date(2026, 3, 2),
    "plan_ready": True,
}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"plan_ready": False}, rules.NothingToReview),
        ({"text": " "}, rules.ReviewTextMissing),
        ({"reviewed_on": date(2026, 3, 3)}, rules.ReviewAhead),
    ],
)
def test_a_review_says_what_it_must(changes: dict[str, Any], refusal: type[Exception]) -> None:
    rules.check_review(**REVIEW)
    rules.check_review(**{**REVIEW, "verdict": Verdict.ACCEPTED, "text": ""})
    with pytest.raises(refusal):
        rules.check_review(**{**REVIEW, **changes})


NC: dict[str, Any] = {"body": "B", "number": "1", "statement": "s", "raised_on": date(2026, 3, 2), "due": (None,)}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"body": " "}, rules.BodyMissing),
        ({"number": ""}, rules.BodyNumberMissing),
        ({"statement": ""}, rules.NcStatementMissing),
        ({"due": (None, date(2026, 3, 1))}, rules.NcDatesReversed),
    ],
)
def test_a_nonconformity_says_what_it_must(changes: dict[str, Any], refusal: type[Exception]) -> None:
    rules.check_nc(**NC)
    with pytest.raises(refusal):
        rules.check_nc(**{**NC, **changes})


# Words and drawings


def test_every_word_has_its_title() -> None:
    for titles, words in (
        (rules.GRADE_TITLES, rules.Grade),
        (rules.NEED_TITLES, rules.Need),
        (rules.STEP_STATE_TITLES, rules.StepState),
        (rules.PHASE_TITLES, rules.Phase),
        (rules.METHOD_TITLES, rules.CauseMethod),
        (rules.BONE_TITLES, rules.Bone),
        (rules.WANTED_TITLES, rules.Wanted),
        (rules.TARGET_TITLES, rules.Target),
        (rules.NOTICED_TITLES, rules.Noticed),
        (rules.VERDICT_TITLES, rules.Verdict),
        (rules.REVIEW_TITLES, rules.ReviewState),
    ):
        assert set(titles) == set(words)


TITLES = {bone.value: bone.value.title() for bone in Bone}


def _drawn(lines: list[CauseLine], *, mirrored: bool = False) -> str:
    bones = drawing.ribs(rules.tree(lines), TITLES)
    return str(drawing.fishbone(bones, "Door 3 <open>", label="Fishbone", more="and {number} more", mirrored=mirrored))


def test_a_fishbone_shows_its_causes_and_says_what_it_leaves_out() -> None:
    lines = [CauseLine(n, None, "method", f"cause {n}") for n in range(1, 11)]
    lines += [CauseLine(20, None, "people", "one & <two>"), CauseLine(21, 20, "", "below", root=True)]
    picture = _drawn(lines)
    assert "Method" in picture
    assert "People" in picture
    assert "Systems" not in picture
    assert "one &amp; &lt;two&gt;" in picture
    assert "<two>" not in picture
    assert "– below" in picture
    assert "fish-root" in picture
    assert "and 3 more" in picture
    assert "Door 3 &lt;open&gt;" in picture


def test_a_fishbone_is_mirrored_to_the_other_side() -> None:
    lines = [CauseLine(1, None, "people", "a")]
    plain, mirrored = _drawn(lines), _drawn(lines, mirrored=True)
    width = drawing.BONE_WIDTH + drawing.HEAD + 30
    assert "M14 " in plain
    assert f"M{width - 14} " in mirrored
    assert plain != mirrored


def test_a_pareto_has_a_bar_for_each_and_a_line_over_several() -> None:
    bars = [drawing.Bar("Training", 6, 60.0), drawing.Bar("Wear <x>", 4, 100.0)]
    picture = str(drawing.pareto(bars, label="Causes", mirrored=False))
    assert picture.count("pareto-bar") == 2
    assert "pareto-line" in picture
    assert "Wear &lt;x&gt;" in picture
    assert "pareto-line" not in str(drawing.pareto(bars[:1], label="Causes", mirrored=True))
