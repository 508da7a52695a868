"""Which kind of record each part of a document's data is drawn from: `@drawn_from(Kind.FINDING, "number")`.

A part without a mark belongs to the record of the part around it; the mark of a whole document says what it is about.
Checked by tests/rules/test_documents_sources.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from auditkit.base.text import N_


class Kind(StrEnum):
    """What a record is; pack.json and index.xlsx say it, and pages lead to those that have one of their own."""

    ACTION = "action"
    AUDIT = "audit"
    CLAUSE = "clause"
    COMPLAINT = "complaint"
    DASHBOARD = "dashboard"
    DOCUMENT = "document"
    ENTRY = "register-entry"
    FIGURE = "figure"
    FILE = "evidence"
    FINDING = "finding"
    FORM = "form"
    MESSAGE = "message"
    NONCONFORMITY = "body-nonconformity"
    ORGANISATION = "organisation"
    PACK = "pack"
    PROGRAMME = "audit-programme"
    QUESTION = "question"
    REGISTER = "register"
    REVIEW = "review"
    ROOM = "room"
    SCHEDULE = "retention-table"
    TEMPLATE = "word-template"


KIND_TITLES = {
    Kind.ACTION: N_("Action"),
    Kind.AUDIT: N_("Audit"),
    Kind.CLAUSE: N_("Clause"),
    Kind.COMPLAINT: N_("Complaint"),
    Kind.DASHBOARD: N_("Dashboard"),
    Kind.DOCUMENT: N_("Document"),
    Kind.ENTRY: N_("Entry of a register"),
    Kind.FIGURE: N_("Figure"),
    Kind.FILE: N_("Evidence"),
    Kind.FINDING: N_("Finding"),
    Kind.FORM: N_("Settings of complaint handling"),
    Kind.MESSAGE: N_("Message"),
    Kind.NONCONFORMITY: N_("Nonconformity of a certification body"),
    Kind.ORGANISATION: N_("Organisation"),
    Kind.PACK: N_("Pack"),
    Kind.PROGRAMME: N_("Audit programme"),
    Kind.QUESTION: N_("Question of an audit"),
    Kind.REGISTER: N_("Register"),
    Kind.REVIEW: N_("Management review"),
    Kind.ROOM: N_("Room for a reviewer"),
    Kind.SCHEDULE: N_("Retention table"),
    Kind.TEMPLATE: N_("Word template"),
}


@dataclass(frozen=True)
class Mark:
    """A kind of record, and the field below the marked part that names the record."""

    kind: Kind
    by: str


_MARKS: dict[type[Any], Mark] = {}
_Part = TypeVar("_Part")


def drawn_from(kind: Kind, by: str) -> Callable[[type[_Part]], type[_Part]]:
    """Mark a class of a context; where `by` is empty in the data, the record of the part around it holds."""

    def mark(part: type[_Part]) -> type[_Part]:
        _MARKS[part] = Mark(kind, by)
        return part

    return mark


def mark_of(part: type[Any]) -> Mark | None:
    """The mark of a class, if it has one."""
    return _MARKS.get(part)
