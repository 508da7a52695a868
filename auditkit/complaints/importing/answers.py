"""What a person answers on the page before an import: which column is what, how dates are written, the encoding.

The answers become a profile, so that the page and the command line import in one way. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.importing.fields import DATES, FIELDS
from auditkit.complaints.importing.planning import BY_HAND, GUESSED, Plan
from auditkit.complaints.importing.profiles import ColumnShape, FileShape, ProfileShape

ASKED = ("received", "subject", "description", "reference", "complainant", "channel", "status", "closed")
_FORMAT = re.compile(r"[A-Za-z./-]{3,12}")


@dataclass(frozen=True)
class Answers:
    """Positions of columns (from 1) by field, date formats by field, and the encoding; all may be missing."""

    columns: dict[str, int] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    encoding: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Answers":
        """From the names of the page's form: `column-received`, `format-received`, `encoding`."""
        columns = {
            name: int(values[f"column-{name}"])
            for name in FIELDS
            if values.get(f"column-{name}", "").isascii() and values.get(f"column-{name}", "").isdigit()
        }
        formats = {name: found for name in DATES if _FORMAT.fullmatch(found := values.get(f"format-{name}", ""))}
        return cls(columns, formats, values.get("encoding", "")[:30])

    def as_values(self) -> dict[str, str]:
        """The same as names and values, for links and hidden inputs."""
        values = {f"column-{name}": str(position) for name, position in self.columns.items()}
        values |= {f"format-{name}": written for name, written in self.formats.items()}
        return values | ({"encoding": self.encoding} if self.encoding else {})

    def __bool__(self) -> bool:
        """Whether anything was answered."""
        return bool(self.columns or self.formats or self.encoding)

    def profile_for(self, plan: Plan) -> ProfileShape:
        """The plan's profile with these answers in it. Raises BadInput for answers that make no profile."""
        base = plan.profile
        uses: dict[str, ColumnShape] = {str(name): use for name, use in base.fields.items()}
        if self.columns and base.id in (GUESSED, BY_HAND):
            uses = {name: ColumnShape(position=position) for name, position in self.columns.items() if position}
        for name, written in self.formats.items():
            if name in uses:
                uses[name] = uses[name].model_copy(update={"format": written})
        header = base.file.header or ("none" if plan.table.header_line is None else None)
        file = base.file.model_copy(update={"encoding": self.encoding or base.file.encoding, "header": header})
        values = {**base.model_dump(), "file": FileShape.model_validate(file.model_dump()), "fields": uses}
        if base.id in (GUESSED, BY_HAND):
            values |= {"id": BY_HAND, "title": "By hand"}
        try:
            profile = ProfileShape.model_validate(
                {**values, "fields": {name: use.model_dump() for name, use in uses.items()}}
            )
        except ValueError as error:
            raise BadInput(N_("These answers cannot be used: choose columns and date formats of the lists")) from error
        if "received" not in profile.fields:
            raise BadInput(N_("Choose the column with the date of receipt"))
        return profile
