"""Columns that the tables of what is done with a complaint have in common."""

from typing import Any

from sqlalchemy import (
    ForeignKey,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.complaints.rules import (
    LONGEST,
)


def complaint(**more: Any) -> Mapped[int]:
    """The complaint a row hangs on; it goes with it."""
    return mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), **more)


def person() -> Mapped[int | None]:
    """A member, None where nobody did it."""
    return mapped_column(ForeignKey("person.id"))


def line(field: str) -> Mapped[str]:
    """One line of text, as long as the rules let it be."""
    return mapped_column(String(LONGEST[field]), default="")


def text() -> Mapped[str]:
    """Text of any length."""
    return mapped_column(Text, default="")
