"""The form of a schedule. Choices come in through the constructor."""

from collections.abc import Sequence
from typing import Any

from auditkit.base.text import lazy_
from auditkit.insights.sending import rules
from auditkit.insights.sending.rules import EVERY_TITLES, KIND_TITLES
from auditkit.web.forms import ChoiceField, Form, TicksField

MENDED_BY: dict[type[Exception], str] = {
    rules.DashboardUnknown: "dashboard_id",
    rules.PeriodStands: "dashboard_id",
    rules.RecipientsMissing: "recipients",
    rules.TooManyRecipients: "recipients",
    rules.RecipientMayNot: "recipients",
}


class ScheduleForm(Form):
    """Which dashboard, how often, as what, to whom."""

    mended_by = MENDED_BY

    dashboard_id = ChoiceField(lazy_("Dashboard"), coerce=int)
    every = ChoiceField(lazy_("How often"))
    kind = ChoiceField(lazy_("As"))
    recipients = TicksField(lazy_("To"), coerce=int)

    def __init__(
        self, dashboards: Sequence[tuple[int, str]], people: Sequence[tuple[int, str]], *arguments: Any, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.dashboard_id.choices = list(dashboards)
        self.recipients.choices = list(people)
        self.every.choices = [(one.value, lazy_(title)) for one, title in EVERY_TITLES.items()]
        self.kind.choices = [(one.value, lazy_(title)) for one, title in KIND_TITLES.items()]
