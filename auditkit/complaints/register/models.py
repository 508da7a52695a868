"""The filters of the register that people keep for themselves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.register.rules import LONGEST_ADDRESS, LONGEST_NAME


class RegisterFilter(OfOrganisation, Model):
    """One way of asking the register, kept by a person under a name. `asked` is what stands in the page's address."""

    __tablename__ = "register_filter"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    asked: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id", "name"),
        CheckConstraint("name <> ''", name="has_name"),
    )
