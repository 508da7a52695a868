"""Numbers as the language of a document writes them. Runs in the child process, over plain JSON values.

A number stays one that templates compare and count with; only what is printed of it changes.
Checked by tests/slices/documents/test_documents_render.py.
"""

from typing import Any

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
OWN_DIGITS = {"fa": _PERSIAN}


class PersianNumber(int):
    """A whole number that is printed in Persian digits."""

    def __str__(self) -> str:
        return int.__repr__(self).translate(_PERSIAN)


def in_digits(value: Any, language: str) -> Any:
    """The same data, with whole numbers that print themselves in the digits of `language`."""
    if language not in OWN_DIGITS:
        return value
    if isinstance(value, dict):
        return {name: in_digits(one, language) for name, one in value.items()}
    if isinstance(value, list):
        return [in_digits(one, language) for one in value]
    return PersianNumber(value) if type(value) is int else value
