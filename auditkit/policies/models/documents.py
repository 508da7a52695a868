"""Tables of policies: the draft, which may change, and its versions, which the database refuses to change."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.policies.rules import State

_STATES = one_of(State)


class Policy(OfOrganisation, Model):
    """A policy of an organisation and its draft.

    `content_id`, `content_digest`: the library's text it was made from. `questions`, `sections`: plain JSON as frozen
    then; sections are {id, title, clauses, text} with blanks in the text. `revision` counts changes of the draft.
    """

    __tablename__ = "policy"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    content_id: Mapped[str] = mapped_column(String(64))
    content_digest: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    is_public: Mapped[bool] = mapped_column(Boolean)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    answers: Mapped[dict[str, str]] = mapped_column(JsonDict)
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)

    versions: Mapped[list["PolicyVersion"]] = relationship(back_populates="policy", order_by="PolicyVersion.number")

    __table_args__ = (
        UniqueConstraint("organisation_id", "content_id"),
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("revision > 0", name="revision_counts_from_one"),
        CheckConstraint("length(title) > 0", name="has_title"),
    )


class PolicyVersion(OfOrganisation, Model):
    """An approved version: the text with its blanks filled, and who answers for it.

    `digest` is SHA-256 over the canonical JSON of title and sections. `approved_alone`: one person edited and approved,
    because nobody else could. `withdrawn_on` is the first day without it.
    """

    __tablename__ = "policy_version"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    answers: Mapped[dict[str, str]] = mapped_column(JsonDict)
    digest: Mapped[str] = mapped_column(String(64))
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_alone: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    review_by: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default=State.APPROVED.value)
    effective_on: Mapped[date | None] = mapped_column(Date)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    policy: Mapped[Policy] = relationship(back_populates="versions")

    __table_args__ = (
        UniqueConstraint("policy_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("length(reason) > 0", name="approved_with_reason"),
        CheckConstraint("approved_alone OR edited_by_id IS NULL OR approved_by_id <> edited_by_id", name="two_people"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_time"),
        CheckConstraint("(published_at IS NULL) = (effective_on IS NULL)", name="published_has_effect"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_time"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_on IS NULL)", name="withdrawn_has_day"),
        CheckConstraint("state <> 'withdrawn' OR length(withdrawn_reason) > 0", name="withdrawn_with_reason"),
    )


_FIXED = (
    "organisation_id, policy_id, number, title, sections, answers, digest, edited_by_id, approved_by_id, approved_at, "
    "approved_alone, reason, review_by"
)
_PUBLISHED = "effective_on, published_by_id, published_at"
_TOLD = "a policy version is immutable"
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"

SQLITE_TRIGGERS = (
    f"CREATE TRIGGER policy_version_no_update BEFORE UPDATE OF id, {_FIXED} ON policy_version {_REFUSE}",
    (
        f"CREATE TRIGGER policy_version_published_once BEFORE UPDATE OF {_PUBLISHED} ON policy_version "
        f"WHEN OLD.published_at IS NOT NULL {_REFUSE}"
    ),
    (
        "CREATE TRIGGER policy_version_withdrawn_once BEFORE UPDATE ON policy_version "
        f"WHEN OLD.state = 'withdrawn' {_REFUSE}"
    ),
    f"CREATE TRIGGER policy_version_no_delete BEFORE DELETE ON policy_version {_REFUSE}",
)
POSTGRESQL_TRIGGERS = (
    f"CREATE FUNCTION policy_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$",
    (
        f"CREATE TRIGGER policy_version_no_update BEFORE UPDATE OF id, {_FIXED} ON policy_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION policy_refuse()"
    ),
    (
        f"CREATE TRIGGER policy_version_published_once BEFORE UPDATE OF {_PUBLISHED} ON policy_version "
        "FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION policy_refuse()"
    ),
    (
        "CREATE TRIGGER policy_version_withdrawn_once BEFORE UPDATE ON policy_version "
        "FOR EACH ROW WHEN (OLD.state = 'withdrawn') EXECUTE FUNCTION policy_refuse()"
    ),
    (
        "CREATE TRIGGER policy_version_no_delete BEFORE DELETE OR TRUNCATE ON policy_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION policy_refuse()"
    ),
)

for _dialect, _statements in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRESQL_TRIGGERS)):
    for _statement in _statements:
        event.listen(
            PolicyVersion.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),
        )
