"""Steps of a plan and their days, by hand."""

from datetime import date, timedelta

import pytest

from auditkit.content.library import shared
from auditkit.readiness.planning import rules
from auditkit.readiness.planning.rules import Wanted

CHECKLIST = shared().checklist("gap-analysis-2018")
MONDAY = date(2026, 3, 2)
DAYS = [day for day in (MONDAY + timedelta(days=number) for number in range(60)) if day.weekday() < 5]


def wanted(step, days, *after):
    return Wanted(step, step.title(), "Do it", (), (), after, days, ("q",))


def test_answers_lead_to_the_steps_their_question_names():
    item = next(one for one in CHECKLIST.items if one.leads_to)
    lowest = rules.steps_wanted(CHECKLIST, {item.id: "level-0"})
    scale = {answer.id: answer for answer in CHECKLIST.scale.answers}
    assert {one.step for one in lowest} == set(item.steps(scale["level-0"]))
    assert all(one.questions == (item.id,) for one in lowest)
    assert rules.steps_wanted(CHECKLIST, {item.id: "level-5"}) == []
    assert rules.steps_wanted(CHECKLIST, {item.id: "no-such-answer", "no-such-question": "level-0"}) == []


def test_every_lowest_answer_leads_to_every_step_once_in_the_order_of_the_checklist():
    found = rules.steps_wanted(CHECKLIST, {item.id: "level-0" for item in CHECKLIST.items})
    assert [one.step for one in found] == [step.id for step in CHECKLIST.steps]


def test_a_step_waits_for_those_before_it_and_others_go_side_by_side():
    steps = [wanted("name", 2), wanted("scope", 4, "name"), wanted("roles", 3, "name"), wanted("policy", 1, "scope")]
    dated = {one.wanted.step: (one.starts_on, one.due_on) for one in rules.dated(steps, DAYS)}
    assert dated == {
        "name": (date(2026, 3, 2), date(2026, 3, 3)),
        "scope": (date(2026, 3, 4), date(2026, 3, 9)),  # over a weekend
        "roles": (date(2026, 3, 4), date(2026, 3, 6)),
        "policy": (date(2026, 3, 10), date(2026, 3, 10)),
    }


def test_what_nobody_needs_to_do_is_not_waited_for():
    assert rules.dated([wanted("policy", 1, "scope")], DAYS)[0].starts_on == MONDAY


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"has_steps": False}, rules.NoSteps),
        ({"reported": False}, rules.NotReported),
        ({"wanted": []}, rules.NothingToDo),
        ({"starts_on": date(2026, 3, 1)}, rules.StartPassed),
    ],
)
def test_when_there_is_no_plan(change, refusal):
    good = {"reported": True, "has_steps": True, "wanted": [wanted("a", 1)], "starts_on": MONDAY, "today": MONDAY}
    rules.check_plan(**good)
    with pytest.raises(refusal):
        rules.check_plan(**{**good, **change})
