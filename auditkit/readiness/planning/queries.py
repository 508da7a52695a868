"""Gap analyses and their plans: what the answers lead to, the steps with owners, and the actions behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from auditkit.actions.queries import ActionLine, for_origins
from auditkit.audits.queries import plans, run
from auditkit.audits.queries.house import working_days
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import AnswerState
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.content.library import Library
from auditkit.content.shapes import Use
from auditkit.readiness.models import ReadinessPlan, ReadinessStep
from auditkit.readiness.planning import rules
from auditkit.readiness.planning.rules import Dated, NoPlan, Wanted

ORIGIN = "gap-step"
YEARS_BACK = 3


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a plan, with the actions that carry it out."""

    id: int
    audit: str
    position: int
    step: str
    title: str
    what: str
    clauses: tuple[str, ...]
    policies: tuple[str, ...]
    questions: tuple[str, ...]
    days: int
    starts_on: date
    due_on: date
    owner_id: int
    version: int
    actions: tuple[ActionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan of a gap analysis."""

    id: int
    audit: AuditHead
    starts_on: date
    made_at: datetime
    made_by: int | None
    steps: tuple[StepView, ...]

    @property
    def unopened(self) -> int:
        """How many steps no action carries out yet."""
        return sum(not one.actions for one in self.steps)


@dataclass(frozen=True, slots=True)
class Analysis:
    """An audit on a checklist that ends in a plan."""

    audit: AuditHead
    planned: bool


def analyses(tx: Session, library: Library, today: date) -> list[Analysis]:
    """The gap analyses of the last three years, the newest first."""
    known = {one.id for one in library.of_use(Use.GAP)}
    heads = plans.overlapping(tx, today - timedelta(days=366 * YEARS_BACK), today + timedelta(days=366))
    with_plan = set(tx.execute(select(ReadinessPlan.audit_id)).scalars())
    found = [Analysis(head, head.id in with_plan) for head in heads if head.checklist_id in known]
    return sorted(found, key=lambda one: (one.audit.planned_from, one.audit.id), reverse=True)


def wanted(tx: Session, head: AuditHead) -> tuple[bool, list[Wanted]]:
    """(whether its checklist has steps, those that the answers lead to), by the checklist as the audit ran on it."""
    checklist = plans.checklist(tx, head.id)
    if checklist is None or not checklist.steps:
        return False, []
    rows = run.rows(tx, head.id)
    answers = {row.item_id: row.answer for row in rows if row.answer_state is AnswerState.ANSWERED}
    return True, rules.steps_wanted(checklist, answers)


def dated(tx: Session, steps: Sequence[Wanted], starts_on: date) -> list[Dated]:
    """The steps on the organisation's working days from a day on."""
    needed = rules.days_needed(steps)
    span = needed * 2 + 60
    days = working_days(tx, starts_on, starts_on + timedelta(days=span))
    while len(days) < needed:
        span *= 2
        days = working_days(tx, starts_on, starts_on + timedelta(days=span))
    return rules.dated(steps, days)


def plan(tx: Session, number: str) -> PlanView:
    """The plan of an audit. Raises NotFound and NoPlan."""
    head = plans.by_number(tx, number)
    row = tx.execute(select(ReadinessPlan).where(ReadinessPlan.audit_id == head.id)).scalar_one_or_none()
    if row is None:
        raise NoPlan()
    rows = tx.execute(
        select(ReadinessStep).where(ReadinessStep.plan_id == row.id).order_by(ReadinessStep.position)
    ).scalars()
    found = list(rows)
    actions = for_origins(tx, ORIGIN, [one.id for one in found])
    steps = tuple(_step(one, head.number, actions.get(one.id, ())) for one in found)
    return PlanView(row.id, head, row.starts_on, row.made_at, row.made_by, steps)


def step(tx: Session, step_id: int) -> StepView:
    """One step. Raises NotFound."""
    row = tx.execute(select(ReadinessStep).where(ReadinessStep.id == step_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    audit_id = tx.execute(select(ReadinessPlan.audit_id).where(ReadinessPlan.id == row.plan_id)).scalar_one()
    number = next(iter(plans.by_ids(tx, [audit_id]))).number
    return _step(row, number, for_origins(tx, ORIGIN, [row.id]).get(row.id, ()))


def _step(row: ReadinessStep, audit: str, actions: Sequence[ActionLine]) -> StepView:
    return StepView(
        id=row.id,
        audit=audit,
        position=row.position,
        step=row.step,
        title=row.title,
        what=row.what,
        clauses=tuple(row.clauses),
        policies=tuple(row.policies),
        questions=tuple(row.questions),
        days=row.days,
        starts_on=row.starts_on,
        due_on=row.due_on,
        owner_id=row.owner_id,
        version=row.version,
        actions=tuple(actions),
    )
