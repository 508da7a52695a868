"""Forms of the settings of complaint handling: limits of authority, external bodies, windows."""

from typing import Any

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired

from auditkit.accounts.rules import ROLE_TITLES, permissions_of
from auditkit.base.text import _, lazy_
from auditkit.complaints import rules
from auditkit.complaints.forms.register import ComplaintForm
from auditkit.complaints.rules import LONGEST
from auditkit.complaints.service import SetLimit, SetPractice
from auditkit.web.forms import ChoiceField, Form, LineField, required


class LimitForm(ComplaintForm):
    """Up to which amount a role, or one member, decides a remedy alone. `seen` carries which limits the page showed."""

    seen = HiddenField()
    who = ChoiceField(lazy_("For"))
    amount = LineField(lazy_("Up to"), [required(lazy_("Enter an amount such as 45.90 that is not negative"))])
    currency = LineField(
        lazy_("Currency"),
        [required(lazy_("Say in which currency: three letters such as EUR"))],
        max_length=LONGEST["currency"],
    )

    def __init__(self, members: dict[int, str], **more: Any) -> None:
        super().__init__(**more)
        roles = [role for role in ROLE_TITLES if "complaints.handle" in permissions_of(role)]
        self.who.choices = [
            (_("Everybody in a role"), [(f"role:{role.value}", _(ROLE_TITLES[role])) for role in roles]),
            (_("One member"), [(f"person:{person_id}", name) for person_id, name in members.items()]),
        ]
        self.who.choices = dict(self.who.choices)

    def command(self) -> SetLimit:
        """What the verb is told. Raises AmountImpossible."""
        kind, _colon, name = (self.who.data or "").partition(":")
        return SetLimit(
            currency=(self.currency.data or "").upper(),
            amount=rules.hundredths(self.amount.data or "") or 0,
            role=name if kind == "role" else "",
            person_id=int(name) if kind == "person" else None,
            seen=self.seen.data or None,
        )


class RemoveForm(Form):
    """The button that takes a limit away. `seen` carries which limits the page showed."""

    seen = HiddenField()


class PracticeForm(ComplaintForm):
    """How this organisation handles complaints. `seen` carries what stood there when the page was opened."""

    seen = HiddenField()
    currency = LineField(lazy_("Usual currency"), max_length=LONGEST["currency"])
    external_bodies = LineField(
        lazy_("Where a complainant can go next"),
        max_length=LONGEST["next_external"],
        description=lazy_("Named in every refused case: ombudsman, regulator, arbitration, court."),
    )
    review_days = IntegerField(lazy_("Days until a refused case is looked at again"), [InputRequired()])
    repeat_days = IntegerField(lazy_("Days within which the same matter counts as a repeat"), [InputRequired()])

    def command(self) -> SetPractice:
        """What the verb is told."""
        return SetPractice(
            currency=(self.currency.data or "").upper(),
            external_bodies=self.external_bodies.data or "",
            review_days=self.review_days.data or 0,
            repeat_days=self.repeat_days.data or 0,
            seen=self.seen.data or None,
        )
