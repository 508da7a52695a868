"""Forms of the reconciliation test: give a log, settle an entry."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired

from auditkit.audits.reconciling import rules
from auditkit.audits.reconciling.reading import COLUMN_TITLES
from auditkit.base.errors import BadInput
from auditkit.base.text import _, lazy_
from auditkit.evidence.rules import UploadsRefused
from auditkit.web.forms import ChoiceField, FileField, Form, LineField, TextField


class LogForm(Form):
    """A log: a file, or its lines pasted."""

    title = LineField(lazy_("Which log is this"))
    file = FileField(lazy_("File"))
    lines = TextField(lazy_("Or its lines"), max_length=rules.LONGEST_PASTE)
    days = IntegerField(
        lazy_("Days between the log and the register"),
        [InputRequired(lazy_("Enter a number of days between 0 and 60"))],
        default=rules.USUAL_DAYS,
    )

    @property
    def wanted(self) -> dict[str, str]:
        """What was said of the columns; the others are guessed."""
        said = {role: (self[_field(role)].data or "").strip() for role in COLUMN_TITLES}
        return {role: column for role, column in said.items() if column}

    def columns(self) -> list[Any]:
        """The fields that say which column is what."""
        return [self[_field(role)] for role in COLUMN_TITLES]

    def refuse_verb(self, error: Exception) -> None:
        """Show what was refused, beside the field that mends it."""
        if isinstance(error, UploadsRefused):
            for refusal in error.refusals:
                self.refuse("file", refusal)
            return
        self.refuse(self.mending(error) or ("file" if isinstance(error, BadInput) else ""), error)


class ColumnsForm(Form):
    """Which column of a log that was compared is what, chosen from those it has."""

    def __init__(self, columns: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        named = [f"{name} · {held[:40]}" if held else name for name, held in columns]
        shown = [(str(place), name) for place, name in enumerate(named, 1)]
        for role in COLUMN_TITLES:
            self[_field(role)].choices = [("", _("No column")), *shown]

    @property
    def wanted(self) -> dict[str, str]:
        """What was chosen; nothing is guessed."""
        return {role: self[_field(role)].data or "" for role in COLUMN_TITLES}

    def columns(self) -> list[Any]:
        """The fields, in their order."""
        return [self[_field(role)] for role in COLUMN_TITLES]


def _field(role: str) -> str:
    return "column_" + role.replace("-", "_")


for _role, _title in COLUMN_TITLES.items():
    setattr(LogForm, _field(_role), LineField(lazy_(_title), max_length=200))
    setattr(ColumnsForm, _field(_role), ChoiceField(lazy_(_title)))


class SettleForm(Form):
    """What an entry is. The buttons say which."""

    reference = LineField(lazy_("Reference of the complaint"))
    note = LineField(lazy_("Note"), max_length=2_000)
