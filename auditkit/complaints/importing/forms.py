"""The forms of an import: the upload, what a person confirms before it, and the title a profile is kept under."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField
from wtforms.validators import InputRequired

from auditkit.base.text import lazy_
from auditkit.web.forms import ChoiceField, Form, LineField, required


class UploadForm(Form):
    """A table, and what its columns mean: found out, a shipped profile, or one from a file."""

    table = FileField(lazy_("File"), [FileRequired(lazy_("Choose the file with the complaints"))])
    profile = ChoiceField(lazy_("What the columns mean"))
    profile_file = FileField(lazy_("Or a profile of your own (YAML)"))


class ConfirmForm(Form):
    """What only a person can know: that the text reads rightly, that dates do, that each row is one complaint."""

    text_right = BooleanField(
        lazy_("The text of the first rows reads rightly"),
        [InputRequired(lazy_("Look at the first rows, and confirm that their text reads rightly"))],
    )
    dates_right = BooleanField(
        lazy_("The days shown are the days meant"),
        [InputRequired(lazy_("Look at the dates, and confirm that day and month are not exchanged"))],
    )
    one_each = BooleanField(
        lazy_("Each row is one complaint, not a count of several"),
        [InputRequired(lazy_("Confirm that each row is one complaint, or discard this upload"))],
    )

    @classmethod
    def about(cls, look: dict[str, Any]) -> "ConfirmForm":
        """The form with the questions that this table raises."""
        form = cls()
        for name, asked in (
            ("text_right", bool(look["encoding"])),
            ("dates_right", bool(look["dates"])),
            ("one_each", look["is_statistics"]),
        ):
            if not asked:
                del form[name]
        return form


class KeepForm(Form):
    """The title under which a way of understanding a table is kept."""

    title = LineField(
        lazy_("Title of the profile"),
        [required(lazy_("Enter what the files come from, such as “Export of the old call centre”"))],
    )
