"""The form of a reported figure that is counted again."""

from typing import Any

from wtforms import DateField
from wtforms.validators import InputRequired

from auditkit.audits.recounting import rules
from auditkit.base.text import _, lazy_
from auditkit.complaints.checking.vocabulary import ABOUT
from auditkit.web.forms import ChoiceField, Form, LineField

MENDED_BY: dict[type[Exception], str] = {
    rules.FigureUnreadable: "reported",
    rules.FigureSourceMissing: "source",
    rules.RecountPeriodReversed: "covers_to",
}


class RecountForm(Form):
    """A figure, as it was reported."""

    mended_by = MENDED_BY

    indicator = ChoiceField(lazy_("Indicator"))
    covers_from = DateField(lazy_("First day"), [InputRequired(lazy_("Enter the first day that the figure covers"))])
    covers_to = DateField(lazy_("Last day"), [InputRequired(lazy_("Enter the last day that the figure covers"))])
    reported = LineField(lazy_("Reported figure"))
    source = LineField(lazy_("Where it was reported"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.indicator.choices = [(one.value, _(about.title)) for one, about in ABOUT.items()]
