"""The path from correction to verified effect by its verbs: every gate, and the triggers behind them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from auditkit.actions import measures, queries, rules, service
from auditkit.actions.measures import Measure
from auditkit.actions.rules import CauseMethod, Criterion, Grade, Kind, Need, State, StepState, Wanted
from auditkit.base import clock as time
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict, Forbidden, NotFound
from tests.conftest import House
from tests.factories.refusals import trigger_refuses

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("clock")


def act(actor: Actor, verb: Callable[..., Any], command: Any) -> Any:
    """One verb in a transaction of its own."""
    with transaction(actor) as tx:
        return verb(tx, command, time.now(), actor)


def scheme(acme: House, preset: str = "usual") -> int:
    """A scheme taken over."""
    return int(act(acme.actor("quality-manager"), service.adopt_scheme, service.AdoptScheme(preset, preset)))


def opened(acme: House, **changes: Any) -> str:
    """An action of the organisation's staff."""
    command = service.OpenAction(
        Kind.CORRECTIVE, "Change the lock", ("finding", 7), "Door 3 stood open", acme.person("staff"), date(2026, 4, 1)
    )
    return str(act(acme.actor("internal-auditor"), service.open_action, replace(command, **changes)))


def graded(acme: House, grade: Grade = Grade.MAJOR, preset: str = "usual") -> str:
    return opened(acme, grade=grade, scheme_id=scheme(acme, preset))


def view(acme: House, number: str) -> queries.ActionView:
    return queries.by_number(reading(acme.system), number)


def path(acme: House, number: str) -> queries.PathView:
    tx = reading(acme.system)
    return queries.path(tx, queries.by_number(tx, number).id)


def version(acme: House, number: str) -> int:
    return view(acme, number).version


class Doing:
    """The path of one action, step by step, by its owner."""

    def __init__(self, acme: House, number: str) -> None:
        self.acme, self.number, self.owner = acme, number, acme.actor("staff")

    @property
    def at(self) -> tuple[str, int]:
        return self.number, version(self.acme, self.number)

    def correction(self, **changes: Any) -> None:
        command = service.WriteCorrection(*self.at, "Locked by hand", self.acme.person("staff"), TODAY, "Seen")
        act(self.owner, service.write_correction, replace(command, **changes))

    def extent(self, looked: str = "Doors 1 to 9", found: str = "Door 5 too") -> None:
        act(self.owner, service.write_extent, service.WriteExtent(*self.at, looked, found))

    def cause(self, method: CauseMethod = CauseMethod.OTHER, **changes: Any) -> None:
        command = service.SettleCause(*self.at, method, "The spring was worn", "Taking it apart")
        act(self.owner, service.settle_cause, replace(command, **changes))

    def step(self, owner: str = "staff", **changes: Any) -> int:
        command = service.PlanStep(self.number, "Order springs", self.acme.person(owner), date(2026, 3, 20))
        return int(act(self.owner, service.plan_step, replace(command, **changes)))

    def criterion(self, **changes: Any) -> None:
        criterion = replace(Criterion("No door found open on ten rounds", wait_days=30), **changes)
        act(self.owner, service.state_criterion, service.StateCriterion(*self.at, criterion))

    def ready(self) -> None:
        act(self.owner, service.plan_ready, service.PlanReady(*self.at))

    def finish(self, step: int, actor: Actor | None = None, note: str = "Delivered") -> None:
        found = next(one for one in path(self.acme, self.number).steps if one.id == step)
        command = service.EndStep(self.number, step, found.version, note)
        act(actor or self.owner, service.finish_step, command)

    def drop(self, step: int, reason: str = "Not needed any more") -> None:
        found = next(one for one in path(self.acme, self.number).steps if one.id == step)
        act(self.owner, service.drop_step, service.EndStep(self.number, step, found.version, reason))

    def done(self) -> None:
        act(self.owner, service.complete, service.CompleteAction(*self.at, "Springs changed"))

    def verify(self, role: str = "quality-manager", effective: bool = True) -> None:
        command = service.VerifyAction(*self.at, effective, "Ten rounds, all doors shut")
        act(self.acme.actor(role), service.verify, command)

    def close(self) -> None:
        act(self.acme.actor("quality-manager"), service.close, service.CloseAction(*self.at))

    def planned(self) -> int:
        """All of the path up to a plan that is ready; the id of its one step."""
        self.correction()
        self.extent()
        self.cause()
        step = self.step()
        self.criterion()
        self.ready()
        return step


