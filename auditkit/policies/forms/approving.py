"""Forms of approval, publication, withdrawal and reading."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import InputRequired, Optional

from auditkit.base.text import _, lazy_
from auditkit.policies.forms.base import PolicyForm, RevisedForm
from auditkit.policies.rules import MAX_NOTE
from auditkit.policies.rules.approvals import MOST_APPROVERS
from auditkit.web.forms import ChoiceField, TextField, TicksField

PLACES = MOST_APPROVERS
"""How many approvers the form offers."""
AT_ONCE = 4


class ApproveForm(RevisedForm):
    """Approve the draft, or hand it in."""

    reason = TextField(lazy_("What is new, and why"), max_length=MAX_NOTE)
    review_by = DateField(lazy_("Review it by"), [Optional()])


class DecideForm(PolicyForm):
    """Say yes or no to what was handed in."""

    reason = TextField(lazy_("Your reason"), max_length=MAX_NOTE)


class ApproversForm(PolicyForm):
    """Who approves, in order."""

    person_1 = ChoiceField(lazy_("First"))
    person_2 = ChoiceField(lazy_("Second"))
    person_3 = ChoiceField(lazy_("Third"))
    person_4 = ChoiceField(lazy_("Fourth"))
    person_5 = ChoiceField(lazy_("Fifth"))
    person_6 = ChoiceField(lazy_("Sixth"))
    person_7 = ChoiceField(lazy_("Seventh"))
    person_8 = ChoiceField(lazy_("Eighth"))
    person_9 = ChoiceField(lazy_("Ninth"))
    person_10 = ChoiceField(lazy_("Tenth"))

    def __init__(self, people: Iterable[tuple[int, str]], chosen: Iterable[int] = (), **more: Any) -> None:
        given = {f"person_{place}": str(person) for place, person in enumerate(chosen, 1)}
        super().__init__(data=given, **more)
        choices = [("", _("Nobody")), *((str(key), name) for key, name in people)]
        for field in self.places:
            field.choices = choices

    @property
    def places(self) -> list[Any]:
        """The fields in order."""
        return [self[f"person_{place}"] for place in range(1, PLACES + 1)]

    @property
    def shown(self) -> list[Any]:
        """The fields shown at once: those filled and a few more; the others are folded."""
        return self.places[: max(AT_ONCE, len(self.people))]

    @property
    def people(self) -> tuple[int, ...]:
        """Those chosen, in order."""
        return tuple(int(field.data) for field in self.places if field.data)


class PublishForm(PolicyForm):
    """Publish a version."""

    effective_on = DateField(
        lazy_("In force from"), [InputRequired(lazy_("Enter the day from which this version is in force"))]
    )


class WithdrawForm(PolicyForm):
    """Withdraw a version."""

    reason = TextField(lazy_("Why it is withdrawn"), max_length=MAX_NOTE)


class ReadersForm(PolicyForm):
    """Who must read a document."""

    roles = TicksField(lazy_("Everybody in these roles"))
    people = TicksField(lazy_("And these people"))

    def __init__(self, roles: Iterable[tuple[str, str]], people: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(**more)
        self.roles.choices = list(roles)
        self.people.choices = [(str(key), name) for key, name in people]


class ConfirmForm(PolicyForm):
    """Confirm to have read a version."""

    ticked = BooleanField(lazy_("I have read this text and understood it"))
    language = HiddenField()
