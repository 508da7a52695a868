"""Tables of the path from correction to plan, beside the action; triggers hold the gates that lie between tables."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.actions.models.core import Action
from auditkit.actions.models.steps import ActionStep
from auditkit.actions.rules import Bone, CauseMethod, Grade, ReviewState
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of


def _known(column: str, words: type[StrEnum], *, empty: bool = False) -> str:
    listed = one_of(words)
    return f"{column} IN ('', {listed})" if empty else f"{column} IN ({listed})"


class CauseCategory(OfOrganisation, Model):
    """A category of causes of the organisation's own list. Retired ones stay at the actions that have them."""

    __tablename__ = "cause_category"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "title"),
        CheckConstraint("title <> ''", name="category_has_title"),
    )


class ActionScheme(OfOrganisation, Model):
    """Time limits and needs of a body, or of one's own. `preset` is the key of what it was taken from.

    `needs_*` are words of `rules.Need` with blanks between; `later_*`: the effect is verified at the next audit.
    """

    __tablename__ = "action_scheme"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    preset: Mapped[str] = mapped_column(String(40), default="")
    needs_major: Mapped[str] = mapped_column(String(80), default="")
    needs_minor: Mapped[str] = mapped_column(String(80), default="")
    later_major: Mapped[bool] = mapped_column(Boolean, default=False)
    later_minor: Mapped[bool] = mapped_column(Boolean, default=False)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("title <> ''", name="scheme_has_title"),
        CheckConstraint("ended_at IS NULL OR ended_at >= added_at", name="scheme_ends_after_it_began"),
    )


class ActionPath(OfOrganisation, Model):
    """What the path of 4.3 adds to an action: grade, what is asked for, correction, extent, method, plan, review.

    `action.correction` says what the correction was and `action.cause` the cause that was settled.
    """

    __tablename__ = "action_path"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    grade: Mapped[str] = mapped_column(String(20), default="")
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("action_scheme.id"))
    needs: Mapped[str] = mapped_column(String(80), default="")
    correction_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    correction_on: Mapped[date | None] = mapped_column(Date)
    correction_proof: Mapped[str] = mapped_column(Text, default="")
    extent_looked: Mapped[str] = mapped_column(Text, default="")
    extent_found: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[str] = mapped_column(String(20), default="")
    method_name: Mapped[str] = mapped_column(String(200), default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("cause_category.id"))
    plan_ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    plan_ready_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review: Mapped[str] = mapped_column(String(20), default="")
    reopened: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        UniqueConstraint("action_id"),
        CheckConstraint(_known("grade", Grade), name="path_grade_known"),
        CheckConstraint(_known("method", CauseMethod, empty=True), name="method_known"),
        CheckConstraint("method <> 'other' OR method_name <> ''", name="other_method_is_named"),
        CheckConstraint(_known("review", ReviewState), name="review_known"),
        CheckConstraint(
            "(correction_on IS NULL) = (correction_by IS NULL) "
            "AND (correction_on IS NOT NULL OR correction_proof = '')",
            name="correction_says_who_and_when",
        ),
        CheckConstraint("(extent_looked = '') = (extent_found = '')", name="extent_says_where_and_what"),
        CheckConstraint("(plan_ready_at IS NULL) = (plan_ready_by IS NULL)", name="plan_ready_says_who"),
        CheckConstraint("reopened >= 0", name="reopened_counts"),
        Index(None, "category_id"),
    )


class ActionCause(OfOrganisation, Model):
    """One line of the analysis of causes; it answers "why?" of its parent. `bone` only at the top of a fishbone."""

    __tablename__ = "action_cause"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("action_cause.id"))
    bone: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(String(300))
    root: Mapped[bool] = mapped_column(Boolean, default=False)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("text <> ''", name="cause_has_text"),
        CheckConstraint(_known("bone", Bone, empty=True), name="bone_known"),
        CheckConstraint("bone = '' OR parent_id IS NULL", name="bone_at_the_top"),
        Index(None, "parent_id"),
    )


class ActionDiscipline(OfOrganisation, Model):
    """One part of an 8D report, D0 to D8."""

    __tablename__ = "action_discipline"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("action_id", "number"),
        CheckConstraint("number BETWEEN 0 AND 8", name="discipline_known"),
    )


# (name, the condition on NEW under which the row is refused, what is said)
GATES = (
    (
        "steps",
        "NEW.state <> 'open' AND EXISTS (SELECT 1 FROM action_step s WHERE s.action_id = NEW.id AND s.state = 'open')",
        "an action with open steps is not done",
    ),
    (
        "plan",
        (
            "NEW.state <> 'open' AND EXISTS (SELECT 1 FROM action_path p WHERE p.action_id = NEW.id AND p.needs <> '' "
            "AND p.plan_ready_at IS NULL)"
        ),
        "an action whose grade asks for a plan is not done without it",
    ),
    (
        "verifier",
        (
            "NEW.verified_by IS NOT NULL AND EXISTS (SELECT 1 FROM action_step s WHERE s.action_id = NEW.id "
            "AND s.state <> 'dropped' AND (s.owner_id = NEW.verified_by OR s.ended_by = NEW.verified_by))"
        ),
        "who owned or did a step does not verify the effect",
    ),
    (
        "effect",
        (
            "NEW.state IN ('verified', 'closed') AND EXISTS (SELECT 1 FROM action_effect e WHERE e.action_id = NEW.id "
            "AND e.round = NEW.round AND (e.effective IS NULL OR NOT e.effective))"
        ),
        "an action is verified by the criterion that was stated",
    ),
    (
        "body",
        (
            "NEW.state = 'closed' AND EXISTS (SELECT 1 FROM action_path p WHERE p.action_id = NEW.id "
            "AND p.review IN ('waiting', 'more-needed'))"
        ),
        "an action is not closed before the body accepted it",
    ),
)
STEP_GATE = (
    "EXISTS (SELECT 1 FROM action a WHERE a.id = NEW.action_id AND a.state <> 'open')",
    "steps change while the action is open",
)


def _sqlite(table: str, name: str, acts: tuple[str, ...], condition: str, told: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_{name}_{act.lower()} BEFORE {act} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{told}'); END"
        for act in acts
    )


def _postgresql(table: str, name: str, acts: tuple[str, ...], condition: str, told: str) -> tuple[str, ...]:
    return (
        (
            f"CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{told}'; END IF; RETURN NEW; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_{name} BEFORE {' OR '.join(acts)} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_{name}()"
        ),
    )


BOTH = ("INSERT", "UPDATE")
SQLITE_TRIGGERS = {
    "action": tuple(one for name, when, told in GATES for one in _sqlite("action", name, ("UPDATE",), when, told)),
    "action_step": _sqlite("action_step", "while_open", BOTH, *STEP_GATE),
}
POSTGRESQL_TRIGGERS = {
    "action": tuple(one for name, when, told in GATES for one in _postgresql("action", name, ("UPDATE",), when, told)),
    "action_step": _postgresql("action_step", "while_open", BOTH, *STEP_GATE),
}

for _dialect, _triggers in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRESQL_TRIGGERS)):
    for _model in (Action, ActionStep):
        for _statement in _triggers[_model.__tablename__]:
            event.listen(
                _model.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
            )
