"""Forms of dashboards."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from auditkit.base.text import _, lazy_
from auditkit.insights.dashboards import rules
from auditkit.insights.indicators import computing
from auditkit.insights.rules import SPAN_TITLES, Span
from auditkit.web.forms import Form, TicksField


class KeepForm(Form):
    """Keep a dashboard under a name."""

    name = StringField(lazy_("Name"))
    figures = TicksField(lazy_("Figures"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.figures.choices = [(name, _(computing.title_of(name))) for name in computing.names()]


class PublishForm(Form):
    """What everybody sees."""

    shown = BooleanField(lazy_("Show these figures to everybody"))
    span = SelectField(lazy_("Period"))
    figures = TicksField(lazy_("Figures"))
    introduction = TextAreaField(lazy_("What you want to say about them"))
    seen = HiddenField()

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.span.choices = [(span.value, _(title)) for span, title in SPAN_TITLES.items() if span is not Span.OWN]
        self.figures.choices = [(name, _(computing.title_of(name))) for name in rules.PUBLISHABLE]
