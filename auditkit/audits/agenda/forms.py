"""Forms of timetables. Choices come in through the constructor."""

from typing import Any

from wtforms import DateField, IntegerField, TimeField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from auditkit.audits.agenda import rules
from auditkit.audits.agenda.rules import ACTIVITY_TITLES, Activity
from auditkit.audits.rules import METHOD_TITLES, Method
from auditkit.base.text import _, lazy_
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, TicksField, required

MENDED_BY: dict[type[Exception], str] = {
    rules.ActivityMissing: "activity",
    rules.EndsBeforeItStarts: "end",
    rules.OutsideTheDays: "day",
    rules.Overlap: "start",
}


class LineForm(Form):
    """A line of the timetable, in local time."""

    mended_by = MENDED_BY

    kind = ChoiceField(lazy_("Kind"), default=Activity.AUDITING.value)
    activity = LineField(lazy_("What is done"), [required(lazy_("Enter what is done then"))])
    day = DateField(lazy_("Day"), [InputRequired(lazy_("Enter the day"))])
    start = TimeField(lazy_("Start"), [InputRequired(lazy_("Enter when it starts"))])
    end = TimeField(lazy_("End"), [InputRequired(lazy_("Enter when it ends"))])
    clauses = LineField(lazy_("Clauses or process"), max_length=400)
    method = ChoiceField(lazy_("Method"))
    place = TextField(lazy_("Place, or link of the video room"))
    auditors = TicksField(lazy_("Who audits"), coerce=int)
    auditees = TicksField(lazy_("Who of the organisation takes part"), coerce=int)
    whom = TextField(lazy_("Others, by function or name"))
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(
        self, team: list[tuple[int, str]], others: list[tuple[int, str]], *arguments: Any, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [(kind.value, _(title)) for kind, title in ACTIVITY_TITLES.items()]
        self.method.choices = [(method.value, _(METHOD_TITLES[method])) for method in Method]
        self.auditors.choices = team
        self.auditees.choices = others


class AgendaForm(Form):
    """A button; what its verb refuses stands above the page."""