def test_a_major_goes_its_whole_way(acme: House, clock: FrozenClock) -> None:
    doing = Doing(acme, graded(acme))
    assert path(acme, doing.number).missing == list(Need)
    step = doing.planned()
    assert path(acme, doing.number).phase is rules.Phase.WORK
    doing.finish(step)
    clock.advance(days=20)
    doing.done()
    assert path(acme, doing.number).effect.check_from == date(2026, 4, 22)
    clock.advance(days=31)
    doing.verify()
    doing.close()
    action = view(acme, doing.number)
    assert (action.state, action.correction, action.cause) == (State.CLOSED, "Locked by hand", "The spring was worn")
    effect = path(acme, doing.number).effect
    assert (effect.effective, effect.checked_on) == (True, date(2026, 4, 22))


def test_the_plan_is_not_ready_before_each_part_is_there(acme: House) -> None:
    doing = Doing(acme, graded(acme))
    for refusal, act_ in (
        (rules.CorrectionMissing, doing.correction),
        (rules.ExtentMissing, doing.extent),
        (rules.PlanCauseMissing, doing.cause),
        (rules.StepsMissing, doing.step),
        (rules.CriterionMissing, doing.criterion),
    ):
        with pytest.raises(refusal):
            doing.ready()
        act_()
    with pytest.raises(rules.StepsOpen):
        doing.done()
    doing.finish(path(acme, doing.number).steps[0].id)
    with pytest.raises(rules.PlanNotReady):
        doing.done()
    doing.ready()
    doing.done()


def test_a_minor_needs_less_and_an_ungraded_one_nothing(acme: House) -> None:
    minor = Doing(acme, graded(acme, Grade.MINOR))
    assert path(acme, minor.number).missing == [Need.CORRECTION, Need.CAUSE, Need.STEPS, Need.CRITERION]
    plain = Doing(acme, opened(acme))
    assert path(acme, plain.number).missing == []
    with pytest.raises(rules.StepsMissing):
        plain.ready()
    plain.done()
    plain.verify()


def test_a_major_without_limits_still_needs_its_cause(acme: House) -> None:
    doing = Doing(acme, opened(acme, grade=Grade.MAJOR))
    with pytest.raises(rules.CauseMissing):
        doing.done()


def test_what_a_ready_plan_needs_is_asked_again_when_done(acme: House) -> None:
    doing = Doing(acme, graded(acme))
    step = doing.planned()
    doing.drop(step)
    with pytest.raises(rules.StepsMissing):
        doing.done()


