"""Tables of what belongs to a management review, and the triggers that keep both."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.content.shapes import AgendaInput
from auditkit.reviews.models.reviews import ManagementReview
from auditkit.reviews.rules import LEAST_MONTHS, MOST_AHEAD, MOST_MONTHS, Attendance, Proof


class ReviewInput(OfOrganisation, Model):
    """An input as it was computed: `content` is canonical JSON (RFC 8785), `digest` its SHA-256.

    `figures`: name of a figure -> key of the `frozen_figure` that keeps the complaints behind it.
    """

    __tablename__ = "review_input"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("management_review.id"))
    name: Mapped[str] = mapped_column(String(30))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, int]] = mapped_column(JsonDict)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("review_id", "name"),
        CheckConstraint(f"name IN ({one_of(AgendaInput)})", name="name_known"),
        CheckConstraint("content <> '' AND length(digest) = 64", name="digest_is_sha256"),
    )


class ReviewGuest(OfOrganisation, Model):
    """Somebody who was invited. `person_id` is empty for people without an account; `note`: why they were excused."""

    __tablename__ = "review_guest"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("management_review.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str] = mapped_column(String(200), default="")
    top_management: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("review_id", "name"),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint(f"state IN ({one_of(Attendance)})", name="state_known"),
        CheckConstraint("state <> 'excused' OR note <> ''", name="excused_has_reason"),
    )


class ReviewNote(OfOrganisation, Model):
    """What the minutes say under an item of the agenda."""

    __tablename__ = "review_note"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("management_review.id"))
    item_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column("written", Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("review_id", "item_id"),
        CheckConstraint("item_id <> '' AND version > 0", name="belongs_to_item"),
    )


class ReviewDecision(OfOrganisation, Model):
    """What was decided under an item. Signing opens `action_id`, which answers it from then on."""

    __tablename__ = "review_decision"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("management_review.id"))
    serial: Mapped[int] = mapped_column(SmallInteger)
    item_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column("decided", Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(Date)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), unique=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("review_id", "serial"),
        CheckConstraint("decided <> '' AND item_id <> ''", name="says_what"),
        CheckConstraint("serial > 0", name="counts_from_one"),
    )


class ReviewSignature(OfOrganisation, Model):
    """The chair's signature. `content` is the canonical JSON that was signed; else as `audit_signature`."""

    __tablename__ = "review_signature"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("management_review.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    typed_name: Mapped[str] = mapped_column(String(200))
    proof: Mapped[str] = mapped_column(String(10))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    key_fingerprint: Mapped[str] = mapped_column(String(79))
    public_key: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("typed_name <> ''", name="has_name"),
        CheckConstraint(f"proof IN ({one_of(Proof)})", name="proof_known"),
        CheckConstraint("content <> '' AND length(digest) = 64", name="digest_is_sha256"),
        CheckConstraint("length(signature) = 128", name="signature_is_ed25519"),
    )


class ReviewInterval(OfOrganisation, Model):
    """How often this organisation reviews, and how early it is reminded; `reminded_for` the day last reminded of."""

    __tablename__ = "review_interval"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    every_months: Mapped[int] = mapped_column(SmallInteger)
    ahead_days: Mapped[int] = mapped_column(SmallInteger)
    first_on: Mapped[date | None] = mapped_column(Date)
    reminded_for: Mapped[date | None] = mapped_column(Date)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint(
            f"every_months BETWEEN {LEAST_MONTHS} AND {MOST_MONTHS} AND ahead_days BETWEEN 0 AND {MOST_AHEAD}",
            name="spans_fit",
        ),
        CheckConstraint("(reminded_for IS NULL) = (reminded_at IS NULL)", name="reminded_has_time"),
    )


SIGNED = "a signed management review stands as it is"
HELD = "the inputs of a management review stand once it was held"
BACK = "a management review that was held does not go back"
_ACTS = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
_COUNT = "(SELECT count(*) FROM review_signature WHERE review_id = {0}) > 0"
_STATE = "(SELECT state FROM management_review WHERE id = {0}) IN ('held', 'signed')"


def _parts(table: str, suffix: str, when: str, message: str, function: str) -> dict[str, tuple[str, ...]]:
    """Triggers that refuse every change of rows of `table` whose review is so far."""
    return {
        "sqlite": tuple(
            f"CREATE TRIGGER {table}_{suffix}_{act.lower()} BEFORE {act} ON {table} "
            f"WHEN {when.format(f'{row}.review_id')} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for act, row in _ACTS
        ),
        "postgresql": (
            (
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ DECLARE wanted bigint; BEGIN "
                "IF TG_OP = 'INSERT' THEN wanted := NEW.review_id; ELSE wanted := OLD.review_id; END IF; "
                f"IF {when.format('wanted')} THEN RAISE EXCEPTION '{message}'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
            ),
            (
                f"CREATE TRIGGER {table}_{suffix} BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            ),
        ),
    }


REVIEW_TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        *(
            f"CREATE TRIGGER management_review_signed_{act.lower()} BEFORE {act} ON management_review "
            f"WHEN {_COUNT.format('OLD.id')} BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
            for act in ("UPDATE", "DELETE")
        ),
        (
            "CREATE TRIGGER management_review_forward BEFORE UPDATE OF state ON management_review "
            "WHEN OLD.state IN ('held', 'signed') AND NEW.state IN ('planned', 'prepared') "
            f"BEGIN SELECT RAISE(ABORT, '{BACK}'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION management_review_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {_COUNT.format('OLD.id')} THEN RAISE EXCEPTION '{SIGNED}'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
            "IF OLD.state IN ('held', 'signed') AND NEW.state IN ('planned', 'prepared') THEN "
            f"RAISE EXCEPTION '{BACK}'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER management_review_signed BEFORE UPDATE OR DELETE ON management_review "
            "FOR EACH ROW EXECUTE FUNCTION management_review_refuse()"
        ),
    ),
}
SIGNATURE_TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER review_signature_no_{act.lower()} BEFORE {act} ON review_signature "
        f"BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
        for act in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION review_signature_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SIGNED}'; END $$"
        ),
        (
            "CREATE TRIGGER review_signature_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON review_signature "
            "FOR EACH STATEMENT EXECUTE FUNCTION review_signature_refuse()"
        ),
    ),
}
INPUT_TRIGGERS = _parts("review_input", "held", _STATE, HELD, "review_input_refuse")


def part_triggers(table: str) -> dict[str, tuple[str, ...]]:
    """The triggers that keep a part of a signed review."""
    return _parts(table, "signed", _COUNT, SIGNED, "review_part_refuse")


def _attach(model: type[Any], statements: dict[str, tuple[str, ...]]) -> None:
    for dialect, texts in statements.items():
        for text in texts:
            made = DDL(text.replace("%", "%%")).execute_if(dialect=dialect)
            event.listen(model.__table__, "after_create", made)


_attach(ManagementReview, REVIEW_TRIGGERS)
_attach(ReviewSignature, SIGNATURE_TRIGGERS)
_attach(ReviewInput, INPUT_TRIGGERS)
for _part in (ReviewGuest, ReviewNote, ReviewDecision):
    _attach(_part, part_triggers(_part.__tablename__))
