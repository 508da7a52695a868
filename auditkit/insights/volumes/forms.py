"""The forms of volumes: one month, or a file of them."""

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Optional

from auditkit.base.text import lazy_
from auditkit.web.forms import FileField, Form


class VolumeForm(Form):
    """A month, what is counted, how many there were, and where."""

    month = StringField(lazy_("Month"))
    counts = StringField(lazy_("What is counted"))
    number = IntegerField(lazy_("How many"), validators=[Optional()])
    site = StringField(lazy_("Site"))


class FileForm(Form):
    """A file of months."""

    file = FileField(lazy_("File (CSV or XLSX)"), [InputRequired(lazy_("Choose the file"))])
