"""The criterion of the effect, one a round, and what the check showed. Stated while the action is open, never after."""

from datetime import date, datetime

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.actions.rules import LONGEST_WAIT, Wanted
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of

_WANTED = one_of(Wanted)


class ActionEffect(OfOrganisation, Model):
    """By what the effect of one round is judged. `check_from` is set when the action is reported as done.

    `measure` and `parameter` name a figure that a slice computes; `before_value` and `after_value` are what it came to
    over `window_days` before the action was opened and before the check, kept as they were.
    """

    __tablename__ = "action_effect"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    round: Mapped[int] = mapped_column(Integer)
    criterion: Mapped[str] = mapped_column(Text)
    wait_days: Mapped[int] = mapped_column(SmallInteger)
    measure: Mapped[str] = mapped_column(String(60), default="")
    parameter: Mapped[str] = mapped_column(String(200), default="")
    wanted: Mapped[str] = mapped_column(String(20), default="")
    wanted_value: Mapped[float | None] = mapped_column(Float)
    window_days: Mapped[int | None] = mapped_column(SmallInteger)
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    check_from: Mapped[date | None] = mapped_column(Date)
    checked_on: Mapped[date | None] = mapped_column(Date)
    effective: Mapped[bool | None] = mapped_column(Boolean)
    before_value: Mapped[float | None] = mapped_column(Float)
    after_value: Mapped[float | None] = mapped_column(Float)

    __table_args__ = (
        UniqueConstraint("action_id", "round"),
        CheckConstraint("criterion <> ''", name="criterion_has_text"),
        CheckConstraint(f"wait_days BETWEEN 0 AND {LONGEST_WAIT}", name="wait_in_range"),
        CheckConstraint(f"wanted IN ({_WANTED})", name="wanted_known"),
        CheckConstraint(
            "(measure = '') = (wanted = '') AND (measure = '') = (wanted_value IS NULL) "
            "AND (measure = '') = (window_days IS NULL)",
            name="figure_is_whole",
        ),
        CheckConstraint("window_days IS NULL OR wait_days >= window_days", name="wait_covers_window"),
        CheckConstraint("(checked_on IS NULL) = (effective IS NULL)", name="checked_says_result"),
        CheckConstraint(
            "effective IS NULL OR NOT effective OR (check_from IS NOT NULL AND checked_on >= check_from)",
            name="confirmed_after_waiting",
        ),
        CheckConstraint(
            "effective IS NULL OR NOT effective OR measure = '' "
            "OR (before_value IS NOT NULL AND after_value IS NOT NULL)",
            name="confirmed_by_figures",
        ),
    )


_STATED = ("criterion", "wait_days", "measure", "parameter", "wanted", "wanted_value", "window_days")
_NOT_OPEN = "EXISTS (SELECT 1 FROM action a WHERE a.id = NEW.action_id AND a.state <> 'open')"
_SAID = "a criterion is stated before the action is done"
_OTHER = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _STATED)
_OTHER_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _STATED)

EFFECT_SQLITE_TRIGGERS = (
    (
        f"CREATE TRIGGER action_effect_beforehand_insert BEFORE INSERT ON action_effect WHEN {_NOT_OPEN} "
        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    ),
    (
        f"CREATE TRIGGER action_effect_beforehand_update BEFORE UPDATE ON action_effect "
        f"WHEN ({_OTHER_SQLITE}) AND {_NOT_OPEN} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    ),
)
EFFECT_POSTGRESQL_TRIGGERS = (
    (
        "CREATE OR REPLACE FUNCTION action_effect_beforehand() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF NOT ({_OTHER}) THEN RETURN NEW; END IF; END IF; "
        f"IF {_NOT_OPEN} THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER action_effect_beforehand BEFORE INSERT OR UPDATE ON action_effect "
        "FOR EACH ROW EXECUTE FUNCTION action_effect_beforehand()"
    ),
)
for _dialect, _statements in (("sqlite", EFFECT_SQLITE_TRIGGERS), ("postgresql", EFFECT_POSTGRESQL_TRIGGERS)):
    for _statement in _statements:
        event.listen(
            ActionEffect.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )
