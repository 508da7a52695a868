"""Reads over the path of one action: correction, extent, causes, steps, effect, due dates, reviews by a body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.actions import rules
from auditkit.actions.models import (
    Action,
    ActionCause,
    ActionDiscipline,
    ActionDue,
    ActionEffect,
    ActionPath,
    ActionScheme,
    ActionStep,
    BodyReview,
    CauseCategory,
)
from auditkit.actions.rules import (
    Branch,
    CauseLine,
    CauseMethod,
    Ended,
    Grade,
    Need,
    Noticed,
    Phase,
    PlanFacts,
    ReviewState,
    State,
    StepState,
    Target,
    Verdict,
    Wanted,
)
from auditkit.base.calendar.kept import FrozenCalendar
from auditkit.base.db import Session
from auditkit.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the plan; `cost` in hundredths of `currency`."""

    id: int
    title: str
    owner_id: int
    due_on: date
    cost: int | None
    currency: str
    state: StepState
    ended_at: datetime | None
    ended_by: int | None
    note: str
    version: int

    @property
    def cost_text(self) -> str:
        """The cost as it is shown and asked for; empty without one."""
        return rules.amount(self.cost) if self.cost is not None else ""


@dataclass(frozen=True, slots=True)
class EffectView:
    """The criterion of a round and what the check showed."""

    round: int
    criterion: str
    wait_days: int
    measure: str
    parameter: str
    wanted: Wanted
    wanted_value: float | None
    window_days: int | None
    stated_at: datetime
    stated_by: int | None
    check_from: date | None
    checked_on: date | None
    effective: bool | None
    before_value: float | None
    after_value: float | None


