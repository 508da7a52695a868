"""From the data of a document back to the records it was drawn from, by the marks of its context (`contexts/records`).

    source("findings[2].grade", AuditReport, data)      the record of one field: Source(Kind.FINDING, "A-2026-001-F3")
    records(report, render.fields(template))            every record, list by list, without rendering anything

Pure. Checked by tests/rules/test_documents_sources.py.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from auditkit.documents.contexts.records import Kind, Mark, mark_of
from auditkit.documents.direction import unmarked

_PIECE = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class Source:
    """A record as the document's data name it."""

    kind: Kind
    name: str


@dataclass(frozen=True)
class Branch:
    """Records of one kind that stand at one place of the data (`findings[]`; empty for the document itself)."""

    field: str
    kind: Kind
    names: tuple[str, ...]


def source(path: str, context: type[Any], data: Any) -> Source | None:
    """The record of the nearest marked part above a field; None where the document says of none what it is about."""
    found = _named(mark_of(context), data)
    part: Any = context
    for piece in _PIECE.findall(path):
        if piece.isdecimal():
            data = data[int(piece)]
        else:
            part, data = _below(part, piece), data[piece]
            if isinstance(data, list):
                continue
        if isinstance(part, type) and isinstance(data, dict):
            found = _named(mark_of(part), data) or found
    return found


def records(context: Any, used: Collection[str]) -> list[Branch]:
    """Every record whose fields the template reads, in the order of the data; `used` as `render.fields` says it.

    A branch that the template leaves out feeds nothing and is not named; a record is named once in its branch.
    """
    gathered: dict[tuple[str, Kind], dict[str, None]] = {}
    _gather(type(context), [context], "", used, gathered)
    return [Branch(field, kind, tuple(names)) for (field, kind), names in gathered.items()]


def _gather(
    part: type[Any],
    ones: Iterable[Any],
    field: str,
    used: Collection[str],
    into: dict[tuple[str, Kind], dict[str, None]],
) -> None:
    """One branch after another, so that what the template reads is asked once a branch and not once a row."""
    ones, mark = list(ones), mark_of(part)
    if mark is not None:
        named = dict.fromkeys(name for one in ones if (name := unmarked(str(_attribute(one, mark.by)))))
        if named:
            into.setdefault((field, mark.kind), {}).update(named)
    for name, inner, many in _parts_of(part):
        branch = (f"{field}.{name}" if field else name) + ("[]" if many else "")
        if any(path.startswith(f"{branch}.") for path in used):
            below = (getattr(one, name) for one in ones)
            _gather(inner, (row for rows in below for row in rows) if many else below, branch, used, into)


def _attribute(one: Any, path: str) -> Any:
    for piece in path.split("."):
        one = getattr(one, piece)
    return one


_PARTS: dict[type[Any], list[tuple[str, type[Any], bool]]] = {}


def _parts_of(part: type[Any]) -> list[tuple[str, type[Any], bool]]:
    """The fields of a class that are parts themselves: name, class, whether there are many. Read once a class."""
    known = _PARTS.get(part)
    if known is None:
        known = _PARTS[part] = [
            (name, inner, get_origin(hint) is tuple)
            for name, hint in get_type_hints(part).items()
            if is_dataclass(inner := get_args(hint)[0] if get_origin(hint) is tuple else hint)
            and isinstance(inner, type)
        ]
    return known


def _below(part: Any, name: str) -> Any:
    return next((inner for field, inner, _many in _parts_of(part) if field == name), None)


def _named(mark: Mark | None, data: Any) -> Source | None:
    if mark is None:
        return None
    name = data
    for piece in mark.by.split("."):
        name = name[piece]
    return Source(mark.kind, unmarked(str(name))) if name else None
