"""What every document is built from: the records, the organisation, the language, the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditkit.base import jalali
from auditkit.base.db import Session
from auditkit.base.long_day import long_day
from auditkit.base.text import _, enumerated
from auditkit.content.library import Library
from auditkit.content.shapes import FieldKind, RegisterField
from auditkit.documents.contexts.facts import DocumentFacts, LeftOut, Organisation
from auditkit.documents.direction import clause_numbers
from auditkit.registers import queries as registers
from auditkit.registers.queries import EntryView

EDITION = "iso10002-2018"


@dataclass(frozen=True)
class Asked:
    """A document somebody asks for. `subject` is the key of what it is about, `address` that of the public page."""

    tx: Session
    organisation: str
    names: Mapping[int, str]
    library: Library
    language: str
    today: date
    address: str
    subject: str = ""

    @property
    def house(self) -> Organisation:
        """Whose document it is."""
        return Organisation(self.organisation)

    def dated(self, reference: str) -> DocumentFacts:
        """Facts of a document that shows the records of today: its version is the day."""
        return DocumentFacts(reference, self.today.isoformat(), self.day(self.today))

    def day(self, value: date | str | None) -> str:
        """A day as the document's language writes it; empty for none."""
        if not value:
            return ""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        if self.language == "fa":
            return jalali.day_in_persian(day)
        return long_day(day, self.language)

    def person(self, person_id: int | None) -> str:
        """A member's name; empty for none."""
        return self.names.get(person_id, "") if person_id is not None else ""

    def entries(self, *names: str) -> dict[str, list[EntryView]]:
        """The entries of each of these registers that are in use."""
        return registers.every_of(self.tx, names, self.today, retired=False)

    def said(self, register: str, entry: EntryView, *fields: str) -> str:
        """Fields of an entry in words, those that say something, parted by semicolons."""
        shape = self.library.register(register)
        found = [shape.field(name) for name in fields]
        words = [self._word(one, entry.values.get(one.id)) for one in found if one is not None]
        return enumerated([one for one in words if one], "; ") if len(words) > 1 else "".join(words)

    def _word(self, field: RegisterField, value: Any) -> str:
        if value in (None, "", []):
            return ""
        labels = {choice.id: str(choice.label) for choice in field.choices}
        match field.kind:
            case FieldKind.DAY:
                return self.day(value)
            case FieldKind.PERSON:
                return self.person(value)
            case FieldKind.CHOICE:
                return labels.get(value, str(value))
            case FieldKind.CHOICES:
                return enumerated(labels.get(one, str(one)) for one in value)
        return str(value)

    def words(self, list_id: str) -> tuple[str, ...]:
        """The words of one of the library's lists."""
        return tuple(str(one.label) for one in self.library.value_list(list_id).values)


def clauses(refs: Iterable[str]) -> str:
    """`7.4, 7.8` of full references."""
    return clause_numbers(ref.rpartition(":")[2] for ref in refs)


def nothing_on_record(title: str) -> LeftOut:
    """A register or list that is empty."""
    return LeftOut(title, _("Nothing is on record"))