def test_no_closing_with_open_steps(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    first, second = doing.step(), doing.step(title="Fit them")
    doing.finish(first)
    with pytest.raises(rules.StepsOpen, match="still open: 1"):
        doing.done()
    trigger_refuses(
        "UPDATE action SET state = 'done', completed_at = opened_at, completed_by = owner_id",
        "an action with open steps is not done",
    )
    doing.drop(second)
    doing.done()


def test_steps_change_only_while_the_action_is_open(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    step = doing.step()
    doing.finish(step)
    doing.done()
    with pytest.raises(rules.NotOpen):
        doing.step()
    trigger_refuses("UPDATE action_step SET title = 'Something else'", "steps change while the action is open")


def test_an_action_whose_grade_asks_for_a_plan_is_not_done_past_the_rules(acme: House) -> None:
    graded(acme)
    trigger_refuses(
        "UPDATE action SET state = 'done', cause = 'x', completed_at = opened_at, completed_by = owner_id",
        "an action whose grade asks for a plan is not done without it",
    )


def test_the_verifier_had_no_hand_in_it(acme: House, clock: FrozenClock) -> None:
    doing = Doing(acme, opened(acme))
    step = doing.step(owner="quality-manager")
    doing.finish(step, acme.actor("quality-manager"))
    done = doing.step(title="Fit them")
    doing.finish(done, acme.actor("internal-auditor"))
    doing.done()
    for role in ("quality-manager", "internal-auditor"):
        with pytest.raises(rules.VerifierDidStep):
            doing.verify(role)
        trigger_refuses(
            f"UPDATE action SET state = 'verified', verified_at = opened_at, verified_by = {acme.person(role)}, "
            "verification = 'x'",
            "who owned or did a step does not verify the effect",
        )
    doing.verify("administrator")


def test_dropped_steps_bind_nobody(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    doing.drop(doing.step(owner="quality-manager"))
    doing.done()
    doing.verify("quality-manager")


def test_a_step_is_done_by_its_owner_the_actions_owner_or_an_overseer(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    step = doing.step(owner="complaint-handler")
    number = doing.number
    with pytest.raises(rules.StepProofMissing):
        doing.finish(step, note=" ")
    doing.finish(step, acme.actor("complaint-handler"))
    assert path(acme, number).steps[0].ended_by == acme.person("complaint-handler")
    other = doing.step()
    with pytest.raises(Forbidden):
        doing.finish(other, acme.actor("complaint-handler"))
    with pytest.raises(rules.StepNotOpen):
        doing.finish(step)


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


def test_five_whys_grow_with_branches_and_lose_them(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    owner, number = acme.actor("staff"), doing.number

    def why(text: str, below: int | None = None) -> int:
        return int(act(owner, service.add_cause, service.AddCause(number, CauseMethod.WHYS, text, below)))

    top = why("The door was open")
    second = why("The lock did not catch", top)
    third = why("The spring was worn", second)
    side = why("Nobody checked", top)
    fifth = why("Springs are not on the list", why("Nobody replaced it", third))
    found = path(acme, number)
    assert [(one.line.text, one.depth) for branch in found.tree for one in branch.walked()][-2:] == [
        ("Springs are not on the list", 5),
        ("Nobody checked", 2),
    ]
    doing.cause(CauseMethod.WHYS, roots=(fifth, side))
    found = path(acme, number)
    assert (found.method, {one.id for one in found.causes if one.root}) == (CauseMethod.WHYS, {fifth, side})
    act(owner, service.drop_cause, service.DropCause(number, third))
    assert [one.text for one in path(acme, number).causes] == [
        "The door was open", "The lock did not catch", "Nobody checked"
    ]  # fmt: skip
    with pytest.raises(rules.NoSuchCause):
        act(owner, service.drop_cause, service.DropCause(number, third))
    with pytest.raises(rules.NoSuchCause):
        doing.cause(CauseMethod.WHYS, roots=(third,))


def test_8d_asks_for_team_problem_and_causes(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    for missing in (1, 2, 4):
        with pytest.raises(rules.DisciplineMissing, match=f"D{missing}"):
            doing.cause(CauseMethod.EIGHT_D)
        act(doing.owner, service.write_discipline, service.WriteDiscipline(doing.number, missing, "Written"))
    doing.cause(CauseMethod.EIGHT_D)
    assert path(acme, doing.number).disciplines == {1: "Written", 2: "Written", 4: "Written"}
    with pytest.raises(NotFound):
        act(doing.owner, service.write_discipline, service.WriteDiscipline(doing.number, 9, "x"))


def test_another_method_is_named(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    with pytest.raises(rules.MethodNameMissing):
        doing.cause(method_name=" ")
    with pytest.raises(rules.CauseMissing):
        doing.cause(cause=" ")


def test_a_category_of_the_list_is_chosen_and_a_retired_one_is_not(acme: House, globex: House) -> None:
    quality = acme.actor("quality-manager")
    act(quality, service.add_categories, service.AddCategories(("Wear", "Training")))
    with pytest.raises(rules.CategoryThere):
        act(quality, service.add_categories, service.AddCategories(("Wear",)))
    with pytest.raises(rules.CategoryTitleMissing):
        act(quality, service.add_categories, service.AddCategories((" ",)))
    ids = {title: key for key, title, _retired in queries.categories(reading(acme.system))}
    doing = Doing(acme, opened(acme))
    doing.cause(category_id=ids["Wear"])
    assert path(acme, doing.number).category_title == "Wear"
    act(quality, service.retire_category, service.RetireCategory(ids["Training"], True))
    with pytest.raises(NotFound):
        doing.cause(category_id=ids["Training"])
    assert [title for _key, title, _retired in queries.categories(reading(acme.system))] == ["Wear"]
    with pytest.raises(Forbidden):
        act(acme.actor("staff"), service.add_categories, service.AddCategories(("Mine",)))
    with pytest.raises(NotFound):
        act(globex.actor("quality-manager"), service.retire_category, service.RetireCategory(ids["Wear"], True))


def test_costs_add_up_by_currency_without_dropped_steps(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    doing.step(cost=12050, currency="eur")
    doing.step(cost=950, currency="EUR")
    doing.step(cost=100, currency="GBP")
    doing.drop(doing.step(cost=999900, currency="EUR"))
    assert path(acme, doing.number).costs == {"EUR": 13000, "GBP": 100}
    first = path(acme, doing.number).steps[0].id
    doing.finish(first)
    assert queries.costs(reading(acme.system)) == [queries.Cost("EUR", 13000, 12050), queries.Cost("GBP", 100, 0)]
    assert queries.usual_currency(reading(acme.system)) == "EUR"
    with pytest.raises(rules.CurrencyMissing):
        doing.step(cost=1)


def test_a_step_is_changed_while_it_is_open(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    step = doing.step()
    command = service.ChangeStep(
        doing.number, step, 1, "Order stronger springs", acme.person("internal-auditor"), date(2026, 3, 25), 100, "EUR"
    )
    act(doing.owner, service.change_step, command)
    found = path(acme, doing.number).steps[0]
    assert (found.title, found.due_on, found.cost_text) == ("Order stronger springs", date(2026, 3, 25), "1.00")
    with pytest.raises(Conflict):
        act(doing.owner, service.change_step, command)
    with pytest.raises(rules.StepDueMissing):
        act(doing.owner, service.change_step, replace(command, version=2, due_on=None))
    doing.finish(step)
    with pytest.raises(rules.StepNotOpen):
        act(doing.owner, service.change_step, replace(command, version=3))
    assert path(acme, doing.number).steps[0].state is StepState.DONE


def test_corrections_say_who_and_when_and_do_not_lie_ahead(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    with pytest.raises(rules.CorrectionIncomplete):
        doing.correction(by=None)
    with pytest.raises(rules.CorrectionAhead):
        doing.correction(on=TODAY + timedelta(days=1))
    doing.correction()
    found = path(acme, doing.number)
    assert (found.correction_by, found.correction_on, found.correction_proof) == (acme.person("staff"), TODAY, "Seen")
    with pytest.raises(rules.LookedNowhere):
        doing.extent(found=" ")


def test_others_do_not_write_on_my_path(acme: House, globex: House) -> None:
    doing = Doing(acme, opened(acme))
    for owner in (acme.actor("complaint-handler"), globex.actor("quality-manager")):
        doing.owner = owner
        for write in (doing.correction, doing.extent, doing.cause, doing.step, doing.criterion):
            with pytest.raises((Forbidden, NotFound)):
                write()


def test_files_of_corrections_and_steps_are_subjects_of_the_register(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    step = doing.step()
    tx, year = reading(acme.system), (date(2026, 1, 1), date(2026, 12, 31))
    assert queries.path_subjects(tx, *year) == [
        (rules.CORRECTION_FILES, view(acme, doing.number).id),
        (rules.STEP_FILES, step),
    ]
    assert queries.path_subjects(tx, date(2025, 1, 1), date(2025, 12, 31)) == []
