"""The form of a month's orders."""

from wtforms import IntegerField, StringField
from wtforms.validators import Optional

from auditkit.base.text import lazy_
from auditkit.web.forms import Form


class VolumeForm(Form):
    """A month, what is counted, how many there were."""

    month = StringField(lazy_("Month"))
    counts = StringField(lazy_("What is counted"))
    number = IntegerField(lazy_("How many"), validators=[Optional()])
