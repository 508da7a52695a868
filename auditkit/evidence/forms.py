"""Forms of evidence. Other slices that take files use `fields.EvidenceFilesField` in their own forms."""

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flask_wtf.file import FileRequired
from wtforms import DateField
from wtforms.validators import Optional

from auditkit.base.text import lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.evidence.rules import MAX_NOTE_CHARACTERS, ClauseMalformed, PeriodBackwards
from auditkit.web.forms import Form, LineField, TextField


class _Tags(Form):
    """What is said about files."""

    note = TextField(lazy_("Note"), max_length=MAX_NOTE_CHARACTERS)
    period_begins = DateField(lazy_("Speaks of the time from"), [Optional()])
    period_ends = DateField(lazy_("Speaks of the time until"), [Optional()])
    clauses = LineField(lazy_("Clauses"), max_length=1000)

    @property
    def period(self) -> tuple[date | None, date | None]:
        """The days given."""
        return self.period_begins.data, self.period_ends.data

    @property
    def clause_list(self) -> list[str]:
        """The clauses given, separated by commas or spaces."""
        return [clause for clause in re.split(r"[\s,;]+", self.clauses.data or "") if clause]

    mended_by: ClassVar[Mapping[type[Exception], str]] = {PeriodBackwards: "period_ends", ClauseMalformed: "clauses"}


class AddForm(_Tags):
    """Add files."""

    files = EvidenceFilesField(validators=[FileRequired(lazy_("Choose the files to add"))])


class TagForm(_Tags):
    """Change what is said about a file."""
