"""What the list of documents says of a document beside its text."""

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Model, OfOrganisation, one_of
from auditkit.policies.rules import Kind

_KINDS = one_of(Kind)


class PolicyCard(OfOrganisation, Model):
    """Kind, owner, keeping and distribution of a document. `states`: live settings it states beside its blanks.

    `review_months`: how far ahead the next review is proposed; 0 for no proposal.
    """

    __tablename__ = "policy_card"

    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retention: Mapped[str] = mapped_column(String(200), default="")
    distribution: Mapped[str] = mapped_column(Text, default="")
    review_months: Mapped[int] = mapped_column(SmallInteger, default=12)
    states: Mapped[list[str]] = mapped_column(JsonDict, default=list)

    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("review_months BETWEEN 0 AND 120", name="review_months_sensible"),
    )
