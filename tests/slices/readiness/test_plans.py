"""From a gap analysis to a plan with owners and days, and from there to actions, each step once."""

from datetime import date

import pytest

from auditkit.actions import queries as action_queries
from auditkit.audits import service as audits
from auditkit.base import clock as clocks
from auditkit.base.db import db, reading, transaction
from auditkit.content.library import shared
from auditkit.readiness.planning import queries, rules, service
from tests.slices.audits import doing

LOW = {"level-1": "A word on paper, nothing else"}
MONDAY = date(2026, 3, 9)


def held(house, report=True, low=3):
    """A gap analysis whose first questions are at a low level; the others were not looked at."""
    number = doing.planned(house, shared(), checklist_id="gap-analysis-2018")
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.start(tx, audits.StartAudit(number), clocks.now(), actor, library=shared())
    for row in doing.rows_of(house, number):
        answer = "level-1" if row.position <= low else "not-checked"
        doing.answer(house, number, row.position, answer, LOW.get(answer, "Next time"))
    if report:
        with transaction(actor) as tx:
            audits.report(tx, audits.ReportAudit(number, "At the beginning"), clocks.now(), actor)
    return number


def run(house, verb, command, role="quality-manager"):
    actor = house.actor(role)
    with transaction(actor) as tx:
        return verb(tx, command, clocks.now(), actor)


def plan(house, number):
    db.session.rollback()
    return queries.plan(reading(house.system), number)


@pytest.fixture
def made(acme, clock):
    number = held(acme)
    run(acme, service.make, service.MakePlan(number, MONDAY, acme.person("complaint-handler")))
    return number


def test_the_plan_has_the_steps_that_the_answers_lead_to(acme, made):
    found = plan(acme, made)
    items = shared().checklist("gap-analysis-2018").items[:3]
    expected = {one.step for item in items for one in item.leads_to}
    assert {one.step for one in found.steps} <= expected
    assert found.steps
    first = found.steps[0]
    assert (first.starts_on, first.owner_id) == (MONDAY, acme.person("complaint-handler"))
    assert set(first.questions) <= {item.id for item in items}
    assert all(one.due_on >= one.starts_on and one.due_on.weekday() < 5 for one in found.steps)
    with pytest.raises(rules.PlanThere):
        run(acme, service.make, service.MakePlan(made, MONDAY, acme.person("complaint-handler")))


def test_owner_and_days_are_changed_by_who_saw_them(acme, made):
    first = plan(acme, made).steps[0]
    command = service.ChangeStep(first.id, first.version, acme.person("staff"), MONDAY, date(2026, 3, 20))
    run(acme, service.change_step, command)
    changed = plan(acme, made).steps[0]
    assert (changed.owner_id, changed.due_on, changed.version) == (acme.person("staff"), date(2026, 3, 20), 2)
    with pytest.raises(rules.StepChanged):
        run(acme, service.change_step, command)
    late = service.ChangeStep(first.id, 2, acme.person("staff"), MONDAY, date(2026, 3, 1))
    with pytest.raises(rules.DaysReversed):
        run(acme, service.change_step, late)
    stranger = service.ChangeStep(first.id, 2, acme.person("external-reviewer"), MONDAY, date(2026, 3, 20))
    with pytest.raises(rules.OwnerNotMember):
        run(acme, service.change_step, stranger)


def test_actions_are_opened_once_each(acme, made):
    opened = run(acme, service.open_actions, service.OpenPlan(made))
    found = plan(acme, made)
    assert len(opened) == len(found.steps)
    assert found.unopened == 0
    first = found.steps[0]
    action = action_queries.by_number(reading(acme.system), first.actions[0].number)
    assert (action.owner_id, action.due_on, action.origin) == (first.owner_id, first.due_on, ("gap-step", first.id))
    assert action.plan == first.what
    assert run(acme, service.open_actions, service.OpenPlan(made)) == []
    with pytest.raises(rules.StepOpened):
        run(acme, service.change_step, service.ChangeStep(first.id, 1, first.owner_id, MONDAY, first.due_on))


def test_there_is_no_plan_before_the_report(acme, clock):
    number = held(acme, report=False)
    with pytest.raises(rules.NotReported):
        run(acme, service.make, service.MakePlan(number, MONDAY, acme.person("staff")))


@pytest.mark.sqlite_only
def test_the_pages_from_answers_to_actions(acme, browser, clock):
    number = held(acme)
    at_work = browser(acme, "quality-manager")
    assert number in at_work.get("/o/acme/readiness/plan/").text
    at_work.follow("Make the plan")
    page = at_work.post_form({"starts_on": "2026-03-09", "owner_id": acme.person("complaint-handler")})
    assert "Give each its owner" in page.text or "Give it an owner" in page.text
    at_work.get(next(one["href"] for one in page.soup.find_all("a", href=True) if "/plan/steps/" in one["href"]))
    at_work.post_form({"owner_id": acme.person("internal-auditor"), "due_on": "2026-04-01"})
    page = at_work.post_form({}, action="/open")
    assert "opened" in page.text
    action = at_work.follow("AC-2026-001")
    assert number in action.text, "the action leads back to its step"
