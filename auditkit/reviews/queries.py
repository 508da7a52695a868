"""Reads of management reviews: the list, one with everything about it, what is due next, decisions that come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.base.db import UNSCOPED, Session
from auditkit.base.errors import NotFound
from auditkit.content.shapes import AgendaItem
from auditkit.reviews import models, rules
from auditkit.reviews.models import ManagementReview
from auditkit.reviews.rules import Attendance, Due, Guest, ItemStanding, Proof, State

SUBJECT = "management-review"
DECISION = "management-review"
"""Kind of origin of the actions that decisions become; its id is the decision's."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Head:
    """A review. `items` is the agenda as it was on the day it was planned."""

    id: int
    number: str
    title: str
    place: str
    planned_on: date
    period_from: date
    period_to: date
    chair_id: int
    agenda_id: str
    agenda_digest: str
    items: tuple[AgendaItem, ...]
    state: State
    planned_at: datetime
    planned_by: int | None
    frozen_at: datetime | None
    frozen_by: int | None
    held_on: date | None
    signed_at: datetime | None
    version: int

    def item(self, name: str) -> AgendaItem | None:
        """The item of this id."""
        return next((one for one in self.items if one.id == name), None)

    @property
    def day(self) -> date:
        """When it was held, else when it is planned."""
        return self.held_on or self.planned_on


@dataclass(frozen=True, slots=True)
class Line:
    """A review in the list, with how many decisions it took."""

    number: str
    title: str
    planned_on: date
    held_on: date | None
    period_from: date
    period_to: date
    state: State
    decisions: int


@dataclass(frozen=True, slots=True)
class FrozenInput:
    """An input as it was computed."""

    name: str
    content: str
    digest: str
    figures: dict[str, int]
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class GuestView:
    """Somebody on the list."""

    id: int
    person_id: int | None
    name: str
    function: str
    top_management: bool
    state: Attendance
    note: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """What the minutes say under an item."""

    item_id: str
    text: str
    changed_at: datetime
    changed_by: int | None
    version: int


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided. `label`: `MR-2026-01/2`; `action_id` is there once the minutes are signed."""

    id: int
    review_id: int
    review: str
    serial: int
    item_id: str
    text: str
    owner_id: int
    due_on: date
    action_id: int | None

    @property
    def label(self) -> str:
        """What people call it."""
        return f"{self.review}/{self.serial}"


@dataclass(frozen=True, slots=True)
class Signed:
    """The chair's signature with everything needed to check it."""

    person_id: int
    typed_name: str
    proof: Proof
    content: str
    digest: str
    signature: str
    key_fingerprint: str
    public_key: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """How often the organisation reviews; the usual where nobody set it."""

    every_months: int = rules.USUAL_MONTHS
    ahead_days: int = rules.USUAL_AHEAD
    first_on: date | None = None
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """When the next review is due, how near that is, and its number where it is planned."""

    on: date | None
    near: Due
    number: str


_HEAD = [name for name in Head.__dataclass_fields__ if name not in ("items", "state")]


def _head(row: ManagementReview) -> Head:
    return Head(
        **{name: getattr(row, name) for name in _HEAD},
        items=tuple(AgendaItem.model_validate(one) for one in row.agenda),
        state=State(row.state),
    )


