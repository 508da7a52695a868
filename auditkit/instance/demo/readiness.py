"""The demo's readiness: the matrix kept at two visits, a gap analysis with its plan, and a cell overridden."""

from datetime import timedelta

from auditkit.audits import service as audits
from auditkit.audits.queries import run
from auditkit.audits.queries.plans import by_number
from auditkit.audits.rules import TeamRole
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.instance.demo.story import Story
from auditkit.readiness import queries, rules, service
from auditkit.readiness.planning import queries as plans
from auditkit.readiness.planning import service as planning
from auditkit.readiness.rules import Column, State
from auditkit.readiness.visits import service as visits

EDITION = "iso10002-2018"
CHECKLIST = "gap-analysis-2018"
LOW = {
    "6.2": ("level-2", "Two objectives, and one of them is not measured."),
    "8.3": ("level-1", "The survey goes out; nobody has read the answers together."),
    "8.7": ("level-2", "Actions are closed; their effect is checked for half of them."),
}
"""What the look at the last gaps found, by clause; the other questions were not asked that day."""
SEEN = (
    "Minutes of the board of 3 February, with the decision on two posts, were seen on paper. They are not to leave the "
    "house."
)
FEW = "The answers so far are from one shop: too few to say anything. To be looked at after the next survey."


def visited(story: Story, days_ago: int, note: str) -> None:
    """The matrix kept at a visit, from the records as the story has told them so far."""
    now = story.at(days_ago)

    def take(tx: Session, actor: Actor) -> None:
        made = queries.matrix(tx, story.library, EDITION, rules.year_to(now.date()), now)
        visits.take(tx, visits.TakeVisit(made, note), now, actor)

    story.tell("ivan", take)


def tell(story: Story) -> None:
    """A look at the last gaps, the plan that follows, and what an assessor knows beside the records."""
    day = story.at(6).date()
    plan = audits.PlanAudit(
        title="Last gaps before stage 1",
        objectives="See what is still missing before the certification body comes.",
        scope="Objectives, satisfaction and improvement.",
        checklist_id=CHECKLIST,
        planned_from=day,
        planned_to=day,
        team=((story.person("ivan"), TeamRole.LEAD), (story.person("ada"), TeamRole.AUDITOR)),
    )
    number = story.tell("quentin", lambda tx, actor: audits.plan(tx, plan, story.at(8), actor, library=story.library))
    story.tell("ada", lambda tx, actor: _held(tx, actor, story, number))  # who answers for none of the processes
    first_day = (story.today + timedelta(days=2)).date()
    made = planning.MakePlan(number, first_day, story.person("quentin"))
    story.tell("quentin", lambda tx, actor: planning.make(tx, made, story.at(4), actor))
    story.tell("quentin", lambda tx, actor: _owned(tx, actor, story, number))
    story.tell("quentin", lambda tx, actor: planning.open_actions(tx, planning.OpenPlan(number), story.at(3), actor))
    story.tell("ivan", lambda tx, actor: _overridden(tx, actor, story))


def _held(tx: Session, actor: Actor, story: Story, number: str) -> None:
    audits.start(tx, audits.StartAudit(number), story.at(6), actor, library=story.library)
    for row in run.rows(tx, by_number(tx, number).id):
        answer, note = LOW.get(row.clause.rpartition(":")[2], ("not-checked", "Looked at in the internal audit."))
        audits.answer(tx, audits.Answer(number, row.id, row.version, answer, note), story.at(6, 1), actor)
    audits.report(tx, audits.ReportAudit(number, "Nearly there: three clauses are left."), story.at(6, 4), actor)


def _owned(tx: Session, actor: Actor, story: Story, number: str) -> None:
    """Somebody else answers for the first step."""
    step = plans.plan(tx, number).steps[0]
    command = planning.ChangeStep(step.id, step.version, story.person("maya"), step.starts_on, step.due_on)
    planning.change_step(tx, command, story.at(4, 1), actor)


def _overridden(tx: Session, actor: Actor, story: Story) -> None:
    """What the assessor knows beside the records: more of one clause, and too little of another."""
    now = story.at(1)
    made = queries.matrix(tx, story.library, EDITION, rules.year_to(now.date()), now)
    for number, state, reason in (("4.2", State.FOUND, SEEN), ("8.3", State.NOT_CHECKED, FEW)):
        cell = made.row(f"{EDITION}:{number}").cell(Column.RECORDS)
        if cell.computed is not state:
            service.override(tx, service.OverrideCell(f"{EDITION}:{number}", cell, state, reason), now, actor)
