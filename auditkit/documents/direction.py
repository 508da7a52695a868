"""Marks of direction: texts that run left to right within a document that runs right to left."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from auditkit.base import jalali
from auditkit.base.text import enumerated, language_written
from auditkit.documents.contexts.facts import Picture

RIGHT_TO_LEFT = ("fa",)


_MARK = "\u200e"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TURNS_NOTHING = "\u200f"
_ASKED_BY_TEMPLATES = ("style", "weight")
"""Fields that a template compares with a word of ours, and nobody reads."""


Record = TypeVar("Record")


def sided(record: Record, language: str) -> Record:
    """In a document that runs from right to left: texts that begin in Latin letters keep their own direction.

    An invisible mark before and after them keeps numbers at their beginning and full stops at their end in place.
    Done twice it is as done once; pictures stay as they are.
    """
    if language not in RIGHT_TO_LEFT:
        return record
    assert is_dataclass(record) and not isinstance(record, type)  # noqa: S101, PT018 - contexts are dataclasses
    read = (one for one in fields(record) if one.type is not Picture and one.name not in _ASKED_BY_TEMPLATES)
    named = [one.name for one in read]
    return replace(record, **{name: _sided(getattr(record, name), language) for name in named})


def _sided(value: Any, language: str) -> Any:
    if isinstance(value, str):
        if _DAY.fullmatch(value):
            return f"{_MARK}{jalali.persian_digits(value)}{_MARK}"
        return f"{_MARK}{value}{_MARK}" if _runs_left_to_right(value) else value
    if isinstance(value, tuple):
        return tuple(_sided(one, language) for one in value)
    return sided(value, language) if is_dataclass(value) else value


def figure(value: object) -> str:
    """A number inside a sentence, in the digits of the document's language."""
    return jalali.persian_digits(str(value)) if language_written() in RIGHT_TO_LEFT else str(value)


def unmarked(text: str) -> str:
    """A text without those marks."""
    return text.strip(_MARK)


def clause_numbers(numbers: Iterable[str]) -> str:
    """Clauses in a row, in the digits and the direction of the document's language: letters turn nothing."""
    if language_written() not in RIGHT_TO_LEFT:
        return enumerated(numbers)
    return enumerated(f"{figure(one)}{_TURNS_NOTHING}" for one in numbers)


def _runs_left_to_right(text: str) -> bool:
    if text.startswith(_MARK):
        return False
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind == "L" for kind in strong if kind in ("L", "R", "AL")), False)
