"""From paths of fields to the records they come from: `findings[2].grade` stands in the entry F-3 of `findings`."""

import re
from collections.abc import Sequence
from typing import Any

MOST = 400
"""Paragraphs shown on one page."""
NAMED = ("reference", "number", "ref", "record", "title", "label", "name", "version", "date")
_ENTRY = re.compile(r"^(?:.*\[\d+\])")


def records(paths: Sequence[str], data: Any) -> list[tuple[str, str]]:
    """(field, the record it stands in) for each path, in the order printed; the record of facts is empty."""
    return [(path, record(path, data)) for path in dict.fromkeys(paths)]


def record(path: str, data: Any) -> str:
    """What the nearest entry of a list above a field is called; empty where the field is in none."""
    match = _ENTRY.match(path)
    entry = _at(data, match.group()) if match else None
    if not isinstance(entry, dict):
        return ""
    return next((str(entry[name]) for name in NAMED if entry.get(name)), "")


def _at(data: Any, path: str) -> Any:
    for piece in re.findall(r"[^.\[\]]+", path):
        data = data[int(piece)] if isinstance(data, list) else data[piece]
    return data
