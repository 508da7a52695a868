"""Forms over the register: the name of a kept filter, and who shall own the chosen complaints."""

from wtforms import BooleanField, RadioField
from wtforms.validators import ValidationError

from auditkit.base.text import _, lazy_
from auditkit.complaints.register.rules import LONGEST_NAME, LONGEST_REASON
from auditkit.web.forms import ChoiceField, Form, LineField, required


class FilterForm(Form):
    """The name a filter is kept under."""

    name = LineField(
        lazy_("Name of the filter"),
        [required(lazy_("Enter a name for the filter, such as “Mine, overdue”"))],
        max_length=LONGEST_NAME,
    )


class AssignForm(Form):
    """Who shall own them."""

    owner = ChoiceField(lazy_("New owner"))


class ExportForm(Form):
    """Which kind of file, and whether who complained goes in."""

    kind = RadioField(lazy_("Kind of file"), default="csv")
    identity = BooleanField(lazy_("With names and addresses of the complainants"))
    reason = LineField(lazy_("What are the names needed for?"), max_length=LONGEST_REASON)

    def validate_reason(self, field: LineField) -> None:
        """Names leave with what they are needed for."""
        if "identity" in self and self.identity.data and not (field.data or "").strip():
            raise ValidationError(_("Say what the names are needed for; it goes on record"))