@dataclass(frozen=True, slots=True)
class DueView:
    """A due date with the lines that say how it was reached. `limit` empty: a day that somebody named."""

    id: int
    step_id: int | None
    target: Target
    starts_at: datetime
    due_at: datetime
    zone: str
    limit: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...]
    calendar: Mapping[str, Any]
    state: Ended
    ended_at: datetime | None
    noticed: Noticed
    set_at: datetime

    def standing(self, now: datetime) -> Noticed:
        """How near it is at `now`; an ended one is in time or overdue as it ended."""
        if self.ended_at is not None:
            return Noticed.OVERDUE if self.ended_at > self.due_at else Noticed.NOTHING
        return rules.reached(self.starts_at, self.due_at, now)


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What a body said to the answer; `completion` what was done until then, where the action opened again by it."""

    id: int
    round: int
    verdict: Verdict
    reviewed_on: date
    text: str
    completion: str
    completed_at: datetime | None
    completed_by: int | None
    noted_at: datetime
    noted_by: int | None


@dataclass(frozen=True, slots=True)
class PathView:
    """The path of an action beside `ActionView`."""

    action_id: int
    grade: Grade
    scheme_id: int | None
    scheme_title: str
    verified_later: bool
    needs: frozenset[Need]
    correction_by: int | None
    correction_on: date | None
    correction_proof: str
    extent_looked: str
    extent_found: str
    method: CauseMethod | None
    method_name: str
    category_id: int | None
    category_title: str
    plan_ready_at: datetime | None
    plan_ready_by: int | None
    review: ReviewState
    reopened: int
    causes: tuple[CauseLine, ...]
    disciplines: Mapping[int, str]
    steps: tuple[StepView, ...]
    effects: tuple[EffectView, ...]
    dues: tuple[DueView, ...]
    reviews: tuple[ReviewView, ...]
    facts: PlanFacts
    round: int
    state: State
    planned: bool

    @property
    def tree(self) -> tuple[Branch, ...]:
        """The causes as branches."""
        return rules.tree(self.causes)

    @property
    def effect(self) -> EffectView | None:
        """The criterion of the present round."""
        return next((one for one in self.effects if one.round == self.round), None)

    @property
    def missing(self) -> list[Need]:
        """What the grade still asks for before the plan is ready."""
        return rules.missing(self.needs, self.facts)

    @property
    def may_be_ready(self) -> bool:
        """Whether the plan may be called ready now."""
        return self.plan_ready_at is None and not rules.missing({*self.needs, Need.STEPS}, self.facts)

    @property
    def open_steps(self) -> int:
        """Steps that are still to be done."""
        return sum(one.state is StepState.OPEN for one in self.steps)

    @property
    def phase(self) -> Phase:
        """Where the action stands on the board."""
        ready = self.plan_ready_at is not None
        return rules.phase(state=self.state, needs=bool(self.needs), plan_ready=ready, planned=self.planned)

    @property
    def people(self) -> frozenset[int]:
        """Who owned or did a step: they do not verify."""
        kept = [one for one in self.steps if one.state is not StepState.DROPPED]
        return frozenset(person for one in kept for person in (one.owner_id, one.ended_by) if person is not None)

    @property
    def costs(self) -> dict[str, int]:
        """Hundredths by currency, of steps that were not dropped."""
        found: dict[str, int] = {}
        for one in self.steps:
            if one.cost is not None and one.state is not StepState.DROPPED:
                found[one.currency] = found.get(one.currency, 0) + one.cost
        return found


def path(tx: Session, action_id: int) -> PathView:
    """The path of an action."""
    action = tx.execute(select(Action).where(Action.id == action_id)).scalar_one()
    row = tx.execute(select(ActionPath).where(ActionPath.action_id == action_id)).scalar_one_or_none()
    row = row or ActionPath(grade="major" if action.cause_required else "", needs="", review="", reopened=0)
    scheme = tx.execute(select(ActionScheme).where(ActionScheme.id == row.scheme_id)).scalar_one_or_none()
    category = select(CauseCategory.title).where(CauseCategory.id == row.category_id)
    steps, effects = _steps(tx, action_id), _effects(tx, action_id)
    kept = [one for one in steps if one.state is not StepState.DROPPED]
    grade = Grade(row.grade)
    needs = rules.needs_of(row.needs)
    return PathView(
        action_id=action_id,
        grade=grade,
        scheme_id=row.scheme_id,
        scheme_title=scheme.title if scheme else "",
        verified_later=bool(scheme and {"major": scheme.later_major, "minor": scheme.later_minor}.get(row.grade)),
        needs=needs | {Need.CAUSE} if needs and action.cause_required else needs,
        correction_by=row.correction_by,
        correction_on=row.correction_on,
        correction_proof=row.correction_proof or "",
        extent_looked=row.extent_looked or "",
        extent_found=row.extent_found or "",
        method=CauseMethod(row.method) if row.method else None,
        method_name=row.method_name or "",
        category_id=row.category_id,
        category_title=(tx.execute(category).scalar_one_or_none() or "") if row.category_id else "",
        plan_ready_at=row.plan_ready_at,
        plan_ready_by=row.plan_ready_by,
        review=ReviewState(row.review),
        reopened=row.reopened,
        causes=_causes(tx, action_id),
        disciplines=_disciplines(tx, action_id),
        steps=steps,
        effects=effects,
        dues=_dues(tx, action_id),
        reviews=_reviews(tx, action_id),
        facts=PlanFacts(
            correction=bool(action.correction.strip()) and row.correction_on is not None,
            extent=bool(row.extent_looked),
            cause=bool(action.cause.strip()),
            steps=len(kept),
            criterion=any(one.round == action.round for one in effects),
        ),
        round=action.round,
        state=State(action.state),
        planned=bool(action.plan.strip()) or bool(kept),
    )


def _steps(tx: Session, action_id: int) -> tuple[StepView, ...]:
    found = tx.execute(select(ActionStep).where(ActionStep.action_id == action_id).order_by(ActionStep.id)).scalars()
    return tuple(
        StepView(
            one.id,
            one.title,
            one.owner_id,
            one.due_on,
            one.cost,
            one.currency,
            StepState(one.state),
            one.ended_at,
            one.ended_by,
            one.note,
            one.version,
        )
        for one in found
    )


def _effects(tx: Session, action_id: int) -> tuple[EffectView, ...]:
    query = select(ActionEffect).where(ActionEffect.action_id == action_id).order_by(ActionEffect.round)
    names = [name for name in EffectView.__dataclass_fields__ if name != "wanted"]
    return tuple(
        EffectView(**{name: getattr(one, name) for name in names}, wanted=Wanted(one.wanted))
        for one in tx.execute(query).scalars()
    )


def _causes(tx: Session, action_id: int) -> tuple[CauseLine, ...]:
    found = tx.execute(select(ActionCause).where(ActionCause.action_id == action_id).order_by(ActionCause.id)).scalars()
    return tuple(CauseLine(one.id, one.parent_id, one.bone, one.text, one.root) for one in found)


def _disciplines(tx: Session, action_id: int) -> dict[int, str]:
    query = select(ActionDiscipline.number, ActionDiscipline.text).where(ActionDiscipline.action_id == action_id)
    return {row.number: row.text for row in tx.execute(query.order_by(ActionDiscipline.number))}


def _dues(tx: Session, action_id: int) -> tuple[DueView, ...]:
    query = (
        select(ActionDue, FrozenCalendar.body)
        .outerjoin(FrozenCalendar, FrozenCalendar.id == ActionDue.calendar_id)
        .where(ActionDue.action_id == action_id, ActionDue.state != Ended.DROPPED)
        .order_by(ActionDue.due_at, ActionDue.id)
    )
    return tuple(
        DueView(
            due.id,
            due.step_id,
            Target(due.target),
            due.starts_at,
            due.due_at,
            due.zone,
            due.limit,
            tuple(due.lines),
            calendar or {},
            Ended(due.state),
            due.ended_at,
            Noticed(due.noticed),
            due.set_at,
        )
        for due, calendar in tx.execute(query).all()
    )


def _reviews(tx: Session, action_id: int) -> tuple[ReviewView, ...]:
    query = select(BodyReview).where(BodyReview.action_id == action_id).order_by(BodyReview.id.desc())
    names = [name for name in ReviewView.__dataclass_fields__ if name != "verdict"]
    return tuple(
        ReviewView(**{name: getattr(one, name) for name in names}, verdict=Verdict(one.verdict))
        for one in tx.execute(query).scalars()
    )


@dataclass(frozen=True, slots=True)
class StepLine:
    """An open step in a list, with the action it belongs to."""

    action: str
    title: str
    due_on: date


def steps_of(tx: Session, person_id: int, limit: int) -> list[StepLine]:
    """The open steps of a person in actions that are open, by day; those of their own actions are among them."""
    query = (
        select(Action.number, ActionStep.title, ActionStep.due_on)
        .join(ActionStep, ActionStep.action_id == Action.id)
        .where(ActionStep.owner_id == person_id, ActionStep.state == StepState.OPEN, Action.state == State.OPEN)
        .order_by(ActionStep.due_on, ActionStep.id)
        .limit(limit)
    )
    return [StepLine(*row) for row in tx.execute(query)]


def number_of_step(tx: Session, step_id: int) -> str:
    """The number of the action that a step belongs to. Raises NotFound."""
    query = select(Action.number).join(ActionStep, ActionStep.action_id == Action.id).where(ActionStep.id == step_id)
    number = tx.execute(query).scalar_one_or_none()
    if number is None:
        raise NotFound()
    return number


def categories(tx: Session, *, retired: bool = False) -> list[tuple[int, str, bool]]:
    """The list of cause categories as (id, title, retired); without the retired ones unless asked for."""
    query = select(CauseCategory.id, CauseCategory.title, CauseCategory.retired).order_by(CauseCategory.title)
    if not retired:
        query = query.where(CauseCategory.retired.is_(False))
    return [(row.id, row.title, row.retired) for row in tx.execute(query)]


def usual_currency(tx: Session) -> str:
    """The currency of the newest step that cost anything; empty where none did."""
    query = select(ActionStep.currency).where(ActionStep.currency != "").order_by(ActionStep.id.desc()).limit(1)
    return tx.execute(query).scalar_one_or_none() or ""
