"""Forms of people and organisations."""

from wtforms import EmailField
from wtforms.validators import Email

from auditkit.accounts.rules import ROLE_TITLES, Role
from auditkit.base.text import _, lazy_
from auditkit.web.forms import ChoiceField, Form, LineField, required


class MemberForm(Form):
    """Add a person to the organisation."""

    email = EmailField(
        lazy_("E-mail"),
        [
            required(lazy_("Enter the person's e-mail address")),
            Email(lazy_("Enter an e-mail address such as name@example.org")),
        ],
    )
    name = LineField(lazy_("Name"))
    role = ChoiceField(lazy_("Role"))

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)
        self.role.choices = [(role.value, _(ROLE_TITLES[role])) for role in Role]


class EmptyForm(Form):
    """A button that carries nothing but its CSRF token."""
