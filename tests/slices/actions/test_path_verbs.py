"""The path from correction to verified effect by its verbs: every gate, and the triggers behind them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditkit.actions import queries, rules, service
from auditkit.actions.rules import Grade, Need, State, StepState
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from auditkit.base.errors import Conflict, Forbidden, NotFound
from tests.conftest import House
from tests.factories.refusals import trigger_refuses
from tests.slices.actions.doing import TODAY, Doing, act, graded, opened, path, view

pytestmark = pytest.mark.usefixtures("clock")


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
