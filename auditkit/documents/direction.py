"""Marks of direction: texts that run left to right within a document that runs right to left."""

import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from auditkit.base import jalali
from auditkit.base.text import language_written

RIGHT_TO_LEFT = ("fa",)


_MARK = "\u200e"


Record = TypeVar("Record")


def sided(record: Record, language: str) -> Record:
    """In a document that runs from right to left: texts that begin in Latin letters keep their own direction.

    An invisible mark before and after them keeps numbers at their beginning and full stops at their end in place.
    """
    if language not in RIGHT_TO_LEFT:
        return record
    assert is_dataclass(record) and not isinstance(record, type)  # noqa: S101, PT018 - contexts are dataclasses
    return replace(record, **{field.name: _sided(getattr(record, field.name), language) for field in fields(record)})


def _sided(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return f"{_MARK}{value}{_MARK}" if _runs_left_to_right(value) else value
    if isinstance(value, tuple):
        return tuple(_sided(one, language) for one in value)
    return sided(value, language) if is_dataclass(value) else value


def figure(value: object) -> str:
    """A number inside a sentence, in the digits of the document's language."""
    return jalali.persian_digits(str(value)) if language_written() in RIGHT_TO_LEFT else str(value)


def _runs_left_to_right(text: str) -> bool:
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind == "L" for kind in strong if kind in ("L", "R", "AL")), False)
