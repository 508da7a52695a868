"""The public form."""

from wtforms import DateField, EmailField, TelField
from wtforms.validators import Email, Length, Optional

from auditkit.base.text import lazy_
from auditkit.complaints.forms import _ComplaintForm, _line, _lines
from auditkit.complaints.intake.service import Receive
from auditkit.complaints.rules import LONGEST
from auditkit.complaints.service import Identity
from auditkit.web.forms import TOO_LONG, required


class PublicComplaintForm(_ComplaintForm):
    """A stranger complains: few questions, in plain words."""

    subject = _line("subject", required(lazy_("Tell us in a few words what it is about")))
    description = _lines("description", required(lazy_("Tell us what happened")))
    happened_on = DateField(lazy_("When did it happen?"), [Optional()])
    product = _line("product")
    wanted_remedy = _lines("wanted_remedy")
    name = _line("complainant_name")
    email = EmailField(
        lazy_("E-mail"),
        [
            Optional(),
            Length(max=LONGEST["complainant_email"], message=TOO_LONG),
            Email(lazy_("Enter an e-mail address such as name@example.org")),
        ],
    )
    phone = TelField(lazy_("Phone"), [Length(max=LONGEST["complainant_phone"], message=TOO_LONG)])

    def command(self) -> Receive:
        """What the verb is told."""
        texts = ("subject", "description", "product", "wanted_remedy")
        return Receive(
            happened_on=self.happened_on.data,
            complainant=Identity(**{name: self[name].data or "" for name in ("name", "email", "phone")}),
            **{name: self[name].data or "" for name in texts},
        )
