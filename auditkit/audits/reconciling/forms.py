"""Forms of the reconciliation test: give a log, settle an entry."""

from wtforms import IntegerField
from wtforms.validators import InputRequired

from auditkit.audits.reconciling import rules
from auditkit.base.errors import BadInput
from auditkit.base.text import lazy_
from auditkit.evidence.rules import UploadsRefused
from auditkit.web.forms import FileField, Form, LineField, TextField


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

    def refuse_verb(self, error: Exception) -> None:
        """Show what was refused, beside the field that mends it."""
        if isinstance(error, UploadsRefused):
            for refusal in error.refusals:
                self.refuse("file", refusal)
            return
        mended: dict[type[Exception], str] = {rules.LogTitleMissing: "title", rules.DaysOutOfRange: "days"}
        field = mended.get(type(error), "")
        self.refuse(field or ("file" if isinstance(error, BadInput) else ""), error)


class SettleForm(Form):
    """What an entry is. The buttons say which."""

    reference = LineField(lazy_("Reference of the complaint"))
    note = LineField(lazy_("Note"), max_length=2_000)
