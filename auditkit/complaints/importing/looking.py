"""The look at a table before it is imported: all that its page shows, as plain JSON, so that a job can do it.

What is shown is what will be done: the profile that the look went by is kept with it, and the import goes by that one.
Checked by tests/slices/complaints_importing/test_importing_pages.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.complaints.importing.announcements import Announcement, Fault, Row
from auditkit.complaints.importing.dates import NotInFormatError, reader
from auditkit.complaints.importing.encodings import CERTAIN, EncodingGuess
from auditkit.complaints.importing.fields import CHOICE, DATE, FIELDS
from auditkit.complaints.importing.mapping import MappedRow, RowMapper
from auditkit.complaints.importing.planning import Plan
from auditkit.complaints.importing.running import ImportResult, rehearse

SHOWN_COLUMNS, SHOWN_ROWS, SHOWN_WORDS = 200, 5, 60
EXAMPLES = 3
LONGEST_CELL = 160
MOST_WORDS = 2_000
STATISTICS = "statistics"


@dataclass(frozen=True)
class WordMeant:
    """A word of the file for a choice such as a status, how often it stands there, and what it is taken for.

    `meaning` is empty where nobody said what it means; then a channel is kept, and of the others the row is refused.
    """

    word: str
    count: int
    meaning: str


def look_at(plan: Plan, actor: Actor, on_progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Read the whole table, store nothing, and say all that a person has to know before it is imported."""
    result = rehearse(plan, actor, on_progress)
    head = plan.table.head(SHOWN_ROWS)
    return {
        "given": plan.profile.model_dump(mode="json"),
        "profile": {"id": plan.profile.id, "title": plan.profile.title},
        "is_free": plan.is_free,
        "closed_without_date": plan.profile.closed_without_date,
        "open_with_closing_date": plan.profile.open_with_closing_date,
        "encoding": plan.table.encoding or "",
        "encoding_name": EncodingGuess(plan.table.encoding, CERTAIN).name if plan.table.encoding else "",
        "delimiter": plan.table.delimiter or "",
        "header_line": plan.table.header_line or 0,
        "columns": plan.table.columns[:SHOWN_COLUMNS],
        "more_columns": max(0, len(plan.table.columns) - SHOWN_COLUMNS),
        "sources": {name: [place + 1 for place in source.positions] for name, source in plan.sources.items()},
        "dates": _dates(plan, head),
        "words": {name: [vars(word) for word in _words(plan, name)] for name in _choices(plan)},
        "raw": [{"line": row.line, "cells": [_cut(cell) for cell in row.cells[:SHOWN_COLUMNS]]} for row in head],
        "shown": [_shown(row) for row in result.shown],
        "announcements": [_kept(one) for one in result.announcements],
        "questions": len(plan.questions),
        "is_statistics": any(one.about == STATISTICS for one in plan.announcements),
        "faults": [{"line": one.line, "reason": _cut(one.reason)} for one in result.faults],
        "counts": _counts(result),
    }


def announcement(kept: dict[str, Any]) -> Announcement:
    """What was told, to be told again in the language of whoever reads it."""
    return Announcement(kept["about"], kept["kind"], kept["message"], kept["params"])


def _kept(one: Announcement) -> dict[str, Any]:
    return {"about": one.about, "kind": one.kind, "message": one.message, "params": dict(one.params)}


def _counts(result: ImportResult) -> dict[str, int]:
    return {
        "rows": result.rows,
        "imported": result.imported,
        "duplicates": result.duplicates,
        "rejected": result.rejected,
        "warnings": result.warnings,
        "left_out": result.left_out,
    }


def _cut(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()  # bytes that fit no encoding can be shown nowhere
    return clean if len(clean) <= LONGEST_CELL else f"{clean[:LONGEST_CELL]}…"


def _shown(row: MappedRow) -> dict[str, Any]:
    return {
        "line": row.line,
        "received": row.received.at.isoformat(),
        "has_time": row.received.has_time,
        "reference": row.reference,
        "subject": _cut(row.texts.get("subject") or row.texts.get("description", "")),
        "complainant": _cut(row.texts.get("complainant", "")),
        "channel": row.channel,
        "kind": row.kind,
        "severity": row.severity,
        "stage": str(row.stage),
        "closed": row.closed.at.isoformat() if row.closed else "",
        "odd": row.closes_before_received,
    }


def _dates(plan: Plan, head: list[Row]) -> list[dict[str, Any]]:
    """Each column of dates, how it is read, and how the first cells come out."""
    found = []
    for name, source in plan.sources.items():
        if FIELDS[name].kind != DATE:
            continue
        place = source.positions[0]
        cells = [row.cells[place].strip() for row in head if row.fault is None and row.cells[place].strip()]
        found.append(
            {
                "field": name,
                "column": plan.table.columns[place],
                "format": source.date_format or "",
                "examples": [[_cut(cell)[:40], _day(source.date_format, cell)] for cell in cells[:EXAMPLES]],
            }
        )
    return found


def _day(date_format: str | None, text: str) -> str:
    if date_format is None:
        return ""
    try:
        return reader(date_format)(text).at.date().isoformat()
    except NotInFormatError:
        return ""


def _choices(plan: Plan) -> list[str]:
    return [name for name, source in plan.sources.items() if FIELDS[name].kind == CHOICE and source.positions]


def _words(plan: Plan, name: str) -> list[WordMeant]:
    """The words of a column, the commonest first, at most SHOWN_WORDS."""
    place = plan.sources[name].positions[0]
    counted: Counter[str] = Counter()
    for row in plan.table.rows():
        word = row.cells[place].strip() if row.fault is None else ""
        if word and (word in counted or len(counted) < MOST_WORDS):
            counted[word] += 1
    mapper = RowMapper(plan, clock.now())
    found = []
    for word, count in counted.most_common(SHOWN_WORDS):
        meaning = mapper.meaning_of(name, word)
        found.append(WordMeant(_cut(word), count, "" if isinstance(meaning, Fault) else meaning[0]))
    return found
