"""The form of a new token."""

from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from auditkit.api.rules import LONGEST_LIFE, LONGEST_NAME, SCOPE_TITLES
from auditkit.api.service import MakeToken
from auditkit.base.text import _, lazy_
from auditkit.web.forms import Form, LineField, TicksField, required


class TokenForm(Form):
    """What the token is for, what it may be used for, and how long."""

    name = LineField(
        lazy_("What it is for"),
        [required(lazy_("Enter what the token is for, such as “Web shop”"))],
        max_length=LONGEST_NAME,
    )
    scopes = TicksField(lazy_("What it may be used for"))
    for_organisation = BooleanField(lazy_("It belongs to the organisation, not to me"))
    days = IntegerField(
        lazy_("For how many days"),
        [
            InputRequired(lazy_("Enter for how many days the token shall work")),
            NumberRange(1, LONGEST_LIFE, lazy_("Enter a number from %(min)s to %(max)s")),
        ],
        default=90,
    )

    def __init__(self, *, for_organisation: bool) -> None:
        super().__init__()
        self.scopes.choices = [(str(scope), _(title)) for scope, title in SCOPE_TITLES.items()]
        if not for_organisation:
            del self.for_organisation

    def command(self) -> MakeToken:
        """What the verb is told."""
        house = "for_organisation" in self and self.for_organisation.data
        return MakeToken(self.name.data, self.scopes.data, self.days.data, house)
