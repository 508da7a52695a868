"""Other people's requirement lists as a standard with a checklist: one question for each requirement.

The words stay the list's own, so such files belong to an organisation that may hold them, never to the shipped ones.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.base.unpacking import FAULT_TITLES, NotOpened, workbook_kind
from auditkit.content.shapes import (
    ChecklistShape,
    EditionShape,
    Item,
    Method,
    NodeShape,
    SectionShape,
    Source,
    Strength,
)

_MAX_UNPACKED = 200 << 20
MAX_REQUIREMENTS = 5_000
_ID = re.compile(r"[^a-z0-9]+")
_NODE = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True)
class Requirement:
    """A requirement, or a heading over some. `parent` is the id of what stands above it, which comes first."""

    id: str
    title: str
    text: str = ""
    parent: str | None = None
    heading: bool = False
    guidance: str = ""


class ListRefused(BadInput):
    message = N_("%(reason)s")


def flat(path: Path, mapping: Mapping[str, str]) -> list[Requirement]:
    """The requirements of a CSV or XLSX file with one line of headings.

    `mapping` says which column holds `id`, `title`, `text`, `group` and `group-title`; `id` and one of `title` and
    `text` are needed. Raises ListRefused with row and column.
    """
    headings, rows = _table(path)
    for part, column in mapping.items():
        if column not in headings:
            reason = _("there is no column “%(name)s”. There are: %(known)s", name=column, known=", ".join(headings))
            raise ListRefused(place=path.name, reason=reason)
        if part not in ("id", "title", "text", "group", "group-title"):
            raise ListRefused(
                place=path.name, reason=_("a list has no %(part)s; map id, title, text, group", part=part)
            )
    if "id" not in mapping or not {"title", "text"} & set(mapping):
        raise ListRefused(place=path.name, reason=_("say which columns hold `id` and `title` or `text`"))
    found: dict[str, Requirement] = {}
    for number, row in rows:
        cells = {part: row.get(column, "").strip() for part, column in mapping.items()}
        if not any(cells.values()):
            continue
        if not cells["id"]:
            raise ListRefused(place=f"{path.name}:{number}", reason=_("this row has no id"))
        if cells["id"] in found:
            reason = _("`%(id)s` is here a second time; give each requirement its own id", id=cells["id"])
            raise ListRefused(place=f"{path.name}:{number}", reason=reason)
        group = cells.get("group", "")
        if group and group not in found:
            found[group] = Requirement(group, cells.get("group-title") or group, heading=True)
        text = cells.get("text", "")
        title = cells.get("title") or _short(text)
        found[cells["id"]] = Requirement(cells["id"], title, text, group or None)
    return list(found.values())


def as_content(
    requirements: Sequence[Requirement], name: str, title: str, strength: Strength
) -> tuple[EditionShape, ChecklistShape]:
    """A standard of these requirements and a checklist that asks about each. Raises ListRefused."""
    if not requirements:
        raise ListRefused(place=title, reason=_("it holds no requirement"))
    if len(requirements) > MAX_REQUIREMENTS:
        raise ListRefused(place=title, reason=_("it holds more than %(limit)s requirements", limit=MAX_REQUIREMENTS))
    numbers = _numbers(requirements)
    edition = EditionShape(
        kind="standard",
        id=name,
        standard=name,
        number=title[:120],
        edition="imported",
        title=title[:200],
        publisher="imported",
        nature="scheme",
        strength=strength,
        status="current",
        source=Source.PUBLISHED,
        titles=Source.PUBLISHED,
        note="Imported. The words are those of the list it was made from; check whether you may hold and show them.",
        nodes=tuple(_nodes(requirements, None, numbers)),
    )
    sections = tuple(_sections(requirements, name, numbers))
    if not sections:
        raise ListRefused(place=title, reason=_("it holds headings only"))
    checklist = ChecklistShape(
        kind="checklist",
        id=f"{name}-checklist",
        title=title[:200],
        purpose="One question for each requirement of the imported list. Reword them as your audits need.",
        edition=name,
        scale="conformity",
        covers="part",
        sections=sections,
    )
    return edition, checklist


def _numbers(requirements: Sequence[Requirement]) -> dict[str, str]:
    """An id of ours for each of theirs, told apart where shortening made two alike."""
    numbers: dict[str, str] = {}
    taken: set[str] = set()
    for one in requirements:
        plain = _NODE.sub("-", one.id).strip("-.")[:20].strip("-.") or "x"
        plain = re.sub(r"[.-]{2,}", "-", plain)
        candidate, count = plain, 1
        while candidate.casefold() in taken:
            count += 1
            candidate = f"{plain}-{count}"
        taken.add(candidate.casefold())
        numbers[one.id] = candidate
    return numbers


def _nodes(requirements: Sequence[Requirement], parent: str | None, numbers: Mapping[str, str]) -> Iterator[NodeShape]:
    for one in requirements:
        if one.parent == parent:
            _fits(one)
            yield NodeShape(
                id=numbers[one.id],
                title=_short(one.title),
                auditable=not one.heading,
                text=one.text or None,
                children=tuple(_nodes(requirements, one.id, numbers)),
            )


def _sections(requirements: Sequence[Requirement], name: str, numbers: Mapping[str, str]) -> Iterator[SectionShape]:
    by_id = {one.id: one for one in requirements}
    grouped: dict[str, list[Requirement]] = {}
    for one in requirements:
        if not one.heading:
            top = one
            while top.parent is not None and not (top.heading and by_id[top.parent].parent is None):
                top = by_id[top.parent]
            grouped.setdefault(top.id if top.heading else "", []).append(one)
    for group, members in grouped.items():
        yield SectionShape(
            id=_ID.sub("-", numbers[group].lower()).strip("-") if group else "all",
            title=_short(by_id[group].title) if group else "All",
            items=tuple(
                Item(
                    id=f"{name}-{_ID.sub('-', numbers[one.id].lower()).strip('-')}"[:64].strip("-"),
                    clauses=(numbers[one.id],),
                    question=f"Is “{_short(one.title)}” met?",
                    good=one.text or one.title,
                    evidence="Documents and records that show it",
                    methods=(Method.DOCUMENTS, Method.RECORDS),
                    guidance=one.guidance or None,
                    source=Source.PUBLISHED,
                )
                for one in members
            ),
        )


def _fits(one: Requirement) -> None:
    if max(len(one.text), len(one.guidance)) > 8000:
        raise ListRefused(place=one.id, reason=_("its text is longer than 8,000 characters; split the requirement"))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:157]}…"


def _table(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    rows = _workbook_rows(path) if path.suffix.lower() in (".xlsx", ".xls", ".ods") else _csv_rows(path)
    if not rows:
        raise ListRefused(place=path.name, reason=_("the file is empty"))
    headings = [cell.strip() for cell in rows[0]]
    held = ((number, dict(zip(headings, row, strict=False))) for number, row in enumerate(rows[1:], start=2))
    return headings, held


def _csv_rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListRefused(place=path.name, reason=_("the file is not UTF-8. Save it as UTF-8")) from error
    if "\x00" in text:
        raise ListRefused(place=path.name, reason=_("the file holds NUL characters; it is no CSV"))
    sample = text[:4096].splitlines()[0] if text else ""
    delimiter = max(",;\t", key=sample.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise ListRefused(place=path.name, reason=str(error)) from error


def _workbook_rows(path: Path) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook_kind(path, _MAX_UNPACKED)
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            return [[_cell(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    except NotOpened as refused:
        raise ListRefused(place=path.name, reason=_(FAULT_TITLES[refused.fault])) from refused
    except (CalamineError, OSError) as error:
        raise ListRefused(place=path.name, reason=str(error)) from error


def _cell(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
