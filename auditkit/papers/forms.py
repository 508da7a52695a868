"""The form that asks for a document."""

from wtforms import SelectField

from auditkit.base.text import lazy_
from auditkit.web.forms import Form


class AskForm(Form):
    """Of what, in which language. What a document is made as is said by the button."""

    of = SelectField(lazy_("About"))
    language = SelectField(lazy_("Language"))

    def leave_out_of(self) -> None:
        """Do not ask what it is about."""
        if "of" in self:
            del self.of

    @property
    def about(self) -> str:
        """The key of what it is about; empty for nothing."""
        return str(self.of.data or "") if self.of is not None else ""


class FolderForm(Form):
    """Nothing but the token of a button."""
