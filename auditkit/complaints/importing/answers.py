"""What a person answers on the page before an import, and the profile that comes of it.

Which column is what, how dates and the text are written, what the file's words mean in ours. The answers become a
profile, so that the page and the command line import in one way. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.importing.fields import CHOICE, DATES, FIELDS
from auditkit.complaints.importing.guessing import name_key
from auditkit.complaints.importing.planning import BY_HAND, GUESSED, Plan
from auditkit.complaints.importing.profiles import ColumnShape, FileShape, ProfileShape
from auditkit.complaints.rules import LONGEST

_FORMAT = re.compile(r"[A-Za-z./-]{3,12}")
_NUMBER = re.compile(r"[0-9]{1,5}")
ASKED = ("received", "subject", "description", "reference", "complainant", "channel", "status", "closed")
WITHOUT_DATE, OPEN_CLOSED = ("refuse", "unknown"), ("refuse", "closed")
NO_HEADER = "none"
MOST_WORDS = 200


@dataclass(frozen=True)
class Answers:
    """Positions of columns (from 1; 0 for none) by field, date formats by field, how the text is written, and meanings.

    `meanings` are our words by field and by the file's word; empty for one that was left open. Anything may be missing.
    """

    columns: dict[str, int] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    header: str = ""
    delimiter: str = ""
    meanings: dict[str, dict[str, str]] = field(default_factory=dict)
    closed_without_date: str = ""
    open_with_closing_date: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Answers":
        """From the names of the page's form: `column-received`, `format-received`, `word-status-0`, …"""
        columns = {
            name: int(values[f"column-{name}"] or 0)
            for name in FIELDS
            if f"column-{name}" in values and _NUMBER.fullmatch(values[f"column-{name}"] or "0")
        }
        formats = {name: found for name in DATES if _FORMAT.fullmatch(found := values.get(f"format-{name}", ""))}
        header = values.get("header", "")
        return cls(
            columns,
            formats,
            values.get("encoding", "")[:30],
            header if header == NO_HEADER or _NUMBER.fullmatch(header) else "",
            values.get("delimiter", "") if values.get("delimiter", "") in (",", ";", "\t", "|") else "",
            {name: words for name in FIELDS if (words := _meanings(values, name))},
            values.get("closed_without_date", "") if values.get("closed_without_date") in WITHOUT_DATE else "",
            values.get("open_with_closing_date", "") if values.get("open_with_closing_date") in OPEN_CLOSED else "",
        )

    def __bool__(self) -> bool:
        """Whether anything was answered."""
        return self != Answers()

    def reading(self, plan: Plan) -> ProfileShape | None:
        """A profile that only says how the file is to be read, where that was answered; else None."""
        if not (self.encoding or self.header or self.delimiter):
            return None
        return ProfileShape(id=BY_HAND, title="-", source="import", file=self._file(plan), fields={})

    def profile_for(self, plan: Plan) -> ProfileShape:
        """The plan's profile with these answers in it. Raises BadInput for answers that make no profile."""
        base = plan.profile
        is_free = base.id in (GUESSED, BY_HAND)
        uses: dict[str, ColumnShape] = {str(name): use for name, use in base.fields.items()}
        if is_free:
            for name, place in self.columns.items():
                uses.pop(name, None)
                if place:
                    uses[name] = ColumnShape(position=place)
        changed: dict[str, dict[str, Any]] = {name: use.model_dump() for name, use in uses.items()}
        for name, written in self.formats.items():
            if name in changed:
                changed[name]["format"] = written
        for name, meant in self.meanings.items():
            if name in changed and FIELDS[name].kind == CHOICE:
                changed[name]["values"] = {**changed[name]["values"], **meant}
        values = {**base.model_dump(), "file": self._file(plan).model_dump(), "fields": changed}
        for name in ("closed_without_date", "open_with_closing_date"):
            values[name] = getattr(self, name) or values[name]
        if is_free:
            values |= {"id": BY_HAND, "title": "By hand"}
        try:
            profile = ProfileShape.model_validate(values)
        except ValueError as error:
            raise BadInput(N_("These answers cannot be used: choose columns and date formats of the lists")) from error
        if "received" not in profile.fields:
            raise BadInput(N_("Choose the column with the date of receipt"))
        return profile

    def _file(self, plan: Plan) -> FileShape:
        base = plan.profile.file
        header: Any = NO_HEADER if self.header == NO_HEADER else int(self.header) if self.header else base.header
        if header is None and plan.table.header_line is None:
            header = NO_HEADER
        values = {
            **base.model_dump(),
            "encoding": self.encoding or base.encoding,
            "delimiter": self.delimiter or base.delimiter,
            "header": header or None,
        }
        try:
            return FileShape.model_validate(values)
        except ValueError as error:
            raise BadInput(N_("The line of the column names is not a line of this file")) from error


def _meanings(values: Mapping[str, str], name: str) -> dict[str, str]:
    """The file's words with our meanings; nothing when the column was changed in the same breath."""
    if values.get(f"words-of-{name}") != values.get(f"column-{name}", values.get(f"words-of-{name}")):
        return {}
    found = {}
    for number in range(MOST_WORDS):
        word, meaning = values.get(f"word-{name}-{number}"), values.get(f"means-{name}-{number}", "")
        if word is None:
            break
        if word and meaning:
            found[word] = meaning[: LONGEST["channel"]]
    return found


def to_keep(profile: ProfileShape, title: str, name: str, columns: Sequence[str]) -> ProfileShape:
    """The profile as it can serve other files of the same kind: by names of columns where each has its own.

    A file is recognised by having all columns of this one.
    """
    keys = [name_key(column) or column.strip() for column in columns]
    own = {column: keys.count(key) == 1 and bool(key) for column, key in zip(columns, keys, strict=True)}
    changed = {}
    for field_name, use in profile.fields.items():
        values = use.model_dump()
        if use.position is not None and use.position <= len(columns) and own[columns[use.position - 1]]:
            values |= {"position": None, "column": columns[use.position - 1].strip()}
        changed[str(field_name)] = values
    recognise = tuple(column.strip() for column in columns if own[column])
    kept = {**profile.model_dump(), "id": name, "title": title, "fields": changed}
    if len(recognise) >= 2 and profile.file.header != NO_HEADER:
        kept["recognise"] = recognise[:60]
    if profile.id in (GUESSED, BY_HAND):
        kept["source"] = None
    return ProfileShape.model_validate(kept)
