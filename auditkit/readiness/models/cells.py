"""Tables of what people settled about cells of the matrix: overrides, clauses carried over to another edition."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.readiness.rules import Column, State

_STATES = one_of(State)


class ReadinessOverride(OfOrganisation, Model):
    """An assessor's word about a cell. `clause` in full; `was` and `cell` (SHA-256) are what the records said then.

    A withdrawn one stays; another may be made in its place.
    """

    __tablename__ = "readiness_override"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    clause: Mapped[str] = mapped_column(String(96))
    column: Mapped[str] = mapped_column("matrix_column", String(12))
    state: Mapped[str] = mapped_column(String(12))
    was: Mapped[str] = mapped_column(String(12))
    cell: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("clause <> ''", name="override_names_clause"),
        CheckConstraint(f"matrix_column IN ({one_of(Column)})", name="override_column_known"),
        CheckConstraint(f"state IN ({_STATES}) AND was IN ({_STATES})", name="override_states_known"),
        CheckConstraint("state <> was", name="override_says_something_else"),
        CheckConstraint("reason <> ''", name="override_has_reason"),
        CheckConstraint("length(cell) = 64", name="override_cell_is_sha256"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= made_at", name="withdrawn_after_made"),
        Index(
            "uq_readiness_override_stands",
            "organisation_id",
            "clause",
            "matrix_column",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class ReadinessCarried(OfOrganisation, Model):
    """What becomes of a clause of the newer edition in a transition: carried over, examined again, or new.

    `sources`: clauses in full of the older one. `basis`: SHA-256 of what the older edition's cell said when it was
    decided, empty for what is new.
    """

    __tablename__ = "readiness_carried"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    from_edition: Mapped[str] = mapped_column(String(64))
    clause: Mapped[str] = mapped_column(String(96))
    sources: Mapped[list[str]] = mapped_column(JsonDict)
    relation: Mapped[str] = mapped_column(String(12))
    verdict: Mapped[str] = mapped_column(String(8))
    basis: Mapped[str] = mapped_column(String(64), default="")
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("organisation_id", "clause"),
        CheckConstraint("verdict IN ('carried', 'again', 'new')", name="carried_verdict_known"),
        CheckConstraint("(verdict = 'new') = (basis = '')", name="carried_has_basis"),
        CheckConstraint("basis = '' OR length(basis) = 64", name="carried_basis_is_sha256"),
    )
