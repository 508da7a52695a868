"""Forms of people and organisations."""

from wtforms import EmailField, RadioField
from wtforms.validators import Email

from auditkit.accounts.rules import ROLE_TITLES, Role
from auditkit.base.text import N_, _, lazy_
from auditkit.web.forms import ChoiceField, Form, LineField, required

ROLE_WORK = {
    Role.ADMINISTRATOR: N_("manages people and may do everything"),
    Role.TOP_MANAGEMENT: N_("approves policies, signs management reviews, sees complaints, audits and packs"),
    Role.QUALITY_MANAGER: N_("runs the whole system: complaints, policies, audits, packs"),
    Role.COMPLAINT_HANDLER: N_("registers, answers and closes complaints"),
    Role.INTERNAL_AUDITOR: N_("plans and runs audits, verifies that actions had an effect"),
    Role.STAFF: N_("registers complaints and completes actions"),
    Role.EXTERNAL_REVIEWER: N_("reviews packs in the rooms given to this person, and sees nothing else"),
}


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
    role = RadioField(lazy_("Role"), [required(lazy_("Choose what the person will be"))], validate_choice=False)

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)
        self.role.choices = [(role.value, f"{_(ROLE_TITLES[role])}: {_(work)}") for role, work in ROLE_WORK.items()]


class RoleForm(Form):
    """Give a member another role."""

    role = ChoiceField(lazy_("New role"))

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)
        self.role.choices = [(role.value, _(title)) for role, title in ROLE_TITLES.items()]


class EmptyForm(Form):
    """A button that carries nothing but its CSRF token."""
