"""Forms of plans. Choices come in through the constructor."""

from typing import Any

from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from auditkit.base.text import lazy_
from auditkit.readiness.planning import rules
from auditkit.web.forms import ChoiceField, Form

MENDED_BY: dict[type[Exception], str] = {
    rules.StartPassed: "starts_on",
    rules.DaysReversed: "due_on",
    rules.OwnerNotMember: "owner_id",
}


class _PlanForm(Form):
    mended_by = MENDED_BY

    owner_id = ChoiceField(lazy_("Owner"), coerce=int)

    def __init__(self, people: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.owner_id.choices = people


class MakeForm(_PlanForm):
    """From which day on, and who answers for the steps at first."""

    starts_on = DateField(lazy_("First day"), [InputRequired(lazy_("Enter the first day"))])


class StepForm(_PlanForm):
    """Owner and days of a step."""

    starts_on = DateField(lazy_("Begins on"), [InputRequired(lazy_("Enter the day on which it begins"))])
    due_on = DateField(lazy_("Done by"), [InputRequired(lazy_("Enter the day by which it is done"))])
    version = IntegerField(widget=HiddenInput(), default=0)
