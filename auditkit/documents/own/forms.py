"""Forms of own templates."""

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from auditkit.base.text import lazy_
from auditkit.documents.own.rules import LONGEST_NOTE
from auditkit.web.forms import Form, LineField


class UploadForm(Form):
    """A Word file for a document in a language."""

    file = FileField(lazy_("Word file (.docx)"), [FileRequired(lazy_("Choose the Word file"))])
    language = SelectField(lazy_("Language of the template"))
    note = LineField(lazy_("What is different in it"), max_length=LONGEST_NOTE)


class UseForm(Form):
    """Nothing but the token of a button."""