def by_number(tx: Session, number: str) -> Head:
    """One review. Raises NotFound, also for another organisation's."""
    row = tx.execute(select(ManagementReview).where(ManagementReview.number == number)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _head(row)


def by_id(tx: Session, review_id: int) -> Head:
    """One review. Raises NotFound."""
    row = tx.execute(select(ManagementReview).where(ManagementReview.id == review_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _head(row)


def listing(tx: Session, before: int | None = None) -> tuple[list[Line], int | None]:
    """Reviews, the newest first, from before the id `before`; with the id of the next page, or None at the end."""
    decided = (
        select(func.count())
        .where(models.ReviewDecision.review_id == ManagementReview.id)
        .correlate(ManagementReview)
        .scalar_subquery()
    )
    columns = [getattr(ManagementReview, name) for name in Line.__dataclass_fields__ if name != "decisions"]
    query = select(ManagementReview.id, *columns, decided.label("decisions"))
    if before is not None:
        query = query.where(ManagementReview.id < before)
    rows = tx.execute(query.order_by(ManagementReview.id.desc()).limit(PAGE + 1)).all()
    lines = [
        Line(**{**{name: getattr(row, name) for name in Line.__dataclass_fields__}, "state": State(row.state)})
        for row in rows[:PAGE]
    ]
    return lines, rows[PAGE - 1].id if len(rows) > PAGE else None


def to_sign(tx: Session, person_id: int | None) -> list[Head]:
    """Reviews that were held and wait for the signature of this person, who chaired them; the oldest first."""
    held = (ManagementReview.chair_id == person_id, ManagementReview.state == State.HELD.value)
    query = select(ManagementReview).where(*held).order_by(ManagementReview.held_on, ManagementReview.id)
    return [_head(row) for row in tx.execute(query).scalars()]


def on_days(tx: Session, start: date, end: date) -> list[Head]:
    """The reviews held, or else planned, on a day from `start` to `end` (both inclusive), by number."""
    day = func.coalesce(ManagementReview.held_on, ManagementReview.planned_on)
    query = select(ManagementReview).where(day >= start, day <= end).order_by(ManagementReview.id)
    return [_head(row) for row in tx.execute(query).scalars()]


def inputs(tx: Session, review_id: int) -> dict[str, FrozenInput]:
    """The frozen inputs of a review by name."""
    columns = [getattr(models.ReviewInput, name) for name in FrozenInput.__dataclass_fields__]
    rows = tx.execute(select(*columns).where(models.ReviewInput.review_id == review_id).order_by(models.ReviewInput.id))
    return {row.name: FrozenInput(*row) for row in rows}


def guests(tx: Session, review_id: int) -> list[GuestView]:
    """Who was invited, top management first."""
    columns = [getattr(models.ReviewGuest, name) for name in GuestView.__dataclass_fields__]
    query = (
        select(*columns)
        .where(models.ReviewGuest.review_id == review_id)
        .order_by(models.ReviewGuest.top_management.desc(), models.ReviewGuest.id)
    )
    return [GuestView(**{**row._mapping, "state": Attendance(row.state)}) for row in tx.execute(query)]


def notes(tx: Session, review_id: int) -> dict[str, NoteView]:
    """What was written under the items, by item."""
    rows = tx.execute(select(models.ReviewNote).where(models.ReviewNote.review_id == review_id)).scalars()
    return {one.item_id: NoteView(one.item_id, one.text, one.changed_at, one.changed_by, one.version) for one in rows}


def _decisions(tx: Session, *conditions: Any) -> list[DecisionView]:
    rows = tx.execute(
        select(models.ReviewDecision, ManagementReview.number)
        .join(ManagementReview, ManagementReview.id == models.ReviewDecision.review_id)
        .where(*conditions)
        .order_by(models.ReviewDecision.review_id, models.ReviewDecision.serial)
    )
    return [
        DecisionView(
            one.id, one.review_id, number, one.serial, one.item_id, one.text, one.owner_id, one.due_on, one.action_id
        )
        for one, number in rows
    ]


def decisions(tx: Session, review_id: int) -> list[DecisionView]:
    """What a review decided, in its order."""
    return _decisions(tx, models.ReviewDecision.review_id == review_id)


def decision(tx: Session, decision_id: int) -> DecisionView:
    """One decision. Raises NotFound."""
    found = _decisions(tx, models.ReviewDecision.id == decision_id)
    if not found:
        raise NotFound()
    return found[0]


def decisions_signed(tx: Session, until: datetime) -> list[DecisionView]:
    """The decisions of every review signed up to a moment, by review."""
    return _decisions(tx, ManagementReview.signed_at.is_not(None), ManagementReview.signed_at <= until)


def signature(tx: Session, review_id: int) -> Signed | None:
    """The signature of the minutes, None while there is none."""
    columns = [getattr(models.ReviewSignature, name) for name in Signed.__dataclass_fields__]
    row = tx.execute(select(*columns).where(models.ReviewSignature.review_id == review_id)).one_or_none()
    return Signed(**{**row._mapping, "proof": Proof(row.proof)}) if row else None


def standings(head: Head, written: dict[str, NoteView], decided: Sequence[DecisionView]) -> list[ItemStanding]:
    """How far the minutes are, item by item."""
    return [
        ItemStanding(
            item.title,
            item.part,
            written=bool(item.id in written and written[item.id].text),
            decisions=sum(one.item_id == item.id for one in decided),
        )
        for item in head.items
    ]


def as_guests(head: Head, found: Sequence[GuestView]) -> list[Guest]:
    """The list as the gates need it."""
    return [Guest(one.name, one.state, one.top_management, one.person_id == head.chair_id) for one in found]


def interval(tx: Session) -> Interval:
    """How often the organisation reviews."""
    row = tx.execute(select(models.ReviewInterval)).scalar_one_or_none()
    return Interval(row.every_months, row.ahead_days, row.first_on, True) if row else Interval()


def last_period_end(tx: Session) -> date | None:
    """The last day that a review looked at or will look at; None where there is none."""
    found: date | None = tx.execute(select(func.max(ManagementReview.period_to))).scalar_one()
    return found


def next_review(tx: Session, today: date) -> Next:
    """When the next review is due."""
    kept = interval(tx)
    planned = tx.execute(
        select(ManagementReview.planned_on, ManagementReview.number)
        .where(ManagementReview.held_on.is_(None))
        .order_by(ManagementReview.planned_on, ManagementReview.id)
    ).all()
    last: date | None = tx.execute(select(func.max(ManagementReview.held_on))).scalar_one()
    due = rules.next_due(
        planned=[row.planned_on for row in planned],
        last_held=last,
        first_on=kept.first_on,
        every_months=kept.every_months,
    )
    near = rules.how_near(due, ahead_days=kept.ahead_days, today=today)
    return Next(due, near, planned[0].number if planned else "")


def houses_that_review(session: Session) -> list[int]:
    """Organisations that set an interval or have a review: a plain read over all of them, for the worker."""
    found: set[int] = set()
    for model in (models.ReviewInterval, ManagementReview):
        query = select(model.organisation_id).distinct().execution_options(**{UNSCOPED: True})
        found.update(session.execute(query).scalars())
    return sorted(found)
