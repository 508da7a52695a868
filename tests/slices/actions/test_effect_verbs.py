"""Criterion and effect by their verbs: stated beforehand, confirmed after the waiting time, by figures if so said."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from auditkit.actions import measures, rules
from auditkit.actions.measures import Measure
from auditkit.actions.rules import State, Wanted
from auditkit.base.clock import FrozenClock
from tests.conftest import House
from tests.factories.refusals import trigger_refuses
from tests.slices.actions.doing import TODAY, Doing, opened, path, view

pytestmark = pytest.mark.usefixtures("clock")


def test_a_criterion_stated_after_done_is_refused(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    doing.done()
    with pytest.raises(rules.CriterionTooLate):
        doing.criterion()
    action = view(acme, doing.number)
    trigger_refuses(
        "INSERT INTO action_effect "
        "(organisation_id, action_id, round, criterion, wait_days, measure, parameter, wanted, stated_at) "
        f" VALUES ({acme.id}, {action.id}, 1, 'late', 0, '', '', '', '2026-03-02T09:00:00.000000Z')",
        "a criterion is stated before the action is done",
    )


def test_a_stated_criterion_does_not_change_after_done(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    doing.criterion(wait_days=0)
    doing.criterion(text="Twenty rounds", wait_days=0)
    doing.done()
    trigger_refuses("UPDATE action_effect SET criterion = 'easier'", "a criterion is stated before the action is done")
    trigger_refuses(
        f"UPDATE action SET state = 'verified', verified_at = opened_at, "
        f"verified_by = {acme.person('quality-manager')}, verification = 'x'",
        "an action is verified by the criterion that was stated",
    )
    doing.verify()
    assert path(acme, doing.number).effect.criterion == "Twenty rounds"


def test_the_effect_is_confirmed_after_the_waiting_time_but_may_fail_at_once(acme: House, clock: FrozenClock) -> None:
    doing = Doing(acme, opened(acme))
    doing.criterion(wait_days=30)
    doing.done()
    clock.advance(days=30)
    with pytest.raises(rules.TooEarly, match="2026-04-02"):
        doing.verify()
    doing.verify(effective=False)
    found = path(acme, doing.number)
    assert (view(acme, doing.number).state, found.reopened, found.effect) == (State.OPEN, 1, None)
    assert found.effects[0].effective is False
    doing.criterion(wait_days=10)
    doing.done()
    clock.advance(days=11)
    doing.verify()
    assert [one.effective for one in path(acme, doing.number).effects] == [False, True]


@pytest.fixture
def figure() -> Iterator[dict[str, Any]]:
    """A figure that the test sets: one before, one after; under `asked` what was asked for."""
    values: dict[str, Any] = {"before": 10.0, "after": 4.0}
    asked: list[tuple[str, date, date]] = []

    def computed(_tx: object, parameter: str, first: date, last: date) -> float:
        asked.append((parameter, first, last))
        return values["before" if last < TODAY else "after"]

    values["asked"] = asked
    measures.register("test.doors", Measure("Doors", "doors", "actions.read", lambda _tx: [("all", "All")], computed))
    yield values
    measures._measures.pop("test.doors", None)


FIGURES = {"measure": "test.doors", "parameter": "all", "window_days": 30, "wait_days": 30}


@pytest.mark.parametrize(
    ("wanted", "value", "after", "holds"),
    [
        (Wanted.AT_MOST, 4, 4.0, True),
        (Wanted.AT_MOST, 4, 5.0, False),
        (Wanted.FALLS_BY, 50, 5.0, True),
        (Wanted.FALLS_BY, 50, 6.0, False),
    ],
)
def test_figures_before_and_after_decide(
    acme: House, clock: FrozenClock, figure: dict[str, Any], wanted: Wanted, value: float, after: float, holds: bool
) -> None:
    doing = Doing(acme, opened(acme))
    doing.criterion(wanted=wanted, value=value, **FIGURES)
    doing.done()
    figure["after"] = after
    clock.advance(days=31)
    if holds:
        doing.verify()
    else:
        with pytest.raises(rules.FiguresSayNo, match=f"before 10, after {after:g}"):
            doing.verify()
        doing.verify(effective=False)
    effect = path(acme, doing.number).effects[0]
    assert (effect.before_value, effect.after_value, effect.effective) == (10.0, after, holds)
    assert figure["asked"][:2] == [
        ("all", date(2026, 1, 31), date(2026, 3, 1)),
        ("all", date(2026, 3, 3), date(2026, 4, 1)),
    ]


def test_a_figure_that_is_gone_confirms_nothing(acme: House, clock: FrozenClock, figure: object) -> None:
    doing = Doing(acme, opened(acme))
    doing.criterion(wanted=Wanted.AT_MOST, value=1, **FIGURES)
    doing.done()
    clock.advance(days=31)
    measures._measures.pop("test.doors")
    with pytest.raises(rules.FigureGone):
        doing.verify()
    doing.verify(effective=False)
