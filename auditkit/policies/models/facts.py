"""Facts of the organisation that documents state, and the live settings a version was approved with."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.policies.models.frozen import freeze


class OrganisationFact(OfOrganisation, Model):
    """A fact kept once for all documents that state it: the answer to the question `name` of a kind."""

    __tablename__ = "organisation_fact"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("organisation_id", "name", "kind"),
        CheckConstraint("value <> ''", name="fact_has_value"),
    )


class PolicyStated(OfOrganisation, Model):
    """A live setting that a version states, with its value when the text was handed in for approval."""

    __tablename__ = "policy_stated"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    setting: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("version_id", "setting"),
        CheckConstraint("setting <> ''", name="setting_named"),
    )


STATED_TOLD = "what a version stated is immutable"
freeze(PolicyStated.__table__, STATED_TOLD)
